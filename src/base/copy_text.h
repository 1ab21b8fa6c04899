// SPDX-License-Identifier: MIT
// Texts for callers of the C interface.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <string_view>

namespace isopixel {

// Copies a text with its final zero, cut to `capacity`; nothing to a null `to`.
inline void copy_text(std::string_view text, char *to, size_t capacity) {
    if (!to || capacity == 0) return;
    const size_t n = std::min(text.size(), capacity - 1);
    std::memcpy(to, text.data(), n);
    to[n] = '\0';
}

}  // namespace isopixel
