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
    const Method *method = find_method("bilinear");
    int64_t height = 0, width = 0;  // 0: the layout's image is not resized
    std::optional<Normalization> normalization;

    bool is_resized() const { return height > 0; }

    // These return false for what is not a recipe, having said in *problem what is wrong; *recipe is then anything.
    static bool parse(const std::string &text, Recipe *recipe, std::string *problem);
    // From its parts: method is null, and height and width are 0, for no resize; mean and deviation are null for no
    // normalisation.
    static bool make(const char *layout, const char *method, int64_t height, int64_t width, const char *mean,
                     const char *deviation, Recipe *recipe, std::string *problem);
    // The canonical line.
    std::string text() const;
};

}  // namespace isopixel
