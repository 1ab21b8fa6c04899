// SPDX-License-Identifier: MIT
#include "axis.h"

#include <algorithm>
#include <numeric>

namespace isopix {

Axis::Axis(int64_t in, int64_t out, bool antialias) : in(in), out(out), triangle(antialias && in > out) {
    const int64_t divisor = std::gcd(in, out);
    w = in / divisor;
    v = out / divisor;
    half_width = triangle ? 2 * w : 2 * v;
}

int64_t Axis::segment(int64_t s) const {
    if (s <= 0) return 0;
    if (s > out) return in;
    // The first j with (2j + 1)·v >= (2(s - 1) + 1)·w; the numerator is positive since w > v.
    int64_t numerator = (2 * s - 1) * w - v;
    return (numerator + 2 * v - 1) / (2 * v);
}

std::vector<int64_t> Axis::all_segments() const {
    std::vector<int64_t> all(static_cast<size_t>(out + 2));
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
    std::vector<Taps> all(static_cast<size_t>(out));
    TapWalk walk(*this, 0);
    for (Taps &taps : all) {
        taps = walk.taps();
        walk.next();
    }
    return all;
}

int64_t Axis::end_sample(int64_t i) const {
    if (triangle) return segment(i + 2);
    const Taps two = taps(i);
    return two.first + 1 + (two.weight1 != 0);
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

void Axis::weight_sums(int64_t first, int64_t count, uint64_t *sums) const {
    if (!triangle) {
        std::fill_n(sums, count, static_cast<uint64_t>(half_width));
        return;
    }
    // As in sum_of_rise; the weights of a segment in the two results that it belongs to sum to R for each sample.
    uint64_t falls = 0;
    for (int64_t s = first + count, end = segment(s + 1); s >= first; --s) {
        const int64_t begin = segment(s);
        const uint64_t n = static_cast<uint64_t>(end - begin);
        const uint64_t rises = n * static_cast<uint64_t>(rise(s, begin)) + static_cast<uint64_t>(v) * (n * (n - 1));
        if (s < first + count) sums[s - first] = rises + falls;
        falls = n * static_cast<uint64_t>(half_width) - rises;
        end = begin;
    }
}

U128 Axis::weight_sum_bound() const {
    if (!triangle) return static_cast<uint64_t>(half_width);
    // Samples 2v apart under a triangle of half width and height R: the area R² over 2v, and at most one height more.
    const uint64_t most = static_cast<uint64_t>(half_width);
    return U128(most) * (most / static_cast<uint64_t>(2 * v) + 2);
}

U128 Axis::max_weight_sum() const {
    U128 most = weight_sum(0);
    for (int64_t i = 1; triangle && i < out; ++i) most = std::max(most, weight_sum(i));
    return most;
}

}  // namespace isopix
