// SPDX-License-Identifier: MIT
// The vertical axis of blocks: rows of bytes to lines of sums in 32 bits.
#pragma once

#include "kernels/lanes-inl.h"

namespace isopixel {
namespace {

// fold_rows for some columns.
template <size_t n_vectors, bool kFresh, class Load>
inline void fold_columns(const uint8_t *rows, ptrdiff_t stride, int64_t count, Simd::Weights rising,
                         Simd::Weights falling, uint32_t *rising_line, uint32_t *falling_line, Load load) {
    U16 s0[n_vectors], s1[n_vectors];
    for (size_t i = 0; i < n_vectors; ++i) s0[i] = load(rows + i * kVectorColumns), s1[i] = Simd::zero();
    const uint8_t *row = rows;
    for (int64_t t = 1; t < count; ++t) {
        row += stride;
        // Row t is in s0 for the rows that follow, so that s1 is Σ (count - 1 - t)·p.
        for (size_t i = 0; i < n_vectors; ++i) {
            s1[i] = Simd::add_u16(s1[i], s0[i]);
            s0[i] = Simd::add_u16(s0[i], load(row + i * kVectorColumns));
        }
    }
    for (size_t i = 0; i < 2 * n_vectors; ++i) {
        const Simd::Pairs pairs = Simd::zip_u16(s0[i / 2], s1[i / 2], i % 2);
        uint32_t *up = rising_line + i * kLanes, *down = falling_line + i * kLanes;
        const U32 gain = Simd::dot_i16(pairs, rising);
        Simd::store_u32(up, kFresh ? gain : Simd::add_u32(Simd::load_u32(up), gain));
        Simd::store_u32(down, Simd::add_u32(Simd::load_u32(down), Simd::dot_i16(pairs, falling)));
    }
}

// The weights of s0 and s1 of fold_columns.
inline Simd::Weights weights_of(Ramp ramp, int64_t count) {
    return Simd::set_weights(ramp.first + ramp.step * (count - 1), -ramp.step);
}

template <bool kFresh>
void fold_all_columns(const uint8_t *rows, ptrdiff_t stride, int64_t count, int64_t n, Ramp rising, Ramp falling,
                      uint32_t *rising_line, uint32_t *falling_line) {
    const Simd::Weights up = weights_of(rising, count), down = weights_of(falling, count);
    int64_t x = 0;
    for (; x + Simd::kFoldedColumns <= n; x += Simd::kFoldedColumns) {
        for (int64_t t = 0; t < count; ++t) prefetch_row(rows + x, stride, count + t);
        fold_columns<Simd::kFoldedColumns / kVectorColumns, kFresh>(rows + x, stride, count, up, down, rising_line + x,
                                                                    falling_line + x, WholeVector());
    }
    for (; x + kVectorColumns <= n; x += kVectorColumns)
        fold_columns<1, kFresh>(rows + x, stride, count, up, down, rising_line + x, falling_line + x, WholeVector());
    if (x < n)
        fold_columns<1, kFresh>(rows + x, stride, count, up, down, rising_line + x, falling_line + x,
                                PartOfVector{n - x});
}

void fold_rows(const uint8_t *rows, ptrdiff_t stride, int64_t count, int64_t n, Ramp rising, Ramp falling, bool fresh,
               uint32_t *rising_line, uint32_t *falling_line) {
    (fresh ? fold_all_columns<true> : fold_all_columns<false>)(rows, stride, count, n, rising, falling, rising_line,
                                                               falling_line);
}

template <class Load>
inline void blend_columns(const uint8_t *row0, const uint8_t *row1, Simd::Weights weights, uint32_t *line, Load load) {
    const U16 p0 = load(row0), p1 = load(row1);
    for (int half = 0; half < 2; ++half)
        Simd::store_u32(line + half * kLanes, Simd::dot_i16(Simd::zip_u16(p0, p1, half), weights));
}

void blend_rows(const uint8_t *row0, const uint8_t *row1, int64_t n, int64_t weight0, int64_t weight1, uint32_t *line) {
    const Simd::Weights weights = Simd::set_weights(weight0, weight1);
    int64_t x = 0;
    for (; x + kVectorColumns <= n; x += kVectorColumns)
        blend_columns(row0 + x, row1 + x, weights, line + x, WholeVector());
    if (x < n) blend_columns(row0 + x, row1 + x, weights, line + x, PartOfVector{n - x});
}

}  // namespace
}  // namespace isopixel
