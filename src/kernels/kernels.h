// SPDX-License-Identifier: MIT
// The loops over samples: a table of functions for each instruction set (tables.h), scalar.cpp being the one to read.
//
// They are sums and products modulo 2^b in a type T of b bits, so that any order of any of them gives the same bits,
// and only the last value of all, the numerator of R-4, has to fit.
//
// A line is one row of numbers, one for each sample; a block is some lines that become rows of the result together.
#pragma once

#include <cstddef>
#include <cstdint>

#include "kernels/direct.h"
#include "kernels/fused.h"
#include "kernels/pictures.h"
#include "kernels/spectrum.h"
#include "kernels/taps.h"
#include "kernels/windowed.h"

namespace isopixel {

// At most this many rows share a sum in 16 bits: Σ t·255 for t = 0 … 15 is 30,600.
constexpr int64_t kBlockRows = 16;
static_assert(255 * (kBlockRows * (kBlockRows - 1) / 2) < INT16_MAX);

// The weights first + step·t of rows t = 0, 1, …; these and the steps are within ±32,767.
struct Ramp {
    int64_t first, step;
};

// The horizontal axis of a triangle. Segment s, of 0 … width, holds the pixels from segments[s] to segments[s + 1]; the
// weight in result s of its pixel j is rise + 2·(v·j - w·s), and half_width less that in result s - 1.
struct Triangle {
    const int64_t *segments;
    int64_t width;
    int64_t w, v, half_width, rise;
    int64_t run;  // this many pixels have moments Σ p and Σ t·p below 2^32
};

// The horizontal axis of two taps for each result.
struct TapList {
    const Taps *taps;
    int64_t width;
};

// What the numerators of a block are divided by: sums_y[l]·sums_x[k], at least 2, for pixel k of line l. A reciprocal
// is less than 1/sum, by a share between 2^-22 and 2^-20; those of y are multiplied by 2^shift, and a numerator,
// shifted right by `shift`, is below 2^31. With 32 bits, `shift` is 1.
template <class T>
struct Divisors {
    const T *sums_y, *sums_x;
    const float *reciprocals_y, *reciprocals_x;
    int shift;
};

constexpr int64_t kQuotientPixels = 16;
// Columns that are made at a time: some tens of bytes each, so that they stay in the first-level cache.
constexpr int64_t kCacheColumns = 192;

// Lines of vertical sums, each of which becomes a row of the result.
template <class T>
struct Block {
    const uint32_t *const *lines;  // Kernels::lanes of them, the first `rows` of which count
    int64_t rows, channels;
    Divisors<T> divisors;
    uint8_t *out;  // the first of the result rows, `stride` bytes apart
    ptrdiff_t stride;
    // Scratch memory. For each lane, `columns` for n_columns samples, the longest segment or 2 pixels and 2·lanes
    // samples at least, and `quotients` for kQuotientPixels pixels and one; and `sums` for 2 pixels more than the
    // result has, and for a pixel of each lane.
    uint32_t *columns;
    int64_t n_columns;
    uint32_t *quotients;
    T *sums;
};

// An axis whose weights are whole numbers of a fixed scale, within ±2^23: result k is (2^(shift - 1) +
// Σ_t weights[t]·p[first + t]) >> shift, from 0 to 255. The sum is within ±2^31, and shifted within ±2^15 (which
// frozen/weights.cpp proves). Windows begin and end in order.
struct Window {
    int32_t first, count;
    size_t weights;  // the place of the first one in those of the axis
};
// The quads that hold it, `first` to before `end`: quad q is the pixels 4·q … 4·q + 3.
struct QuadWindow {
    int32_t first, end;
};
constexpr int kLowBits = 11;  // of a wide weight
struct WindowList {
    const Window *windows;
    const int32_t *weights;
    int64_t width;
    int shift;
    // The same by quads, with weights of 16 bits: those of the pixels 0, 2, 1, 3 of each quad of each window. If one
    // of the axis is `wide`, with more than 16 bits: the low bits of the four, and then what is above these, which has
    // the sign.
    const QuadWindow *quads;
    const int16_t *quad_weights;
    bool wide;
};

constexpr int64_t kSpareSamples = 64;

// Some rows of a vertical axis, each with its weight. Rows have room for kSpareSamples more.
constexpr int64_t kMostWeightedRows = 32;
struct WeightedRows {
    const uint8_t *const *rows;
    const int32_t *weights;  // within ±2^23
    int64_t count;           // up to kMostWeightedRows
};

// Rows, each of which becomes a row of the result by windows.
struct RowBlock {
    const uint8_t *in;  // Kernels::lanes of them, `in_stride` bytes apart
    ptrdiff_t in_stride;
    int64_t in_samples;      // of a row
    int64_t rows, channels;  // `rows` of the rows count
    uint8_t *out;
    ptrdiff_t stride;
    // Scratch memory. For each lane, `columns` for 2·channels numbers of n_quads quads, the longest window at least,
    // and kSpareQuads; and `quotients` as in Block.
    uint32_t *columns;
    int64_t n_quads;
    uint32_t *quotients;

