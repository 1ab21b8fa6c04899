// SPDX-License-Identifier: MIT
// Direct taps of rows with AVX-512, VBMI and VNNI: four taps of each of 16 result samples at a time.
#pragma once

#include <immintrin.h>

#include "kernels/kernels.h"

namespace isopixel {
namespace {

struct Rows512 {
    static constexpr DirectLayout kLayout = {1, 64, 16, 4, 4, true};
    template <bool kNarrow>
    static constexpr int64_t entry_bytes(size_t steps) {
        return 64 * static_cast<int64_t>(1 + (kNarrow ? steps : 2 * steps));
    }

    // The tables are loaded once for all rows: most of the time goes into loads that cross cache lines.
    template <bool kNarrow, bool kOneWindow, size_t kSteps, size_t kCount>
    static void make(const DirectTable &table, const uint8_t *entry, const int32_t *windows, const uint8_t *const *rows,
                     uint32_t *const *lines, int64_t x) {
        const __m512i step_bytes = _mm512_set1_epi8(static_cast<char>(table.step_bytes));
        __m512i orders[kSteps], weights[kSteps], upper[kSteps];
        orders[0] = load(entry);
        for (size_t i = 0; i < kSteps; ++i) {
            // Where it passes the window's end, there is no weight.
            if (i > 0) orders[i] = kOneWindow ? _mm512_add_epi8(orders[i - 1], step_bytes) : orders[0];
            weights[i] = load(entry += 64);
            if (!kNarrow) upper[i] = load(entry += 64);
        }
        const auto add = [&](__m512i sums, const __m512i *by, const uint8_t *row) {
            const uint8_t *p = row + windows[0];
            __m512i bytes = _mm512_setzero_si512();
            for (size_t i = 0; i < kSteps; ++i, p += table.step_bytes) {
                if (i == 0 || !kOneWindow) bytes = _mm512_loadu_si512(p);
                sums = _mm512_dpbusd_epi32(sums, _mm512_permutexvar_epi8(orders[i], bytes), by[i]);
            }
            return sums;
        };
        for (size_t l = 0; l < kCount; ++l) {
            const __m512i zero = _mm512_setzero_si512();
            __m512i numbers;
            if constexpr (kNarrow) {
                const __m512i second = add(zero, weights, rows[2 * l + 1]);
                numbers = add(_mm512_slli_epi32(second, 16), weights, rows[2 * l]);
            } else {
                const __m512i sums = add(_mm512_slli_epi32(add(zero, upper, rows[l]), 7), weights, rows[l]);
                // What is above the low bits, to the high half.
                const __m512i high = _mm512_sll_epi32(sums, _mm_cvtsi32_si128(16 - table.low_bits));
                const __m512i low = _mm512_and_si512(sums, _mm512_set1_epi32((1 << table.low_bits) - 1));
                numbers = _mm512_mask_blend_epi16(0xAAAAAAAA, low, high);
            }
            _mm512_storeu_si512(lines[l] + x, numbers);
        }
    }

  private:
    static __m512i load(const void *p) { return _mm512_loadu_si512(p); }
};

}  // namespace
}  // namespace isopixel
