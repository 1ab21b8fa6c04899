// SPDX-License-Identifier: MIT
#include "frozen/frozen.h"

#include <algorithm>

namespace isopixel::frozen {

// by a simpler bound.
bool covers(Method method, const ResizeShape &shape) {
    // The weights of an axis need about 8 bytes for each of its samples.
    constexpr int64_t kMostSide = (1 << 24) - 1;
    if (std::max({shape.in_height, shape.in_width, shape.out_height, shape.out_width}) > kMostSide) return false;
    const int64_t channels = shape.channels;
    switch (method) {
        case Method::kPillow4:
        case Method::kPillow12_2:
        case Method::kPillow13:
            return channels == 1 || channels == 3 || channels == 4;
        case Method::kPillow4Alpha:
        case Method::kPillow12_2Alpha:
        case Method::kPillow13Alpha:
            return channels == 2 || channels == 4;
        case Method::kOpencvLinear:
        case Method::kOpencvLinearExact:
            return channels <= 512;
        default:
            return channels <= 1 << 16;
    }
}

std::unique_ptr<Resizer> make_resizer(Method method, const ResizeShape &shape, const Kernels &kernels) {
    switch (method) {
        case Method::kPillow4:
            return make_pillow(shape, PillowPassOrder::k4, false, kernels);
        case Method::kPillow4Alpha:
            return make_pillow(shape, PillowPassOrder::k4, true, kernels);
        case Method::kPillow12_2:
            return make_pillow(shape, PillowPassOrder::k12_2, false, kernels);
        case Method::kPillow12_2Alpha:
            return make_pillow(shape, PillowPassOrder::k12_2, true, kernels);
        case Method::kPillow13:
            return make_pillow(shape, PillowPassOrder::k13, false, kernels);
        case Method::kPillow13Alpha:
            return make_pillow(shape, PillowPassOrder::k13, true, kernels);
        case Method::kOpencvLinear:
            return make_opencv_linear(shape, kernels);
        case Method::kOpencvLinearExact:
            return make_opencv_exact(shape, kernels);
        case Method::kTorchAntialias:
            return make_torch(shape, true, kernels);
        default:
            return make_torch(shape, false, kernels);
    }
}

}  // namespace isopixel::frozen
