// SPDX-License-Identifier: MIT
// Direct taps (direct.h): rows by a struct `Rows`, such as that of direct-256-inl.h; lines by the vectors of the set.
#pragma once

#include <cstring>

#include "kernels/lanes-inl.h"

namespace isopixel {
namespace {

// Makes lines by Rows::make<…>, which makes those of a group.
template <class Rows, bool kNarrow, bool kOneWindow, size_t kSteps, size_t kCount>
void direct_rows_of(const DirectTable &shared_table, const uint8_t *const *shared_rows, uint32_t *const *shared_lines) {
    const DirectTable table = shared_table;  // copies that no store can change
    constexpr size_t kRows = kNarrow ? 2 * kCount : kCount;
    const uint8_t *rows[kRows];
    uint32_t *lines[kCount];
    for (size_t r = 0; r < kRows; ++r) rows[r] = shared_rows[r];
    for (size_t l = 0; l < kCount; ++l) lines[l] = shared_lines[l];
    const uint8_t *entry = table.entries;
    const int32_t *windows = table.windows;
    for (int64_t g = 0, x = 0; g < table.groups; ++g, x += Rows::kLayout.group * table.outputs) {
        Rows::template make<kNarrow, kOneWindow, kSteps, kCount>(table, entry, windows, rows, lines, x);
        entry += Rows::template entry_bytes<kNarrow>(kSteps);
        windows += Rows::kLayout.group;
    }
}

template <class Rows, bool kNarrow, bool kOneWindow, size_t kCount>
void direct_rows_by(const DirectTable &table, const uint8_t *const *rows, uint32_t *const *lines) {
    static_assert(kMostDirectSteps == 4);
    if (table.steps == 1) direct_rows_of<Rows, kNarrow, kOneWindow, 1, kCount>(table, rows, lines);
    else if (table.steps == 2) direct_rows_of<Rows, kNarrow, kOneWindow, 2, kCount>(table, rows, lines);
    else if (table.steps == 3) direct_rows_of<Rows, kNarrow, kOneWindow, 3, kCount>(table, rows, lines);
    else direct_rows_of<Rows, kNarrow, kOneWindow, 4, kCount>(table, rows, lines);
}

template <class Rows, bool kNarrow>
void direct_rows(const DirectTable &table, const uint8_t *const *rows, int64_t count, uint32_t *const *lines) {
    static_assert(kDirectPair == 2);
    if (table.one_window && count == 1) direct_rows_by<Rows, kNarrow, true, 1>(table, rows, lines);
    else if (table.one_window) direct_rows_by<Rows, kNarrow, true, 2>(table, rows, lines);
    else if (count == 1) direct_rows_by<Rows, kNarrow, false, 1>(table, rows, lines);
    else direct_rows_by<Rows, kNarrow, false, 2>(table, rows, lines);
}

// As many numbers as become a vector of bytes.
constexpr int64_t kBlendStep = 4 * kLanes;
static_assert(kBlendStep <= kSpareNumbers);

// The same by exact division: (n + d/2 + 1/4) / d, which is off by far less than 1/(4d), of numbers that are exact.
inline void settle(const DirectBlend &blend, int64_t x, const U32 *sums, uint8_t *out) {
    uint32_t numbers[kBlendStep];
    for (int i = 0; i < 4; ++i) Simd::store_u32(numbers + i * kLanes, sums[i]);
    for (int64_t i = 0; i < least(kBlendStep, blend.samples - x); ++i) {
        const double d = static_cast<double>(blend.sums_x[x + i]) * blend.sum_y;
        const double quotient = (static_cast<int32_t>(numbers[i]) + (0.5 * d + 0.25)) / d;
        out[i] = static_cast<uint8_t>(static_cast<int32_t>(quotient));
    }
}

template <bool kSmall, size_t kCount>
void blend_of(const DirectBlend &shared_blend) {
    const DirectBlend blend = shared_blend;
    const uint32_t *lines[kCount];
    Simd::Weights weights[kCount];
    for (size_t i = 0; i < kCount; ++i) {
        lines[i] = blend.lines[i];
        weights[i] = Simd::set_weights(blend.weights[i] & 0xFFFF, blend.weights[i] >> 16);
    }
    for (int64_t x = 0; x < blend.samples; x += kBlendStep) {
        U32 sums[4], quotients[4];
        for (int i = 0; i < 4; ++i) {
            sums[i] = Simd::dot_i16(Simd::load_u32(lines[0] + x + i * kLanes), weights[0]);
            for (size_t l = 1; l < kCount; ++l)
                sums[i] = Simd::add_dot_i16(sums[i], Simd::load_u32(lines[l] + x + i * kLanes), weights[l]);
        }
        bool sure = true;
        U32 differences = Simd::zero();
        for (int i = 0; i < 4; ++i) {
            const Simd::F32 n = Simd::convert_f32(sums[i]);
            const Simd::F32 reciprocal =
                Simd::scale_f32(Simd::load_f32(blend.reciprocals_x + x + i * kLanes), blend.reciprocal_y);
            if constexpr (kSmall) {
                quotients[i] = Simd::floor_f32(Simd::add_product_f32(Simd::set_f32(blend.bias), n, reciprocal));
            } else {
                quotients[i] = Simd::floor_f32(Simd::add_product_f32(Simd::set_f32(0.5f - kGuessError), n, reciprocal));
                const U32 most =
                    Simd::floor_f32(Simd::add_product_f32(Simd::set_f32(0.5f + kGuessError), n, reciprocal));
                differences = Simd::or_u32(differences, Simd::sub_u32(most, quotients[i]));
            }
        }
        if constexpr (!kSmall) sure = Simd::is_zero(differences);
        const bool whole = x + kBlendStep <= blend.samples;
        uint8_t rest[kBlendStep];
        uint8_t *const out = whole ? blend.out + x : rest;
        if (sure) Simd::store_quarters_u8(out, quotients[0], quotients[1], quotients[2], quotients[3]);
        else settle(blend, x, sums, out);
        if (!whole) std::memcpy(blend.out + x, rest, static_cast<size_t>(blend.samples - x));
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
    return {Rows::kLayout, direct_rows<Rows, true>, direct_rows<Rows, false>, blend_direct<false>, blend_direct<true>};
}

}  // namespace
}  // namespace isopixel
