// SPDX-License-Identifier: MIT
// Direct taps (direct.h): rows by a struct `Rows`, such as that of direct-256-inl.h; lines by the vectors of the set.
#pragma once

#include "kernels/lanes-inl.h"

namespace isopixel {
namespace {

template <class Rows, int kSteps>
void narrow_rows_of(const DirectTable &shared_table, const uint8_t *row0, const uint8_t *row1, uint32_t *line) {
    const DirectTable table = shared_table;  // a copy that no store can change
    const uint8_t *entry = table.entries;
    const int32_t *windows = table.windows;
    for (int64_t g = 0; g < table.groups; ++g) {
        Rows::template narrow<kSteps>(table, entry, windows, row0, row1, line);
        entry += Rows::kNarrowEntry * (1 + kSteps);
        windows += Rows::kLayout.group;
        line += Rows::kLayout.group * table.outputs;
    }
}

template <class Rows, int kSteps>
void wide_row_of(const DirectTable &shared_table, const uint8_t *row, uint32_t *line) {
    const DirectTable table = shared_table;
    const uint8_t *entry = table.entries;
    const int32_t *windows = table.windows;
    for (int64_t g = 0; g < table.groups; ++g) {
        Rows::template wide<kSteps>(table, entry, windows, row, line);
        entry += Rows::kOrder + Rows::kWideEntry * kSteps;
        windows += Rows::kLayout.group;
        line += Rows::kLayout.group * table.outputs;
    }
}

template <class Rows>
void narrow_rows(const DirectTable &table, const uint8_t *row0, const uint8_t *row1, uint32_t *line) {
    static_assert(kMostDirectSteps == 4);
    if (table.steps == 1) narrow_rows_of<Rows, 1>(table, row0, row1, line);
    else if (table.steps == 2) narrow_rows_of<Rows, 2>(table, row0, row1, line);
    else if (table.steps == 3) narrow_rows_of<Rows, 3>(table, row0, row1, line);
    else narrow_rows_of<Rows, 4>(table, row0, row1, line);
}

template <class Rows>
void wide_row(const DirectTable &table, const uint8_t *row, uint32_t *line) {
    static_assert(kMostDirectSteps == 4);
    if (table.steps == 1) wide_row_of<Rows, 1>(table, row, line);
    else if (table.steps == 2) wide_row_of<Rows, 2>(table, row, line);
    else if (table.steps == 3) wide_row_of<Rows, 3>(table, row, line);
    else wide_row_of<Rows, 4>(table, row, line);
}

// As many numbers as become a vector of bytes.
constexpr int64_t kBlendStep = 4 * kLanes;
static_assert(kBlendStep <= kSpareNumbers);

// The same by exact division: (n + d/2 + 1/4) / d, which is off by far less than 1/(4d), of numbers that are exact.
inline void settle(const DirectBlend &blend, int64_t x, const U32 *sums, uint8_t *out) {
    uint32_t numbers[kBlendStep];
    for (int i = 0; i < 4; ++i) Simd::store_u32(numbers + i * kLanes, sums[i]);
    for (int64_t i = 0; i < kBlendStep; ++i) {
        const double d = static_cast<double>(blend.sums_x[x + i]) * blend.sum_y;
        const double quotient = (static_cast<int32_t>(numbers[i]) + (0.5 * d + 0.25)) / d;
        out[i] = static_cast<uint8_t>(static_cast<int32_t>(quotient));
    }
}

template <bool kSmall, int kCount>
void blend_of(const DirectBlend &shared_blend) {
    const DirectBlend blend = shared_blend;
    const uint32_t *lines[kCount];
    Simd::Weights weights[kCount];
    for (int i = 0; i < kCount; ++i) {
        lines[i] = blend.lines[i];
        weights[i] = Simd::set_weights(blend.weights[i] & 0xFFFF, blend.weights[i] >> 16);
    }
    for (int64_t x = 0; x < blend.samples; x += kBlendStep) {
        U32 sums[4], quotients[4];
        for (int i = 0; i < 4; ++i) {
            sums[i] = Simd::dot_i16(Simd::load_u32(lines[0] + x + i * kLanes), weights[0]);
            for (int l = 1; l < kCount; ++l)
                sums[i] = Simd::add_dot_i16(sums[i], Simd::load_u32(lines[l] + x + i * kLanes), weights[l]);
        }
        bool sure = true;
        U32 differences = Simd::zero();
        for (int i = 0; i < 4; ++i) {
            const Simd::F32 n = Simd::convert_f32(sums[i]);
            const Simd::F32 reciprocal =
                Simd::scale_f32(Simd::load_f32(blend.reciprocals_x + x + i * kLanes), blend.reciprocal_y);
            if constexpr (kSmall) {
                quotients[i] = Simd::floor_f32(Simd::fused_f32(n, reciprocal, blend.bias));
            } else {
                quotients[i] = Simd::floor_f32(Simd::fused_f32(n, reciprocal, 0.5f - kGuessError));
                const U32 most = Simd::floor_f32(Simd::fused_f32(n, reciprocal, 0.5f + kGuessError));
                differences = Simd::or_u32(differences, Simd::sub_u32(most, quotients[i]));
            }
        }
        if constexpr (!kSmall) sure = Simd::is_zero(differences);
        const bool whole = x + kBlendStep <= blend.samples;
        uint8_t rest[kBlendStep];
        uint8_t *const out = whole ? blend.out + x : rest;
        if (sure) Simd::store_quarters_u8(out, quotients[0], quotients[1], quotients[2], quotients[3]);
        else settle(blend, x, sums, out);
        if (!whole) __builtin_memcpy(blend.out + x, rest, static_cast<size_t>(blend.samples - x));
    }
}

template <bool kSmall>
void blend_direct(const DirectBlend &blend) {
    static_assert(kMostDirectLines == 10);
    switch (blend.count) {
        case 1:
            return blend_of<kSmall, 1>(blend);
        case 2:
            return blend_of<kSmall, 2>(blend);
        case 3:
            return blend_of<kSmall, 3>(blend);
        case 4:
            return blend_of<kSmall, 4>(blend);
        case 5:
            return blend_of<kSmall, 5>(blend);
        case 6:
            return blend_of<kSmall, 6>(blend);
        case 7:
            return blend_of<kSmall, 7>(blend);
        case 8:
            return blend_of<kSmall, 8>(blend);
        case 9:
            return blend_of<kSmall, 9>(blend);
        default:
            return blend_of<kSmall, 10>(blend);
    }
}

template <class Rows>
constexpr DirectKernels make_direct() {
    return {Rows::kLayout, narrow_rows<Rows>, wide_row<Rows>, blend_direct<false>, blend_direct<true>};
}

}  // namespace
}  // namespace isopixel
