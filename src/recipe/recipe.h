// SPDX-License-Identifier: MIT
// Recipes: one line of text that says how bytes become an array (SPEC R-16).
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "bytes/layout.h"
#include "normalization.h"
#include "resizer/method.h"

namespace isopixel {

struct Recipe {
    Layout layout;
    Method method = Method::kBilinear;
    bool antialias = true;          // false for a method other than bilinear
    int64_t height = 0, width = 0;  // 0: the layout's image is not resized
    std::optional<Normalization> normalization;

    // Of another text it returns false, and says in *problem what is wrong; *recipe is then anything.
    static bool parse(const std::string &text, Recipe *recipe, std::string *problem);
    // The canonical line.
    std::string text() const;
};

}  // namespace isopixel
