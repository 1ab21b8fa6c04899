// SPDX-License-Identifier: MIT
#include "resizer/tap_table.h"

#include <algorithm>

#include "base/sizes.h"

namespace isopixel {

// A window begins at the first pixel that the one before it does not hold whole, or as late as the row allows. What a
// tap without weight stands for is any place. False if a group needs more than n windows.
bool TapTables::make_windows(int64_t n) {
    constexpr int64_t kWindow = 16;
    const int64_t groups = (table_.samples + kSpareSamples) / kWindowSamples, last = table_.in_samples - kWindow;
    // Pixels of more samples than one that are so far apart are faster one by one.
    if (last < 0 || (n == 4 && table_.channels > 1)) return false;
    windows_.assign(allocation_size(n * groups), 0);
    shuffles_.assign(allocation_size(n * groups * 2 * kWindowSamples), kNoPlace);
    int64_t k = 0, ch = 0, used = 0;
    int32_t *window = nullptr;
    for (int64_t x = 0; x < table_.samples; ++x) {
        const int64_t tap0 = first_[static_cast<size_t>(k)] + ch;
        const int64_t tap1 = std::min(tap0 + table_.channels, table_.in_samples - 1);
        if (x % kWindowSamples == 0) used = 0;
        if (used == 0 || tap1 - *window >= kWindow) {
            if (used == n) return false;
            window = &windows_[static_cast<size_t>(used++ * groups + x / kWindowSamples)];
            *window = static_cast<int32_t>(std::min<int64_t>(first_[static_cast<size_t>(k)], last));
        }
        uint8_t *places = &shuffles_[static_cast<size_t>(2 * ((used - 1) * groups * kWindowSamples + x))];
        places[0] = static_cast<uint8_t>(tap0 - *window);
        places[1] = static_cast<uint8_t>(tap1 - *window);
        if (++ch == table_.channels) ch = 0, ++k;
    }
    table_.n_windows = n;
    table_.groups = groups;
    table_.windows = windows_.data();
    table_.shuffles = shuffles_.data();
    return true;
}

}  // namespace isopixel
