// SPDX-License-Identifier: MIT
// The methods of resizing, by names that stay for ever: the one list of them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "isopixel.h"

namespace isopixel {

enum class Method {
    kBilinear,
    kBilinearTwoTap,
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

// What a method is (SPEC ); the order is that of Method.
const isopixel_method &method_info(Method method);
// By index; null after the last.
const isopixel_method *method_info(size_t index);

// Sets *method to that of a name; false if there is none.
bool find_method(std::string_view name, Method *method);

// Does the method re-create another library's?
inline bool is_frozen(Method method) { return method > Method::kBilinearTwoTap; }

// Does the method cover images of this many channels?
bool covers_channels(const isopixel_method &method, int64_t channels);

}  // namespace isopixel
