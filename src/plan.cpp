// SPDX-License-Identifier: MIT
#include "plan.h"

#include <algorithm>

#include "bilinear/engines.h"
#include "frozen/frozen.h"
#include "kernels/dispatch.h"
#include "resizer/copy_resizer.h"

namespace isopixel {
namespace {

// The bits of the accumulator for these axes; 0 if there is none.
int accumulator_bits(const Axis &vertical, const Axis &horizontal) {
    // 255·D + floor(D/2) < 2^bits if D < 2^(bits - 8)
    const auto bits_for = [](U128 sum_y, U128 sum_x) {
        if (bit_length(sum_y) + bit_length(sum_x) > 128) return 0;  // D is at least 2^127
        const int bits = bit_length(sum_y * sum_x) + 8;
        return bits <= 32 ? 32 : bits <= 64 ? 64 : bits <= 128 ? 128 : 0;
    };
    const int bits = bits_for(vertical.weight_sum_bound(), horizontal.weight_sum_bound());
    return bits == 32 ? bits : bits_for(vertical.max_weight_sum(), horizontal.max_weight_sum());
}

// Is the fused engine the fastest that suits? A window of few pixels leaves most of its vectors' sums idle.
bool pays_fused(const Plan &plan) {
    return plan.horizontal.w >= (plan.shape.channels == 1 ? 4 : 3) * plan.horizontal.v;
}

}  // namespace

std::optional<Plan> plan_resize(const ResizeShape &shape, Method method) {
    if (std::max({shape.in_height, shape.in_width, shape.out_height, shape.out_width}) > Axis::kMost) return {};
    const Kernels *kernels = current_kernels();
    const bool antialias = method_info(method).antialias;
    const Axis vertical(shape.in_height, shape.out_height, antialias);
    const Axis horizontal(shape.in_width, shape.out_width, antialias);
    if (is_frozen(method)) {
        if (!frozen::covers(method, shape)) return {};
        Plan plan = {shape, method, vertical, horizontal, 32, kernels, Engine::kFrozen};
        if (suits(Engine::kCopy, plan)) plan.engine = Engine::kCopy;
        return plan;
    }
    if (!vertical.supported() || !horizontal.supported()) return {};
    Plan plan = {shape, method, vertical, horizontal, accumulator_bits(vertical, horizontal), kernels, Engine::kCopy};
    if (plan.bits == 0) return {};
    for (const Engine engine :
         {Engine::kSums, Engine::kBlocks, Engine::kFused, Engine::kDirect, Engine::kTaps, Engine::kCopy})
        if (suits(engine, plan) && (engine != Engine::kFused || pays_fused(plan))) plan.engine = engine;
    return plan;
}

bool suits(Engine engine, const Plan &plan) {
    switch (engine) {
        case Engine::kCopy:
            return plan.vertical.in == plan.vertical.out && plan.horizontal.in == plan.horizontal.out;
        case Engine::kTaps:
            return suits_taps(plan);
        case Engine::kDirect:
            return suits_direct(plan);
        case Engine::kFused:
            return suits_fused(plan);
        case Engine::kBlocks:
            return suits_blocks(plan);
        case Engine::kSums:
            break;
        case Engine::kFrozen:
            return false;
    }
    return true;
}

std::unique_ptr<Resizer> make_resizer(const Plan &plan) {
    switch (plan.engine) {
        case Engine::kCopy:
            return std::make_unique<CopyResizer>(plan.shape);
        case Engine::kTaps:
            return make_tap_resizer(plan);
        case Engine::kDirect:
            return make_direct_resizer(plan);
        case Engine::kFused:
            return make_fused_resizer(plan);
        case Engine::kBlocks:
            return make_block_resizer(plan);
        case Engine::kFrozen:
            return frozen::make_resizer(plan.method, plan.shape, *plan.kernels);
        case Engine::kSums:
            break;
    }
    return make_sum_resizer(plan);
}

}  // namespace isopixel
