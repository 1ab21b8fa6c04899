// SPDX-License-Identifier: MIT
// AVX2 (compiled with -mavx2).
#include "kernels/tables.h"

#ifdef ISOPIXEL_X86
#include <immintrin.h>

#include "kernels/x86-inl.h"

namespace isopixel {
namespace {

struct Simd : X86 {
    static constexpr int64_t kLanes = 8;
    static constexpr int64_t kFoldedColumns = 64;
    using U16 = __m256i;
    using Pairs = __m256i;
    using Weights = __m256i;
    using U32 = __m256i;
    using U64 = __m256i;
    using U8 = __m256i;
    using F32 = __m256;

    static __m256i load_any(const void *p) { return _mm256_loadu_si256(static_cast<const __m256i *>(p)); }
    static void store_any(void *p, __m256i v) { _mm256_storeu_si256(static_cast<__m256i *>(p), v); }
    static __m256i zero() { return _mm256_setzero_si256(); }

    static U16 load_wide_u8(const uint8_t *p) { return _mm256_cvtepu8_epi16(load_128(p)); }
    static U16 load_wide_u8(const uint8_t *p, int64_t n) {
        uint8_t samples[16] = {};
        __builtin_memcpy(samples, p, static_cast<size_t>(n));
        return load_wide_u8(samples);
    }
    static U16 load_u16(const uint16_t *p) { return load_any(p); }
    static void store_u16(uint16_t *p, U16 v) { store_any(p, v); }
    static U16 set_u16(int64_t value) { return _mm256_set1_epi16(static_cast<int16_t>(value)); }
    static U16 add_u16(U16 a, U16 b) { return _mm256_add_epi16(a, b); }
    static U16 min_u16(U16 a, U16 b) { return _mm256_min_epu16(a, b); }
    static U16 mul_u16(U16 a, U16 b) { return _mm256_mullo_epi16(a, b); }
    static U16 mul_high_u16(U16 a, U16 b) { return _mm256_mulhi_epu16(a, b); }
    static U16 shift_right_u16(U16 a, int count) { return _mm256_srl_epi16(a, _mm_cvtsi32_si128(count)); }

    static Weights set_weights(int64_t w0, int64_t w1) {
        const uint32_t low = static_cast<uint16_t>(w0), high = static_cast<uint16_t>(w1);
        return _mm256_set1_epi32(static_cast<int>(high << 16 | low));
    }
    static Pairs zip_u16(U16 a, U16 b, int half) {
        // Unpacking works within halves of 128 bits: bring the quarters 0, 1 of each to the low ends of these.
        a = _mm256_permute4x64_epi64(a, 0xD8);
        b = _mm256_permute4x64_epi64(b, 0xD8);
        return half == 0 ? _mm256_unpacklo_epi16(a, b) : _mm256_unpackhi_epi16(a, b);
    }
    static U32 dot_i16(Pairs pairs, Weights weights) { return _mm256_madd_epi16(pairs, weights); }
    static U16 dot_shifted_i16(U16 a, U16 b, Weights weights, int64_t bias, int count) {
        const auto sum = [&](Pairs pairs) {
            return shift_right_u32(add_u32(dot_i16(pairs, weights), set_u32(bias)), count);
        };
        const U32 even = sum(_mm256_unpacklo_epi16(a, b)), odd = sum(_mm256_unpackhi_epi16(a, b));
        return _mm256_packus_epi32(even, odd);  // which undoes the order of unpacking
    }

    static U16 narrow_u32(U32 a, U32 b) { return _mm256_permute4x64_epi64(_mm256_packus_epi32(a, b), 0xD8); }

    static U32 add_dot_i16(U32 sum, Pairs pairs, Weights weights) { return add_u32(sum, dot_i16(pairs, weights)); }

