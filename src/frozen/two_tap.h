// SPDX-License-Identifier: MIT
// Two samples for each result on both axes, in 16 bits: OpenCV, and torch if it needs no more.
#pragma once

#include <memory>
#include <vector>

#include "frozen/weights.h"
#include "kernels/kernels.h"
#include "resizer/resizer.h"

namespace isopixel::frozen {

struct TwoTapPlan {
    size_t bytes() const { return held_bytes(horizontal, vertical); }

    std::vector<Taps> horizontal;  // whose sums become a line: (bias + Σ) >> shift
    int32_t bias;
    int shift;
    std::vector<TwoTaps> vertical;
    TwoTapKernels::Blend blend;  // of two lines
    int blend_shift;
};

std::unique_ptr<Resizer> make_two_tap_resizer(const ResizeShape &shape, TwoTapPlan plan, const Kernels &kernels);

}  // namespace isopixel::frozen
