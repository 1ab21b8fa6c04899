// SPDX-License-Identifier: MIT
// Two passes over an image, one for each axis, with samples of 8 bits between them: what Pillow and torch have in
// common.
#pragma once

#include <memory>
#include <optional>

#include "frozen/weights.h"
#include "kernels/kernels.h"
#include "resizer/resizer.h"

namespace isopixel::frozen {

struct TwoPassPlan {
    std::optional<FixedAxis> horizontal, vertical;  // none for an axis that keeps its size
    bool vertical_first;
};

std::unique_ptr<Resizer> make_two_pass_resizer(const ResizeShape &shape, TwoPassPlan plan, const Kernels &kernels);

}  // namespace isopixel::frozen
