// SPDX-License-Identifier: MIT
// Direct taps: a source row is resized horizontally, tap by tap, to a line with a number for each sample of the result;
// then some of these lines become a row of the result. (kernels.h says what a table of kernels is.)
#pragma once

#include <cstdint>

namespace isopixel {

// The place of a byte that is none of a window.
constexpr uint8_t kNoPlace = 0x80;
constexpr int64_t kMostDirectSteps = 4;
constexpr int64_t kMostDirectLines = 10;
// Lines that are made at a time.
constexpr int64_t kDirectPair = 2;
// Of half a number of a line, and of the weight of such a half.
constexpr int64_t kMostHalf = 32767;
constexpr int64_t kMostNarrowWeight = 127, kMostWideWeight = 127 << 7 | 127;
// Lines, and the arrays that go with them, have room for this many numbers more.
constexpr int64_t kSpareNumbers = 64;

// How an instruction set reads a row: by windows of `bytes` bytes, some of which are a group that it works on at a
// time. A window makes up to `outputs` result samples that follow each other, from `taps` taps of each in a step.
struct DirectLayout {
    int64_t group, bytes, outputs, narrow_taps, wide_taps;
    // Wide weights are either numbers of 16 bits, or bytes: for all of a step first the low 7 bits, and then what is
    // above them.
    bool split_weights;
};

// The horizontal axis.
struct DirectTable {
    int64_t groups, steps;
    int64_t step_bytes;  // in the row, from one step to the next
    int64_t outputs;     // of each window
    bool one_window;     // are the places of all steps within that of the first?
    // Where each window begins in the row. If not one_window, the one of each next step begins step_bytes further on.
    const int32_t *windows;
    // For each group, in the order of the samples that its layout has room for and, of one, of the taps of a step: the
    // place in its window of each tap of the first step; then, step by step, the weights. A place is a byte; if weights
    // are of 16 bits, kNoPlace follows it.
    const uint8_t *entries;
    int low_bits;  // of a sum, in a number of a wide line
};

// Lines to a row of the result, whose sample x is the sum of the lines, divided by sums_x[x]·sum_y, rounded.
struct DirectBlend {
    const uint32_t *const *lines;
    const uint32_t *weights;  // of each line: for the low half of its numbers, and for the high half times 2^16
    int64_t count;            // of the lines, 1 … kMostDirectLines
    int64_t samples;
    const uint32_t *sums_x;
    uint32_t sum_y;
    // The binary32 nearest to 1 / sums_x[x] and 1 / sum_y.
    const float *reciprocals_x;
    float reciprocal_y;
    float bias;  // small divisors: 1/2 and 1/4 of the reciprocal of the largest
    uint8_t *out;
};

// Sums are at most 255 times their divisor, which is below 2^23.
struct DirectKernels {
    DirectLayout layout;
    // Two rows to each of `count` lines, of which there are up to kDirectPair: its numbers are the sum of the first,
    // and that of the second times 2^16. Weights are up to kMostNarrowWeight.
    void (*narrow_rows)(const DirectTable &table, const uint8_t *const *rows, int64_t count, uint32_t *const *lines);
    // A row to a line: its numbers are the low bits of the sum, and what is above them times 2^16. Weights are up to
    // kMostWideWeight.
    void (*wide_rows)(const DirectTable &table, const uint8_t *const *rows, int64_t count, uint32_t *const *lines);
    void (*blend)(const DirectBlend &blend);
    void (*blend_small)(const DirectBlend &blend);  // divisors up to kMostSmallDivisor
};

// x = N/D + 1/2 is a multiple of 1/(2D): with 1/(4D) more, nothing that is off by less changes its floor. In any
// rounding mode, fused or not, N·(1/sum_x·1/sum_y) in binary32 is off by a share of 3·2^-23: half a unit in the last
// place (2^-24) of each reciprocal, and one (2^-23) of each product; the sum by 2^-16, since it is below 256; and the
// bias by 2^-24. N is exact.
constexpr int64_t kMostSmallDivisor = 1 << 11;
static_assert(255 * kMostSmallDivisor < 1 << 24);
static_assert(255 * (3.0 / (1 << 23)) + 1.0 / (1 << 16) + 1.0 / (1 << 24) < 0.25 / kMostSmallDivisor);
// The same without the bias, of a number that is rounded to binary32 first (2^-23 more): the floor is right if it is
// also that of what is kGuessError more and less, both of which are exact beside 1/2.
constexpr float kGuessError = 3.0f / (1 << 14);
static_assert(256 * (4.0 / (1 << 23)) + 1.0 / (1 << 16) < kGuessError);

}  // namespace isopixel
