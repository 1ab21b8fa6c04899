// SPDX-License-Identifier: MIT
// Direct taps of rows with AVX2: two taps of each result sample at a time, in 8 or 16 bits.
#pragma once

#include <immintrin.h>

#include "kernels/kernels.h"

namespace isopixel {
namespace {

struct Rows256 {
    static constexpr DirectLayout kLayout = {2, 16, 8, 2, 2, false};
    static constexpr int64_t kNarrowEntry = 32, kOrder = 64, kWideEntry = 64;

    static __m256i load(const void *p) { return _mm256_loadu_si256(static_cast<const __m256i *>(p)); }
    static __m128i load_128(const uint8_t *p) { return _mm_loadu_si128(reinterpret_cast<const __m128i *>(p)); }
    static void store(uint32_t *p, __m256i v) { _mm256_storeu_si256(reinterpret_cast<__m256i *>(p), v); }

    // The sums of the group's 16 result samples, in 16 bits.
    template <int kSteps>
    static __m256i narrow_sums(__m256i order, const __m256i *weights, int64_t step, const uint8_t *row, int64_t window0,
                               int64_t window1) {
        __m256i sums;
        for (int i = 0; i < kSteps; ++i) {
            const uint8_t *p = row + i * step;
            const __m256i bytes =
                _mm256_inserti128_si256(_mm256_castsi128_si256(load_128(p + window0)), load_128(p + window1), 1);
            const __m256i products = _mm256_maddubs_epi16(_mm256_shuffle_epi8(bytes, order), weights[i]);
            sums = i == 0 ? products : _mm256_add_epi16(sums, products);
        }
        return sums;
    }
    template <int kSteps>
    static void narrow(const DirectTable &table, const uint8_t *entry, const int32_t *windows, const uint8_t *row0,
                       const uint8_t *row1, uint32_t *line) {
        __m256i weights[kSteps];
        for (int i = 0; i < kSteps; ++i) weights[i] = load(entry + kNarrowEntry * (1 + i));
        const __m256i low = narrow_sums<kSteps>(load(entry), weights, table.step_bytes, row0, windows[0], windows[1]);
        const __m256i high = narrow_sums<kSteps>(load(entry), weights, table.step_bytes, row1, windows[0], windows[1]);
        // Unpacking works within halves of 128 bits, each of which has one window.
        const __m256i first = _mm256_unpacklo_epi16(low, high), second = _mm256_unpackhi_epi16(low, high);
        store(line, _mm256_permute2x128_si256(first, second, 0x20));
        store(line + table.outputs, _mm256_permute2x128_si256(first, second, 0x31));
    }
    template <int kSteps>
    static void wide(const DirectTable &table, const uint8_t *entry, const int32_t *windows, const uint8_t *row,
                     uint32_t *line) {
        const __m128i left = _mm_cvtsi32_si128(16 - table.low_bits);
        const __m256i low = _mm256_set1_epi32((1 << table.low_bits) - 1);
        for (int half = 0; half < 2; ++half, entry += 32, line += table.outputs) {
            const __m256i order = load(entry);
            __m256i sums;
            for (int i = 0; i < kSteps; ++i) {
                const __m256i bytes = _mm256_broadcastsi128_si256(load_128(row + i * table.step_bytes + windows[half]));
                const __m256i products =
                    _mm256_madd_epi16(_mm256_shuffle_epi8(bytes, order), load(entry + kOrder + kWideEntry * i));
                sums = i == 0 ? products : _mm256_add_epi32(sums, products);
            }
            // What is above the low bits, to the high half.
            const __m256i high = _mm256_andnot_si256(_mm256_set1_epi32(0xFFFF), _mm256_sll_epi32(sums, left));
            store(line, _mm256_or_si256(high, _mm256_and_si256(sums, low)));
        }
    }
};

}  // namespace
}  // namespace isopixel
