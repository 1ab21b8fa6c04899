// SPDX-License-Identifier: MIT
// Direct taps of rows with AVX-512, VBMI and VNNI: four taps of each of 16 result samples at a time.
#pragma once

#include <immintrin.h>

#include "kernels/kernels.h"

namespace isopixel {
namespace {

struct Rows512 {
    static constexpr DirectLayout kLayout = {1, 64, 16, 4, 4, true};
    static constexpr int64_t kNarrowEntry = 64, kOrder = 64, kWideEntry = 128;

    // The tables are loaded once for all rows: most of the time goes into loads that cross cache lines.
    template <bool kNarrow, bool kOneWindow, int kSteps, int kCount>
    static void make(const DirectTable &table, const uint8_t *entry, const int32_t *windows, const uint8_t *const *rows,
                     uint32_t *const *lines, int64_t x) {
        __m512i orders[kSteps], weights[kSteps], upper[kSteps];
        for (int i = 0; i < kSteps; ++i) {
            const __m512i step = _mm512_set1_epi8(static_cast<char>(table.step_bytes));
            // Where it passes the window's end, there is no weight.
            orders[i] = i == 0 ? load(entry) : kOneWindow ? _mm512_add_epi8(orders[i - 1], step) : orders[0];
            const uint8_t *of_step = entry + kOrder + (kNarrow ? kNarrowEntry : kWideEntry) * i;
            weights[i] = load(of_step);
            if (!kNarrow) upper[i] = load(of_step + kWideEntry / 2);
        }
        const int64_t window = windows[0];
        const auto sum = [&](__m512i sums, const __m512i *by, const uint8_t *p) {
            __m512i bytes;
            for (int i = 0; i < kSteps; ++i) {
                if (i == 0 || !kOneWindow) bytes = load(p + i * table.step_bytes);
                sums = _mm512_dpbusd_epi32(sums, _mm512_permutexvar_epi8(orders[i], bytes), by[i]);
            }
            return sums;
        };
        for (int l = 0; l < kCount; ++l) {
            const __m512i zero = _mm512_setzero_si512();
            if constexpr (kNarrow) {
                const __m512i second = sum(zero, weights, rows[2 * l + 1] + window);
                store(lines[l] + x, sum(_mm512_slli_epi32(second, 16), weights, rows[2 * l] + window));
            } else {
                const __m512i above = sum(zero, upper, rows[l] + window);
                const __m512i sums = sum(_mm512_slli_epi32(above, 7), weights, rows[l] + window);
                const __m512i left = _mm512_sll_epi32(sums, _mm_cvtsi32_si128(16 - table.low_bits));
                const __m512i low = _mm512_and_si512(sums, _mm512_set1_epi32((1 << table.low_bits) - 1));
                store(lines[l] + x, _mm512_mask_mov_epi16(low, 0xAAAAAAAA, left));  // the high halves of `left`
            }
        }
    }

  private:
    static __m512i load(const void *p) { return _mm512_loadu_si512(p); }
    static void store(uint32_t *p, __m512i v) { _mm512_storeu_si512(p, v); }
};

}  // namespace
}  // namespace isopixel
