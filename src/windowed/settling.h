// SPDX-License-Identifier: MIT
// The value of R-36 by its rule, in integers.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/held_bytes.h"
#include "windowed/axis.h"

namespace isopixel {

// The product of two WindowedAxis::weight_bound has at most this many bits. The sums of the positive weights of an
// axis, and of its negative ones, are below the bound, so N is between -510 and 510 times the product, and 2N + D a
// number of 128 bits with its sign.
constexpr int kMostDivisorBits = 117;

class Settling {
  public:
    Settling(const WindowedAxis &vertical, const WindowedAxis &horizontal);

    // Sample `channel` of result (i, k), whose pixels have `channels` samples.
    struct Sample {
        int64_t i, k, channel, channels;
    };
    // rows[t] is the row of sample t of the vertical window.
    uint8_t value(const Sample &sample, const uint8_t *const *rows);

    size_t bytes() const { return held_bytes(narrow_weights_, wide_weights_); }

  private:
    template <class T>
    uint8_t value_of(const Sample &sample, const uint8_t *const *rows, std::vector<T> &weights) const;

    const WindowedAxis vertical_, horizontal_;
    const bool is_narrow_;  // do horizontal sums fit 64 bits?
    // Of one horizontal window, of the one type that is used.
    std::vector<uint64_t> narrow_weights_;
    std::vector<U128> wide_weights_;
};

}  // namespace isopixel
