// SPDX-License-Identifier: MIT
// Products of sizes that may be too large, and quotients.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>

namespace isopixel {

// Samples of a source; so that a line of it, with a pixel more at both ends, can be counted.
constexpr int64_t kMaxSamples = INT64_MAX / 4;
// Bytes of a result, which has to be in memory.
constexpr int64_t kMaxBytes = std::min<int64_t>(kMaxSamples, std::numeric_limits<ptrdiff_t>::max());

// a·b if it is at most `limit`, else -1; a, b >= 0
constexpr int64_t product(int64_t a, int64_t b, int64_t limit) { return b != 0 && a > limit / b ? -1 : a * b; }

// The argument of an allocation of n numbers. One beyond the address space, which hosts of 32 bits have such n for, has
// to fail, instead of being one of what is left of n.
constexpr size_t allocation_size(int64_t n) {
    return static_cast<size_t>(std::min<uint64_t>(static_cast<uint64_t>(n), std::numeric_limits<size_t>::max()));
}

// n/d, rounded up; n >= 0, d > 0, and their sum fits
constexpr int64_t quotient_up(int64_t n, int64_t d) { return (n + d - 1) / d; }

}  // namespace isopixel
