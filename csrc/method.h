// SPDX-License-Identifier: MIT
// The names of the methods of resizing.
#pragma once

#include <cstddef>
#include <string>

namespace isopix {

constexpr const char *kMethods[] = {"bilinear"};

inline const char *method_name(size_t index) {
    return index < sizeof kMethods / sizeof *kMethods ? kMethods[index] : nullptr;
}

// The name of a method, which stays for ever; null where there is none of that name.
inline const char *find_method(const std::string &name) {
    for (const char *known : kMethods)
        if (name == known) return known;
    return nullptr;
}

}  // namespace isopix
