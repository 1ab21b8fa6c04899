// SPDX-License-Identifier: MIT
// The weights of the frozen peers (SPEC ), which are defined by floating point. Here alone it
// decides bits, and in MultiTapKernels::blend_cubic. These files are compiled so that no option of the user changes
// them.
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

// Result i is made of `taps` samples from first[i] on, with as many weights; beyond an edge stands the sample at the
// edge.
struct MultiTapAxis {
    size_t bytes() const { return held_bytes(first, weights); }

    int64_t taps;  // 4 or 8
    std::vector<int32_t> first;
    std::vector<int16_t> weights;
};

MultiTapAxis opencv_cubic_axis(int64_t in, int64_t out);
MultiTapAxis opencv_lanczos4_axis(int64_t in, int64_t out);

}  // namespace isopixel::frozen
