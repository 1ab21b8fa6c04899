// SPDX-License-Identifier: MIT
// Estimates of weighted windows in binary32 (windowed/estimate.h has their error; kernels.h says what a table of
// kernels is). Rows are weighted and summed vertically, to lines; lines are transposed to columns, which have a number
// for each line (a lane); and these are weighted and summed horizontally, to sums.
#pragma once

#include <cstddef>
#include <cstdint>

namespace isopixel {

// Some rows, for the lines of some results: lines[r][x] += Σ_t weights[r][t]·(rows[t][x] - 128), one t after the other.
constexpr int64_t kLineResults = 4;
struct LineTerms {
    const uint8_t *const *rows;
    int64_t count;        // of the rows
    int64_t first;        // the sample of the rows that belongs to the first number of the lines
    int64_t n, readable;  // numbers of the lines; samples of the rows from `first` on, n or more
    int64_t results;      // 1 … kLineResults
    const float *weights[kLineResults];
    float *lines[kLineResults];  // with room for kSpareSamples more
};

// The horizontal axis: the window of result k is the pixels from first[k] on, and its weights are those from places[k]
// to before places[k + 1].
struct WeightedWindows {
    const int64_t *first, *places;
    const float *weights;
};

// Columns of the samples of pixels `first` to before `end`.
struct ColumnRange {
    const float *columns;
    int64_t first, end, channels;
};

// Each term of a sum of columns is added to one of this many sums, in turn, which are added up in pairs.
constexpr int64_t kColumnSums = 4;

// A sample of a row of the result that its estimate does not decide.
struct Undecided {
    int64_t sample, lane;
};

// Sums to samples of some rows of the result: floor(sum + low), at least 0 and at most 255. What sum + high makes
// another one of is undecided.
struct RoundedSums {
    const float *sums;  // of n samples, kLanes numbers each; with room for those of 16 samples more
    int64_t n, rows;    // the first `rows` of the lanes count
    float low, high;
    uint8_t *out;
    ptrdiff_t stride;
    Undecided *undecided;  // room for n·rows
};

struct WindowedKernels {
    void (*add_rows)(const LineTerms &terms);
    // columns[x·lanes + l] = lines[l][x], for n numbers of each line, and up to lanes - 1 more.
    void (*transpose)(const float *const *lines, int64_t n, float *columns);
    // For the results `first` to before `end`: the sums of what the range has of their windows, or, if not `fresh`,
    // these added to sums.
    void (*add_columns)(const ColumnRange &range, const WeightedWindows &windows, int64_t first, int64_t end,
                        bool fresh, float *sums);
    // Returns how many are undecided.
    int64_t (*round_sums)(const RoundedSums &sums);
};

}  // namespace isopixel
