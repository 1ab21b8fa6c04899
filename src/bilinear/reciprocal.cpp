// SPDX-License-Identifier: MIT
#include "bilinear/reciprocal.h"

namespace isopixel {

Reciprocal reciprocal_of(int64_t d) {
    int before = 0;
    if ((d & (d - 1)) == 0) {
        for (; d > 1; d /= 2) ++before;
        return {before, 0, 0};
    }
    for (;; ++before, d /= 2) {
        for (int after = 0; d < 256 && after < 8; ++after) {
            const int64_t power = INT64_C(1) << (16 + after);
            const int64_t multiplier = (power + d - 1) / d;
            if (multiplier <= UINT16_MAX && 256 * d * (multiplier * d - power) < power)
                return {before, after, static_cast<uint16_t>(multiplier)};
        }
        if (d % 2 != 0) return {0, -1, 0};
    }
}

}  // namespace isopixel
