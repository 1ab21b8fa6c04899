// SPDX-License-Identifier: MIT
// In place of the compiler's header: the intrinsics of AVX-512 as SIMDe has them, and those that it lacks, by lanes.
#pragma once

#include_next <immintrin.h>

#define SIMDE_ENABLE_NATIVE_ALIASES
#include <simde/x86/avx512.h>

namespace {

template <class To, class From>
To bits_of(const From &from) {
    static_assert(sizeof(To) == sizeof(From));
    To to;
    __builtin_memcpy(&to, &from, sizeof to);
    return to;
}

// The lanes of a vector of type Vector, as numbers.
template <class Number, class Vector>
struct Lanes {
    Number lane[sizeof(Vector) / sizeof(Number)];
};

// To{to(lane)} for each lane.
template <class To, class ToLane, class FromLane, class From, class Convert>
To convert_lanes(const From &from, Convert convert) {
    const auto lanes = bits_of<Lanes<FromLane, From>>(from);
    Lanes<ToLane, To> result{};
    static_assert(sizeof result.lane / sizeof(ToLane) == sizeof lanes.lane / sizeof(FromLane));
    for (unsigned i = 0; i < sizeof lanes.lane / sizeof(FromLane); ++i)
        result.lane[i] = static_cast<ToLane>(convert(lanes.lane[i]));
    return bits_of<To>(result);
}

inline __m512i emulated_cvtepu8_epi16(__m256i a) {
    return convert_lanes<__m512i, uint16_t, uint8_t>(a, [](uint8_t x) { return x; });
}
inline __m512i emulated_cvtepu8_epi32(__m128i a) {
    return convert_lanes<__m512i, uint32_t, uint8_t>(a, [](uint8_t x) { return x; });
}
inline __m512i emulated_cvtepu32_epi64(__m256i a) {
    return convert_lanes<__m512i, uint64_t, uint32_t>(a, [](uint32_t x) { return x; });
}
inline __m256i emulated_cvtepi32_epi16(__m512i a) {
    return convert_lanes<__m256i, int16_t, int32_t>(a, [](int32_t x) { return x; });
}
inline __m128i emulated_cvtepi32_epi8(__m512i a) {
    return convert_lanes<__m128i, int8_t, int32_t>(a, [](int32_t x) { return x; });
}
inline __m512 emulated_cvtepi32_ps(__m512i a) {
    return convert_lanes<__m512, float, int32_t>(a, [](int32_t x) { return x; });
}
inline __m512d emulated_cvtepi32_pd(__m256i a) {
    return convert_lanes<__m512d, double, int32_t>(a, [](int32_t x) { return x; });
}
// To the nearest, halves to even.
inline __m512i emulated_cvtps_epi32(__m512 a) {
    return convert_lanes<__m512i, int32_t, float>(a, [](float x) { return __builtin_rintf(x); });
}
inline __m512i emulated_cvttps_epi32(__m512 a) {
    return convert_lanes<__m512i, int32_t, float>(a, [](float x) { return x; });
}
inline __m256i emulated_cvttpd_epi32(__m512d a) {
    return convert_lanes<__m256i, int32_t, double>(a, [](double x) { return x; });
}
inline __m512i emulated_sra_epi32(__m512i a, __m128i count) {
    const int n = _mm_cvtsi128_si32(count);
    return convert_lanes<__m512i, int32_t, int32_t>(a, [n](int32_t x) { return x >> n; });
}
inline __m512i emulated_mulhi_epu16(__m512i a, __m512i b) {
    const auto x = bits_of<Lanes<uint16_t, __m512i>>(a), y = bits_of<Lanes<uint16_t, __m512i>>(b);
    Lanes<uint16_t, __m512i> result;
    for (int i = 0; i < 32; ++i) result.lane[i] = static_cast<uint16_t>(uint32_t{x.lane[i]} * y.lane[i] >> 16);
    return bits_of<__m512i>(result);
}
// Reads no byte that the mask leaves out.
inline __m256i emulated_maskz_loadu_epi8(uint32_t mask, const void *p) {
    Lanes<uint8_t, __m256i> result{};
    for (int i = 0; i < 32; ++i)
        if (mask >> i & 1) result.lane[i] = static_cast<const uint8_t *>(p)[i];
    return bits_of<__m256i>(result);
}

}  // namespace

#undef _mm512_madd_epi16  // which SIMDe 0.7.4 gives four arguments
#define _mm512_madd_epi16 simde_mm512_madd_epi16
#define _mm512_cvtepu8_epi16 emulated_cvtepu8_epi16
#define _mm512_cvtepu8_epi32 emulated_cvtepu8_epi32
#define _mm512_cvtepu32_epi64 emulated_cvtepu32_epi64
#define _mm512_cvtepi32_epi16 emulated_cvtepi32_epi16
#define _mm512_cvtepi32_epi8 emulated_cvtepi32_epi8
#define _mm512_cvtepi32_ps emulated_cvtepi32_ps
#define _mm512_cvtepi32_pd emulated_cvtepi32_pd
#define _mm512_cvtps_epi32 emulated_cvtps_epi32
#define _mm512_sra_epi32 emulated_sra_epi32
#define _mm512_cvttps_epi32 emulated_cvttps_epi32
#define _mm512_cvttpd_epi32 emulated_cvttpd_epi32
#define _mm512_mulhi_epu16 emulated_mulhi_epu16
#define _mm256_maskz_loadu_epi8 emulated_maskz_loadu_epi8
