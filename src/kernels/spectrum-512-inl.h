// SPDX-License-Identifier: MIT
// Vectors of 8 doubles (spectrum.cpp says what they have to be), of AVX-512 F and DQ.
#pragma once

#include <immintrin.h>

#include "kernels/spectrum-inl.h"

namespace isopixel {
namespace {

struct Doubles512 {
    static constexpr size_t kLanes = 8;
    __m512d v;

    static Doubles512 all(double value) { return {_mm512_set1_pd(value)}; }
    static Doubles512 load(const double *p) { return {_mm512_loadu_pd(p)}; }
    void store(double *p) const { _mm512_storeu_pd(p, v); }
    friend Doubles512 operator+(Doubles512 a, Doubles512 b) { return {_mm512_add_pd(a.v, b.v)}; }
    friend Doubles512 operator-(Doubles512 a, Doubles512 b) { return {_mm512_sub_pd(a.v, b.v)}; }
    friend Doubles512 operator*(Doubles512 a, Doubles512 b) { return {_mm512_mul_pd(a.v, b.v)}; }
    Doubles512 plus_product(Doubles512 a, Doubles512 b) const { return {_mm512_fmadd_pd(a.v, b.v, v)}; }
    Doubles512 minus_product(Doubles512 a, Doubles512 b) const { return {_mm512_fnmadd_pd(a.v, b.v, v)}; }
    Doubles512 magnitude() const { return {_mm512_andnot_pd(_mm512_set1_pd(-0.0), v)}; }
    Doubles512 root() const { return {_mm512_sqrt_pd(v)}; }
    static void load_pairs(const int32_t *p, size_t stride, Doubles512 *first, Doubles512 *second) {
        const auto two = [=](size_t l) {
            const __m128i low = _mm_loadl_epi64(reinterpret_cast<const __m128i *>(p + l * stride));
            const __m128i high = _mm_loadl_epi64(reinterpret_cast<const __m128i *>(p + (l + 1) * stride));
            return _mm_castsi128_ps(_mm_unpacklo_epi64(low, high));
        };
        // Shuffles work within halves of 128 bits.
        const __m256 a = _mm256_insertf128_ps(_mm256_castps128_ps256(two(0)), two(4), 1);
        const __m256 b = _mm256_insertf128_ps(_mm256_castps128_ps256(two(2)), two(6), 1);
        first->v = _mm512_cvtepi32_pd(_mm256_castps_si256(_mm256_shuffle_ps(a, b, 0x88)));
        second->v = _mm512_cvtepi32_pd(_mm256_castps_si256(_mm256_shuffle_ps(a, b, 0xDD)));
    }
};

}  // namespace
}  // namespace isopixel
