// SPDX-License-Identifier: MIT
// cv2.resize with INTER_LINEAR and INTER_LINEAR_EXACT (SPEC ), INTER_CUBIC and INTER_LANCZOS4
//
#include <utility>
#include <vector>

#include "frozen/frozen.h"
#include "frozen/multi_tap.h"
#include "frozen/two_tap.h"
#include "frozen/weights.h"
#include "resizer/halving_resizer.h"

namespace isopixel::frozen {
namespace {

// On the horizontal axis the second sample is the one after the first, or without weight.
std::vector<Taps> taps_of(const std::vector<TwoTaps> &axis) {
    std::vector<Taps> taps;
    taps.reserve(axis.size());
    for (const TwoTaps &each : axis) taps.push_back({each.first, each.weight0, each.weight1});
    return taps;
}

}  // namespace

std::unique_ptr<Resizer> make_opencv_linear(const ResizeShape &shape, const Kernels &kernels) {
    const int64_t c = shape.channels;
    if (is_half(shape)) return make_halving_resizer(shape, c == 2 || c > 4, kernels);
    return make_opencv_two_tap(shape, opencv_linear_axis(shape.in_width, shape.out_width, true),
                               opencv_linear_axis(shape.in_height, shape.out_height, false), kernels);
}

std::unique_ptr<Resizer> make_opencv_two_tap(const ResizeShape &shape, const std::vector<TwoTaps> &horizontal,
                                             std::vector<TwoTaps> vertical, const Kernels &kernels) {
    // Without their last 4 bits, sums fit 15.
    return make_two_tap_resizer(
        shape, {taps_of(horizontal), 0, 4, std::move(vertical), kernels.two_tap.blend_linear, 0}, kernels);
}

std::unique_ptr<Resizer> make_opencv_exact(const ResizeShape &shape, const Kernels &kernels) {
    if (is_half(shape)) return make_halving_resizer(shape, shape.channels > 4, kernels);
    return make_two_tap_resizer(shape,
                                {taps_of(opencv_exact_axis(shape.in_width, shape.out_width)), 0, 0,
                                 opencv_exact_axis(shape.in_height, shape.out_height), kernels.two_tap.blend_exact, 0},
                                kernels);
}

std::unique_ptr<Resizer> make_opencv_cubic(const ResizeShape &shape, const Kernels &kernels) {
    return make_multi_tap_resizer(shape,
                                  {opencv_cubic_axis(shape.in_width, shape.out_width),
                                   opencv_cubic_axis(shape.in_height, shape.out_height), kernels.multi_tap.blend_cubic},
                                  kernels);
}

std::unique_ptr<Resizer> make_opencv_lanczos4(const ResizeShape &shape, const Kernels &kernels) {
    return make_multi_tap_resizer(
        shape,
        {opencv_lanczos4_axis(shape.in_width, shape.out_width), opencv_lanczos4_axis(shape.in_height, shape.out_height),
         kernels.multi_tap.blend_lanczos4},
        kernels);
}

}  // namespace isopixel::frozen
