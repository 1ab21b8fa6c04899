// SPDX-License-Identifier: MIT
// Direct taps of rows with AVX2: two taps of each result sample at a time, in 8 or 16 bits.
#pragma once

#include <immintrin.h>

#include "kernels/kernels.h"

namespace isopixel {
namespace {

struct Rows256 {
    static constexpr DirectLayout kLayout = {2, 16, 8, 2, 2, false};
    template <bool kNarrow>
    static constexpr int64_t entry_bytes(size_t steps) {
        return (kNarrow ? kNarrowStep : kWideStep) * static_cast<int64_t>(1 + steps);
    }

    template <bool kNarrow, bool kOneWindow, size_t kSteps, size_t kCount>
    static void make(const DirectTable &table, const uint8_t *entry, const int32_t *windows, const uint8_t *const *rows,
                     uint32_t *const *lines, int64_t x) {
        for (size_t l = 0; l < kCount; ++l) {
            if constexpr (kNarrow)
                make_narrow<kOneWindow, kSteps>(table, entry, windows, rows[2 * l], rows[2 * l + 1], lines[l] + x);
            else make_wide<kOneWindow, kSteps>(table, entry, windows, rows[l], lines[l] + x);
        }
    }

  private:
    static constexpr int64_t kNarrowStep = 32, kWideStep = 64;

    static __m256i load(const void *p) { return _mm256_loadu_si256(static_cast<const __m256i *>(p)); }
    static __m128i load_128(const uint8_t *p) { return _mm_loadu_si128(reinterpret_cast<const __m128i *>(p)); }
    static void store(uint32_t *p, __m256i v) { _mm256_storeu_si256(reinterpret_cast<__m256i *>(p), v); }

    // The order of the next step in the same window; what passes the window's end has no weight.
    static __m256i next_order(__m256i order, int64_t step_bytes) {
        return _mm256_add_epi8(order, _mm256_set1_epi8(static_cast<char>(step_bytes)));
    }

    // The sums of the group's 16 result samples, in 16 bits.
    template <bool kOneWindow, size_t kSteps>
    static __m256i narrow_sums(const DirectTable &table, const uint8_t *entry, const uint8_t *row, int64_t window0,
                               int64_t window1) {
        __m256i order = load(entry), bytes = _mm256_setzero_si256(), sums = bytes;
        for (size_t i = 0; i < kSteps; ++i, row += table.step_bytes) {
            if (i == 0 || !kOneWindow)
                bytes = _mm256_inserti128_si256(_mm256_castsi128_si256(load_128(row + window0)),
                                                load_128(row + window1), 1);
            else order = next_order(order, table.step_bytes);
            entry += kNarrowStep;
            const __m256i products = _mm256_maddubs_epi16(_mm256_shuffle_epi8(bytes, order), load(entry));
            sums = _mm256_add_epi16(sums, products);
        }
        return sums;
    }
    template <bool kOneWindow, size_t kSteps>
    static void make_narrow(const DirectTable &table, const uint8_t *entry, const int32_t *windows, const uint8_t *row0,
                            const uint8_t *row1, uint32_t *line) {
        const __m256i low = narrow_sums<kOneWindow, kSteps>(table, entry, row0, windows[0], windows[1]);
        const __m256i high = narrow_sums<kOneWindow, kSteps>(table, entry, row1, windows[0], windows[1]);
        // Unpacking works within halves of 128 bits, each of which has one window.
        const __m256i first = _mm256_unpacklo_epi16(low, high), second = _mm256_unpackhi_epi16(low, high);
        store(line, _mm256_permute2x128_si256(first, second, 0x20));
        store(line + table.outputs, _mm256_permute2x128_si256(first, second, 0x31));
    }

    // Of one window at a time, in 32 bits.
    template <bool kOneWindow, size_t kSteps>
    static void make_wide(const DirectTable &table, const uint8_t *entry, const int32_t *windows, const uint8_t *row,
                          uint32_t *line) {
        const __m128i left = _mm_cvtsi32_si128(16 - table.low_bits);
        const __m256i low_bits = _mm256_set1_epi32((1 << table.low_bits) - 1);
        for (int half = 0; half < 2; ++half, entry += kWideStep / 2, line += table.outputs) {
            const uint8_t *p = row + windows[half], *weights = entry;
            __m256i order = load(entry), bytes = _mm256_setzero_si256(), sums = bytes;
            for (size_t i = 0; i < kSteps; ++i, p += table.step_bytes) {
                if (i == 0 || !kOneWindow) bytes = _mm256_broadcastsi128_si256(load_128(p));
                else order = next_order(order, table.step_bytes);
                weights += kWideStep;
                const __m256i products = _mm256_madd_epi16(_mm256_shuffle_epi8(bytes, order), load(weights));
                sums = _mm256_add_epi32(sums, products);
            }
            // What is above the low bits, to the high half.
            const __m256i high = _mm256_andnot_si256(_mm256_set1_epi32(0xFFFF), _mm256_sll_epi32(sums, left));
            store(line, _mm256_or_si256(high, _mm256_and_si256(sums, low_bits)));
        }
    }
};

}  // namespace
}  // namespace isopixel