    static constexpr int64_t kSpareQuads = 3;
};

constexpr int64_t kWindowSamples = 8;  // whose taps are taken from the same windows

// Two taps for each sample of a result row whose pixels have up to 4 samples.
struct TapTable {
    int64_t samples, channels;  // of the result row, and of a pixel
    int64_t in_samples;         // of the source row
    const int32_t *first;       // of each result pixel: its first tap is the pixel that starts with this sample
    // Two for each result sample, up to 127, whose sum is 2·half_sum. Or, if `weights` is null, wide ones, whose
    // sums get `bias` and are shifted right, to fit 16 bits.
    const uint8_t *weights;
    uint16_t half_sum;
    const int16_t *wide_weights;
    int32_t bias;
    int shift;
    int64_t near;  // this many result pixels have 8 bytes of the source row from `first` on
    // If the taps of each group of kWindowSamples result samples are within n_windows (1, 2, 4; else 0) of 16 bytes:
    // where these begin, the first of each group, then the second, …; and the places in each window of all 16 taps of
    // its group, or kNoPlace for those that another one has.
    int64_t n_windows, groups;
    const int32_t *windows;
    const uint8_t *shuffles;
};

// This many taps are taken together, and this many result samples have their taps taken from the same windows.
constexpr int64_t kQuad = 4;

// Four or eight taps for each sample of a result row whose pixels have up to 4 samples.
struct MultiTapTable {
    int64_t samples, channels;  // of the result row, and of a pixel
    int64_t taps;               // of a result
    const int32_t *first;       // of each result pixel: the pixel that is its first tap
    const int16_t *weights;     // of each result pixel
    // The same by quads of taps and groups of kQuad result samples: quad q of group g is in n_windows (1, 2, 4) windows
    // of 16 bytes. Window i of it begins at windows[(q·n_windows + i)·groups + g], and has the 16 taps of the group at
    // the places that stand there in `shuffles`, or kNoPlace for those that another one has. The weights of taps 0 and
    // 2, and of 1 and 3, of each sample are in `even` and `odd`: those of quad 0 for all groups, then those of quad 1.
    int64_t n_windows, groups;
    const int32_t *windows;
    const uint8_t *shuffles;
    const int16_t *even, *odd;
};

// Division by multiplication: floor(n / D) = ((n >> before)·multiplier >> 16) >> after, proved for the n that come.
struct Reciprocal {
    int before, after;
    uint16_t multiplier;  // 0 if D is a power of two: floor(n / D) = n >> before
};

// What an instruction set does, by the engine that needs it.
//
// Lines are as long as n rounded up to a multiple of 2·lanes; what they hold behind n means nothing.

// The horizontal axis of a block and then R-4, with sums of type T.
template <class T>
struct HorizontalKernels {
    void (*triangle)(const Block<T> &block, const Triangle &axis);
    void (*taps)(const Block<T> &block, const TapList &axis);
};

// The vertical axis first, in sums of 32 bits, and then blocks of these lines.
struct BlockKernels {
    // Vertical triangle: adds Σ_t weight(t)·rows[t][x] of `count` rows (1 … kBlockRows) of n samples, `stride` bytes
    // apart, with the weights of two ramps to two lines; if `fresh`, the first line is 0 before.
    void (*fold_rows)(const uint8_t *rows, ptrdiff_t stride, int64_t count, int64_t n, Ramp rising, Ramp falling,
                      bool fresh, uint32_t *rising_line, uint32_t *falling_line);
    // Vertical taps: line[x] = weight0·row0[x] + weight1·row1[x], with weights up to 32,767.
    void (*blend_rows)(const uint8_t *row0, const uint8_t *row1, int64_t n, int64_t weight0, int64_t weight1,
                       uint32_t *line);
    HorizontalKernels<uint32_t> horizontal32;
    HorizontalKernels<uint64_t> horizontal64;

