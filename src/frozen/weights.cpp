// SPDX-License-Identifier: MIT
#include "frozen/weights.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "base/sizes.h"
#include "frozen/opencv_scale.h"
#include "frozen/trigonometry.h"

namespace isopixel::frozen {
namespace {

struct Weights {
    std::vector<Window> windows;
    std::vector<double> weights;
    double most = 0;  // of the weights, and of what they were on the way to their value
};

// the filters of windows, with the operations in the order of the rules.

struct Triangle {
    static constexpr double kSupport = 1;
    static double at(double x) { return std::max(0.0, 1.0 - std::fabs(x)); }
};

struct Box {
    static constexpr double kSupport = 0.5;
    static double at(double x) { return -0.5 < x && x <= 0.5 ? 1.0 : 0.0; }
};

constexpr double kPi = 3.141592653589793;

struct Hamming {
    static constexpr double kSupport = 1;
    static double at(double x) {
        x = std::fabs(x);
        if (x == 0.0) return 1.0;
        if (x >= 1.0) return 0.0;
        x *= kPi;
        return sine(x) / x * (static_cast<double>(0.54f) + static_cast<double>(0.46f) * cosine(x));
    }
};

struct Bicubic {
    static constexpr double kSupport = 2;
    static double at(double x) {
        x = std::fabs(x);
        if (x < 1.0) return (1.5 * x - 2.5) * x * x + 1.0;
        if (x < 2.0) return (((x - 5.0) * x + 8.0) * x - 4.0) * -0.5;
        return 0.0;
    }
};

struct Lanczos {
    static constexpr double kSupport = 3;
    static double at(double x) { return -3.0 <= x && x < 3.0 ? sinc(x) * sinc(x / 3.0) : 0.0; }
    static double sinc(double x) {
        if (x == 0.0) return 1.0;
        x *= kPi;
        return sine(x) / x;
    }
};

// torch's cubic, with a = -1/2 in windows and -3/4 in four taps.
double torch_cubic(double x, double a) {
    x = std::fabs(x);
    if (x < 1.0) return ((a + 2.0) * x - (a + 3.0)) * x * x + 1.0;
    if (x < 2.0) return ((a * x - 5.0 * a) * x + 8.0 * a) * x - 4.0 * a;
    return 0.0;
}

struct TorchBicubic {
    static constexpr double kSupport = 2;
    static double at(double x) { return torch_cubic(x, -0.5); }
};

template <class Filter>
Weights windows_of(int64_t in, int64_t out) {
    Weights axis;
    axis.windows.reserve(allocation_size(out));
    const double scale = static_cast<double>(in) / static_cast<double>(out);
    const double widening = std::max(scale, 1.0);
    const double support = Filter::kSupport * widening;
    const double inverse = 1.0 / widening;
    axis.weights.reserve(allocation_size(out * (2 * static_cast<int64_t>(std::ceil(support)) + 1)));
    for (int64_t i = 0; i < out; ++i) {
        const double centre = (static_cast<double>(i) + 0.5) * scale;
        const int64_t first = std::max<int64_t>(0, static_cast<int64_t>(centre - support + 0.5));
        const int64_t end = std::min(in, static_cast<int64_t>(centre + support + 0.5));
        const size_t begin = axis.weights.size();
        double sum = 0;
        for (int64_t j = first; j < end; ++j) {
            const double weight = Filter::at((static_cast<double>(j) - centre + 0.5) * inverse);
            axis.weights.push_back(weight);
            sum += weight;
        }
        for (size_t t = begin; t < axis.weights.size(); ++t) {
            if (sum != 0) axis.weights[t] /= sum;
            axis.most = std::max(axis.most, axis.weights[t]);
        }
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
    axis.most = *std::max_element(axis.weights.begin(), axis.weights.end());
    return axis;
}

// taps beyond an edge count for the sample there.
Weights four_taps(int64_t in, int64_t out) {
    Weights axis;
    const double scale = static_cast<double>(in) / static_cast<double>(out);
    for (int64_t i = 0; i < out; ++i) {
        const double x = scale * (static_cast<double>(i) + 0.5) - 0.5;
        const int64_t j = std::min(static_cast<int64_t>(std::floor(static_cast<float>(x))), in - 1);
        const double lambda = std::min(std::max(x - static_cast<double>(j), 0.0), 1.0);
        const int64_t first = std::max<int64_t>(0, j - 1), end = std::min(in, j + 3);
        const size_t begin = axis.weights.size();
        axis.weights.resize(begin + static_cast<size_t>(end - first));
        for (int64_t tap = -1; tap <= 2; ++tap) {
            const int64_t sample = std::min(std::max<int64_t>(0, j + tap), in - 1);
            double &weight = axis.weights[begin + static_cast<size_t>(sample - first)];
            weight += torch_cubic(static_cast<double>(tap) - lambda, -0.75);
            axis.most = std::max(axis.most, weight);
        }
        axis.windows.push_back({static_cast<int32_t>(first), static_cast<int32_t>(end - first), begin});
    }
    return axis;
}

// whole weights.
//
// The sums of a pass, of samples up to 255, are below 2^31 with their rounding, on either side of 0, and below 2^15
// when shifted: the weights k above 0 of a window sum to at most 2·2^b, and so do those below. The k of a weight u is
// not above 2·u·2^b, being 0 below a half; so this holds if no u is below 0, since the u sum to 1. The u above 0 of the
// other filters sum to 1.3 at most (lanczos, of two samples); rounding adds up to 1/2 for each, or 2^b/8 for 2^20
// weights. Windows that are longer follow the curve so closely that it gives their sum: the k above 0 have 1.32·2^22 at
// most.
FixedAxis fixed(Weights axis, int shift) {
    FixedAxis made{std::move(axis.windows), {}, shift};
    made.weights.reserve(axis.weights.size());
    const double one = static_cast<double>(INT64_C(1) << shift);
    for (const double weight : axis.weights)
        made.weights.push_back(static_cast<int32_t>((weight < 0 ? -0.5 : 0.5) + weight * one));
    return made;
}

Weights pillow_weights(int64_t in, int64_t out, PillowFilter filter) {
    switch (filter) {
        case PillowFilter::kBilinear:
            break;
        case PillowFilter::kBox:
            return windows_of<Box>(in, out);
        case PillowFilter::kHamming:
            return windows_of<Hamming>(in, out);
        case PillowFilter::kBicubic:
            return windows_of<Bicubic>(in, out);
        case PillowFilter::kLanczos:
            return windows_of<Lanczos>(in, out);
    }
    return windows_of<Triangle>(in, out);
}

Weights torch_weights(int64_t in, int64_t out, TorchFilter filter) {
    switch (filter) {
        case TorchFilter::kBilinearAntialias:
            break;
        case TorchFilter::kBilinear:
            return two_taps(in, out);
        case TorchFilter::kBicubicAntialias:
            return windows_of<TorchBicubic>(in, out);
        case TorchFilter::kBicubic:
            return four_taps(in, out);
    }
    return windows_of<Triangle>(in, out);
}

}  // namespace

//
FixedAxis pillow_axis(int64_t in, int64_t out, PillowFilter filter) {
    return fixed(pillow_weights(in, out, filter), 22);
}

//
FixedAxis torch_axis(int64_t in, int64_t out, TorchFilter filter) {
    Weights axis = torch_weights(in, out, filter);
    int shift = 0;
    while (shift < 22 &&
           static_cast<int64_t>(0.5 + axis.most * static_cast<double>(INT64_C(1) << (shift + 1))) < (1 << 15))
        ++shift;
    return fixed(std::move(axis), shift);
}

//
std::vector<TwoTaps> opencv_linear_axis(int64_t in, int64_t out, bool horizontal) {
    std::vector<TwoTaps> axis;
    axis.reserve(allocation_size(out));
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
    axis.reserve(allocation_size(out));
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

namespace {

void cubic_weights(float f, float *weights) {
    const float distance = f + 1.0f, rest = 1.0f - f;
    weights[0] = ((-0.75f * distance + 3.75f) * distance - 6.0f) * distance + 3.0f;
    weights[1] = ((1.25f * f - 2.25f) * f) * f + 1.0f;
    weights[2] = ((1.25f * rest - 2.25f) * rest) * rest + 1.0f;
    weights[3] = ((1.0f - weights[0]) - weights[1]) - weights[2];
}

void lanczos4_weights(float f, float *weights) {
    constexpr double kHalf = 0.7071067811865476;  // the root of a half
    // A sine at the distance of each tap is this much of the sine and the cosine at that of the first.
    constexpr double kTurns[8][2] = {{1, 0},  {-kHalf, -kHalf}, {0, 1},  {kHalf, -kHalf},
                                     {-1, 0}, {kHalf, kHalf},   {0, -1}, {-kHalf, kHalf}};
    const float distance = f + 3.0f;
    const double angle = -static_cast<double>(distance) * kPi * 0.25;
    const double sin = sine(angle), cos = cosine(angle);
    float sum = 0;
    for (int t = 0; t < 8; ++t) {
        const float to_tap = distance - static_cast<float>(t);
        const double y = -static_cast<double>(to_tap) * kPi * 0.25;
        weights[t] =
            std::fabs(to_tap) < 1e-6f ? 1e30f : static_cast<float>((kTurns[t][0] * sin + kTurns[t][1] * cos) / (y * y));
        sum += weights[t];
    }
    const float share = 1.0f / sum;
    for (int t = 0; t < 8; ++t) weights[t] *= share;
}

// The weights of a tap are at most 2048 in size.
template <size_t taps>
MultiTapAxis multi_tap_axis(int64_t in, int64_t out, void (*make_weights)(float, float *)) {
    MultiTapAxis axis{taps, {}, {}};
    axis.first.reserve(allocation_size(out));
    axis.weights.reserve(allocation_size(int64_t{taps} * out));
    const double scale = opencv_scale(in, out);
    for (int64_t i = 0; i < out; ++i) {
        const float x = static_cast<float>((static_cast<double>(i) + 0.5) * scale - 0.5);
        const float floor = std::floor(x);
        axis.first.push_back(static_cast<int32_t>(floor) - (static_cast<int32_t>(taps) / 2 - 1));
        float weights[taps];
        make_weights(x - floor, weights);
        for (const float weight : weights) axis.weights.push_back(static_cast<int16_t>(std::rint(weight * 2048.0f)));
    }
    return axis;
}

}  // namespace

MultiTapAxis opencv_cubic_axis(int64_t in, int64_t out) { return multi_tap_axis<4>(in, out, cubic_weights); }
MultiTapAxis opencv_lanczos4_axis(int64_t in, int64_t out) { return multi_tap_axis<8>(in, out, lanczos4_weights); }

}  // namespace isopixel::frozen
