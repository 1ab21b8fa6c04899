// SPDX-License-Identifier: MIT
// Direct taps of rows with vectors of 128 bits: four taps of each of 4 result samples at a time, from each of 4
// windows.
#pragma once

#include "kernels/lanes-inl.h"

namespace isopixel {
namespace {

// Simd has, beside what plain.cpp defines: add_u8; take_u8, which takes bytes from their places (0 … 15) in a vector,
// and 0 from beyond; QuadSums, sums of four bytes, each times its weight, which may be in two vectors; and pack_u32,
// low numbers below 2^16 and high ones times 2^16.
struct Rows128 {
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

    // The tables are loaded once for all rows.
    template <bool kNarrow, bool kOneWindow, size_t kSteps, size_t kCount>
    static void make_window(const DirectTable &table, const uint8_t *entry, int64_t window, const uint8_t *const *rows,
                            uint32_t *const *lines, int64_t x) {
        using Sums = Simd::QuadSums<kNarrow>;
        Simd::U8 orders[kSteps];
        typename Sums::Weights weights[kSteps];
        orders[0] = Simd::load_u8(entry);
        for (size_t i = 0; i < kSteps; ++i) {
            // Where it passes the window's end, there is no weight.
            if (i > 0) orders[i] = kOneWindow ? Simd::add_u8(orders[i - 1], table.step_bytes) : orders[0];
            weights[i] = Sums::load(entry + kStep, entry + 2 * kStep);
            entry += kNarrow ? kStep : 2 * kStep;
        }
        const auto sums = [&](const uint8_t *row) {
            const uint8_t *p = row + window;
            Simd::U8 bytes = Simd::load_u8(p);
            Sums sum;
            for (size_t i = 0; i < kSteps; ++i, p += table.step_bytes) {
                if (i > 0 && !kOneWindow) bytes = Simd::load_u8(p);
                sum.add(Simd::take_u8(bytes, orders[i]), weights[i]);
            }
            return sum.all();
        };
        for (size_t l = 0; l < kCount; ++l) {
            U32 low, high;
            if constexpr (kNarrow) {
                low = sums(rows[2 * l]);
                high = sums(rows[2 * l + 1]);
            } else {
                const U32 sum = sums(rows[l]);
                low = Simd::and_u32(sum, Simd::set_u32((1 << table.low_bits) - 1));
                high = Simd::shift_right_u32(sum, table.low_bits);
            }
            Simd::store_u32(lines[l] + x, Simd::pack_u32(low, high));
        }
    }
};

}  // namespace
}  // namespace isopixel
