// SPDX-License-Identifier: MIT
// Windows of the horizontal axis, summed over the rows of a vertical segment, by VBMI and VNNI.
#pragma once

#include <immintrin.h>

#include "kernels/rows-inl.h"

namespace isopixel {
namespace {

// For the units that come some groups later: a line each, to the first-level cache. (The next rows come to the second;
// both together were up to 17 % faster than one of them, or none.)
inline void prefetch_ahead(const uint8_t *p, int64_t line) {
    constexpr uintptr_t kAhead = 384, kCacheLine = 64;
    const uintptr_t address = reinterpret_cast<uintptr_t>(p) + kAhead + kCacheLine * static_cast<uintptr_t>(line);
    _mm_prefetch(reinterpret_cast<const char *>(address), _MM_HINT_T0);
}

// The sums of some units over some rows: s0 = Σ p, s1 = Σ (count - 1 - t)·p, in 16 parts.
struct UnitSums {
    __m512i s0[kFusedUnits], s1[kFusedUnits];
};

template <int kSteps, ByteWeights kWeights>
inline UnitSums sum_units(const FusedUnit *units, int64_t step_bytes, const uint8_t *rows, ptrdiff_t stride,
                          int64_t count) {
    constexpr bool kUpper = kWeights == ByteWeights::kLarge;
    __m512i places[kFusedUnits], weights[kFusedUnits][kMostFusedSteps], upper[kFusedUnits][kMostFusedSteps];
    UnitSums sums, upper_sums;
    const uint8_t *first[kFusedUnits];
    for (int u = 0; u < kFusedUnits; ++u) {
        const uint8_t *table = units[u].table;
        first[u] = rows + units[u].first;
        places[u] = _mm512_load_si512(table);
        for (int q = 0; q < kSteps; ++q) {
            weights[u][q] = _mm512_load_si512(table + 64 * (1 + q));
            if (kUpper) upper[u][q] = _mm512_load_si512(table + 64 * (1 + kSteps + q));
        }
        sums.s0[u] = sums.s1[u] = upper_sums.s0[u] = upper_sums.s1[u] = _mm512_setzero_si512();
    }
    for (int64_t t = 0; t < count; ++t) {
        const int64_t row = t * stride;
        for (int64_t line = 0; line < kFusedUnits; ++line) prefetch_ahead(first[kFusedUnits - 1] + row, line);
        for (int u = 0; u < kFusedUnits; ++u) {
            prefetch_row(first[u] + row, stride, count);
            sums.s1[u] = _mm512_add_epi32(sums.s1[u], sums.s0[u]);
            if (kUpper) upper_sums.s1[u] = _mm512_add_epi32(upper_sums.s1[u], upper_sums.s0[u]);
            for (int q = 0; q < kSteps; ++q) {
                const __m512i loaded = _mm512_loadu_si512(first[u] + row + q * step_bytes);
                const __m512i samples = _mm512_permutexvar_epi8(places[u], loaded);
                if (kWeights == ByteWeights::kMiddle) {
                    // A sample less 128, as a number with a sign, has its highest bit flipped.
                    const __m512i less = _mm512_xor_si512(samples, _mm512_set1_epi8(-128));
                    sums.s0[u] = _mm512_dpbusd_epi32(sums.s0[u], weights[u][q], less);
                } else {
                    sums.s0[u] = _mm512_dpbusd_epi32(sums.s0[u], samples, weights[u][q]);
                }
                if (kUpper) upper_sums.s0[u] = _mm512_dpbusd_epi32(upper_sums.s0[u], samples, upper[u][q]);
            }
        }
    }
    if (kUpper) {
        for (int u = 0; u < kFusedUnits; ++u) {
            sums.s0[u] = _mm512_add_epi32(sums.s0[u], _mm512_slli_epi32(upper_sums.s0[u], 7));
            sums.s1[u] = _mm512_add_epi32(sums.s1[u], _mm512_slli_epi32(upper_sums.s1[u], 7));
        }
    }
    return sums;
}

// Each half of 256 bits is the sum of the halves of one vector.
inline __m512i add_halves(__m512i a, __m512i b) {
    return _mm512_add_epi32(_mm512_mask_blend_epi64(0xF0, a, b), _mm512_shuffle_i32x4(a, b, 0x4E));
}

// Units of 2 dwords: the first one of each of 8 results, and then the second.
template <class Store>
void add_pairs(const __m512i *units, Store store) {
    store(0, add_halves(units[0], units[1]));
    store(1, add_halves(units[2], units[3]));
}

// Units of 5 dwords: quarter q of 128 bits has number q of each of 3 results, and number 4 of result q.
template <class Store>
void add_fives(const __m512i *units, Store store) {
    const __m512i ab = add_halves(units[0], units[1]), cd = add_halves(units[2], units[3]);
    const __m512i fours = _mm512_add_epi32(_mm512_shuffle_i32x4(ab, cd, 0x88), _mm512_shuffle_i32x4(ab, cd, 0xDD));
    // Numbers 3, 7 and 11 of two vectors each, to a quarter each.
    const __m512i fifths = _mm512_setr_epi32(3, 7, 11, 0, 19, 23, 27, 0, 3, 7, 11, 0, 19, 23, 27, 0);
    const __m512i low = _mm512_maskz_permutex2var_epi32(0x0077, units[0], fifths, units[1]);
    const __m512i high = _mm512_maskz_permutex2var_epi32(0x7700, units[2], fifths, units[3]);
    store(0, _mm512_add_epi32(fours, _mm512_or_si512(low, high)));
}

template <int kSteps, ByteWeights kWeights>
void sum_windows_of(const FusedAxis &axis, const uint8_t *rows, ptrdiff_t stride, int64_t count,
                    FusedResults *results) {
    const bool fives = axis.dwords == 5;
    for (int64_t u = 0; u < axis.n_units; u += kFusedUnits) {
        const UnitSums sums = sum_units<kSteps, kWeights>(axis.units + u, axis.step_bytes, rows, stride, count);
        const auto store_s0 = [&](int64_t i, __m512i s0) { _mm512_store_si512(results[i].s0, s0); };
        const auto store_s1 = [&](int64_t i, __m512i s1) { _mm512_store_si512(results[i].s1, s1); };
        if (fives) add_fives(sums.s0, store_s0), add_fives(sums.s1, store_s1);
        else add_pairs(sums.s0, store_s0), add_pairs(sums.s1, store_s1);
        results += fives ? 1 : 2;
    }
}

template <ByteWeights kWeights>
void sum_windows_by(const FusedAxis &axis, const uint8_t *rows, ptrdiff_t stride, int64_t count,
                    FusedResults *results) {
    static_assert(kMostFusedSteps == 5);
    const auto sum = axis.steps == 1   ? sum_windows_of<1, kWeights>
                     : axis.steps == 2 ? sum_windows_of<2, kWeights>
                     : axis.steps == 3 ? sum_windows_of<3, kWeights>
                     : axis.steps == 4 ? sum_windows_of<4, kWeights>
                                       : sum_windows_of<5, kWeights>;
    sum(axis, rows, stride, count, results);
}

void sum_windows(const FusedAxis &axis, const uint8_t *rows, ptrdiff_t stride, int64_t count, FusedResults *results) {
    if (axis.weights == ByteWeights::kSmall) sum_windows_by<ByteWeights::kSmall>(axis, rows, stride, count, results);
    else if (axis.weights == ByteWeights::kMiddle)
        sum_windows_by<ByteWeights::kMiddle>(axis, rows, stride, count, results);
    else sum_windows_by<ByteWeights::kLarge>(axis, rows, stride, count, results);
}

// Half of the results; the quotients of those that are complete.
inline __m256i fold_half(const FusedRows &rows, FusedResults &results, int half) {
    const auto sums_of = [&](const int32_t *sums) {
        return _mm512_cvtepi32_pd(_mm256_load_si256(reinterpret_cast<const __m256i *>(sums + 8 * half)));
    };
    const __m512d s0 = sums_of(results.s0), s1 = sums_of(results.s1);
    // Σ (last_weight - (n - 1 - t)·step)·p. All but the quotient is exact, however it is contracted or reassociated.
    const __m512d gain = _mm512_sub_pd(_mm512_mul_pd(_mm512_set1_pd(rows.last_weight), s0),
                                       _mm512_mul_pd(_mm512_set1_pd(rows.step), s1));
    double *rising = results.numerators[rows.rising] + 8 * half;
    double *falling = results.numerators[1 - rows.rising] + 8 * half;
    const __m512d rest = _mm512_sub_pd(_mm512_mul_pd(_mm512_set1_pd(rows.half_width), s0), gain);
    const __m512d numerators = _mm512_add_pd(_mm512_load_pd(falling), rest);
    _mm512_store_pd(rising, rows.fresh ? gain : _mm512_add_pd(_mm512_load_pd(rising), gain));
    if (!rows.complete) {
        _mm512_store_pd(falling, numerators);
        return _mm256_setzero_si256();
    }
    const __m512d reciprocals =
        _mm512_mul_pd(_mm512_load_pd(results.reciprocals + 8 * half), _mm512_set1_pd(rows.reciprocal));
    return _mm512_cvttpd_epi32(_mm512_add_pd(_mm512_mul_pd(numerators, reciprocals), _mm512_set1_pd(rows.bias)));
}

void fold_windows(const FusedRows &rows, FusedResults *results, int64_t n, uint8_t *out) {
    const FusedRows r = rows;  // a copy that no store can change
    const __m128i order = X86::load_128(r.order);
    for (int64_t i = 0; i < n; ++i) {
        const __m256i low = fold_half(r, results[i], 0), high = fold_half(r, results[i], 1);
        if (!r.complete) continue;
        const __m512i quotients = _mm512_inserti64x4(_mm512_castsi256_si512(low), high, 1);
        const __m128i bytes = _mm512_cvtepi32_epi8(quotients);
        _mm_storeu_si128(reinterpret_cast<__m128i *>(out), _mm_shuffle_epi8(bytes, order));
        out += r.stored;
    }
}

}  // namespace
}  // namespace isopixel
