// SPDX-License-Identifier: MIT
#include "frozen/area_axis.h"

#include <algorithm>
#include <cmath>

#include "base/sizes.h"
#include "frozen/opencv_scale.h"

namespace isopixel::frozen {

int64_t area_block(int64_t in, int64_t out) {
    const double scale = opencv_scale(in, out);
    return scale >= 1 && scale == std::rint(scale) ? static_cast<int64_t>(scale) : 0;
}

AreaAxis area_axis(int64_t in, int64_t out) {
    AreaAxis axis;
    axis.windows.reserve(allocation_size(out));
    const double scale = opencv_scale(in, out);
    for (int64_t i = 0; i < out; ++i) {
        const double a = static_cast<double>(i) * scale, e = a + scale;
        const double d = std::min(scale, static_cast<double>(in) - a);
        const int64_t hi = std::min(static_cast<int64_t>(std::floor(e)), in - 1);
        const int64_t lo = std::min(static_cast<int64_t>(std::ceil(a)), hi);
        const double before = static_cast<double>(lo) - a, behind = e - static_cast<double>(hi);
        const size_t begin = axis.weights.size();
        if (before > 0.001) axis.weights.push_back(static_cast<float>(before / d));
        axis.weights.insert(axis.weights.end(), static_cast<size_t>(hi - lo), static_cast<float>(1.0 / d));
        if (behind > 0.001) axis.weights.push_back(static_cast<float>(std::min(std::min(behind, 1.0), d) / d));
        axis.windows.push_back({static_cast<int32_t>(before > 0.001 ? lo - 1 : lo),
                                static_cast<int32_t>(axis.weights.size() - begin), begin});
    }
    return axis;
}

std::vector<TwoTaps> growing_area_axis(int64_t in, int64_t out) {
    std::vector<TwoTaps> axis;
    axis.reserve(allocation_size(out));
    const double inverse = static_cast<double>(out) / static_cast<double>(in), scale = 1.0 / inverse;
    for (int64_t i = 0; i < out; ++i) {
        const int64_t j = static_cast<int64_t>(std::floor(static_cast<double>(i) * scale));
        const float q = static_cast<float>(static_cast<double>(i + 1) - static_cast<double>(j + 1) * inverse);
        const float f = q <= 0 ? 0.0f : q - std::floor(q);
        const auto clamped = [in](int64_t sample) { return static_cast<int32_t>(std::min(sample, in - 1)); };
        axis.push_back({clamped(j), clamped(j + 1), static_cast<int32_t>(std::rint((1.0f - f) * 2048.0f)),
                        static_cast<int32_t>(std::rint(f * 2048.0f))});
    }
    return axis;
}

AreaAxis block_axis(int64_t out, int64_t block) {
    AreaAxis axis{{}, std::vector<float>(allocation_size(block), 1.0f)};
    for (int64_t i = 0; i < out; ++i)
        axis.windows.push_back({static_cast<int32_t>(i * block), static_cast<int32_t>(block), 0});
    return axis;
}

float block_factor(int64_t area) { return 1.0f / static_cast<float>(area); }

uint8_t BlockMean::operator()(uint32_t sum) const {
    return static_cast<uint8_t>(std::min(255.0f, std::rint(static_cast<float>(sum) * factor_)));
}

}  // namespace isopixel::frozen
