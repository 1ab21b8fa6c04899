// SPDX-License-Identifier: MIT
// The vectors of AVX-512 F, BW, DQ and VL, of 512 bits.
#pragma once

#include <immintrin.h>

#include "kernels/x86-inl.h"

namespace isopixel {
namespace {

struct Simd : X86 {
    static constexpr int64_t kLanes = 16;
    static constexpr int64_t kFoldedColumns = 64;
    using U16 = __m512i;
    using Pairs = __m512i;
    using Weights = __m512i;
    using U32 = __m512i;
    using U64 = __m512i;
    using U8 = __m512i;
    using F32 = __m512;

    static __m512i load_any(const void *p) { return _mm512_loadu_si512(p); }
    static void store_any(void *p, __m512i v) { _mm512_storeu_si512(p, v); }
    static __m128i count_of(int count) { return _mm_cvtsi32_si128(count); }
    // Packing two vectors works within quarters of 128 bits, of which each has a half of both.
    static __m512i halves_order() { return _mm512_setr_epi64(0, 2, 4, 6, 1, 3, 5, 7); }
    static __m512i zero() { return _mm512_setzero_si512(); }

    static U16 load_wide_u8(const uint8_t *p) {
        return _mm512_cvtepu8_epi16(_mm256_loadu_si256(reinterpret_cast<const __m256i *>(p)));
    }
    static U16 load_wide_u8(const uint8_t *p, int64_t n) {
        return _mm512_cvtepu8_epi16(_mm256_maskz_loadu_epi8(static_cast<__mmask32>((UINT64_C(1) << n) - 1), p));
    }
    static U16 load_u16(const uint16_t *p) { return load_any(p); }
    static void store_u16(uint16_t *p, U16 v) { store_any(p, v); }
    static U16 set_u16(int64_t value) { return _mm512_set1_epi16(static_cast<int16_t>(value)); }
    static U16 add_u16(U16 a, U16 b) { return _mm512_add_epi16(a, b); }
    static U16 min_u16(U16 a, U16 b) { return _mm512_min_epu16(a, b); }
    static U16 mul_u16(U16 a, U16 b) { return _mm512_mullo_epi16(a, b); }
    static U16 mul_high_u16(U16 a, U16 b) { return _mm512_mulhi_epu16(a, b); }
    static U16 shift_right_u16(U16 a, int count) { return _mm512_srl_epi16(a, count_of(count)); }

    static Weights set_weights(int64_t w0, int64_t w1) {
        const uint32_t low = static_cast<uint16_t>(w0), high = static_cast<uint16_t>(w1);
        return _mm512_set1_epi32(static_cast<int>(high << 16 | low));
    }
    static Pairs zip_u16(U16 a, U16 b, int half) {
        // Unpacking works within quarters of 128 bits: bring eighths 0 … 3 of each to the low ends of these.
        const __m512i order = _mm512_setr_epi64(0, 4, 1, 5, 2, 6, 3, 7);
        a = _mm512_permutexvar_epi64(order, a);
        b = _mm512_permutexvar_epi64(order, b);
        return half == 0 ? _mm512_unpacklo_epi16(a, b) : _mm512_unpackhi_epi16(a, b);
    }
    static U32 dot_i16(Pairs pairs, Weights weights) { return _mm512_madd_epi16(pairs, weights); }
    static U32 add_dot_i16(U32 sum, Pairs pairs, Weights weights) {
#ifdef __AVX512VNNI__
        return _mm512_dpwssd_epi32(sum, pairs, weights);
#else
        return add_u32(sum, dot_i16(pairs, weights));
#endif
    }
    static U16 dot_shifted_i16(U16 a, U16 b, Weights weights, int64_t bias, int count) {
        const auto sum = [&](Pairs pairs) {
            return shift_right_u32(add_u32(dot_i16(pairs, weights), set_u32(bias)), count);
        };
        const U32 even = sum(_mm512_unpacklo_epi16(a, b)), odd = sum(_mm512_unpackhi_epi16(a, b));
        return _mm512_packus_epi32(even, odd);  // which undoes the order of unpacking
    }

