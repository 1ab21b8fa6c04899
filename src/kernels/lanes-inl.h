// SPDX-License-Identifier: MIT
// The kernels of kernels.h over the vectors of an instruction set. Each kernels_<set>.cpp that is compiled with more
// than the baseline defines a struct `Simd` in an unnamed namespace, includes this file inside that namespace, and
// exports a table. Nothing here may be shared with other files (an inline function of a header, a template of the
// standard library): the linker keeps one copy of what is shared, which could then be the one that needs this set.
//
// Simd has kLanes numbers of 32 bits in a vector U32, twice as many of 16 in U16, four times as many in Bytes, and half
// as many of 64 in U64. Arithmetic is modulo the width. Names say what an operation does; those that need words:
//   load_u8(p), load_u8(p, n)   2·kLanes samples, or n of them and then zeros, as numbers of 16 bits
//   zip(a, b, half)             the numbers of one half (0, 1) of two U16 side by side, signed
//   dot(pairs, weights)         the sum of each pair, weighted
//   dot_shifted(a, b, weights, bias, count)   the same of two U16, plus bias, shifted right to fit 16 bits
//   widen(v, half), narrow      between U32 and two U64
//   narrow16(a, b)              two U32 of numbers below 2^15 as a U16
//   mul_32                      the product in 64 bits of the low 32 bits of each number
//   scale(f, factor), quotient(n, f)   products of floats; floor(n·f) for n < 2^31
//   add_unless_less(q, a, b)    q + 1 where a >= b, q elsewhere; a and b are below 2^31 (2^63)
//   transpose(lines, x, block)  kLanes numbers of as many lines, from x on
//   transpose_bytes(rows, stride, order, v)   16 bytes of kLanes rows, in an order of these, as 4 U32 of 4 bytes of
//   each even_bytes, odd_bytes       of each number of 32 bits, as two of 16 dot_two(v, weights)         the sum of the
//   two numbers of 16 bits in each of 32, weighted by two weights bytes_of_lanes(q, bytes)    16 U32 as 16 bytes for
//   each lane take_pairs(row, first)      the pairs of bytes at first[0], first[1], … order_taps                  8
//   bytes p0 … of two pixels, as their samples side by side take_windows                pairs of bytes from windows of
//   a row, for TapTable dot_wide(pairs, weights, bias, count)   the sum of each pair of bytes, weighted, and so on
//   dot_bytes(pairs, weights)   the sum of each pair of bytes, weighted by weights up to 127
#pragma once

constexpr int64_t kLanes = Simd::kLanes;
constexpr int64_t kVectorColumns = 2 * kLanes;
constexpr int64_t kCacheLine = 64;
using U16 = Simd::U16;
using U32 = Simd::U32;

int64_t least(int64_t a, int64_t b) { return a < b ? a : b; }

// For a row that comes later, or that is not there: a prefetch of any address is allowed, its arithmetic is not.
constexpr int kSecondLevel = 2;  // of the caches: the first has the lines to hold
inline void prefetch_row(const uint8_t *rows, ptrdiff_t stride, int64_t t) {
    const uintptr_t distance = static_cast<uintptr_t>(stride) * static_cast<uintptr_t>(t);
    __builtin_prefetch(reinterpret_cast<const void *>(reinterpret_cast<uintptr_t>(rows) + distance), 0, kSecondLevel);
}

struct WholeVector {
    U16 operator()(const uint8_t *p) const { return Simd::load_u8(p); }
};
struct PartOfVector {
    int64_t n;
    U16 operator()(const uint8_t *p) const { return Simd::load_u8(p, n); }
};

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
            s1[i] = Simd::add16(s1[i], s0[i]);
            s0[i] = Simd::add16(s0[i], load(row + i * kVectorColumns));
        }
    }
    for (size_t i = 0; i < 2 * n_vectors; ++i) {
        const Simd::Pairs pairs = Simd::zip(s0[i / 2], s1[i / 2], i % 2);
        uint32_t *up = rising_line + i * kLanes, *down = falling_line + i * kLanes;
        const U32 gain = Simd::dot(pairs, rising);
        Simd::store(up, kFresh ? gain : Simd::add(Simd::load(up), gain));
        Simd::store(down, Simd::add(Simd::load(down), Simd::dot(pairs, falling)));
    }
}

// The weights of s0 and s1 of fold_columns.
inline Simd::Weights weights_of(Ramp ramp, int64_t count) {
    return Simd::weights(ramp.first + ramp.step * (count - 1), -ramp.step);
}

template <bool kFresh>
void fold_all_columns(const uint8_t *rows, ptrdiff_t stride, int64_t count, int64_t n, Ramp rising, Ramp falling,
                      uint32_t *rising_line, uint32_t *falling_line) {
    const Simd::Weights up = weights_of(rising, count), down = weights_of(falling, count);
    int64_t x = 0;
    for (; x + kCacheLine <= n; x += kCacheLine) {
        for (int64_t t = 0; t < count; ++t) prefetch_row(rows + x, stride, count + t);
        fold_columns<kCacheLine / kVectorColumns, kFresh>(rows + x, stride, count, up, down, rising_line + x,
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
    for (int half = 0; half < 2; ++half) Simd::store(line + half * kLanes, Simd::dot(Simd::zip(p0, p1, half), weights));
}

void blend_rows(const uint8_t *row0, const uint8_t *row1, int64_t n, int64_t weight0, int64_t weight1, uint32_t *line) {
    const Simd::Weights weights = Simd::weights(weight0, weight1);
    int64_t x = 0;
    for (; x + kVectorColumns <= n; x += kVectorColumns)
        blend_columns(row0 + x, row1 + x, weights, line + x, WholeVector());
    if (x < n) blend_columns(row0 + x, row1 + x, weights, line + x, PartOfVector{n - x});
}

#include "kernels/blocks-inl.h"
#include "kernels/taps-inl.h"
#include "kernels/windows-inl.h"
