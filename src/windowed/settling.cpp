// SPDX-License-Identifier: MIT
#include "windowed/settling.h"

#include <algorithm>

#include "base/sizes.h"

namespace isopixel {
namespace {

// A number with its sign, of 64 or 128 bits, in 128.
U128 widened(uint64_t n) { return {n, n >> 63 ? UINT64_MAX : 0}; }
U128 widened(U128 n) { return n; }

}  // namespace

Settling::Settling(const WindowedAxis &vertical, const WindowedAxis &horizontal)
    : vertical_(vertical), horizontal_(horizontal), is_narrow_(bit_length(horizontal.weight_bound()) + 8 < 64) {
    int64_t longest = 0;
    for (int64_t k = 0; k < horizontal.out(); ++k) longest = std::max(longest, horizontal.window(k).count());
    if (is_narrow_) narrow_weights_.resize(allocation_size(longest));
    else wide_weights_.resize(allocation_size(longest));
}

template <class T>
uint8_t Settling::value_of(const Sample &sample, const uint8_t *const *rows, std::vector<T> &weights) const {
    const SampleRange tall = vertical_.window(sample.i), wide = horizontal_.window(sample.k);
    T sum_x{};
    for (int64_t q = 0; q < wide.count(); ++q)
        sum_x += weights[static_cast<size_t>(q)] = horizontal_.weight<T>(sample.k, wide.first + q);
    U128 numerator, sum_y;
    for (int64_t t = 0; t < tall.count(); ++t) {
        const uint8_t *p = rows[t] + wide.first * sample.channels + sample.channel;
        T sum{};
        for (int64_t q = 0; q < wide.count(); ++q) sum += weights[static_cast<size_t>(q)] * T{p[q * sample.channels]};
        const U128 weight = vertical_.weight<U128>(sample.i, tall.first + t);
        numerator += weight * widened(sum);
        sum_y += weight;
    }
    const U128 divisor = sum_y * widened(sum_x);
    if (numerator.hi >> 63) return 0;
    if (!(numerator < divisor * 255)) return 255;
    return round_quotient(numerator, divisor);
}

uint8_t Settling::value(const Sample &sample, const uint8_t *const *rows) {
    return is_narrow_ ? value_of(sample, rows, narrow_weights_) : value_of(sample, rows, wide_weights_);
}

}  // namespace isopixel