    static U16 narrow_u32(U32 a, U32 b) { return _mm512_permutexvar_epi64(halves_order(), _mm512_packus_epi32(a, b)); }

    static U32 load_u32(const uint32_t *p) { return load_any(p); }
    static void store_u32(uint32_t *p, U32 v) { store_any(p, v); }
    static U32 set_u32(int64_t value) { return _mm512_set1_epi32(static_cast<int>(value)); }
    static U32 add_u32(U32 a, U32 b) { return _mm512_add_epi32(a, b); }
    static U32 sub_u32(U32 a, U32 b) { return _mm512_sub_epi32(a, b); }
    static U32 mul_u32(U32 a, U32 b) { return _mm512_mullo_epi32(a, b); }
    static U32 half_u32(U32 a) { return _mm512_srli_epi32(a, 1); }
    static U32 shift_right_u32(U32 a, int count) { return _mm512_srl_epi32(a, _mm_cvtsi32_si128(count)); }
    static U32 shift_right_i32(U32 a, int count) { return _mm512_sra_epi32(a, count_of(count)); }
    static U32 increment_if_ge_u32(U32 q, U32 a, U32 b) {
        return _mm512_mask_add_epi32(q, _mm512_cmpge_epi32_mask(a, b), q, _mm512_set1_epi32(1));
    }

    static U64 load_u64(const uint64_t *p) { return load_any(p); }
    static void store_u64(uint64_t *p, U64 v) { store_any(p, v); }
    static U64 set_u64(int64_t value) { return _mm512_set1_epi64(value); }
    static U64 add_u64(U64 a, U64 b) { return _mm512_add_epi64(a, b); }
    static U64 sub_u64(U64 a, U64 b) { return _mm512_sub_epi64(a, b); }
    static U64 mul_low_halves_u64(U64 a, U64 b) { return _mm512_mul_epu32(a, b); }
    static U64 shift_right_u64(U64 a, int count) { return _mm512_srl_epi64(a, count_of(count)); }
    static U64 widen_u32(U32 a, int half) {
        return _mm512_cvtepu32_epi64(half == 0 ? _mm512_castsi512_si256(a) : _mm512_extracti64x4_epi64(a, 1));
    }
    static U32 narrow_u64(U64 a, U64 b) {
        return _mm512_inserti64x4(_mm512_castsi256_si512(_mm512_cvtepi64_epi32(a)), _mm512_cvtepi64_epi32(b), 1);
    }
    static U64 increment_if_ge_u64(U64 q, U64 a, U64 b) {
        return _mm512_mask_add_epi64(q, _mm512_cmpge_epi64_mask(a, b), q, _mm512_set1_epi64(1));
    }

    static bool is_zero(U32 a) { return _mm512_test_epi32_mask(a, a) == 0; }
    static U32 or_u32(U32 a, U32 b) { return _mm512_or_si512(a, b); }

    static F32 load_f32(const float *p) { return _mm512_loadu_ps(p); }
    static void store_f32(float *p, F32 f) { _mm512_storeu_ps(p, f); }
    static F32 set_f32(float value) { return _mm512_set1_ps(value); }
    static F32 centred_f32(const uint8_t *p) {
        return _mm512_sub_ps(_mm512_cvtepi32_ps(_mm512_cvtepu8_epi32(load_128(p))), _mm512_set1_ps(128));
    }
    static F32 add_f32(F32 a, F32 b) { return _mm512_add_ps(a, b); }
    static F32 add_product_f32(F32 sum, F32 a, F32 b) { return _mm512_fmadd_ps(a, b, sum); }
    static U32 byte_f32(F32 f) {
        return _mm512_cvttps_epi32(_mm512_min_ps(_mm512_max_ps(f, _mm512_setzero_ps()), _mm512_set1_ps(255)));
    }
    static F32 scale_f32(F32 f, float factor) { return _mm512_mul_ps(f, _mm512_set1_ps(factor)); }
    static F32 convert_f32(U32 n) { return _mm512_cvtepi32_ps(n); }
    static F32 convert_i32(U32 n) { return _mm512_cvtepi32_ps(n); }
    static U32 round_f32(F32 f) { return _mm512_cvtps_epi32(f); }
    static U32 floor_f32(F32 f) { return _mm512_cvttps_epi32(f); }
    static U32 quotient_u32(U32 n, F32 f) { return _mm512_cvttps_epi32(_mm512_mul_ps(_mm512_cvtepi32_ps(n), f)); }

