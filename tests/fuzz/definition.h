// SPDX-License-Identifier: MIT
// The exact methods as have them, for small images.
#pragma once

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <numeric>
#include <string>
#include <vector>

// The weight of sample j in result i.
inline int64_t weight_of(const std::string &method, int64_t w, int64_t v, int64_t i, int64_t j) {
    if (method == "nearest") return j == (2 * i + 1) * w / (2 * v);
    if (method == "area") return std::max<int64_t>(0, std::min((i + 1) * w, (j + 1) * v) - std::max(i * w, j * v));
    const bool antialias = method == "bilinear" || method == "bicubic";
    const int64_t m = 2 * (antialias ? std::max(w, v) : v), d = std::abs((2 * j + 1) * v - (2 * i + 1) * w);
    if (method == "bilinear" || method == "bilinear-two-tap") return std::max<int64_t>(0, m - d);
    if (d >= 2 * m) return 0;
    if (method == "bicubic")
        return d < m ? 3 * d * d * d - 5 * d * d * m + 2 * m * m * m
                     : -d * d * d + 5 * d * d * m - 8 * d * m * m + 4 * m * m * m;
    return d < m ? 5 * d * d * d - 9 * d * d * m + 4 * m * m * m
                 : -3 * d * d * d + 15 * d * d * m - 24 * d * m * m + 12 * m * m * m;
}

// weights[i][j] of sample j in result i; sizes of at most a few thousand.
inline std::vector<std::vector<int64_t>> weights_of(const std::string &method, int64_t n_in, int64_t n_out) {
    const int64_t g = std::gcd(n_in, n_out), w = n_in / g, v = n_out / g;
    const int64_t outside = method == "bicubic-four-tap" ? 2 : 0;  // samples, which are those at the edge
    std::vector<std::vector<int64_t>> weights(static_cast<size_t>(n_out));
    for (int64_t i = 0; i < n_out; ++i) {
        auto &of_result = weights[static_cast<size_t>(i)];
        of_result.resize(static_cast<size_t>(n_in));
        for (int64_t j = -outside; j < n_in + outside; ++j)
            of_result[static_cast<size_t>(std::clamp<int64_t>(j, 0, n_in - 1))] += weight_of(method, w, v, i, j);
    }
    return weights;
}

// rows without gaps, of in_height × in_width pixels of `channels` samples.
inline std::vector<uint8_t> resized_by_definition(const std::string &method, const std::vector<uint8_t> &image,
                                                  size_t in_height, size_t in_width, size_t channels, size_t out_height,
                                                  size_t out_width) {
    using Wide = _BitInt(128);
    const auto wy = weights_of(method, static_cast<int64_t>(in_height), static_cast<int64_t>(out_height));
    const auto wx = weights_of(method, static_cast<int64_t>(in_width), static_cast<int64_t>(out_width));
    std::vector<uint8_t> result;
    std::vector<int64_t> sums(in_width * channels);
    for (const auto &row_weights : wy) {
        std::fill(sums.begin(), sums.end(), 0);
        int64_t sum_y = 0;
        for (size_t j = 0; j < in_height; ++j) {
            if (row_weights[j] == 0) continue;
            sum_y += row_weights[j];
            for (size_t x = 0; x < sums.size(); ++x) sums[x] += row_weights[j] * image[j * sums.size() + x];
        }
        for (const auto &column_weights : wx)
            for (size_t channel = 0; channel < channels; ++channel) {
                Wide n = 0, d = 0;
                for (size_t l = 0; l < in_width; ++l) {
                    if (column_weights[l] == 0) continue;
                    n += Wide(column_weights[l]) * sums[l * channels + channel];
                    d += Wide(column_weights[l]) * sum_y;
                }
                const Wide rounded = std::max<Wide>(0, 2 * n + d) / (2 * d);
                result.push_back(static_cast<uint8_t>(std::min<Wide>(255, rounded)));
            }
    }
    return result;
}
