// SPDX-License-Identifier: MIT
#include "frozen/frozen.h"

#include <algorithm>
#include <optional>

#include "frozen/places.h"
#include "frozen/two_pass.h"
#include "resizer/nearest_resizer.h"

namespace isopixel::frozen {

// and by a simpler bound: 8·n_out·(2·⌈w⌉ + 1) is at most 8·(6·n_in + 3·n_out) if the
// axis shrinks, and 8·7·n_out if it does not, both below 2³¹ for sides below 2²⁴.
bool covers(const Method &method, const ResizeShape &shape) {
    const int64_t longest = std::max({shape.in_height, shape.in_width, shape.out_height, shape.out_width});
    if (longest > method.info.max_side || !covers_channels(method, shape.channels)) return false;
    return method.function != Function::kOpencvArea || covers_area(shape);
}

namespace {

std::optional<TorchFilter> torch_filter_of(Function function) {
    switch (function) {
        case Function::kTorchBilinearAntialias:
            return TorchFilter::kBilinearAntialias;
        case Function::kTorchBilinear:
            return TorchFilter::kBilinear;
        case Function::kTorchBicubicAntialias:
            return TorchFilter::kBicubicAntialias;
        case Function::kTorchBicubic:
            return TorchFilter::kBicubic;
        default:
            return {};
    }
}

// What finds the sample of each result; null for methods that take more than one.
using NearestSamples = std::vector<int64_t>(int64_t in, int64_t out);
NearestSamples *nearest_samples_of(Function function) {
    switch (function) {
        case Function::kPillowNearest:
            return pillow_nearest_samples;
        case Function::kOpencvNearest:
            return opencv_nearest_samples;
        case Function::kTorchNearest:
            return torch_nearest_samples;
        default:
            return nullptr;
    }
}

// A window of one sample for each result, of which (1 + 2·p) >> 1 is p.
FixedAxis axis_of(const std::vector<int64_t> &samples) {
    FixedAxis axis{{}, {2}, 1};
    for (const int64_t sample : samples) axis.windows.push_back({static_cast<int32_t>(sample), 1, 0});
    return axis;
}

}  // namespace

std::optional<TwoPassPlan> passes_of(const Method &method, const ResizeShape &shape) {
    if (method.function == Function::kPillow) return pillow_passes(shape, method.pillow);
    if (const auto filter = torch_filter_of(method.function)) return torch_passes(shape, *filter);
    if (const auto samples = nearest_samples_of(method.function))
        return TwoPassPlan{axis_of(samples(shape.in_width, shape.out_width)),
                           axis_of(samples(shape.in_height, shape.out_height)), false};
    return {};
}

std::unique_ptr<Resizer> make_resizer(const Method &method, const ResizeShape &shape, const Kernels &kernels) {
    if (const auto filter = torch_filter_of(method.function)) return make_torch(shape, *filter, kernels);
    if (const auto samples = nearest_samples_of(method.function))
        return make_nearest_resizer(shape, samples(shape.in_height, shape.out_height),
                                    samples(shape.in_width, shape.out_width));
    switch (method.function) {
        case Function::kPillow:
            return make_pillow(shape, method.pillow, kernels);
        case Function::kOpencvLinear:
            return make_opencv_linear(shape, kernels);
        case Function::kOpencvLinearExact:
            return make_opencv_exact(shape, kernels);
        case Function::kOpencvArea:
            return make_opencv_area(shape, kernels);
        case Function::kOpencvCubic:
            return make_opencv_cubic(shape, kernels);
        case Function::kOpencvLanczos4:
            return make_opencv_lanczos4(shape, kernels);
        default:
            return nullptr;  // isopixel's own are not frozen
    }
}

}  // namespace isopixel::frozen
