// SPDX-License-Identifier: MIT
// Sums of any width, for the resizes that no table of kernels.h covers. P is a pointer to samples, or a Constant in its
// place; T is the type of the sums. Lines have room for one pixel more at both ends, where the first and last segment
// have no result.
#pragma once

#include "kernels/kernels.h"

namespace isopixel {

// An integer as an element of T.
template <class T>
constexpr T modulo(int64_t value) {
    return static_cast<T>(static_cast<uint64_t>(value));
}

namespace scalar {

// Any number of samples that all have this value.
struct Constant {
    uint8_t value;
    uint8_t operator[](int64_t) const { return value; }
    Constant operator+(int64_t) const { return *this; }
};

// Adds `count` pixels of `samples` samples, of which the first is number `first` of its row and stands in segment
// `segment`, to the results of the horizontal axis; `line` is that of result 0.
template <class P, class T>
void add_triangle(const Triangle &axis, int64_t segment, P pixels, int64_t first, int64_t count, int64_t samples,
                  T *line);
// The same with two taps. `taps` are those of the result at `line`, the first that needs pixel `first` or a later one;
// `end` is behind the last.
template <class P, class T>
void add_taps(const Taps *taps, const Taps *end, P pixels, int64_t first, int64_t count, int64_t samples, T *line);

// line[x] = samples[x]
template <class P, class T>
void widen(P samples, int64_t n, T *line);

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
}  // namespace isopixel
