// SPDX-License-Identifier: MIT
// Pictures with AVX2: blocks of 8 × 8 in 16 bits, whose passes sum in 32, and 16 pixels at a time.
#pragma once

#include <immintrin.h>

#include "kernels/pictures.h"

namespace isopixel {
namespace {

inline __m256i load_two(const void *low, const void *high) {
    const auto load = [](const void *p) { return _mm_loadu_si128(static_cast<const __m128i *>(p)); };
    return _mm256_inserti128_si256(_mm256_castsi128_si256(load(low)), load(high), 1);
}

// Eight rows of 8 numbers of 16 bits: row k and row k + 4 in one vector.
struct RowsOf8 {
    __m256i rows[4];

    bool are_within(int16_t least, int16_t most) const {
        const __m256i low = _mm256_min_epi16(_mm256_min_epi16(rows[0], rows[1]), _mm256_min_epi16(rows[2], rows[3]));
        const __m256i high = _mm256_max_epi16(_mm256_max_epi16(rows[0], rows[1]), _mm256_max_epi16(rows[2], rows[3]));
        const __m256i outside = _mm256_or_si256(_mm256_cmpgt_epi16(_mm256_set1_epi16(least), low),
                                                _mm256_cmpgt_epi16(high, _mm256_set1_epi16(most)));
        return _mm256_testz_si256(outside, outside) != 0;
    }
};

// The products of coefficients and quantisation values; false if one is beyond 16 bits.
inline bool multiply(const int16_t *coefficients, const int16_t *quantisation, RowsOf8 *products) {
    __m256i beyond = _mm256_setzero_si256();
    for (int k = 0; k < 4; ++k) {
        const __m256i c = load_two(coefficients + 8 * k, coefficients + 8 * (k + 4));
        const __m256i q = load_two(quantisation + 8 * k, quantisation + 8 * (k + 4));
        const __m256i product = products->rows[k] = _mm256_mullo_epi16(c, q);
        const __m256i sign = _mm256_srai_epi16(product, 15);
        beyond = _mm256_or_si256(beyond, _mm256_xor_si256(sign, _mm256_mulhi_epi16(c, q)));
    }
    return _mm256_testz_si256(beyond, beyond) != 0;
}

// A pass of R-58 down eight columns, and the transpose of its results. Each o(k) is a sum of the numbers with constant
// weights, those of R-58 multiplied out, which have 16 bits; so are the sums of pairs of products.
template <int kShift>
RowsOf8 pass(const RowsOf8 &in) {
    // The numbers of rows k and k + 4 side by side.
    const __m256i sides = _mm256_setr_epi8(0, 1, 8, 9, 2, 3, 10, 11, 4, 5, 12, 13, 6, 7, 14, 15,  //
                                           0, 1, 8, 9, 2, 3, 10, 11, 4, 5, 12, 13, 6, 7, 14, 15);
    const auto pairs = [&](int k) { return _mm256_shuffle_epi8(_mm256_permute4x64_epi64(in.rows[k], 0xD8), sides); };
    const auto dot = [](__m256i numbers, int first, int second) {
        const unsigned both = static_cast<unsigned>(second) << 16 | (static_cast<unsigned>(first) & 0xFFFF);
        return _mm256_madd_epi16(numbers, _mm256_set1_epi32(static_cast<int>(both)));
    };
    const __m256i p04 = pairs(0), p15 = pairs(1), p26 = pairs(2), p37 = pairs(3);
    const __m256i half = _mm256_set1_epi32(1 << (kShift - 1));
    const __m256i e0 = _mm256_add_epi32(dot(p04, 8192, 8192), half), e1 = _mm256_add_epi32(dot(p04, 8192, -8192), half);
    const __m256i e2 = dot(p26, 4433, -10704), e3 = dot(p26, 10703, 4433);
    const __m256i even[] = {_mm256_add_epi32(e0, e3), _mm256_add_epi32(e1, e2), _mm256_sub_epi32(e1, e2),
                            _mm256_sub_epi32(e0, e3)};
    const __m256i odd[] = {_mm256_add_epi32(dot(p15, 11363, 6437), dot(p37, 9633, 2260)),
                           _mm256_add_epi32(dot(p15, 9633, -11362), dot(p37, -2259, -6436)),
                           _mm256_add_epi32(dot(p15, 6437, 2261), dot(p37, -11362, 9633)),
                           _mm256_add_epi32(dot(p15, 2260, 9633), dot(p37, -6436, -11363))};
    const auto sum = [&](int k) {
        const __m256i number = k < 4 ? _mm256_add_epi32(even[k], odd[k]) : _mm256_sub_epi32(even[7 - k], odd[7 - k]);
        return _mm256_srai_epi32(number, kShift);
    };
    // Columns 0 … 3 are in the low halves and 4 … 7 in the high ones, where they stay.
    const __m256i a = _mm256_packs_epi32(sum(0), sum(4)), b = _mm256_packs_epi32(sum(1), sum(5));
    const __m256i c = _mm256_packs_epi32(sum(2), sum(6)), d = _mm256_packs_epi32(sum(3), sum(7));
    const __m256i ab0 = _mm256_unpacklo_epi16(a, b), ab4 = _mm256_unpackhi_epi16(a, b);
    const __m256i cd0 = _mm256_unpacklo_epi16(c, d), cd4 = _mm256_unpackhi_epi16(c, d);
    const __m256i low0 = _mm256_unpacklo_epi32(ab0, cd0), low2 = _mm256_unpackhi_epi32(ab0, cd0);
    const __m256i high0 = _mm256_unpacklo_epi32(ab4, cd4), high2 = _mm256_unpackhi_epi32(ab4, cd4);
    return {{_mm256_unpacklo_epi64(low0, high0), _mm256_unpackhi_epi64(low0, high0), _mm256_unpacklo_epi64(low2, high2),
             _mm256_unpackhi_epi64(low2, high2)}};
}

inline bool inverse_dct(const int16_t *coefficients, const int16_t *quantisation, uint8_t *out, ptrdiff_t stride) {
    RowsOf8 products;
    if (!multiply(coefficients, quantisation, &products)) return false;
    const RowsOf8 between = pass<11>(products);
    // (Packing made what is beyond 16 bits one of the two that are not within.)
    if (!between.are_within(-32767, 32766)) return false;
    const RowsOf8 results = pass<18>(between);
    const __m256i middle = _mm256_set1_epi16(128);
    for (int k = 0; k < 4; k += 2) {
        const __m256i samples = _mm256_packus_epi16(_mm256_add_epi16(results.rows[k], middle),
                                                    _mm256_add_epi16(results.rows[k + 1], middle));
        const __m128i low = _mm256_castsi256_si128(samples), high = _mm256_extracti128_si256(samples, 1);
        const auto store = [&](int y, __m128i row) {
            _mm_storel_epi64(reinterpret_cast<__m128i *>(out + y * stride), row);
        };
        store(k, low);
        store(k + 1, _mm_unpackhi_epi64(low, low));
        store(k + 4, high);
        store(k + 5, _mm_unpackhi_epi64(high, high));
    }
    return results.are_within(-512, 511);
}

// 16 samples less 128.
inline __m256i centred(const uint8_t *p) {
    const __m128i samples = _mm_loadu_si128(reinterpret_cast<const __m128i *>(p));
    return _mm256_sub_epi16(_mm256_cvtepu8_epi16(samples), _mm256_set1_epi16(128));
}

// (a·factor + 2^15) >> 16, as (((2·a·factor) >> 16) + 1) >> 1.
inline __m256i scaled(__m256i a, int16_t factor) {
    const __m256i twice = _mm256_mulhi_epi16(_mm256_add_epi16(a, a), _mm256_set1_epi16(factor));
    return _mm256_srai_epi16(_mm256_add_epi16(twice, _mm256_set1_epi16(1)), 1);
}

// Of each of three vectors 16 samples that are clipped from 16 bits, as pixels.
inline void store_pixels(__m256i red, __m256i green, __m256i blue, uint8_t *out) {
    const auto clipped = [](__m256i a) {
        return _mm256_castsi256_si128(_mm256_permute4x64_epi64(_mm256_packus_epi16(a, a), 0xD8));
    };
    const __m128i r = clipped(red), g = clipped(green), b = clipped(blue);
    const auto store = [&](int part, __m128i from_r, __m128i from_g, __m128i from_b) {
        const __m128i bytes = _mm_or_si128(_mm_or_si128(_mm_shuffle_epi8(r, from_r), _mm_shuffle_epi8(g, from_g)),
                                           _mm_shuffle_epi8(b, from_b));
        _mm_storeu_si128(reinterpret_cast<__m128i *>(out + 16 * part), bytes);
    };
    store(0, _mm_setr_epi8(0, -1, -1, 1, -1, -1, 2, -1, -1, 3, -1, -1, 4, -1, -1, 5),
          _mm_setr_epi8(-1, 0, -1, -1, 1, -1, -1, 2, -1, -1, 3, -1, -1, 4, -1, -1),
          _mm_setr_epi8(-1, -1, 0, -1, -1, 1, -1, -1, 2, -1, -1, 3, -1, -1, 4, -1));
    store(1, _mm_setr_epi8(-1, -1, 6, -1, -1, 7, -1, -1, 8, -1, -1, 9, -1, -1, 10, -1),
          _mm_setr_epi8(5, -1, -1, 6, -1, -1, 7, -1, -1, 8, -1, -1, 9, -1, -1, 10),
          _mm_setr_epi8(-1, 5, -1, -1, 6, -1, -1, 7, -1, -1, 8, -1, -1, 9, -1, -1));
    store(2, _mm_setr_epi8(-1, 11, -1, -1, 12, -1, -1, 13, -1, -1, 14, -1, -1, 15, -1, -1),
          _mm_setr_epi8(-1, -1, 11, -1, -1, 12, -1, -1, 13, -1, -1, 14, -1, -1, 15, -1),
          _mm_setr_epi8(10, -1, -1, 11, -1, -1, 12, -1, -1, 13, -1, -1, 14, -1, -1, 15));
}

// The factors of R-60 less whole numbers, so that they have 16 bits: 91881 = 65536 + 26345, 116130 = 2·65536 - 14942,
// -46802 = -65536 + 18734.
inline void transform_16(const uint8_t *y, const uint8_t *cb, const uint8_t *cr, uint8_t *out) {
    const __m256i luma = _mm256_cvtepu8_epi16(_mm_loadu_si128(reinterpret_cast<const __m128i *>(y)));
    const __m256i b = centred(cb), r = centred(cr);
    const __m256i red = _mm256_add_epi16(_mm256_add_epi16(luma, r), scaled(r, 26345));
    const __m256i blue = _mm256_add_epi16(_mm256_add_epi16(luma, _mm256_add_epi16(b, b)), scaled(b, -14942));
    const auto weighted = [](__m256i pairs) {
        const __m256i factors =
            _mm256_set1_epi32(static_cast<int>(18734u << 16 | (static_cast<unsigned>(-22554) & 0xFFFF)));
        return _mm256_srai_epi32(_mm256_add_epi32(_mm256_madd_epi16(pairs, factors), _mm256_set1_epi32(1 << 15)), 16);
    };
    const __m256i both =
        _mm256_packs_epi32(weighted(_mm256_unpacklo_epi16(b, r)), weighted(_mm256_unpackhi_epi16(b, r)));
    store_pixels(red, _mm256_add_epi16(_mm256_sub_epi16(luma, r), both), blue, out);
}

inline void transform_colours(const uint8_t *y, const uint8_t *cb, const uint8_t *cr, int64_t n, uint8_t *out) {
    int64_t x = 0;
    for (; x + 16 <= n; x += 16) transform_16(y + x, cb + x, cr + x, out + 3 * x);
    if (x == n) return;
    uint8_t rest[3][16] = {}, pixels[48];
    const auto copy = [&](uint8_t *to, const uint8_t *from) {
        __builtin_memcpy(to, from + x, static_cast<size_t>(n - x));
    };
    copy(rest[0], y), copy(rest[1], cb), copy(rest[2], cr);
    transform_16(rest[0], rest[1], rest[2], pixels);
    __builtin_memcpy(out + 3 * x, pixels, static_cast<size_t>(3 * (n - x)));
}

constexpr PictureKernels kPictures256 = {inverse_dct, transform_colours};

}  // namespace
}  // namespace isopixel
