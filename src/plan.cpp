// SPDX-License-Identifier: MIT
#include "plan.h"

#include <algorithm>
#include <limits>
#include <numeric>

#include "bilinear/engines.h"
#include "frozen/frozen.h"
#include "kernels/dispatch.h"
#include "resizer/copy_resizer.h"
#include "resizer/halving_resizer.h"
#include "resizer/nearest_resizer.h"
#include "windowed/windowed.h"

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

// Have both axes the taps, or the triangles, of the engines for `bilinear`? So they have with `area`, if the rules
// allow the sizes, where no result is wider than a sample.
bool is_bilinear(const Plan &plan) {
    const Function function = plan.method->function;
    if (function == Function::kArea)
        return plan.vertical.in <= plan.vertical.out && plan.horizontal.in <= plan.horizontal.out &&
               suits_windowed(plan);
    return function == Function::kBilinear || function == Function::kBilinearTwoTap;
}

Weighting weighting_of(const Method &method) {
    if (method.function == Function::kArea) return Weighting::kOverlap;
    return method.info.antialias ? Weighting::kTriangle : Weighting::kTwoTap;
}

// Sizes that are too large by the rules are so at half size too.
bool suits_halving(const Plan &plan) {
    if (!is_half(plan.shape)) return false;
    if (plan.method->function == Function::kArea) return suits_windowed(plan);
    return plan.method->function == Function::kBilinearTwoTap && plan.vertical.supported() &&
           plan.horizontal.supported();
}

// The engine of those that suit which is expected to take the least time. Taps always are better than the ones that
// have costs, and the engine for all sizes of the method worse.
Engine choose_bilinear(const Plan &plan) {
    if (suits(Engine::kTaps, plan)) return Engine::kTaps;
    Engine best = suits(Engine::kWindowed, plan) ? Engine::kWindowed : Engine::kSums;
    double least = std::numeric_limits<double>::infinity();
    for (const Engine engine : {Engine::kDirect, Engine::kFused, Engine::kBlocks}) {
        if (!suits(engine, plan)) continue;
        const double cost = cost_of(engine, plan);
        if (cost >= least) continue;
        best = engine;
        least = cost;
    }
    return best;
}

std::optional<Plan> plan_bilinear(Plan plan) {
    if (!plan.vertical.supported() || !plan.horizontal.supported()) return {};
    plan.bits = accumulator_bits(plan.vertical, plan.horizontal);
    if (plan.bits == 0) return {};
    plan.engine = choose_bilinear(plan);
    return plan;
}

}  // namespace

std::optional<Plan> plan_resize(const ResizeShape &shape, const Method &method) {
    if (std::max({shape.in_height, shape.in_width, shape.out_height, shape.out_width}) > Axis::kMost) return {};
    if (is_frozen(method) && !frozen::covers(method, shape)) return {};
    const Weighting weighting = weighting_of(method);
    Plan plan = {shape,
                 &method,
                 Axis(shape.in_height, shape.out_height, weighting),
                 Axis(shape.in_width, shape.out_width, weighting),
                 32,
                 current_kernels(),
                 Engine::kCopy};
    if (suits(Engine::kCopy, plan)) return plan;
    for (const Engine engine : {Engine::kHalving, Engine::kNearest, Engine::kFrozen}) {
        if (!suits(engine, plan)) continue;
        plan.engine = engine;
        return plan;
    }
    if (is_bilinear(plan)) return plan_bilinear(plan);
    if (!suits(Engine::kWindowed, plan)) return {};
    plan.engine = Engine::kWindowed;
    return plan;
}

bool suits(Engine engine, const Plan &plan) {
    switch (engine) {
        case Engine::kCopy:
            return plan.vertical.in == plan.vertical.out && plan.horizontal.in == plan.horizontal.out;
        case Engine::kTaps:
            return is_bilinear(plan) && suits_taps(plan);
        case Engine::kDirect:
            return is_bilinear(plan) && suits_direct(plan);
        case Engine::kFused:
            return is_bilinear(plan) && suits_fused(plan);
        case Engine::kBlocks:
            return is_bilinear(plan) && suits_blocks(plan);
        case Engine::kSums:
            return is_bilinear(plan);
        case Engine::kNearest:
            return plan.method->function == Function::kNearest;
        case Engine::kHalving:
            return suits_halving(plan);
        case Engine::kWindowed:
            return suits_windowed(plan);
        case Engine::kFrozen:
            break;
    }
    return is_frozen(*plan.method);
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

RowRange source_rows(const Plan &plan, int64_t first, int64_t end) {
    if (plan.engine == Engine::kHalving) return {2 * first, 2 * end};
    if (plan.engine == Engine::kWindowed) return windowed_rows(plan, first, end);
    return {plan.vertical.first_sample(first), plan.vertical.end_sample(end - 1)};
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
        case Engine::kSums:
            return make_sum_resizer(plan);
        case Engine::kNearest:
            return make_nearest_resizer(plan.shape, nearest_samples(plan.shape.in_height, plan.shape.out_height),
                                        nearest_samples(plan.shape.in_width, plan.shape.out_width));
        case Engine::kHalving:
            return make_halving_resizer(plan.shape, false, *plan.kernels);
        case Engine::kWindowed:
            return make_windowed_resizer(plan);
        case Engine::kFrozen:
            break;
    }
    return frozen::make_resizer(*plan.method, plan.shape, *plan.kernels);
}

}  // namespace isopixel
