// SPDX-License-Identifier: MIT
// Half the size on both axes: means of 2 × 2 pixels.
#pragma once

#include <memory>

#include "resizer/resizer.h"

namespace isopixel {

inline bool is_half(const ResizeShape &shape) {
    return shape.in_height == 2 * shape.out_height && shape.in_width == 2 * shape.out_width;
}

// Rounds halves up, or to even.
std::unique_ptr<Resizer> make_halving_resizer(const ResizeShape &shape, bool to_even, const Kernels &kernels);

}  // namespace isopixel
