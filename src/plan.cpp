// SPDX-License-Identifier: MIT
#include "plan.h"

#include <algorithm>
#include <numeric>

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

// The engine of those that suit which is expected to take the least time. Those before and behind the ones that have
// costs always are better, and worse.
Engine choose_engine(const Plan &plan) {
    for (const Engine engine : {Engine::kCopy, Engine::kTaps})
        if (suits(engine, plan)) return engine;
    Engine best = Engine::kSums;
    double least = 0;
    for (const Engine engine : {Engine::kDirect, Engine::kFused, Engine::kBlocks}) {
        if (!suits(engine, plan)) continue;
        const double cost = cost_of(engine, plan);
        if (best != Engine::kSums && cost >= least) continue;
        best = engine;
        least = cost;
    }
    return best;
}

}  // namespace

std::optional<Plan> plan_resize(const ResizeShape &shape, const Method &method) {
    if (std::max({shape.in_height, shape.in_width, shape.out_height, shape.out_width}) > Axis::kMost) return {};
    const Kernels *kernels = current_kernels();
    const bool antialias = method.info.antialias;
    const Axis vertical(shape.in_height, shape.out_height, antialias);
    const Axis horizontal(shape.in_width, shape.out_width, antialias);
    if (is_frozen(method)) {
        if (!frozen::covers(method, shape)) return {};
        Plan plan = {shape, &method, vertical, horizontal, 32, kernels, Engine::kFrozen};
        if (suits(Engine::kCopy, plan)) plan.engine = Engine::kCopy;
        return plan;
    }
    if (!vertical.supported() || !horizontal.supported()) return {};
    Plan plan = {shape, &method, vertical, horizontal, accumulator_bits(vertical, horizontal), kernels, Engine::kCopy};
    if (plan.bits == 0) return {};
    plan.engine = choose_engine(plan);
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

Work work_of(Engine engine, const Plan &plan) {
    if (engine == Engine::kDirect) return direct_work(plan);
    return engine == Engine::kFused ? fused_work(plan) : block_work(plan);
}

double cost_of(Engine engine, const Plan &plan) {
    const Costs &costs = plan.kernels->costs;
    const double *each = engine == Engine::kDirect  ? costs.direct
                         : engine == Engine::kFused ? costs.fused
                                                    : costs.blocks;
    const Work work = work_of(engine, plan);
    return std::inner_product(work.begin(), work.end(), each, 0.0);
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
            return frozen::make_resizer(*plan.method, plan.shape, *plan.kernels);
        case Engine::kSums:
            break;
    }
    return make_sum_resizer(plan);
}

}  // namespace isopixel
