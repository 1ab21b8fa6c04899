// SPDX-License-Identifier: MIT
// Fused windows: the horizontal axis, summed over the rows of a vertical segment. (kernels.h says what a table of
// kernels is.)
#pragma once

#include <cstddef>
#include <cstdint>

namespace isopixel {

// A horizontal triangle, by windows of the source row. A unit is a vector of 16 sums of 32 bits: `dwords` (2 or 5) for
// each of some results, which are samples of a result row, in their order. A step loads 64 bytes of the row, and brings
// four samples of one channel to each sum, with a weight each; the next step of a unit is `step_bytes` further on.
enum class ByteWeights {
    kSmall,   // up to 127
    kMiddle,  // up to 255, for samples less 128
    kLarge,   // up to 16,383: the low 7 bits, and what is above these
};
constexpr int64_t kFusedUnits = 4;  // which are worked on together: units are a multiple of these
constexpr int64_t kMostFusedSteps = 5;
constexpr int64_t kFusedResults = 16;  // places for results in a vector

struct FusedUnit {
    int64_t first;         // byte of the row: that of step 0. All that is loaded is within the row.
    const uint8_t *table;  // for each byte of a unit its place in what is loaded; then the weights of each step, 64 at
                           // a time; if kLarge, then the upper bits of these. At multiples of 64 bytes.
};

struct FusedAxis {
    const FusedUnit *units;
    int64_t n_units;
    int dwords, steps;
    int64_t step_bytes;
    ByteWeights weights;
};

// 16 results side by side. With 2 dwords, 8 are of one unit, with 5 dwords, 4, of which no unit uses the last.
struct alignas(64) FusedResults {
    // Of some rows t = 0 … n - 1: Σ p and Σ (n - 1 - t)·p, where p is the horizontal sum of a row.
    int32_t s0[kFusedResults], s1[kFusedResults];
    // The numerators so far, whole numbers below 2^47 in size, of the results of two rows, one that rises and one that
    // falls.
    double numerators[2][kFusedResults];
    double reciprocals[kFusedResults];  // of the horizontal sums of weights
};

// What the sums of some rows do to the two results of their vertical segment, of which numerators[rising] is one.
struct FusedRows {
    double last_weight, step;  // the weight of the last row in the result that rises, and what others have less, each
    double half_width;         // the sum of a row's weights in both
    int rising;
    bool fresh;     // numerators[rising] count as 0
    bool complete;  // the other result gets its last rows, is divided, and stored
    // For the division: the reciprocal of the vertical sum of weights, and what is added to the quotient.
    double reciprocal, bias;
    // The places of the results that are stored of each 16, and how many these are.
    const uint8_t *order;
    int64_t stored;
};

// Windows that are summed over the rows of a vertical segment.
struct FusedKernels {
    // Sets s0 and s1 for `count` rows, `stride` bytes apart.
    void (*sum_windows)(const FusedAxis &axis, const uint8_t *rows, ptrdiff_t stride, int64_t count,
                        FusedResults *results);
    // Adds them to the numerators of n times 16 results; `out` has room for kFusedResults more than are stored.
    void (*fold_windows)(const FusedRows &rows, FusedResults *results, int64_t n, uint8_t *out);
};

}  // namespace isopixel
