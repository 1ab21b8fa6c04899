// SPDX-License-Identifier: MIT
// Four or eight taps on both axes (SPEC ).
#pragma once

#include "base/ieee754.h"
#include "kernels/lanes-inl.h"

namespace isopixel {
namespace {

static_assert(4 * kLanes <= kSpareSamples && kLanes % kQuad == 0);

// A quad of taps for each of a vector of result samples; those of `group` are the first.
template <int64_t n_windows>
inline Simd::U8 take_quads(const MultiTapTable &table, const uint8_t *row, int64_t quad, int64_t group) {
    int64_t first = quad * n_windows * table.groups + group;
    Simd::U8 quads = Simd::take_windows_u8(row, table.windows + first, table.shuffles + 16 * first);
    for (int64_t i = 1; i < n_windows; ++i) {
        first += table.groups;
        quads = Simd::or_u8(quads, Simd::take_windows_u8(row, table.windows + first, table.shuffles + 16 * first));
    }
    return quads;
}

template <int64_t n_quads, int64_t n_windows>
void sum_quads(const MultiTapTable &shared_table, const uint8_t *row, uint32_t *line) {
    const MultiTapTable table = shared_table;  // a copy that no store can change
    for (int64_t x = 0; x < table.samples; x += kLanes) {
        const auto sum = [&](int64_t quad) {
            const int64_t weights = 2 * (quad * table.groups * kQuad + x);
            return Simd::dot_quads_u8(take_quads<n_windows>(table, row, quad, x / kQuad), table.even + weights,
                                      table.odd + weights);
        };
        U32 all = sum(0);
        if constexpr (n_quads == 2) all = Simd::add_u32(all, sum(1));
        Simd::store_u32(line + x, all);
    }
}

void sum_taps(const MultiTapTable &table, const uint8_t *row, uint32_t *line) {
    const auto sum = [&](auto by_4, auto by_8) { (table.taps == 4 ? by_4 : by_8)(table, row, line); };
    if (table.n_windows == 1) sum(sum_quads<1, 1>, sum_quads<2, 1>);
    else if (table.n_windows == 2) sum(sum_quads<1, 2>, sum_quads<2, 2>);
    else sum(sum_quads<1, 4>, sum_quads<2, 4>);
}

template <size_t taps>
void blend_by_integers(const uint32_t *const *lines, const int16_t *weights, int64_t n, uint8_t *out) {
    U32 all[taps];
    const uint32_t *from[taps];
    for (size_t t = 0; t < taps; ++t) {
        all[t] = Simd::set_u32(weights[t]);
        from[t] = lines[t];
    }
    const U32 half = Simd::set_u32(1 << 21);
    store_clipped(n, out, [&](int64_t x) {
        U32 sum = half;
        for (size_t t = 0; t < taps; ++t) sum = Simd::add_u32(sum, Simd::mul_u32(Simd::load_u32(from[t] + x), all[t]));
        return Simd::shift_right_i32(sum, 22);
    });
}

void blend_cubic(const uint32_t *const *lines, const int16_t *weights, int64_t n, uint8_t *out) {
    const int64_t whole = n / 8 * 8;
    const uint32_t *line0 = lines[0], *line1 = lines[1], *line2 = lines[2], *line3 = lines[3];
    const auto real = [=](int t) { return static_cast<float>(weights[t]) * 0x1p-22f; };
    const float weight0 = real(0), weight1 = real(1), weight2 = real(2), weight3 = real(3);
    store_clipped(whole, out, [=](int64_t x) {
        const auto product = [x](const uint32_t *line, float weight) {
            return Simd::scale_f32(Simd::convert_i32(Simd::load_u32(line + x)), weight);
        };
        Simd::F32 sum = Simd::add_f32(product(line2, weight2), product(line3, weight3));
        sum = Simd::add_f32(product(line1, weight1), sum);
        return Simd::round_f32(Simd::add_f32(product(line0, weight0), sum));
    });
    const uint32_t *const rest[4] = {line0 + whole, line1 + whole, line2 + whole, line3 + whole};
    blend_by_integers<4>(rest, weights, n - whole, out + whole);
}

void blend_lanczos4(const uint32_t *const *lines, const int16_t *weights, int64_t n, uint8_t *out) {
    blend_by_integers<8>(lines, weights, n, out);
}

}  // namespace
}  // namespace isopixel
