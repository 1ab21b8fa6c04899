// SPDX-License-Identifier: MIT
// Cosines and sines of parts of a circle, in integers (SPEC R-75).
#pragma once

#include <cstdint>
#include <vector>

namespace isopixel {

constexpr int kCosineBits = 32;

// 2^62·cos(2πj/n) and 2^62·sin(2πj/n), off by less than 16; |j| <= 4n, 1 <= n <= 16384.
int64_t cosine_62(int64_t j, int64_t n);
int64_t sine_62(int64_t j, int64_t n);

// c(j) and d(j), 0 <= j < n.
struct Cosines {
    explicit Cosines(int64_t n);
    std::vector<int64_t> c, d;
};

}  // namespace isopixel