    static U32 load_u32(const uint32_t *p) { return load_any(p); }
    static void store_u32(uint32_t *p, U32 v) { store_any(p, v); }
    static U32 set_u32(int64_t value) { return _mm256_set1_epi32(static_cast<int>(value)); }
    static U32 add_u32(U32 a, U32 b) { return _mm256_add_epi32(a, b); }
    static U32 sub_u32(U32 a, U32 b) { return _mm256_sub_epi32(a, b); }
    static U32 mul_u32(U32 a, U32 b) { return _mm256_mullo_epi32(a, b); }
    static U32 half_u32(U32 a) { return _mm256_srli_epi32(a, 1); }
    static U32 shift_right_u32(U32 a, int count) { return _mm256_srl_epi32(a, _mm_cvtsi32_si128(count)); }
    static U32 shift_right_i32(U32 a, int count) { return _mm256_sra_epi32(a, _mm_cvtsi32_si128(count)); }
    static U32 increment_if_ge_u32(U32 q, U32 a, U32 b) {
        const U32 one = _mm256_set1_epi32(1);
        return _mm256_add_epi32(q, _mm256_add_epi32(one, _mm256_cmpgt_epi32(b, a)));
    }

    static U64 load_u64(const uint64_t *p) { return load_any(p); }
    static void store_u64(uint64_t *p, U64 v) { store_any(p, v); }
    static U64 set_u64(int64_t value) { return _mm256_set1_epi64x(value); }
    static U64 add_u64(U64 a, U64 b) { return _mm256_add_epi64(a, b); }
    static U64 sub_u64(U64 a, U64 b) { return _mm256_sub_epi64(a, b); }
    static U64 mul_low_halves_u64(U64 a, U64 b) { return _mm256_mul_epu32(a, b); }
    static U64 shift_right_u64(U64 a, int count) { return _mm256_srl_epi64(a, _mm_cvtsi32_si128(count)); }
    static U64 widen_u32(U32 a, int half) {
        return _mm256_cvtepu32_epi64(half == 0 ? _mm256_castsi256_si128(a) : _mm256_extracti128_si256(a, 1));
    }
    static U32 narrow_u64(U64 a, U64 b) {
        const __m256 words = _mm256_shuffle_ps(_mm256_castsi256_ps(a), _mm256_castsi256_ps(b), 0x88);
        return _mm256_permute4x64_epi64(_mm256_castps_si256(words), 0xD8);
    }
    static U64 increment_if_ge_u64(U64 q, U64 a, U64 b) {
        return _mm256_add_epi64(q, _mm256_add_epi64(_mm256_set1_epi64x(1), _mm256_cmpgt_epi64(b, a)));
    }

    static bool is_zero(U32 a) { return _mm256_testz_si256(a, a); }
    static U32 or_u32(U32 a, U32 b) { return _mm256_or_si256(a, b); }

    static F32 load_f32(const float *p) { return _mm256_loadu_ps(p); }
    static void store_f32(float *p, F32 f) { _mm256_storeu_ps(p, f); }
    static F32 set_f32(float value) { return _mm256_set1_ps(value); }
    static F32 centred_f32(const uint8_t *p) {
        const __m128i bytes = _mm_loadl_epi64(reinterpret_cast<const __m128i *>(p));
        return _mm256_sub_ps(_mm256_cvtepi32_ps(_mm256_cvtepu8_epi32(bytes)), _mm256_set1_ps(128));
    }
    static F32 add_f32(F32 a, F32 b) { return _mm256_add_ps(a, b); }
    static F32 add_product_f32(F32 sum, F32 a, F32 b) { return _mm256_fmadd_ps(a, b, sum); }
    static U32 byte_f32(F32 f) {
        return _mm256_cvttps_epi32(_mm256_min_ps(_mm256_max_ps(f, _mm256_setzero_ps()), _mm256_set1_ps(255)));
    }
    static F32 scale_f32(F32 f, float factor) { return _mm256_mul_ps(f, _mm256_set1_ps(factor)); }
    static F32 convert_f32(U32 n) { return _mm256_cvtepi32_ps(n); }
    static F32 convert_i32(U32 n) { return _mm256_cvtepi32_ps(n); }
    static U32 round_f32(F32 f) { return _mm256_cvtps_epi32(f); }
    static U32 floor_f32(F32 f) { return _mm256_cvttps_epi32(f); }
    static U32 quotient_u32(U32 n, F32 f) { return _mm256_cvttps_epi32(_mm256_mul_ps(_mm256_cvtepi32_ps(n), f)); }