    template <int place>
    static U32 byte_u32(U32 a) {
        return _mm512_and_si512(_mm512_srli_epi32(a, 8 * place), _mm512_set1_epi32(0xFF));
    }

    // Four quarters of 128 bits from memory. (Broadcasts from there do not take the time of shuffles.)
    static __m512i load_quarters(const void *a, const void *b, const void *c, const void *d) {
        __m512i v = _mm512_castsi128_si512(load_128(a));
        v = _mm512_mask_broadcast_i32x4(v, 0x00F0, load_128(b));
        v = _mm512_mask_broadcast_i32x4(v, 0x0F00, load_128(c));
        return _mm512_mask_broadcast_i32x4(v, 0xF000, load_128(d));
    }
    // The transpose of 4 × 4 words in each quarter.
    static void transpose_words(__m512i a, __m512i b, __m512i c, __m512i d, __m512i *to) {
        const __m512i ab0 = _mm512_unpacklo_epi32(a, b), cd0 = _mm512_unpacklo_epi32(c, d);
        const __m512i ab2 = _mm512_unpackhi_epi32(a, b), cd2 = _mm512_unpackhi_epi32(c, d);
        to[0] = _mm512_unpacklo_epi64(ab0, cd0);
        to[1] = _mm512_unpackhi_epi64(ab0, cd0);
        to[2] = _mm512_unpacklo_epi64(ab2, cd2);
        to[3] = _mm512_unpackhi_epi64(ab2, cd2);
    }
    template <class Number>
    static void transpose_32(const Number *const *lines, int64_t x, Number *block) {
        for (int64_t side = 0; side < 16; side += 4, block += 4 * kLanes) {
            // Lines l, l + 4, l + 8 and l + 12.
            const auto four = [&](int64_t l) {
                return load_quarters(lines[l] + x + side, lines[l + 4] + x + side, lines[l + 8] + x + side,
                                     lines[l + 12] + x + side);
            };
            __m512i columns[4];
            transpose_words(four(0), four(1), four(2), four(3), columns);
            for (int64_t i = 0; i < 4; ++i) _mm512_storeu_si512(block + i * kLanes, columns[i]);
        }
    }
    static void transpose_u8(const uint8_t *rows, ptrdiff_t stride, Order order, U32 *to) {
        const __m512i all = _mm512_broadcast_i32x4(order);
        const auto four = [&](ptrdiff_t l) {
            const uint8_t *row = rows + l * stride;
            return _mm512_shuffle_epi8(load_quarters(row, row + 4 * stride, row + 8 * stride, row + 12 * stride), all);
        };
        transpose_words(four(0), four(1), four(2), four(3), to);
    }
    static U32 even_u8(U32 a) { return _mm512_and_si512(a, _mm512_set1_epi32(0x00FF00FF)); }
    static U32 odd_u8(U32 a) { return _mm512_srli_epi16(a, 8); }
    static U32 dot_i16x2(U32 a, const int16_t *weights) {
        int both;
        __builtin_memcpy(&both, weights, sizeof both);
        return _mm512_madd_epi16(a, _mm512_set1_epi32(both));
    }
    static void store_lanes_u8(const uint32_t *q, uint8_t *bytes) {
        // A word of 4 numbers for each lane, four times: each quarter has 4 lanes.
        const __m512i order =
            _mm512_broadcast_i32x4(_mm_setr_epi8(0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15));
        const auto words = [&](int64_t i) {
            const __m512i low = _mm512_packus_epi32(load_u32(q + i * kLanes), load_u32(q + (i + 1) * kLanes));
            const __m512i high = _mm512_packus_epi32(load_u32(q + (i + 2) * kLanes), load_u32(q + (i + 3) * kLanes));
            return _mm512_shuffle_epi8(_mm512_packus_epi16(low, high), order);
        };
        __m512i lanes[4];
        transpose_words(words(0), words(4), words(8), words(12), lanes);
        for (int64_t l = 0; l < 4; ++l) {
            const auto store_quarter = [&](int64_t lane, __m128i row) {
                _mm_storeu_si128(reinterpret_cast<__m128i *>(bytes + 16 * lane), row);
            };
            store_quarter(l, _mm512_castsi512_si128(lanes[l]));
            store_quarter(l + 4, _mm512_extracti32x4_epi32(lanes[l], 1));
            store_quarter(l + 8, _mm512_extracti32x4_epi32(lanes[l], 2));
            store_quarter(l + 12, _mm512_extracti32x4_epi32(lanes[l], 3));
        }
    }

