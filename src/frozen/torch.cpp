// SPDX-License-Identifier: MIT
// torch.nn.functional.interpolate of uint8 (SPEC ).
#include <optional>
#include <utility>
#include <vector>

#include "frozen/frozen.h"
#include "frozen/two_pass.h"
#include "frozen/two_tap.h"

namespace isopixel::frozen {
namespace {

// The axis as two samples for each result, if no more have weight, and none has one below 0; an axis that keeps its
// size has one.
struct TwoTapAxis {
    std::vector<Taps> taps;
    int shift;
};

std::optional<TwoTapAxis> two_taps_of(const std::optional<FixedAxis> &axis, int64_t size) {
    TwoTapAxis two_taps{{}, 1};
    if (!axis) {
        for (int64_t i = 0; i < size; ++i) two_taps.taps.push_back({i, 2, 0});  // (1 + 2·p) >> 1 is p
        return two_taps;
    }
    two_taps.shift = axis->shift;
    for (const Window &window : axis->windows) {
        const int32_t *weights = axis->weights.data() + window.weights;
        int32_t first = 0, end = window.count;
        while (first + 1 < end && weights[first] == 0) ++first;
        while (end > first + 1 && weights[end - 1] == 0) --end;
        if (end - first > 2 || weights[first] < 0 || weights[end - 1] < 0) return {};
        two_taps.taps.push_back({window.first + first, weights[first], end - first == 2 ? weights[first + 1] : 0});
    }
    return two_taps;
}

std::optional<FixedAxis> axis_of(int64_t in, int64_t out, TorchFilter filter) {
    if (in == out) return {};
    return torch_axis(in, out, filter);
}

}  // namespace

TwoPassPlan torch_passes(const ResizeShape &shape, TorchFilter filter) {
    return {axis_of(shape.in_width, shape.out_width, filter), axis_of(shape.in_height, shape.out_height, filter),
            false};
}

std::unique_ptr<Resizer> make_torch(const ResizeShape &shape, TorchFilter filter, const Kernels &kernels) {
    TwoPassPlan plan = torch_passes(shape, filter);
    auto horizontal = two_taps_of(plan.horizontal, shape.in_width);
    const auto vertical = two_taps_of(plan.vertical, shape.in_height);
    if (!horizontal || !vertical) return make_two_pass_resizer(shape, std::move(plan), kernels);
    std::vector<TwoTaps> rows;
    rows.reserve(vertical->taps.size());
    for (const Taps &taps : vertical->taps) {
        const int32_t first = static_cast<int32_t>(taps.first);
        rows.push_back({first, first + (taps.weight1 != 0), static_cast<int32_t>(taps.weight0),
                        static_cast<int32_t>(taps.weight1)});
    }
    const int shift = horizontal->shift;
    return make_two_tap_resizer(shape,
                                {std::move(horizontal->taps), 1 << (shift - 1), shift, std::move(rows),
                                 kernels.two_tap.blend_fixed, vertical->shift},
                                kernels);
}

}  // namespace isopixel::frozen
