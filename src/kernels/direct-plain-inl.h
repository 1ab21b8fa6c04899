// SPDX-License-Identifier: MIT
// Direct taps of rows in plain loops: what the struct `Rows` of an instruction set has to be.
#pragma once

#include "kernels/kernels.h"

namespace isopixel {
namespace {

struct RowsPlain {
    static constexpr DirectLayout kLayout = {1, 16, 4, 4, 4, true};
    // Of a group, in DirectTable::entries.
    template <bool kNarrow>
    static constexpr int64_t entry_bytes(size_t steps) {
        return kStep * static_cast<int64_t>(1 + (kNarrow ? steps : 2 * steps));
    }

    // The numbers of a group, of which x is the first, in each of kCount lines.
    template <bool kNarrow, bool, size_t kSteps, size_t kCount>
    static void make(const DirectTable &table, const uint8_t *entry, const int32_t *windows, const uint8_t *const *rows,
                     uint32_t *const *lines, int64_t x) {
        for (size_t l = 0; l < kCount; ++l) {
            for (int64_t o = 0; o < table.outputs; ++o) {
                const auto sum = [&](const uint8_t *row) {
                    return sum_of<kNarrow, kSteps>(table, entry + o * kTaps, row + windows[0]);
                };
                uint32_t low, high;
                if constexpr (kNarrow) {
                    low = sum(rows[2 * l]);
                    high = sum(rows[2 * l + 1]);
                } else {
                    const uint32_t both = sum(rows[l]);
                    low = both & ((1u << table.low_bits) - 1);
                    high = both >> table.low_bits;
                }
                lines[l][x + o] = low | high << 16;
            }
        }
    }

  private:
    static constexpr int64_t kTaps = 4, kStep = 16;

    // Of one result sample, whose places and weights begin at `entry`.
    template <bool kNarrow, size_t kSteps>
    static uint32_t sum_of(const DirectTable &table, const uint8_t *entry, const uint8_t *window) {
        const uint8_t *weights = entry;
        uint32_t sum = 0;
        for (size_t i = 0; i < kSteps; ++i, window += table.step_bytes) {
            weights += kNarrow || i == 0 ? kStep : 2 * kStep;
            for (int64_t t = 0; t < kTaps; ++t) {
                const uint32_t weight = kNarrow ? weights[t] : weights[t] | uint32_t{weights[kStep + t]} << 7;
                // Where a place passes the window's end, there is no weight.
                if (weight != 0) sum += weight * window[entry[t]];
            }
        }
        return sum;
    }
};

}  // namespace
}  // namespace isopixel
