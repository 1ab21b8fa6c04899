// SPDX-License-Identifier: MIT
// The methods of resizing, by names that stay for ever: the one list of them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "isopixel.h"

namespace isopixel {

// What computes a method: isopixel's own first.
enum class Function {
    kBilinear,
    kBilinearTwoTap,
    kNearest,
    kArea,
    kBicubic,
    kBicubicFourTap,
    kPillow,
    kPillowNearest,
    kOpencvLinear,
    kOpencvLinearExact,
    kOpencvNearest,
    kOpencvArea,
    kOpencvCubic,
    kOpencvLanczos4,
    kTorchBilinearAntialias,
    kTorchBilinear,
    kTorchNearest,
    kTorchBicubicAntialias,
    kTorchBicubic,
};

// The window of a filter of Pillow (SPEC ), the release whose order of the passes is meant, and
// whether the last channel is alpha.
enum class PillowFilter { kBilinear, kBox, kHamming, kBicubic, kLanczos };
enum class PillowPassOrder { k4, k12_2, k13 };
struct PillowResize {
    PillowFilter filter;
    PillowPassOrder order;
    bool is_alpha;
};

// What a method is (SPEC ).
struct Method {
    isopixel_method info;
    Function function;
    PillowResize pillow{};  // of Function::kPillow
};

// By index, or by name; null if there is none.
const Method *method_at(size_t index);
const Method *find_method(std::string_view name);

// Does the method re-create another library's?
inline bool is_frozen(const Method &method) { return method.function >= Function::kPillow; }

// Does the method cover images of this many channels?
bool covers_channels(const Method &method, int64_t channels);

// Does the method cover images of this many channels, and make of each channel what it makes of an image of it alone?
bool separates_channels(const Method &method, int64_t channels);

}  // namespace isopixel
