// SPDX-License-Identifier: MIT
#include "bilinear/direct_plan.h"

#include <algorithm>
#include <cmath>

#include "base/sizes.h"
#include "bilinear/engines.h"

namespace isopixel {
namespace {

// The last place in a window of `outputs` results that it takes in the first step, at most.
int64_t last_place(const Axis &axis, int64_t channels, int64_t taps, int64_t outputs) {
    int64_t most = 0;
    // Windows begin with any channel, or with the first if whole pixels follow each other.
    const int64_t phases = outputs % channels == 0 ? 1 : channels;
    for (int64_t ch = 0; ch < phases; ++ch) {
        const int64_t pixels = (ch + outputs - 1) / channels, last = (ch + outputs - 1) % channels;
        // Windows of results are w/v apart on average, so that m of them are at most ceil(m·w/v).
        most = std::max(most, quotient_up(pixels * axis.w, axis.v) * channels + last - ch);
    }
    return most + (taps - 1) * channels;
}

}  // namespace

// Σ = R²/(2v) + v/2 at most: by the trapezoid rule in steps of h = 2v, the triangle's foot adds to its area R² at most
// h²/8 on each side, and its peak nothing; a window that the image cuts off has less.
DirectAxis::DirectAxis(const Axis &axis)
    : halvings(axis.halvings()),
      most_weight(axis.half_width >> halvings),
      most_sum((axis.half_width * axis.half_width + axis.v * axis.v) / (2 * axis.v) >> halvings),
      taps(quotient_up(axis.half_width, axis.v)) {}

std::optional<DirectPlan> plan_direct(const Plan &plan) {
    const DirectLayout &layout = plan.kernels->direct.layout;
    const Axis &y = plan.vertical, &x = plan.horizontal;
    if (layout.group == 0 || !y.triangle || !x.triangle) return {};
    if (plan.shape.in_width > kMostRowSamples / plan.shape.channels) return {};
    // Weights and their sums are then below 2^31: R²/(2v) is at most 2^30.
    if (std::max(y.half_width, x.half_width) > 2 * kMostWideWeight + 1) return {};
    DirectPlan direct = {DirectAxis(y), DirectAxis(x), false, 0, false, 0, 0, false, 0};
    const int64_t most_x = direct.horizontal.most_sum, most_y = direct.vertical.most_sum;
    // 255·D is a number of 32 bits with a sign.
    if (most_x > INT32_MAX / 255 / most_y) return {};
    direct.small = most_x * most_y <= kMostSmallDivisor;
    direct.narrow = 255 * most_x <= kMostHalf && direct.horizontal.most_weight <= kMostNarrowWeight;
    while (!direct.narrow && 255 * most_x >> direct.low_bits > kMostHalf) ++direct.low_bits;
    if (direct.horizontal.most_weight > kMostWideWeight) return {};
    if (direct.vertical.most_weight << direct.low_bits > kMostHalf) return {};

    direct.lines = direct.narrow ? direct.vertical.taps / 2 + 1 : direct.vertical.taps;
    const int64_t taps = direct.narrow ? layout.narrow_taps : layout.wide_taps;
    direct.steps = quotient_up(direct.horizontal.taps, taps);
    direct.outputs = layout.outputs;
    while (direct.outputs > 0 && last_place(x, plan.shape.channels, taps, direct.outputs) >= layout.bytes)
        --direct.outputs;
    direct.one_window = last_place(x, plan.shape.channels, taps * direct.steps, direct.outputs) < layout.bytes;
    if (direct.lines > kMostDirectLines || direct.steps > kMostDirectSteps || direct.outputs == 0) return {};
    return direct;
}

Work direct_work(const Plan &plan) {
    const DirectPlan direct = *plan_direct(plan);
    const DirectLayout &layout = plan.kernels->direct.layout;
    const double rows = static_cast<double>(plan.shape.in_height), lines = direct.narrow ? rows / 2 : rows;
    const double samples = static_cast<double>(plan.shape.out_width * plan.shape.channels);
    const double groups = std::ceil(samples / static_cast<double>(direct.outputs * layout.group));
    const double results = static_cast<double>(plan.shape.out_height) * samples;
    const double halves = direct.narrow ? 1 : 2;
    const double lines_of_result =
        static_cast<double>(plan.vertical.half_width) / static_cast<double>(plan.vertical.v) / (direct.narrow ? 2 : 1) +
        0.5;
    // Steps of a group of windows, twice if weights are wide; groups of a line; products of lines; results.
    return {rows * groups * static_cast<double>(direct.steps) * halves, lines * groups, results * lines_of_result,
            results};
}

bool suits_direct(const Plan &plan) { return plan_direct(plan).has_value(); }

}  // namespace isopixel
