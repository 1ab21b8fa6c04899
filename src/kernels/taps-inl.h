// SPDX-License-Identifier: MIT
// Part of kernels_simd.h: two taps on both axes, in 16 bits.
#pragma once

static_assert(2 * kVectorColumns <= kSpareSamples);

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

template <bool kWide>
void tap_row_by(const TapTable &shared_table, const uint8_t *row, uint16_t *line) {
    const TapTable table = shared_table;  // a copy that no store can change
    const U16 half_sum = Simd::set16(table.half_sum);
    const auto store = [&](int64_t x, Simd::Bytes pairs) {
        const U16 sums = kWide ? Simd::dot_wide(pairs, table.wide_weights + 2 * x, table.bias, table.shift)
                               : Simd::dot_bytes(pairs, Simd::load_bytes(table.weights + 2 * x));
        Simd::store16(line + x, Simd::add16(sums, half_sum));
    };
    int64_t x = 0;
    if (table.windows) {
        for (; x < table.samples; x += kVectorColumns)
            store(x, Simd::take_windows(row, table.windows + x / 8, table.shuffles + 2 * x));
        return;
    }
    if (table.channels == 1)
        for (; x + kVectorColumns <= table.near; x += kVectorColumns) store(x, Simd::take_pairs(row, table.first + x));
    gather_taps(table, row, x / table.channels, reinterpret_cast<uint8_t *>(line));
    for (; x < table.samples; x += kVectorColumns)
        store(x, Simd::load_bytes(reinterpret_cast<const uint8_t *>(line + x)));
}

void tap_row(const TapTable &table, const uint8_t *row, uint16_t *line) {
    (table.weights ? tap_row_by<false> : tap_row_by<true>)(table, row, line);
}

// Makes n bytes; `numbers` makes a vector of numbers of 16 bits, up to 255, from x on.
template <class Numbers>
void store_bytes(int64_t n, uint8_t *out, Numbers numbers) {
    constexpr int64_t kStep = 2 * kVectorColumns;
    int64_t x = 0;
    for (; x + kStep <= n; x += kStep) Simd::store_u8(out + x, numbers(x), numbers(x + kVectorColumns));
    if (x == n) return;
    uint8_t rest[kStep];
    Simd::store_u8(rest, numbers(x), numbers(x + kVectorColumns));
    __builtin_memcpy(out + x, rest, static_cast<size_t>(n - x));
}

// Makes bytes of two lines; `blend` makes a vector of numbers of 16 bits, up to 255, of two.
template <class Blend>
void blend_all(const uint16_t *line0, const uint16_t *line1, int64_t n, uint8_t *out, Blend blend) {
    store_bytes(n, out, [=](int64_t x) { return blend(Simd::load16(line0 + x), Simd::load16(line1 + x)); });
}

template <bool kNarrow, bool kMultiply>
struct LineBlend {
    int64_t weight0, weight1;
    Reciprocal reciprocal;

    U16 operator()(U16 a, U16 b) const {
        U16 n;
        if constexpr (kNarrow) {
            n = Simd::add16(Simd::mul16(a, Simd::set16(weight0)), Simd::mul16(b, Simd::set16(weight1)));
            n = Simd::shift_right16(n, reciprocal.before);
        } else {
            n = Simd::dot_shifted(a, b, Simd::weights(weight0, weight1), 0, reciprocal.before);
        }
        if constexpr (kMultiply)
            n = Simd::shift_right16(Simd::mul_high16(n, Simd::set16(reciprocal.multiplier)), reciprocal.after);
        return n;
    }
};

void blend_lines(const uint16_t *line0, const uint16_t *line1, int64_t n, int64_t weight0, int64_t weight1, bool narrow,
                 Reciprocal r, uint8_t *out) {
    if (narrow && r.multiplier) blend_all(line0, line1, n, out, LineBlend<true, true>{weight0, weight1, r});
    else if (narrow) blend_all(line0, line1, n, out, LineBlend<true, false>{weight0, weight1, r});
    else if (r.multiplier) blend_all(line0, line1, n, out, LineBlend<false, true>{weight0, weight1, r});
    else blend_all(line0, line1, n, out, LineBlend<false, false>{weight0, weight1, r});
}

void blend_linear(const uint16_t *line0, const uint16_t *line1, int64_t n, int64_t weight0, int64_t weight1, int,
                  uint8_t *out) {
    const U16 w0 = Simd::set16(weight0), w1 = Simd::set16(weight1), two = Simd::set16(2);
    blend_all(line0, line1, n, out, [=](U16 a, U16 b) {
        const U16 sum = Simd::add16(Simd::mul_high16(a, w0), Simd::mul_high16(b, w1));
        return Simd::shift_right16(Simd::add16(sum, two), 2);
    });
}

void blend_exact(const uint16_t *line0, const uint16_t *line1, int64_t n, int64_t weight0, int64_t weight1, int,
                 uint8_t *out) {
    // 2^15 less of each number makes it one with a sign, and 256·2^15 less of the sum.
    const U16 sign = Simd::set16(1 << 15);
    const Simd::Weights weights = Simd::weights(weight0, weight1);
    blend_all(line0, line1, n, out, [=](U16 a, U16 b) {
        return Simd::dot_shifted(Simd::add16(a, sign), Simd::add16(b, sign), weights, (1 << 23) + (1 << 15), 16);
    });
}

void blend_fixed(const uint16_t *line0, const uint16_t *line1, int64_t n, int64_t weight0, int64_t weight1, int shift,
                 uint8_t *out) {
    const Simd::Weights weights = Simd::weights(weight0, weight1);
    const U16 most = Simd::set16(255);
    blend_all(line0, line1, n, out, [=](U16 a, U16 b) {
        return Simd::least16(Simd::dot_shifted(a, b, weights, INT64_C(1) << (shift - 1), shift), most);
    });
}
