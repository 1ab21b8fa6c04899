// SPDX-License-Identifier: MIT
#include "frozen/places.h"

#include <algorithm>
#include <cmath>

#include "base/sizes.h"
#include "frozen/opencv_scale.h"

namespace isopixel::frozen {

// The last place is in/(2·out) before the end of the image, and each of the `out` additions, like the scale, is
// off by at most in·2^-53: it stays in the image while `out` is below 2^25.
std::vector<int64_t> pillow_nearest_samples(int64_t in, int64_t out) {
    std::vector<int64_t> samples;
    samples.reserve(allocation_size(out));
    const double scale = static_cast<double>(in) / static_cast<double>(out);
    double x = scale * 0.5;
    for (int64_t i = 0; i < out; ++i, x += scale) samples.push_back(static_cast<int64_t>(x));
    return samples;
}

//
std::vector<int64_t> opencv_nearest_samples(int64_t in, int64_t out) {
    std::vector<int64_t> samples;
    samples.reserve(allocation_size(out));
    const double scale = opencv_scale(in, out);
    for (int64_t i = 0; i < out; ++i)
        samples.push_back(std::min(static_cast<int64_t>(static_cast<double>(i) * scale), in - 1));
    return samples;
}

//
std::vector<int64_t> torch_nearest_samples(int64_t in, int64_t out) {
    std::vector<int64_t> samples;
    samples.reserve(allocation_size(out));
    const float scale = static_cast<float>(in) / static_cast<float>(out);
    for (int64_t i = 0; i < out; ++i)
        samples.push_back(std::min(static_cast<int64_t>(static_cast<float>(i) * scale), in - 1));
    return samples;
}

}  // namespace isopixel::frozen
