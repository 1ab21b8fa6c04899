// SPDX-License-Identifier: MIT
// Pictures with simd128: blocks of 8 × 8 in 16 bits, whose passes sum in 32, and 16 pixels at a time.
#pragma once

#include "kernels/lanes-inl.h"

namespace isopixel {
namespace {

// Eight rows of 8 numbers of 16 bits.
struct RowsOf8 {
    v128_t rows[8];

    // Within -512 … 511?
    bool are_in_range() const {
        v128_t least = rows[0], most = rows[0];
        for (const v128_t row : rows) least = wasm_i16x8_min(least, row), most = wasm_i16x8_max(most, row);
        return !wasm_v128_any_true(wasm_v128_or(wasm_i16x8_lt(least, wasm_i16x8_const_splat(-512)),
                                                wasm_i16x8_gt(most, wasm_i16x8_const_splat(511))));
    }
};

// The products of coefficients and quantisation values. One beyond 16 bits becomes the end of these, here and between
// the passes, and the results of such a block are out of range: in a pass, which is 2^13·√8 times an orthogonal
// transform and then a shift, the largest of 8 results is, but for rounding, at least as large as any of the 8 numbers
// times 4, or by 32; and 32,767 by 32 is twice what is in range.
inline RowsOf8 multiply(const int16_t *coefficients, const int16_t *quantisation) {
    RowsOf8 products;
    for (int k = 0; k < 8; ++k) {
        const v128_t c = wasm_v128_load(coefficients + 8 * k), q = wasm_v128_load(quantisation + 8 * k);
        products.rows[k] =
            wasm_i16x8_narrow_i32x4(wasm_i32x4_extmul_low_i16x8(c, q), wasm_i32x4_extmul_high_i16x8(c, q));
    }
    return products;
}

// A pass of R-58 down four columns, whose numbers of rows k and k + 4 are side by side in pairs[k]. Each o(k) is a sum
// of the numbers with constant weights, those of R-58 multiplied out, which have 16 bits; so are the sums of pairs of
// products.
template <int kShift>
inline void pass_down(const v128_t *pairs, v128_t *results) {
    const auto dot = [&](int k, int first, int second) {
        return Simd::dot_i16(pairs[k], Simd::set_weights(first, second));
    };
    const U32 half = Simd::set_u32(1 << (kShift - 1));
    const U32 e0 = Simd::add_u32(dot(0, 8192, 8192), half), e1 = Simd::add_u32(dot(0, 8192, -8192), half);
    const U32 e2 = dot(2, 4433, -10704), e3 = dot(2, 10703, 4433);
    const U32 even[] = {Simd::add_u32(e0, e3), Simd::add_u32(e1, e2), Simd::sub_u32(e1, e2), Simd::sub_u32(e0, e3)};
    const U32 odd[] = {
        Simd::add_u32(dot(1, 11363, 6437), dot(3, 9633, 2260)),
        Simd::add_u32(dot(1, 9633, -11362), dot(3, -2259, -6436)),
        Simd::add_u32(dot(1, 6437, 2261), dot(3, -11362, 9633)),
        Simd::add_u32(dot(1, 2260, 9633), dot(3, -6436, -11363)),
    };
    for (int k = 0; k < 4; ++k) {
        results[k] = Simd::shift_right_i32(Simd::add_u32(even[k], odd[k]), kShift);
        results[7 - k] = Simd::shift_right_i32(Simd::sub_u32(even[k], odd[k]), kShift);
    }
}

// A pass down eight columns, and the transpose of its results.
template <int kShift>
inline RowsOf8 pass(const RowsOf8 &in) {
    v128_t results[2][8];
    for (int half = 0; half < 2; ++half) {
        v128_t pairs[4];
        for (int k = 0; k < 4; ++k) pairs[k] = Simd::zip_u16(in.rows[k], in.rows[k + 4], half);
        pass_down<kShift>(pairs, results[half]);
    }
    // Row k and row k + 4 side by side, three times, put number i of row k at place k of row i.
    RowsOf8 rows;
    for (int k = 0; k < 8; ++k) rows.rows[k] = wasm_i16x8_narrow_i32x4(results[0][k], results[1][k]);
    for (int time = 0; time < 3; ++time) {
        const RowsOf8 from = rows;
        for (int k = 0; k < 4; ++k)
            for (int half = 0; half < 2; ++half)
                rows.rows[2 * k + half] = Simd::zip_u16(from.rows[k], from.rows[k + 4], half);
    }
    return rows;
}

inline bool inverse_dct(const int16_t *coefficients, const int16_t *quantisation, uint8_t *out, ptrdiff_t stride) {
    const RowsOf8 results = pass<18>(pass<11>(multiply(coefficients, quantisation)));
    const auto row = [&](int k) { return Simd::add_u16(results.rows[k], Simd::set_u16(128)); };
    for (int k = 0; k < 8; k += 2) {
        const v128_t samples = wasm_u8x16_narrow_i16x8(row(k), row(k + 1));
        wasm_v128_store64_lane(out + k * stride, samples, 0);
        wasm_v128_store64_lane(out + (k + 1) * stride, samples, 1);
    }
    return results.are_in_range();
}

struct Pixels8 {
    v128_t red, green, blue;  // in 16 bits
};

// The factors of R-60 less whole numbers, so that they have 16 bits: 91881 = 65536 + 26345, 116130 = 2·65536 - 14942,
// -46802 = -65536 + 18734.
inline Pixels8 transform_8(const uint8_t *y, const uint8_t *cb, const uint8_t *cr) {
    const auto centred = [](const uint8_t *p) { return Simd::add_u16(Simd::load_wide_u8(p), Simd::set_u16(-128)); };
    const U16 luma = Simd::load_wide_u8(y), b = centred(cb), r = centred(cr);
    const Simd::Pairs low = Simd::zip_u16(b, r, 0), high = Simd::zip_u16(b, r, 1);
    const auto weighted = [&](int of_b, int of_r) {
        const auto half = [=](Simd::Pairs pairs) {
            const U32 sum = Simd::dot_i16(pairs, Simd::set_weights(of_b, of_r));
            return Simd::shift_right_i32(Simd::add_u32(sum, Simd::set_u32(1 << 15)), 16);
        };
        return wasm_i16x8_narrow_i32x4(half(low), half(high));
    };
    return {Simd::add_u16(Simd::add_u16(luma, r), weighted(0, 26345)),
            Simd::add_u16(wasm_i16x8_sub(luma, r), weighted(-22554, 18734)),
            Simd::add_u16(Simd::add_u16(luma, Simd::add_u16(b, b)), weighted(-14942, 0))};
}

inline void transform_16(const uint8_t *y, const uint8_t *cb, const uint8_t *cr, uint8_t *out) {
    const Pixels8 low = transform_8(y, cb, cr), high = transform_8(y + 8, cb + 8, cr + 8);
    const v128_t r = wasm_u8x16_narrow_i16x8(low.red, high.red), g = wasm_u8x16_narrow_i16x8(low.green, high.green),
                 b = wasm_u8x16_narrow_i16x8(low.blue, high.blue);
    // Each four pixels as 16 bytes, the fourth of each four being dropped, which a next store overwrites.
    const v128_t places = wasm_u8x16_const(0, 1, 2, 4, 5, 6, 8, 9, 10, 12, 13, 14, 3, 7, 11, 15);
    const auto pixels = [&](int half, v128_t rg, v128_t blue) {
        return wasm_i8x16_swizzle(Simd::zip_u16(rg, blue, half), places);
    };
    const v128_t rg = Simd::zip_low_u8(r, g), blue = wasm_u16x8_extend_low_u8x16(b);
    wasm_v128_store(out, pixels(0, rg, blue));
    wasm_v128_store(out + 12, pixels(1, rg, blue));
    const v128_t next_rg = Simd::zip_high_u8(r, g), next_blue = wasm_u16x8_extend_high_u8x16(b);
    wasm_v128_store(out + 24, pixels(0, next_rg, next_blue));
    const v128_t last = pixels(1, next_rg, next_blue);
    wasm_v128_store64_lane(out + 36, last, 0);
    wasm_v128_store32_lane(out + 44, last, 2);
}

inline void transform_colours(const uint8_t *y, const uint8_t *cb, const uint8_t *cr, int64_t n, uint8_t *out) {
    int64_t x = 0;
    for (; x + 16 <= n; x += 16) transform_16(y + x, cb + x, cr + x, out + 3 * x);
    if (x == n) return;
    uint8_t rest[3][16] = {}, pixels[48];
    const auto copy = [&](uint8_t *to, const uint8_t *from) { std::memcpy(to, from + x, static_cast<size_t>(n - x)); };
    copy(rest[0], y), copy(rest[1], cb), copy(rest[2], cr);
    transform_16(rest[0], rest[1], rest[2], pixels);
    std::memcpy(out + 3 * x, pixels, static_cast<size_t>(3 * (n - x)));
}

constexpr PictureKernels kPictures128 = {inverse_dct, transform_colours};

}  // namespace
}  // namespace isopixel
