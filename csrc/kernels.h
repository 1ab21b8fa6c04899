// SPDX-License-Identifier: MIT
// The loops over samples. They are sums and products modulo 2^b in a type T of b bits (uint32_t, uint64_t or U128), so
// that any order of any of them gives the same bits, and only the last value of all, the numerator of R-4, has to fit.
//
// A line is a row of T with one entry per sample, and room for one pixel more at both ends.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "axis.h"

namespace isopix {

// The weights of the horizontal axis, looked up for each row.
struct AxisTable {
    explicit AxisTable(const Axis &axis);

    Axis axis;
    std::vector<int64_t> segments;  // triangle: the first sample of segments 0 … out + 1
    std::vector<Taps> taps;         // otherwise: of results 0 … out - 1
};

// An integer as an element of T.
template <class T>
constexpr T modulo(int64_t value) {
    return static_cast<T>(static_cast<uint64_t>(value));
}

// At most so many rows share a column sum: Σ t·255 for t = 0 … 15 is 30,600 and fits 16 bits.
constexpr int64_t kBlockRows = 16;
static_assert(255 * (kBlockRows * (kBlockRows - 1) / 2) <= 30'600);

namespace scalar {

// s0[x] = Σ_t rows[t][x] and s1[x] = Σ_t t·rows[t][x] of `count` rows (1 … kBlockRows) of n samples, `stride` bytes
// apart.
void column_moments(const uint8_t *rows, ptrdiff_t stride, int64_t count, int64_t n, uint16_t *s0, uint16_t *s1);

// Adds `count` pixels, of which the first is number `first` of its row, to the results of the horizontal axis.
// S is uint8_t (samples) or uint16_t (column sums up to 30,600); for the two taps also T.
template <class S, class T>
void add_triangle(const AxisTable &table, const S *pixels, int64_t first, int64_t count, int64_t channels, T *line);
template <class S, class T>
void add_taps(const AxisTable &table, const S *pixels, int64_t first, int64_t count, int64_t channels, T *line);

// line[x] = samples[x]
template <class S, class T>
void widen(const S *samples, int64_t n, T *line);

// Vertical triangle: adds rows whose sums are line0 = Σ p and line1 = Σ t·p to the result that rises, whose weight is
// `a0` in row t = 0 and `step` more in each next one, and to the one that falls; both weights sum to half_width.
template <class T>
void fold(const T *line0, const T *line1, int64_t n, T a0, T step, T half_width, T *rising, T *falling);

// Vertical taps: sums[x] = weight0·line0[x] + weight1·line1[x]
template <class T>
void blend(const T *line0, const T *line1, int64_t n, T weight0, T weight1, T *sums);

// divides the numerators of a row of `width` pixels by sum_y·sums_x[k], rounds, and stores them.
template <class T>
void round_row(const T *numerators, T sum_y, const T *sums_x, int64_t width, int64_t channels, uint8_t *out);

}  // namespace scalar
}  // namespace isopix
