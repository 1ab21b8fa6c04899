// SPDX-License-Identifier: MIT
// Four or eight samples for each result on both axes: OpenCV's INTER_CUBIC and INTER_LANCZOS4.
#pragma once

#include <memory>

#include "frozen/weights.h"
#include "kernels/kernels.h"
#include "resizer/resizer.h"

namespace isopixel::frozen {

struct MultiTapPlan {
    size_t bytes() const { return held_bytes(horizontal, vertical); }

    MultiTapAxis horizontal, vertical;
    MultiTapKernels::Blend blend;  // of the lines of the vertical taps
};

std::unique_ptr<Resizer> make_multi_tap_resizer(const ResizeShape &shape, MultiTapPlan plan, const Kernels &kernels);

}  // namespace isopixel::frozen
