// SPDX-License-Identifier: MIT
#include "resizer/axis.h"

#include <algorithm>
#include <iterator>
#include <numeric>

#include "base/sizes.h"

namespace isopixel {

Axis::Axis(int64_t in, int64_t out, Weighting weighting)
    : in(in),
      out(out),
      triangle(weighting == Weighting::kTriangle && in > out),
      overlap(weighting == Weighting::kOverlap) {
    const int64_t divisor = std::gcd(in, out);
    w = in / divisor;
    v = out / divisor;
    half_width = triangle || overlap ? 2 * w : 2 * v;
}

int64_t Axis::segment(int64_t s) const {
    if (s <= 0) return 0;
    if (s > out) return in;
    // The first j with (2j + 1)·v >= (2(s - 1) + 1)·w; the numerator is positive since w > v.
    int64_t numerator = (2 * s - 1) * w - v;
    return (numerator + 2 * v - 1) / (2 * v);
}

std::vector<int64_t> Axis::all_segments() const {
    std::vector<int64_t> all(allocation_size(out + 2));
    // Division step by step: the numerator of each segment is 2w more than that of the one before.
    int64_t quotient = (w + v - 1) / (2 * v), remainder = (w + v - 1) % (2 * v);
    for (int64_t s = 1; s <= out; ++s) {
        all[static_cast<size_t>(s)] = quotient;
        quotient += w / v;
        remainder += 2 * (w % v);
        if (remainder >= 2 * v) remainder -= 2 * v, ++quotient;
    }
    all.back() = in;
    return all;
}

Taps Axis::taps(int64_t i) const { return TapWalk(*this, i).taps(); }

std::vector<Taps> Axis::all_taps() const {
    std::vector<Taps> all(allocation_size(out));
    TapWalk walk(*this, 0);
    for (Taps &taps : all) {
        taps = walk.taps();
        walk.next();
    }
    return all;
}

int64_t Axis::end_sample(int64_t i) const { return triangle ? segment(i + 2) : taps(i).end(); }

template <class T>
void Axis::weight_sums(int64_t first, int64_t count, T *sums) const {
    const auto number = [](int64_t value) { return static_cast<T>(static_cast<uint64_t>(value)); };
    const T r = number(half_width);
    if (!triangle) {
        std::fill_n(sums, count, r);
        return;
    }
    // The sums of the weights of segment s, in result s and, since both weights of a sample sum to R, in result s - 1.
    T falls{};
    for (int64_t s = first + count, end = segment(s + 1); s >= first; --s) {
        const int64_t begin = segment(s);
        const T n = number(end - begin);
        // Σ (a0 + 2v·t) for t = 0 … n - 1
        const T rises = n * number(rise(s, begin)) + number(v) * (n * (n - T(1)));
        if (s < first + count) sums[s - first] = rises + falls;
        falls = n * r - rises;
        end = begin;
    }
}

template void Axis::weight_sums(int64_t, int64_t, uint32_t *) const;
template void Axis::weight_sums(int64_t, int64_t, uint64_t *) const;
template void Axis::weight_sums(int64_t, int64_t, U128 *) const;

U128 Axis::weight_sum_bound() const {
    if (!triangle) return static_cast<uint64_t>(half_width);
    // Samples 2v apart under a triangle of half width and height R: the area R² over 2v, and at most one height more.
    const uint64_t most = static_cast<uint64_t>(half_width);
    return U128(most) * (most / static_cast<uint64_t>(2 * v) + 2);
}

U128 Axis::max_weight_sum() const {
    U128 most, sums[64];
    for (int64_t first = 0, count; first < (triangle ? out : 1); first += count) {
        count = std::min<int64_t>(std::size(sums), out - first);
        weight_sums(first, count, sums);
        most = std::max(most, *std::max_element(sums, sums + count));
    }
    return most;
}

}  // namespace isopixel
