// SPDX-License-Identifier: MIT
#include "frozen/weights.h"

#include <algorithm>
#include <cmath>

#include "frozen/strict.h"

namespace isopixel::frozen {
namespace {

struct Weights {
    std::vector<Window> windows;
    std::vector<double> weights;
};

// Pillow's triangle; torch computes the same weights.
Weights triangle(int64_t in, int64_t out) {
    Weights axis;
    axis.windows.reserve(static_cast<size_t>(out));
    const double scale = static_cast<double>(in) / static_cast<double>(out);
    const double support = std::max(scale, 1.0);
    const double inverse = 1.0 / support;
    for (int64_t i = 0; i < out; ++i) {
        const double centre = (static_cast<double>(i) + 0.5) * scale;
        const int64_t first = std::max<int64_t>(0, static_cast<int64_t>(centre - support + 0.5));
        const int64_t end = std::min(in, static_cast<int64_t>(centre + support + 0.5));
        const size_t begin = axis.weights.size();
        double sum = 0;
        for (int64_t j = first; j < end; ++j) {
            const double x = (static_cast<double>(j) - centre + 0.5) * inverse;
            const double weight = std::max(0.0, 1.0 - std::fabs(x));
            axis.weights.push_back(weight);
            sum += weight;
        }
        for (size_t t = begin; t < axis.weights.size(); ++t)
            if (sum != 0) axis.weights[t] /= sum;
        axis.windows.push_back({static_cast<int32_t>(first), static_cast<int32_t>(end - first), begin});
    }
    return axis;
}

//
Weights two_taps(int64_t in, int64_t out) {
    Weights axis;
    const double scale = static_cast<double>(in) / static_cast<double>(out);
    for (int64_t i = 0; i < out; ++i) {
        const double x = std::max(0.0, scale * (static_cast<double>(i) + 0.5) - 0.5);
        const int64_t j = std::min(static_cast<int64_t>(std::floor(static_cast<float>(x))), in - 1);
        const double lambda = std::min(std::max(x - static_cast<double>(j), 0.0), 1.0);
        const double weight0 = 1.0 - lambda, weight1 = 1.0 - std::fabs(1.0 - lambda);
        const size_t begin = axis.weights.size();
        if (j + 1 < in) axis.weights.insert(axis.weights.end(), {weight0, weight1});
        else axis.weights.push_back(weight0 + weight1);
        axis.windows.push_back({static_cast<int32_t>(j), j + 1 < in ? 2 : 1, begin});
    }
    return axis;
}

// whole weights.
FixedAxis fixed(Weights axis, int shift) {
    FixedAxis made{std::move(axis.windows), {}, shift};
    made.weights.reserve(axis.weights.size());
    const double one = static_cast<double>(INT64_C(1) << shift);
    for (const double weight : axis.weights) made.weights.push_back(static_cast<int32_t>(0.5 + weight * one));
    return made;
}

}  // namespace

//
FixedAxis pillow_axis(int64_t in, int64_t out) { return fixed(triangle(in, out), 22); }

//
FixedAxis torch_axis(int64_t in, int64_t out, bool antialias) {
    Weights axis = antialias ? triangle(in, out) : two_taps(in, out);
    const double most = *std::max_element(axis.weights.begin(), axis.weights.end());
    int shift = 0;
    while (shift < 22 && static_cast<int64_t>(0.5 + most * static_cast<double>(INT64_C(1) << (shift + 1))) < (1 << 15))
        ++shift;
    return fixed(std::move(axis), shift);
}

//
std::vector<TwoTaps> opencv_linear_axis(int64_t in, int64_t out, bool horizontal) {
    std::vector<TwoTaps> axis;
    axis.reserve(static_cast<size_t>(out));
    const double scale = opencv_scale(in, out);
    for (int64_t i = 0; i < out; ++i) {
        const float x = static_cast<float>((static_cast<double>(i) + 0.5) * scale - 0.5);
        int64_t j = static_cast<int64_t>(std::floor(x));
        float f = x - static_cast<float>(j);
        if (horizontal && (j < 0 || j >= in - 1)) {
            f = 0;
            j = j < 0 ? 0 : in - 1;
        }
        const auto clamped = [in](int64_t sample) {
            return static_cast<int32_t>(std::min(std::max<int64_t>(sample, 0), in - 1));
        };
        axis.push_back({clamped(j), clamped(j + 1), static_cast<int32_t>(std::rint((1.0f - f) * 2048.0f)),
                        static_cast<int32_t>(std::rint(f * 2048.0f))});
    }
    return axis;
}

//
std::vector<TwoTaps> opencv_exact_axis(int64_t in, int64_t out) {
    std::vector<TwoTaps> axis;
    axis.reserve(static_cast<size_t>(out));
    const double scale = opencv_scale(in, out);
    for (int64_t i = 0; i < out; ++i) {
        const double x = scale * (static_cast<double>(i) + 0.5) - 0.5;
        const int64_t j = static_cast<int64_t>(std::floor(x));
        if (j < 0 || j >= in - 1) {
            const int32_t edge = j < 0 ? 0 : static_cast<int32_t>(in - 1);
            axis.push_back({edge, edge, 256, 0});
            continue;
        }
        const int32_t weight1 = static_cast<int32_t>(std::rint(256.0 * (x - static_cast<double>(j))));
        axis.push_back({static_cast<int32_t>(j), static_cast<int32_t>(j + 1), 256 - weight1, weight1});
    }
    return axis;
}

}  // namespace isopixel::frozen
