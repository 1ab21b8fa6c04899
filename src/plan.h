// SPDX-License-Identifier: MIT
// From a shape and a method to an engine.
#pragma once

#include <memory>
#include <optional>

#include "bilinear/engines.h"
#include "resizer/resizer.h"

namespace isopixel {

// With current_kernels(), which are not to be null. None if no accumulator is wide enough, or a size is beyond the
// arithmetic of an axis, or a frozen method does not cover the sizes or channels.
std::optional<Plan> plan_resize(const ResizeShape &shape, const Method &method);

// Does an engine suit these sizes, with an accumulator of these bits, and compute the method?
bool suits(Engine engine, const Plan &plan);

// How much work kDirect, kFused or kBlocks, which suits, would have, and how long that takes, in picoseconds.
Work work_of(Engine engine, const Plan &plan);
double cost_of(Engine engine, const Plan &plan);

// Throws std::bad_alloc.
std::unique_ptr<Resizer> make_resizer(const Plan &plan);

}  // namespace isopixel
