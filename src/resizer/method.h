// SPDX-License-Identifier: MIT
// The methods of resizing, by names that stay for ever.
#pragma once

#include <cstddef>
#include <string_view>

namespace isopixel {

enum class Method {
    kBilinear,
    kPillow4,
    kPillow4Alpha,
    kPillow12_2,
    kPillow12_2Alpha,
    kPillow13,
    kPillow13Alpha,
    kOpencvLinear,
    kOpencvLinearExact,
    kTorchAntialias,
    kTorch,
};

// In the order of Method.
constexpr const char *kMethods[] = {
    "bilinear",
    "pillow-4-bilinear",
    "pillow-4-bilinear-alpha",
    "pillow-12.2-bilinear",
    "pillow-12.2-bilinear-alpha",
    "pillow-13-bilinear",
    "pillow-13-bilinear-alpha",
    "opencv-3.4-linear",
    "opencv-3.4-linear-exact",
    "torch-2.13-bilinear-antialias",
    "torch-2.13-bilinear",
};
constexpr size_t kMethodCount = sizeof kMethods / sizeof *kMethods;
static_assert(static_cast<size_t>(Method::kTorch) + 1 == kMethodCount);

inline const char *method_name(size_t index) { return index < kMethodCount ? kMethods[index] : nullptr; }

// Sets *method to that of a name; false where there is none.
inline bool find_method(std::string_view name, Method *method) {
    for (size_t i = 0; i < kMethodCount; ++i) {
        if (name != kMethods[i]) continue;
        *method = static_cast<Method>(i);
        return true;
    }
    return false;
}

}  // namespace isopixel
