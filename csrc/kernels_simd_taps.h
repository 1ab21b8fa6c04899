// SPDX-License-Identifier: MIT
// Part of kernels_simd.h: two taps on both axes, in 16 bits.
#pragma once

static_assert(2 * kColumns <= kSpareSamples);

// The taps of each result sample from pixel k on side by side, as bytes in the memory of their line.
void gather_taps(TapTable table, const uint8_t *row, int64_t k, uint8_t *pairs) {
    const int64_t channels = table.channels;
    const Simd::TapOrder order(channels);
    pairs += 2 * k * channels;
    for (; k < table.near; ++k, pairs += 2 * channels) Simd::order_taps(row + table.first[k], order, pairs);
    for (; k < table.samples / channels; ++k) {
        for (int64_t x = table.first[k]; x < table.first[k] + channels; ++x) {
            *pairs++ = row[x];
            *pairs++ = x + channels < table.in_samples ? row[x + channels] : uint8_t{0};
        }
    }
}

void tap_row(const TapTable &shared_table, const uint8_t *row, uint16_t *line) {
    const TapTable table = shared_table;  // a copy that no store can change
    const U16 half_sum = Simd::set16(table.half_sum);
    const auto store = [&](int64_t x, Simd::Bytes pairs) {
        const U16 sums = Simd::dot_bytes(pairs, Simd::load_bytes(table.weights + 2 * x));
        Simd::store16(line + x, Simd::add16(sums, half_sum));
    };
    int64_t x = 0;
    if (table.windows) {
        for (; x < table.samples; x += kColumns)
            store(x, Simd::take_windows(row, table.windows + x / 8, table.shuffles + 2 * x));
        return;
    }
    if (table.channels == 1)
        for (; x + kColumns <= table.near; x += kColumns) store(x, Simd::take_pairs(row, table.first + x));
    gather_taps(table, row, x / table.channels, reinterpret_cast<uint8_t *>(line));
    for (; x < table.samples; x += kColumns) store(x, Simd::load_bytes(reinterpret_cast<const uint8_t *>(line + x)));
}

template <bool kNarrow, bool kMultiply>
struct LineBlend {
    int64_t weight0, weight1;
    Reciprocal reciprocal;

    U16 quotients(const uint16_t *line0, const uint16_t *line1) const {
        const U16 a = Simd::load16(line0), b = Simd::load16(line1);
        U16 n;
        if constexpr (kNarrow) {
            n = Simd::add16(Simd::mul16(a, Simd::set16(weight0)), Simd::mul16(b, Simd::set16(weight1)));
            n = Simd::shift_right16(n, reciprocal.before);
        } else {
            n = Simd::dot_shifted(a, b, Simd::weights(weight0, weight1), reciprocal.before);
        }
        if constexpr (kMultiply)
            n = Simd::shift_right16(Simd::mul_high16(n, Simd::set16(reciprocal.multiplier)), reciprocal.after);
        return n;
    }

    void operator()(const uint16_t *line0, const uint16_t *line1, int64_t n, uint8_t *out) const {
        constexpr int64_t kStep = 2 * kColumns;
        int64_t x = 0;
        for (; x + kStep <= n; x += kStep) store(line0 + x, line1 + x, out + x);
        if (x == n) return;
        uint8_t rest[kStep];
        store(line0 + x, line1 + x, rest);
        __builtin_memcpy(out + x, rest, static_cast<size_t>(n - x));
    }

    void store(const uint16_t *line0, const uint16_t *line1, uint8_t *out) const {
        Simd::store_u8(out, quotients(line0, line1), quotients(line0 + kColumns, line1 + kColumns));
    }
};

void blend_lines(const uint16_t *line0, const uint16_t *line1, int64_t n, int64_t weight0, int64_t weight1, bool narrow,
                 Reciprocal r, uint8_t *out) {
    if (narrow && r.multiplier) LineBlend<true, true>{weight0, weight1, r}(line0, line1, n, out);
    else if (narrow) LineBlend<true, false>{weight0, weight1, r}(line0, line1, n, out);
    else if (r.multiplier) LineBlend<false, true>{weight0, weight1, r}(line0, line1, n, out);
    else LineBlend<false, false>{weight0, weight1, r}(line0, line1, n, out);
}
