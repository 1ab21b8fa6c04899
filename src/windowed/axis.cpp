// SPDX-License-Identifier: MIT
#include "windowed/axis.h"

#include <algorithm>

namespace isopixel {
namespace {

// An integer that is not negative, as a T.
template <class T>
T number(int64_t value) {
    return static_cast<T>(static_cast<uint64_t>(value));
}

// floor(n / d), d > 0
int64_t floor_quotient(int64_t n, int64_t d) { return n / d - (n % d < 0); }

// The weight at a distance 0 <= d <= 2m, times 2m^3 with a = -1/2, where p = 2, or times 4m^3 with a = -3/4
// where p = 4. The polynomials are those of the rules as products, all of whose factors have their sign and are
// far from cancelling, so that a double has few roundings.
template <class T>
T keys(int64_t d, int64_t m, int64_t p) {
    if (d < m)
        return number<T>(m - d) *
               (number<T>(p) * number<T>(m) * number<T>(m + d) - number<T>(p + 1) * number<T>(d) * number<T>(d));
    return T() - number<T>(p - 1) * number<T>(d - m) * number<T>(2 * m - d) * number<T>(2 * m - d);
}

constexpr int64_t kMostHalfWidth = INT64_C(1) << 30;

}  // namespace

WindowedAxis::WindowedAxis(const Axis &axis, Function function)
    : axis_(axis),
      function_(function),
      m_(2 * (function == Function::kBicubicFourTap ? axis.v : std::max(axis.w, axis.v))) {}

bool WindowedAxis::supported() const { return axis_.supported() && (is_area() || m_ <= kMostHalfWidth); }

U128 WindowedAxis::weight_bound() const {
    if (is_area()) return U128(static_cast<uint64_t>(axis_.w)) + 1;
    const U128 m = static_cast<uint64_t>(m_);
    // Those of four taps sum to 4m^3, and the negative ones among them to -3/4·m^3 at least.
    if (is_four_tap()) return m * m * m * 5;
    // Samples 2v apart under a hump of height 2m^3: its area 13/6·m^4 over 2v, and at most one height more.
    return m * m * m * static_cast<uint64_t>(13 * m_ / (12 * axis_.v) + 4);
}

int64_t WindowedAxis::sample_before(int64_t i) const { return floor_quotient(-distance(i, 0), m_); }

SampleRange WindowedAxis::window(int64_t i) const {
    const int64_t w = axis_.w, v = axis_.v, last = axis_.in - 1;
    if (w == v) return {i, i + 1};
    if (is_area()) return {i * w / v, ((i + 1) * w - 1) / v + 1};
    if (is_four_tap()) {
        const int64_t j = sample_before(i);
        if (v == 1 && w % 2 != 0) return {j, j + 1};  // at the centre of every result; the others have no weight
        return {std::clamp<int64_t>(j - 1, 0, last), std::clamp<int64_t>(j + 2, 0, last) + 1};
    }
    // Those at distances below 2m.
    const int64_t first = floor_quotient(-2 * m_ - distance(i, 0), 2 * v) + 1;
    const int64_t end = floor_quotient(2 * m_ - 1 - distance(i, 0), 2 * v) + 1;
    return {std::max<int64_t>(first, 0), std::min(end, last + 1)};
}

template <class T>
T WindowedAxis::weight(int64_t i, int64_t j) const {
    const int64_t w = axis_.w, v = axis_.v;
    if (is_area()) return number<T>(std::min((i + 1) * w, (j + 1) * v) - std::max(i * w, j * v));
    const auto at = [&](int64_t t) { return keys<T>(std::abs(distance(i, t)), m_, is_four_tap() ? 4 : 2); };
    if (!is_four_tap()) return at(j);
    // A sample at an edge has also the weights of those that are not there.
    const int64_t before = sample_before(i);
    const int64_t last = j == axis_.in - 1 ? before + 2 : j;
    T sum{};
    for (int64_t t = j == 0 ? before - 1 : j; t <= last; ++t) sum += at(t);
    return sum;
}

template double WindowedAxis::weight(int64_t, int64_t) const;
template uint64_t WindowedAxis::weight(int64_t, int64_t) const;
template U128 WindowedAxis::weight(int64_t, int64_t) const;

}  // namespace isopixel
