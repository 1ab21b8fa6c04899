// SPDX-License-Identifier: MIT
// What the readers of layouts and recipes share.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace isopixel {

// What a reader returns for a text that it refuses: false, and what is wrong.
inline bool refuse(std::string *problem, std::string message) {
    *problem = std::move(message);
    return false;
}

// A text as messages show it: a long one is cut, so that the rest of the message has room.
inline std::string quoted(const std::string &text) {
    constexpr size_t kMostShown = 60;
    return "'" + (text.size() <= kMostShown ? text : text.substr(0, kMostShown) + "...") + "'";
}

// A decimal number from `least` to `most`, without leading zeros; -1 for any other text. least >= 0
inline int64_t number(const std::string &text, int64_t least, int64_t most) {
    constexpr size_t kMostDigits = 19;  // as 2^63 - 1 has, and so few that they fit 64 bits
    if (text.empty() || text.size() > kMostDigits || (text[0] == '0' && text.size() > 1)) return -1;
    if (text.find_first_not_of("0123456789") != std::string::npos) return -1;
    uint64_t value = 0;
    for (const char digit : text) value = 10 * value + static_cast<uint64_t>(digit - '0');
    if (most < least || value < static_cast<uint64_t>(least) || value > static_cast<uint64_t>(most)) return -1;
    return static_cast<int64_t>(value);
}

// The parts of a text between separators; always at least one.
inline std::vector<std::string> split(const std::string &text, char separator) {
    std::vector<std::string> parts(1);
    for (char c : text)
        if (c == separator) parts.emplace_back();
        else parts.back() += c;
    return parts;
}

}  // namespace isopixel
