// SPDX-License-Identifier: MIT
#include "frozen/frozen.h"

#include <algorithm>

#include "frozen/places.h"
#include "resizer/nearest_resizer.h"

namespace isopixel::frozen {

// by a simpler bound.
bool covers(const Method &method, const ResizeShape &shape) {
    const int64_t longest = std::max({shape.in_height, shape.in_width, shape.out_height, shape.out_width});
    if (longest > method.info.max_side || !covers_channels(method, shape.channels)) return false;
    return method.function != Function::kOpencvArea || covers_area(shape);
}

namespace {

using NearestSamples = std::vector<int64_t>(int64_t in, int64_t out);

std::unique_ptr<Resizer> make_nearest(const ResizeShape &shape, NearestSamples samples) {
    return make_nearest_resizer(shape, samples(shape.in_height, shape.out_height),
                                samples(shape.in_width, shape.out_width));
}

}  // namespace

std::unique_ptr<Resizer> make_resizer(const Method &method, const ResizeShape &shape, const Kernels &kernels) {
    switch (method.function) {
        case Function::kPillow:
            return make_pillow(shape, method.pillow, kernels);
        case Function::kPillowNearest:
            return make_nearest(shape, pillow_nearest_samples);
        case Function::kOpencvLinear:
            return make_opencv_linear(shape, kernels);
        case Function::kOpencvLinearExact:
            return make_opencv_exact(shape, kernels);
        case Function::kOpencvNearest:
            return make_nearest(shape, opencv_nearest_samples);
        case Function::kOpencvArea:
            return make_opencv_area(shape, kernels);
        case Function::kTorchBilinearAntialias:
            return make_torch(shape, true, kernels);
        case Function::kTorchBilinear:
            return make_torch(shape, false, kernels);
        case Function::kTorchNearest:
            return make_nearest(shape, torch_nearest_samples);
        case Function::kBilinear:
        case Function::kBilinearTwoTap:
        case Function::kNearest:
        case Function::kArea:
        case Function::kBicubic:
        case Function::kBicubicFourTap:
            break;
    }
    return nullptr;  // isopixel's own are not frozen
}

}  // namespace isopixel::frozen
