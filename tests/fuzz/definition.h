// SPDX-License-Identifier: MIT
// The rules as they are written, for small images.
#pragma once

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <numeric>
#include <vector>

// weights[i][j] of sample j in result i; sizes of at most a few thousand.
inline std::vector<std::vector<uint64_t>> weights_of(int64_t n_in, int64_t n_out, bool antialias) {
    const int64_t g = std::gcd(n_in, n_out), w = n_in / g, v = n_out / g;
    const int64_t half_width = 2 * (antialias ? std::max(w, v) : v);
    std::vector<std::vector<uint64_t>> weights(static_cast<size_t>(n_out));
    for (int64_t i = 0; i < n_out; ++i)
        for (int64_t j = 0; j < n_in; ++j) {
            const int64_t distance = std::abs((2 * j + 1) * v - (2 * i + 1) * w);
            weights[static_cast<size_t>(i)].push_back(
                static_cast<uint64_t>(std::max<int64_t>(0, half_width - distance)));
        }
    return weights;
}

// rows without gaps, of in_height × in_width pixels of `channels` samples.
inline std::vector<uint8_t> resized_by_definition(const std::vector<uint8_t> &image, size_t in_height, size_t in_width,
                                                  size_t channels, size_t out_height, size_t out_width,
                                                  bool antialias) {
    const auto wy = weights_of(static_cast<int64_t>(in_height), static_cast<int64_t>(out_height), antialias);
    const auto wx = weights_of(static_cast<int64_t>(in_width), static_cast<int64_t>(out_width), antialias);
    std::vector<uint8_t> result;
    std::vector<uint64_t> sums(in_width * channels);
    for (const auto &row_weights : wy) {
        std::fill(sums.begin(), sums.end(), 0);
        uint64_t sum_y = 0;
        for (size_t j = 0; j < in_height; ++j) {
            if (row_weights[j] == 0) continue;
            sum_y += row_weights[j];
            for (size_t x = 0; x < sums.size(); ++x) sums[x] += row_weights[j] * image[j * sums.size() + x];
        }
        for (const auto &column_weights : wx)
            for (size_t channel = 0; channel < channels; ++channel) {
                uint64_t n = 0, d = 0;
                for (size_t l = 0; l < in_width; ++l) {
                    if (column_weights[l] == 0) continue;
                    n += column_weights[l] * sums[l * channels + channel];
                    d += column_weights[l] * sum_y;
                }
                result.push_back(static_cast<uint8_t>((2 * n + d) / (2 * d)));
            }
    }
    return result;
}
