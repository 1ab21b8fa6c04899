// SPDX-License-Identifier: MIT
// What memory the windows of an axis need.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "kernels/kernels.h"

namespace isopixel::frozen {

// The sample behind the last one of a window.
inline int64_t end_of(const Window &window) { return window.first + window.count; }

inline int64_t longest_of(const std::vector<Window> &windows) {
    int64_t longest = 0;
    for (const Window &window : windows) longest = std::max<int64_t>(longest, window.count);
    return longest;
}

// How many results a sample is in the windows of, at most.
inline size_t most_open(const std::vector<Window> &windows) {
    size_t most = 0;
    for (size_t first = 0, i = 0; i < windows.size(); ++i) {
        while (end_of(windows[first]) <= windows[i].first) ++first;
        most = std::max(most, i - first + 1);
    }
    return most;
}

}  // namespace isopixel::frozen
