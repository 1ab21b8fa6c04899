// SPDX-License-Identifier: MIT
// Recipes: one line of text that says how a source becomes an array (SPEC R-16).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "bytes/layout.h"
#include "normalization.h"
#include "recipe/image_source.h"
#include "recipe/steps.h"

namespace isopixel {

struct Recipe {
    std::variant<Layout, ImageSource> source;
    std::vector<Step> steps;  // of a layout: at most one resize to H,W
    std::optional<Normalization> normalization;
    std::vector<float> table;  // of the normalization, 256 numbers for each channel

    const Layout *layout() const { return std::get_if<Layout>(&source); }
    const ImageSource *image() const { return std::get_if<ImageSource>(&source); }
    int64_t channels() const { return layout() ? layout()->channels() : image()->channels(); }

    // Returns false for what is not a recipe, having said in *problem what is wrong; *recipe is then anything.
    static bool parse(const std::string &text, Recipe *recipe, std::string *problem);
    // The canonical line.
    std::string text() const;
};

}  // namespace isopixel
