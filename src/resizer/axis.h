// SPDX-License-Identifier: MIT
// The weights of one axis (SPEC ). No pixels here.
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "base/u128.h"
#include "kernels/taps.h"

namespace isopixel {

// Which samples have weight: those below a triangle that is as wide as the scale asks (R-3, antialias); the two beside
// the centre of a result; or those that a result overlaps.
enum class Weighting { kTriangle, kTwoTap, kOverlap };

// An axis has one of two forms. With antialias, a downscale (`triangle`) has a weight for every sample; otherwise each
// result has two taps, whose weights sum to R: 2v, or 2w where they are twice what samples and results have in common.
// (For overlaps, results are not to be wider than samples.)
//
// Triangle: segment s (0 <= s <= out) holds the samples between the centres of results s - 1 and s. Over a segment the
// weights of result s rise by 2v from sample to sample, those of result s - 1 fall by as much, and both sum to R.
// Nothing else has weight there, since centres are 2w = R apart.
struct Axis {
    // 1 <= in, out <= kMost
    Axis(int64_t in, int64_t out, Weighting weighting);
    static constexpr int64_t kMost = INT64_C(1) << 61;

    // Nothing below may be asked of an axis that is not. Positions are at most (2·out + 1)·w and (2·in + 1)·v; with
    // both up to 2^61, they and their sums with R stay below 2^63.
    bool supported() const { return w <= kMost / (2 * out + 1) && v <= kMost / (2 * in + 1); }

    // The sums of the weights of `count` results from `first` on, modulo 2^b for T of b bits: uint32_t, uint64_t
    // or U128.
    template <class T>
    void weight_sums(int64_t first, int64_t count, T *sums) const;
    // The largest of these sums: exactly, in time for each result, and a bound that is little above it, at once.
    U128 max_weight_sum() const;
    U128 weight_sum_bound() const;

    // The samples with weight in result i are before end_sample(i), and from first_sample(i) on, which is 0 for the
    // first result.
    int64_t first_sample(int64_t i) const { return triangle ? segment(i) : i == 0 ? 0 : taps(i).first; }
    int64_t end_sample(int64_t i) const;

    // Two taps: those of result i; those of all (see also TapWalk).
    Taps taps(int64_t i) const;
    std::vector<Taps> all_taps() const;

    // Triangle: the first sample of segment s, `in` for s = out + 1; those of all, from 0 to out + 1.
    int64_t segment(int64_t s) const;
    std::vector<int64_t> all_segments() const;
    // Triangle: the weight in result s of sample j of segment s. (In the last segment, which has no such result, any
    // number.)
    int64_t rise(int64_t s, int64_t j) const { return half_width - (2 * s + 1) * w + (2 * j + 1) * v; }

    // How often all weights of a triangle can be halved: with w and v odd they are even, since R = 2w, and distances
    // are differences of odd numbers.
    int halvings() const { return w % 2 != 0 && v % 2 != 0; }

    int64_t in, out;
    int64_t w, v;  // in/out in lowest terms
    bool triangle, overlap;
    int64_t half_width;  // R
};

// The taps of one result after the other, without a division for each.
class TapWalk {
  public:
    TapWalk(const Axis &axis, int64_t result)
        : in_(axis.in), double_v_(2 * axis.v), sum_(axis.half_width), alone_(axis.overlap ? 2 * (axis.v - axis.w) : 0) {
        // From the centre of sample 0 to that of the result; from edge to edge.
        const int64_t offset = axis.overlap ? 2 * result * axis.w : (2 * result + 1) * axis.w - axis.v;
        first_ = offset < 0 ? -1 : offset / double_v_;
        distance_ = offset - first_ * double_v_;
        step_ = axis.w / axis.v;
        step_distance_ = 2 * (axis.w % axis.v);
    }

    Taps taps() const {
        if (first_ < 0) return {0, sum_, 0};
        if (first_ >= in_ - 1) return {in_ - 1, sum_, 0};
        const int64_t weight1 = std::max<int64_t>(0, distance_ - alone_);
        return {first_, sum_ - weight1, weight1};  // R - |distance|; R-33
    }

    void next() {
        first_ += step_;
        distance_ += step_distance_;
        if (distance_ < double_v_) return;
        distance_ -= double_v_;
        ++first_;
    }

  private:
    int64_t in_, double_v_, sum_;
    int64_t alone_;             // up to this distance a result has the first sample alone
    int64_t first_, distance_;  // the result is so far (below 2v) behind sample `first_`
    int64_t step_, step_distance_;
};

}  // namespace isopixel