    template <int place>
    static U32 byte_u32(U32 a) {
        return _mm256_and_si256(_mm256_srli_epi32(a, 8 * place), _mm256_set1_epi32(0xFF));
    }

    static __m256i load_halves(const void *a, const void *b) {
        return _mm256_inserti128_si256(_mm256_castsi128_si256(load_128(a)), load_128(b), 1);
    }
    // The transpose of 4 × 4 words in each half of 128 bits.
    static void transpose_words(__m256i a, __m256i b, __m256i c, __m256i d, __m256i *to) {
        const __m256i ab0 = _mm256_unpacklo_epi32(a, b), cd0 = _mm256_unpacklo_epi32(c, d);
        const __m256i ab2 = _mm256_unpackhi_epi32(a, b), cd2 = _mm256_unpackhi_epi32(c, d);
        to[0] = _mm256_unpacklo_epi64(ab0, cd0);
        to[1] = _mm256_unpackhi_epi64(ab0, cd0);
        to[2] = _mm256_unpacklo_epi64(ab2, cd2);
        to[3] = _mm256_unpackhi_epi64(ab2, cd2);
    }
    template <class Number>
    static void transpose_32(const Number *const *lines, int64_t x, Number *block) {
        for (int64_t side = 0; side < 8; side += 4, block += 4 * kLanes) {
            // Lines l and l + 4.
            const auto two = [&](int64_t l) { return load_halves(lines[l] + x + side, lines[l + 4] + x + side); };
            __m256i columns[4];
            transpose_words(two(0), two(1), two(2), two(3), columns);
            for (int64_t i = 0; i < 4; ++i)
                _mm256_storeu_si256(reinterpret_cast<__m256i *>(block + i * kLanes), columns[i]);
        }
    }
    static void transpose_u8(const uint8_t *rows, ptrdiff_t stride, Order order, U32 *to) {
        const __m256i both = _mm256_broadcastsi128_si256(order);
        const auto two = [&](ptrdiff_t l) {
            return _mm256_shuffle_epi8(load_halves(rows + l * stride, rows + (l + 4) * stride), both);
        };
        transpose_words(two(0), two(1), two(2), two(3), to);
    }
    static U32 even_u8(U32 a) { return _mm256_and_si256(a, _mm256_set1_epi32(0x00FF00FF)); }
    static U32 odd_u8(U32 a) { return _mm256_srli_epi16(a, 8); }
    static U32 dot_i16x2(U32 a, const int16_t *weights) {
        int both;
        __builtin_memcpy(&both, weights, sizeof both);
        return _mm256_madd_epi16(a, _mm256_set1_epi32(both));
    }
    static void store_lanes_u8(const uint32_t *q, uint8_t *bytes) {
        // A word of 4 numbers for each lane, four times: each half of 128 bits has 4 lanes.
        const __m256i order = _mm256_setr_epi8(0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15,  //
                                               0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15);
        const auto words = [&](int64_t i) {
            const __m256i low = _mm256_packus_epi32(load_u32(q + i * kLanes), load_u32(q + (i + 1) * kLanes));
            const __m256i high = _mm256_packus_epi32(load_u32(q + (i + 2) * kLanes), load_u32(q + (i + 3) * kLanes));
            return _mm256_shuffle_epi8(_mm256_packus_epi16(low, high), order);
        };
        __m256i lanes[4];
        transpose_words(words(0), words(4), words(8), words(12), lanes);
        for (int64_t l = 0; l < 4; ++l) {
            _mm_storeu_si128(reinterpret_cast<__m128i *>(bytes + 16 * l), _mm256_castsi256_si128(lanes[l]));
            _mm_storeu_si128(reinterpret_cast<__m128i *>(bytes + 16 * (l + 4)), _mm256_extracti128_si256(lanes[l], 1));
        }
    }