    const HorizontalKernels<uint32_t> &horizontal(uint32_t) const { return horizontal32; }
    const HorizontalKernels<uint64_t> &horizontal(uint64_t) const { return horizontal64; }
};

// Two taps on both axes, in 16 bits. Lines, and the arrays of the table but `first`, have room for kSpareSamples more.
struct TapKernels {
    // Horizontal: line[x] = half_sum + Σ of its two taps of R-3, or (bias + Σ) >> shift.
    void (*tap_row)(const TapTable &table, const uint8_t *row, uint16_t *line);
    // Vertical: out[x] = floor((weight0·line0[x] + weight1·line1[x]) / D). Numbers of the lines and weights are up to
    // 32,767; if `narrow`, the sum is below 2^16.
    void (*blend_lines)(const uint16_t *line0, const uint16_t *line1, int64_t n, int64_t weight0, int64_t weight1,
                        bool narrow, Reciprocal reciprocal, uint8_t *out);
};

// Axes of windows, with samples of 8 bits between them (SPEC R-20).
struct WindowKernels {
    // The horizontal axis.
    void (*weigh_rows)(const RowBlock &block, const WindowList &axis);
    // The vertical axis: sums[x] += Σ_t weights[t]·rows[t][x]. Sums, in an order of the set's own, have room for
    // kSpareSamples more.
    void (*add_rows)(const WeightedRows &rows, int64_t n, uint32_t *sums);
    // out[x] = (sums[x] + Σ_t weights[t]·rows[t][x]) >> shift, from 0 to 255, of sums modulo 2^32 as numbers with a
    // sign; shift > 0. Without sums (null) they are 2^(shift - 1).
    void (*round_rows)(const WeightedRows &rows, int64_t n, const uint32_t *sums, int shift, uint8_t *out);
};

// Two taps as other libraries blend them vertically, from lines of TapKernels::tap_row.
struct TwoTapKernels {
    using Blend = void (*)(const uint16_t *line0, const uint16_t *line1, int64_t n, int64_t weight0, int64_t weight1,
                           int shift, uint8_t *out);
    Blend blend_linear;  // R-25, OpenCV's INTER_LINEAR: weights sum to at most 2049
    Blend blend_exact;   // R-26, INTER_LINEAR_EXACT: weights sum to 256
    Blend blend_fixed;   // R-20, torch: (2^(shift - 1) + Σ) >> shift, at most 255, of numbers up to 255 and weights up
                         // to 32,767
};

// Half the size on both axes (SPEC ).
struct HalvingKernels {
    // out[x] = the mean of 2 × 2 samples, each of another pixel, of two rows of 2·n samples; halves go up, or to even.
    void (*halve_rows)(const uint8_t *row0, const uint8_t *row1, int64_t n, int64_t channels, bool to_even,
                       uint8_t *out);
};

// Areas (SPEC ). Numbers are binary32, each operation rounds, and the order of the sums is that of the rule.
struct AreaList {
    const Window *windows;  // result k is Σ_t weights[t]·p[first + t]
    const float *weights;
    int64_t width;
};
// Rows, each of which becomes a line by an AreaList.
struct AreaBlock {
    const uint8_t *in;  // Kernels::lanes of them, `in_stride` bytes apart
    ptrdiff_t in_stride;
    int64_t in_samples, channels;  // of a row, and of a pixel (1 … 4)
    // Scratch memory. For each lane, `columns` for n_columns samples, the longest window and kSpareColumns more at
    // least, and `sums` for a line and kSpareSamples more.
    float *columns;
    int64_t n_columns;
    float *sums;
    float *lines;  // `line` numbers apart, which have room for kSpareSamples more
    int64_t line;

    static constexpr int64_t kSpareColumns = 16;
};
struct AreaKernels {
    // The horizontal axis.
    void (*sum_areas)(const AreaBlock &block, const AreaList &axis);
    // The vertical one, from `count` lines, `line` numbers apart: sums[x] += weights[t]·lines[t][x], one after the
    // other; if `fresh`, sums are 0 before. They have room for kSpareSamples more.
    void (*add_areas)(const float *lines, int64_t line, const float *weights, int64_t count, int64_t n, bool fresh,
                      float *sums);
    // out[x] = rint(factor·sums[x]), at most 255
    void (*round_areas)(const float *sums, int64_t n, float factor, uint8_t *out);
};

// Four or eight taps on both axes, in 32 bits, with 2^11 times the weights (SPEC R-45). Lines, and the samples that the
// table covers, have room for kSpareSamples more; rows of samples are 16 bytes long or more.
struct MultiTapKernels {
    // Horizontal: line[x] = Σ weight·sample, modulo 2^32.
    void (*sum_taps)(const MultiTapTable &table, const uint8_t *row, uint32_t *line);
    // Vertical: from a line and a weight for each tap. Numbers of lines have a sign and less than 24 bits, the sum has
    // a sign and 32 bits.
    using Blend = void (*)(const uint32_t *const *lines, const int16_t *weights, int64_t n, uint8_t *out);
    Blend blend_cubic;     // of 4 lines
    Blend blend_lanczos4;  // of 8 lines
};

// How long each kind of an engine's work takes (bilinear/engines.h: Work), in picoseconds a piece:
// `make tune` measures it. It chooses among the engines, and no bit hangs on it.
constexpr size_t kKindsOfWork = 4;
struct Costs {
    double direct[kKindsOfWork], fused[kKindsOfWork], blocks[kKindsOfWork];
};

struct Kernels {
    const char *isa;
    int64_t lanes;  // lines of a block

    BlockKernels blocks;
    TapKernels taps;
    WindowKernels windows;
    TwoTapKernels two_tap;
    HalvingKernels halving;
    AreaKernels areas;
    MultiTapKernels multi_tap;
    WindowedKernels windowed;
    PictureKernels pictures;
    SpectrumKernels spectrum;
    // Null functions if the set has none.
    DirectKernels direct{};
    FusedKernels fused{};
    Costs costs{};
};

}  // namespace isopixel
