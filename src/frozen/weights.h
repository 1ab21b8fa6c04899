// SPDX-License-Identifier: MIT
// The weights of the frozen peers (SPEC ), which are defined by floating point: the only place in which it
// decides bits. weights.cpp is compiled so that no option of the user changes them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/held_bytes.h"
#include "kernels/kernels.h"
#include "resizer/method.h"

namespace isopixel::frozen {

// As WindowList.
struct FixedAxis {
    size_t bytes() const { return held_bytes(windows, weights); }

    std::vector<Window> windows;
    std::vector<int32_t> weights;
    int shift;
};

FixedAxis pillow_axis(int64_t in, int64_t out, PillowFilter filter);

enum class TorchFilter { kBilinearAntialias, kBilinear, kBicubicAntialias, kBicubic };
FixedAxis torch_axis(int64_t in, int64_t out, TorchFilter filter);

// Result i is made of samples first and second, which may be the same.
struct TwoTaps {
    int32_t first, second;
    int32_t weight0, weight1;
};

// The vertical axis of INTER_LINEAR keeps the weights of a sample beyond an edge, the horizontal one does not.
std::vector<TwoTaps> opencv_linear_axis(int64_t in, int64_t out, bool horizontal);
std::vector<TwoTaps> opencv_exact_axis(int64_t in, int64_t out);

}  // namespace isopixel::frozen
