// SPDX-License-Identifier: MIT
// Two taps on both axes, in 16 bits.
#pragma once

#include "kernels/lanes-inl.h"
#include "kernels/lines-inl.h"

namespace isopixel {
namespace {

static_assert(2 * kVectorColumns <= kSpareSamples && kVectorColumns % kWindowSamples == 0);

// The taps of each result sample from pixel k on side by side, as bytes in the memory of their line.
void gather_taps(TapTable table, const uint8_t *row, int64_t k, uint8_t *pairs) {
    const int64_t channels = table.channels;
    const Simd::TapOrder order(channels);
    pairs += 2 * k * channels;
    for (; k < table.near; ++k, pairs += 2 * channels) Simd::pair_taps_u8(row + table.first[k], order, pairs);
    for (; k < table.samples / channels; ++k) {
        for (int64_t x = table.first[k]; x < table.first[k] + channels; ++x) {
            *pairs++ = row[x];
            *pairs++ = x + channels < table.in_samples ? row[x + channels] : uint8_t{0};
        }
    }
}

// The taps of a vector of result samples, from windows.
template <int64_t n_windows>
inline Simd::U8 take_taps(const TapTable &table, const uint8_t *row, int64_t x) {
    const int32_t *windows = table.windows + x / kWindowSamples;
    const uint8_t *shuffles = table.shuffles + 2 * x;
    Simd::U8 pairs = Simd::take_windows_u8(row, windows, shuffles);
    for (int64_t i = 1; i < n_windows; ++i) {
        windows += table.groups;
        shuffles += 2 * kWindowSamples * table.groups;
        pairs = Simd::or_u8(pairs, Simd::take_windows_u8(row, windows, shuffles));
    }
    return pairs;
}

template <bool kWide>
void tap_row_by(const TapTable &shared_table, const uint8_t *row, uint16_t *line) {
    const TapTable table = shared_table;  // a copy that no store can change
    const U16 half_sum = Simd::set_u16(table.half_sum);
    const auto store = [&](int64_t x, Simd::U8 pairs) {
        const U16 sums = kWide ? Simd::dot_shifted_u8(pairs, table.wide_weights + 2 * x, table.bias, table.shift)
                               : Simd::dot_u8(pairs, Simd::load_u8(table.weights + 2 * x));
        Simd::store_u16(line + x, Simd::add_u16(sums, half_sum));
    };
    const auto store_all = [&](auto take) {
        for (int64_t x = 0; x < table.samples; x += kVectorColumns) store(x, take(x));
    };
    if (table.n_windows == 1) return store_all([&](int64_t x) { return take_taps<1>(table, row, x); });
    if (table.n_windows == 2) return store_all([&](int64_t x) { return take_taps<2>(table, row, x); });
    if (table.n_windows == 4) return store_all([&](int64_t x) { return take_taps<4>(table, row, x); });
    int64_t x = 0;
    if (table.channels == 1)
        for (; x + kVectorColumns <= table.near; x += kVectorColumns)
            store(x, Simd::take_pairs_u8(row, table.first + x));
    gather_taps(table, row, x / table.channels, reinterpret_cast<uint8_t *>(line));
    for (; x < table.samples; x += kVectorColumns) store(x, Simd::load_u8(reinterpret_cast<const uint8_t *>(line + x)));
}

void tap_row(const TapTable &table, const uint8_t *row, uint16_t *line) {
    (table.weights ? tap_row_by<false> : tap_row_by<true>)(table, row, line);
}

template <bool kNarrow, bool kShift, bool kMultiply>
struct LineBlend {
    int64_t weight0, weight1;
    Reciprocal reciprocal;

    U16 operator()(U16 a, U16 b) const {
        U16 n;
        if constexpr (kNarrow) {
            n = Simd::add_u16(Simd::mul_u16(a, Simd::set_u16(weight0)), Simd::mul_u16(b, Simd::set_u16(weight1)));
            if constexpr (kShift) n = Simd::shift_right_u16(n, reciprocal.before);
        } else {
            n = Simd::dot_shifted_i16(a, b, Simd::set_weights(weight0, weight1), 0, reciprocal.before);
        }
        if constexpr (kMultiply)
            n = Simd::shift_right_u16(Simd::mul_high_u16(n, Simd::set_u16(reciprocal.multiplier)), reciprocal.after);
        return n;
    }
};

void blend_lines(const uint16_t *line0, const uint16_t *line1, int64_t n, int64_t weight0, int64_t weight1, bool narrow,
                 Reciprocal r, uint8_t *out) {
    const auto blend = [&](auto by) { blend_all(line0, line1, n, out, decltype(by){weight0, weight1, r}); };
    if (narrow && !r.multiplier) blend(LineBlend<true, true, false>());
    else if (narrow && r.before == 0) blend(LineBlend<true, false, true>());
    else if (narrow) blend(LineBlend<true, true, true>());
    else if (r.multiplier) blend(LineBlend<false, true, true>());
    else blend(LineBlend<false, true, false>());
}

}  // namespace
}  // namespace isopixel
