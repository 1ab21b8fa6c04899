// SPDX-License-Identifier: MIT
// Batches of images, shared by threads. But for check_and_plan, what is checked has been checked: sizes and strides
// fit.
#pragma once

#include <cstdint>
#include <optional>

#include "isopixel.h"
#include "plan.h"

namespace isopixel {

// Checks the sizes of a resize by current_kernels(), and plans it. Fails with BAD_SIZE, TOO_LARGE, UNKNOWN_ISA or
// NOT_COVERED.
isopixel_status check_and_plan(const Method &method, const ResizeShape &shape, std::optional<Plan> *plan);

// Resizes `images` images as planned, in up to `threads` threads. Returns OK, or NO_MEMORY.
isopixel_status resize_images(const Plan &plan, int64_t images, const uint8_t *in, isopixel_strides in_strides,
                              uint8_t *out, isopixel_strides out_strides, int threads);

// Normalises images by the table of R-30, as isopixel_normalize does. Returns OK, or NO_MEMORY.
isopixel_status normalize_images(const float *table, int64_t images, int64_t channels, isopixel_size size,
                                 const uint8_t *in, isopixel_sample_strides in_strides, float *out, int threads);

}  // namespace isopixel
