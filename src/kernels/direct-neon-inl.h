// SPDX-License-Identifier: MIT
// Direct taps of rows with NEON: four taps of each of 4 result samples at a time, from each of 4 windows.
#pragma once

#include <arm_neon.h>

#include "kernels/kernels.h"

namespace isopixel {
namespace {

struct RowsNeon {
    static constexpr DirectLayout kLayout = {4, 16, 4, 4, 4, true};
    template <bool kNarrow>
    static constexpr int64_t entry_bytes(size_t steps) {
        return kStep * static_cast<int64_t>(1 + (kNarrow ? steps : 2 * steps));
    }

    template <bool kNarrow, bool kOneWindow, size_t kSteps, size_t kCount>
    static void make(const DirectTable &table, const uint8_t *entry, const int32_t *windows, const uint8_t *const *rows,
                     uint32_t *const *lines, int64_t x) {
        for (int64_t w = 0; w < kLayout.group; ++w, entry += 16, x += table.outputs)
            make_window<kNarrow, kOneWindow, kSteps, kCount>(table, entry, windows[w], rows, lines, x);
    }

  private:
    static constexpr int64_t kStep = 64;  // 16 bytes of each window

    // Adds the products of four bytes, each with its weight up to 127, to each sum.
    static uint32x4_t add_dot(uint32x4_t sums, uint8x16_t bytes, uint8x16_t weights) {
#ifdef __ARM_FEATURE_DOTPROD
        return vdotq_u32(sums, bytes, weights);
#else
        const uint16x8_t low = vmull_u8(vget_low_u8(bytes), vget_low_u8(weights)), high = vmull_high_u8(bytes, weights);
        return vpadalq_u16(sums, vpaddq_u16(low, high));
#endif
    }

    // The tables are loaded once for all rows.
    template <bool kNarrow, bool kOneWindow, size_t kSteps, size_t kCount>
    static void make_window(const DirectTable &table, const uint8_t *entry, int64_t window, const uint8_t *const *rows,
                            uint32_t *const *lines, int64_t x) {
        const uint8x16_t step_bytes = vdupq_n_u8(static_cast<uint8_t>(table.step_bytes));
        uint8x16_t orders[kSteps], weights[kSteps], upper[kSteps];
        orders[0] = vld1q_u8(entry);
        for (size_t i = 0; i < kSteps; ++i) {
            // Where it passes the window's end, there is no weight.
            if (i > 0) orders[i] = kOneWindow ? vaddq_u8(orders[i - 1], step_bytes) : orders[0];
            weights[i] = vld1q_u8(entry += kStep);
            if (!kNarrow) upper[i] = vld1q_u8(entry += kStep);
        }
        const auto sums = [&](const uint8_t *row, const uint8x16_t *by) {
            const uint8_t *p = row + window;
            uint8x16_t bytes;
            uint32x4_t sum = vdupq_n_u32(0);
            for (size_t i = 0; i < kSteps; ++i, p += table.step_bytes) {
                if (i == 0 || !kOneWindow) bytes = vld1q_u8(p);
                sum = add_dot(sum, vqtbl1q_u8(bytes, orders[i]), by[i]);
            }
            return sum;
        };
        for (size_t l = 0; l < kCount; ++l) {
            uint32x4_t low, high;
            if constexpr (kNarrow) {
                low = sums(rows[2 * l], weights);
                high = sums(rows[2 * l + 1], weights);
            } else {
                const uint32x4_t sum = vaddq_u32(sums(rows[l], weights), vshlq_n_u32(sums(rows[l], upper), 7));
                low = vandq_u32(sum, vdupq_n_u32((1u << table.low_bits) - 1));
                high = vshlq_u32(sum, vdupq_n_s32(-table.low_bits));  // to the right
            }
            vst1q_u32(lines[l] + x, vsliq_n_u32(low, high, 16));
        }
    }
};

}  // namespace
}  // namespace isopixel
