// SPDX-License-Identifier: MIT
#include "resizer/tap_table.h"

#include <algorithm>

namespace isopixel {

// A window begins at the first tap of its group, or as late as the row allows. What a tap without weight, or a sample
// behind the last result, stands for is any place. False if a group does not fit its window.
bool TapTables::make_windows() {
    constexpr int64_t kGroup = 8, kWindow = 16;
    const int64_t groups = (table_.samples + kSpareSamples) / kGroup, pixels = static_cast<int64_t>(first_.size());
    if (table_.in_samples < kWindow) return false;
    windows_.resize(static_cast<size_t>(groups));
    shuffles_.resize(static_cast<size_t>(groups * kWindow));
    int64_t k = 0, ch = 0;
    uint8_t *place = shuffles_.data();
    for (int32_t &window : windows_) {
        if (k == pixels) break;
        window = static_cast<int32_t>(std::min<int64_t>(first_[static_cast<size_t>(k)], table_.in_samples - kWindow));
        for (int64_t i = 0; i < kGroup && k < pixels; ++i) {
            const int64_t tap0 = first_[static_cast<size_t>(k)] + ch;
            const int64_t tap1 = std::min(tap0 + table_.channels, table_.in_samples - 1);
            if (tap1 - window >= kWindow) return false;
            *place++ = static_cast<uint8_t>(tap0 - window);
            *place++ = static_cast<uint8_t>(tap1 - window);
            if (++ch == table_.channels) ch = 0, ++k;
        }
    }
    return true;
}

}  // namespace isopixel
