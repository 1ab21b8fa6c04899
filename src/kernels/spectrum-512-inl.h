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
            return _mm_unpacklo_epi64(low, high);
        };
        const __m256i low = _mm256_inserti128_si256(_mm256_castsi128_si256(two(0)), two(2), 1);
        const __m256i high = _mm256_inserti128_si256(_mm256_castsi128_si256(two(4)), two(6), 1);
        const __m512i pairs = _mm512_inserti64x4(_mm512_castsi256_si512(low), high, 1);
        first->v = _mm512_cvtepi32_pd(_mm512_cvtepi64_epi32(pairs));
        second->v = _mm512_cvtepi64_pd(_mm512_srai_epi64(pairs, 32));
    }
};

}  // namespace
}  // namespace isopixel
