// SPDX-License-Identifier: MIT
// Why a picture is refused.
#pragma once

#include <string>

namespace isopixel {

// Nothing, or what is wrong with a file, as words behind its name, and what to do.
struct Fault {
    const char *what = nullptr, *remedy = nullptr;

    explicit operator bool() const { return what != nullptr; }
    std::string sentence() const { return "the JPEG file " + std::string(what) + ": " + remedy; }
};

inline Fault broken(const char *what) { return {what, "it is broken, so get it again, or store the picture anew"}; }
inline Fault cut_short(const char *what) { return {what, "it is not whole, so get it again"}; }
inline Fault unusual(const char *what) {
    return {what, "decoders make different pictures of it, so convert it to a usual JPEG or PNG first"};
}

}  // namespace isopixel