    static U8 load_u8(const uint8_t *p) { return load_any(p); }
    static U8 or_u8(U8 a, U8 b) { return _mm256_or_si256(a, b); }
    static void zip_u8(U8 a, U8 b, U32 *to) {
        const __m256i low = _mm256_unpacklo_epi8(a, b), high = _mm256_unpackhi_epi8(a, b);
        to[0] = _mm256_unpacklo_epi8(low, zero());
        to[1] = _mm256_unpackhi_epi8(low, zero());
        to[2] = _mm256_unpacklo_epi8(high, zero());
        to[3] = _mm256_unpackhi_epi8(high, zero());
    }
    static void store_zipped_u8(uint8_t *p, const U32 *v) {
        store_any(p, _mm256_packus_epi16(_mm256_packs_epi32(v[0], v[1]), _mm256_packs_epi32(v[2], v[3])));
    }
    static U8 take_windows_u8(const uint8_t *row, const int32_t *windows, const uint8_t *shuffles) {
        return _mm256_shuffle_epi8(load_halves(row + windows[0], row + windows[1]), load_any(shuffles));
    }
    static U8 take_pairs_u8(const uint8_t *row, const int32_t *first) {
        return _mm256_inserti128_si256(_mm256_castsi128_si256(take_8_pairs(row, first)), take_8_pairs(row, first + 8),
                                       1);
    }
    static U16 dot_u8(U8 pairs, U8 weights) { return _mm256_maddubs_epi16(pairs, weights); }
    static U16 dot_shifted_u8(U8 pairs, const int16_t *weights, int64_t bias, int count) {
        const auto sum = [&](__m128i half, const int16_t *of_half) {
            return shift_right_u32(add_u32(dot_i16(_mm256_cvtepu8_epi16(half), load_any(of_half)), set_u32(bias)),
                                   count);
        };
        const U32 low = sum(_mm256_castsi256_si128(pairs), weights);
        const U32 high = sum(_mm256_extracti128_si256(pairs, 1), weights + 16);
        return narrow_u32(low, high);
    }
    static U32 dot_quads_u8(U8 quads, const int16_t *even, const int16_t *odd) {
        return add_u32(_mm256_madd_epi16(even_u8(quads), load_any(even)),
                       _mm256_madd_epi16(odd_u8(quads), load_any(odd)));
    }
    static void store_clipped_u8(uint8_t *p, U32 a, U32 b, U32 c, U32 d) { store_quarters_u8(p, a, b, c, d); }
    static void store_quarters_u8(uint8_t *p, U32 a, U32 b, U32 c, U32 d) {
        const __m256i bytes = _mm256_packus_epi16(_mm256_packus_epi32(a, b), _mm256_packus_epi32(c, d));
        store_any(p, _mm256_permutevar8x32_epi32(bytes, _mm256_setr_epi32(0, 4, 1, 5, 2, 6, 3, 7)));
    }
    static void store_narrow_u8(uint8_t *p, U16 a, U16 b) {
        store_any(p, _mm256_permute4x64_epi64(_mm256_packus_epi16(a, b), 0xD8));
    }
};

}  // namespace
}  // namespace isopixel

#include "kernels/direct-256-inl.h"
#include "kernels/direct-inl.h"
#include "kernels/make_kernels-inl.h"
#include "kernels/pictures-256-inl.h"
#include "kernels/spectrum-256-inl.h"

const isopixel::Kernels isopixel::kAvx2Kernels =
    make_kernels("avx2", make_direct<Rows256>(), {}, {{931, 0, 0, 214}, {}, {27, 382, 429, 1955}}, kPictures256,
                 make_spectrum<Doubles256>());

#endif
