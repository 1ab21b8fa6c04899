// SPDX-License-Identifier: MIT
// Vectors of 4 doubles (spectrum.cpp says what they have to be), of AVX2 and FMA.
#pragma once

#include <immintrin.h>

#include "kernels/spectrum-inl.h"

namespace isopixel {
namespace {

struct Doubles256 {
    static constexpr size_t kLanes = 4;
    __m256d v;

    static Doubles256 all(double value) { return {_mm256_set1_pd(value)}; }
    static Doubles256 load(const double *p) { return {_mm256_loadu_pd(p)}; }
    void store(double *p) const { _mm256_storeu_pd(p, v); }
    friend Doubles256 operator+(Doubles256 a, Doubles256 b) { return {_mm256_add_pd(a.v, b.v)}; }
    friend Doubles256 operator-(Doubles256 a, Doubles256 b) { return {_mm256_sub_pd(a.v, b.v)}; }
    friend Doubles256 operator*(Doubles256 a, Doubles256 b) { return {_mm256_mul_pd(a.v, b.v)}; }
    Doubles256 plus_product(Doubles256 a, Doubles256 b) const { return {_mm256_fmadd_pd(a.v, b.v, v)}; }
    Doubles256 minus_product(Doubles256 a, Doubles256 b) const { return {_mm256_fnmadd_pd(a.v, b.v, v)}; }
    Doubles256 magnitude() const { return {_mm256_andnot_pd(_mm256_set1_pd(-0.0), v)}; }
    Doubles256 root() const { return {_mm256_sqrt_pd(v)}; }
    static void load_pairs(const int32_t *p, size_t stride, Doubles256 *first, Doubles256 *second) {
        const auto two = [=](size_t l) {
            const __m128i low = _mm_loadl_epi64(reinterpret_cast<const __m128i *>(p + l * stride));
            const __m128i high = _mm_loadl_epi64(reinterpret_cast<const __m128i *>(p + (l + 1) * stride));
            return _mm_castsi128_ps(_mm_unpacklo_epi64(low, high));
        };
        const __m128 a = two(0), b = two(2);
        first->v = _mm256_cvtepi32_pd(_mm_castps_si128(_mm_shuffle_ps(a, b, 0x88)));
        second->v = _mm256_cvtepi32_pd(_mm_castps_si128(_mm_shuffle_ps(a, b, 0xDD)));
    }
};

}  // namespace
}  // namespace isopixel
