// SPDX-License-Identifier: MIT
#include "frozen/frozen.h"

#include <algorithm>

namespace isopixel::frozen {

// R-18; and by a simpler bound: 8·n_out·(2·⌈w⌉ + 1) is at most 8·(6·n_in + 3·n_out) if the axis shrinks,
// and 8·7·n_out if it does not, both below 2³¹ for sides below 2²⁴.
bool covers(const Method &method, const ResizeShape &shape) {
    const int64_t longest = std::max({shape.in_height, shape.in_width, shape.out_height, shape.out_width});
    return longest <= method.info.max_side && covers_channels(method, shape.channels);
}

std::unique_ptr<Resizer> make_resizer(const Method &method, const ResizeShape &shape, const Kernels &kernels) {
    switch (method.function) {
        case Function::kPillow:
            return make_pillow(shape, method.pillow, kernels);
        case Function::kOpencvLinear:
            return make_opencv_linear(shape, kernels);
        case Function::kOpencvLinearExact:
            return make_opencv_exact(shape, kernels);
        case Function::kOpencvCubic:
            return make_opencv_cubic(shape, kernels);
        case Function::kOpencvLanczos4:
            return make_opencv_lanczos4(shape, kernels);
        case Function::kTorchBilinearAntialias:
            return make_torch(shape, TorchFilter::kBilinearAntialias, kernels);
        case Function::kTorchBilinear:
            return make_torch(shape, TorchFilter::kBilinear, kernels);
        case Function::kTorchBicubicAntialias:
            return make_torch(shape, TorchFilter::kBicubicAntialias, kernels);
        case Function::kTorchBicubic:
            return make_torch(shape, TorchFilter::kBicubic, kernels);
        case Function::kBilinear:
        case Function::kBilinearTwoTap:
            break;
    }
    return nullptr;  // isopixel's own are not frozen
}

}  // namespace isopixel::frozen
