// SPDX-License-Identifier: MIT
#include "axis.h"

#include <algorithm>
#include <numeric>

namespace isopix {

Axis::Axis(int64_t in, int64_t out, bool antialias)
    : in(in),
      out(out),
      w(in / std::gcd(in, out)),
      v(out / std::gcd(in, out)),
      triangle(antialias && in > out),
      half_width(triangle ? 2 * w : 2 * v) {}

bool Axis::supported(int64_t in, int64_t out) {
    constexpr int64_t kMost = INT64_C(1) << 61;
    if (in >= kMost || out >= kMost) return false;
    const Axis axis(in, out, false);
    return axis.w <= kMost / (2 * out + 1) && axis.v <= kMost / (2 * in + 1);
}

int64_t Axis::segment(int64_t s) const {
    if (s <= 0) return 0;
    if (s > out) return in;
    // The first j with (2j + 1)·v >= (2(s - 1) + 1)·w; the numerator is positive since w > v.
    int64_t numerator = (2 * s - 1) * w - v;
    return (numerator + 2 * v - 1) / (2 * v);
}

Taps Axis::taps(int64_t i) const {
    int64_t offset = (2 * i + 1) * w - v;  // of result i from sample 0
    if (offset < 0) return {0, 2 * v, 0};
    int64_t first = offset / (2 * v);
    if (first >= in - 1) return {in - 1, 2 * v, 0};
    int64_t weight1 = offset - first * 2 * v;  // R - |distance|, for the sample after the centre
    return {first, 2 * v - weight1, weight1};
}

namespace {

// The sum over the samples of segment s of their weights in result s.
U128 sum_of_rise(const Axis &axis, int64_t s) {
    uint64_t first = static_cast<uint64_t>(axis.segment(s));
    uint64_t n = static_cast<uint64_t>(axis.segment(s + 1)) - first;
    uint64_t a0 = static_cast<uint64_t>(axis.rise(s, axis.segment(s)));
    // Σ (a0 + 2v·t) for t = 0 … n - 1
    return U128(a0) * n + U128(static_cast<uint64_t>(axis.v)) * (U128(n) * (n - 1));
}

}  // namespace

U128 Axis::weight_sum(int64_t i) const {
    if (!triangle) return static_cast<uint64_t>(half_width);
    uint64_t n = static_cast<uint64_t>(segment(i + 2) - segment(i + 1));
    U128 fall = U128(static_cast<uint64_t>(half_width)) * n - sum_of_rise(*this, i + 1);
    return sum_of_rise(*this, i) + fall;
}

U128 Axis::max_weight_sum() const {
    U128 most = weight_sum(0);
    for (int64_t i = 1; triangle && i < out; ++i) most = std::max(most, weight_sum(i));
    return most;
}

}  // namespace isopix
