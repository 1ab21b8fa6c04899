// SPDX-License-Identifier: MIT
// The steps of a recipe from image to image: resize, crop, pad (SPEC ).
#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "resizer/method.h"

namespace isopixel {

// The last step of a recipe, which is not one from image to image.
constexpr const char *kNormalize = "normalize";

enum class Sizing { kSides, kShort, kFit };
enum class FitRounding { kEven, kDown, kHalfUp };

//
struct ResizeStep {
    const Method *method;
    Sizing sizing = Sizing::kSides;
    int64_t height, width;  // kShort: both that of the shorter side
    FitRounding rounding = FitRounding::kEven;
};

//
struct CropStep {
    int64_t height, width;  // 0: square
    bool rounds_to_even = false;
};

//
struct PadStep {
    int64_t height, width;        // 0: square
    std::vector<uint8_t> values;  // one for all channels, or one for each
    bool is_at_corner = false;
};

using Step = std::variant<ResizeStep, CropStep, PadStep>;

// The image that a step makes of another one.
struct Placement {
    int64_t height, width;
    int64_t top, left;  // of a crop in the image; of the image in a pad
};

// Reads a step for images of these channels. Returns false for another text, having said in *problem what is wrong.
bool parse_step(const std::string &text, int64_t channels, Step *step, std::string *problem);

// The canonical text.
std::string text_of(const Step &step);

// What the step makes of an image of this size. Returns false for one that it refuses, having said in *problem why.
bool place(const Step &step, int64_t height, int64_t width, Placement *placement, std::string *problem);

}  // namespace isopixel