    static U8 load_u8(const uint8_t *p) { return load_any(p); }
    static U8 or_u8(U8 a, U8 b) { return _mm512_or_si512(a, b); }
    static void zip_u8(U8 a, U8 b, U32 *to) {
        const __m512i low = _mm512_unpacklo_epi8(a, b), high = _mm512_unpackhi_epi8(a, b);
        to[0] = _mm512_unpacklo_epi8(low, zero());
        to[1] = _mm512_unpackhi_epi8(low, zero());
        to[2] = _mm512_unpacklo_epi8(high, zero());
        to[3] = _mm512_unpackhi_epi8(high, zero());
    }
    static void store_zipped_u8(uint8_t *p, const U32 *v) {
        store_any(p, _mm512_packus_epi16(_mm512_packs_epi32(v[0], v[1]), _mm512_packs_epi32(v[2], v[3])));
    }
    static U8 take_windows_u8(const uint8_t *row, const int32_t *windows, const uint8_t *shuffles) {
        const __m512i four = load_quarters(row + windows[0], row + windows[1], row + windows[2], row + windows[3]);
        return _mm512_shuffle_epi8(four, load_any(shuffles));
    }
    static U8 take_pairs_u8(const uint8_t *row, const int32_t *first) {
        __m512i v = _mm512_castsi128_si512(take_8_pairs(row, first));
        v = _mm512_inserti32x4(v, take_8_pairs(row, first + 8), 1);
        v = _mm512_inserti32x4(v, take_8_pairs(row, first + 16), 2);
        return _mm512_inserti32x4(v, take_8_pairs(row, first + 24), 3);
    }
    static U16 dot_u8(U8 pairs, U8 weights) { return _mm512_maddubs_epi16(pairs, weights); }
    static U16 dot_shifted_u8(U8 pairs, const int16_t *weights, int64_t bias, int count) {
        const auto sum = [&](__m256i half, const int16_t *of_half) {
            const U32 sums = add_u32(dot_i16(_mm512_cvtepu8_epi16(half), load_any(of_half)), set_u32(bias));
            return _mm512_cvtepi32_epi16(shift_right_u32(sums, count));
        };
        const __m256i low = sum(_mm512_castsi512_si256(pairs), weights);
        const __m256i high = sum(_mm512_extracti64x4_epi64(pairs, 1), weights + 32);
        return _mm512_inserti64x4(_mm512_castsi256_si512(low), high, 1);
    }
    static U32 dot_quads_u8(U8 quads, const int16_t *even, const int16_t *odd) {
        return add_dot_i16(dot_i16(even_u8(quads), load_any(even)), odd_u8(quads), load_any(odd));
    }
    static void store_clipped_u8(uint8_t *p, U32 a, U32 b, U32 c, U32 d) { store_quarters_u8(p, a, b, c, d); }
    static void store_quarters_u8(uint8_t *p, U32 a, U32 b, U32 c, U32 d) {
        // Words, each of which comes from a quarter of a vector: 0 4 8 12 of each quarter.
        const __m512i bytes = _mm512_packus_epi16(_mm512_packus_epi32(a, b), _mm512_packus_epi32(c, d));
        const __m512i order = _mm512_setr_epi32(0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15);
        store_any(p, _mm512_permutexvar_epi32(order, bytes));
    }
    static void store_narrow_u8(uint8_t *p, U16 a, U16 b) {
        store_any(p, _mm512_permutexvar_epi64(halves_order(), _mm512_packus_epi16(a, b)));
    }
};

}  // namespace
}  // namespace isopixel
