// SPDX-License-Identifier: MIT
#include "frozen/frozen.h"

#include <algorithm>

namespace isopixel::frozen {

// by a simpler bound.
bool covers(Method method, const ResizeShape &shape) {
    const isopixel_method &info = method_info(method);
    const int64_t longest = std::max({shape.in_height, shape.in_width, shape.out_height, shape.out_width});
    return longest <= info.max_side && covers_channels(info, shape.channels);
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
        case Method::kTorch:
            return make_torch(shape, false, kernels);
        case Method::kBilinear:
        case Method::kBilinearTwoTap:
            break;
    }
    return nullptr;  // isopixel's own are not frozen
}

}  // namespace isopixel::frozen
