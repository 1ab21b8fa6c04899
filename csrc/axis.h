// SPDX-License-Identifier: MIT
// The weights of one axis (SPEC ). No pixels here.
#pragma once

#include <cstdint>
#include <vector>

#include "u128.h"

namespace isopix {

// Two samples and their weights: weight0 for sample `first`, weight1 for the next one, which is not to be read where
// weight1 is 0. The sum is 2v for every result: at an edge the sample that exists takes all of it, which
// divides out to the same value as the weights of R-3 (one sample alone is its own mean).
struct Taps {
    int64_t first;
    int64_t weight0;
    int64_t weight1;
};

// An axis takes one of two forms. With antialias, a downscale (`triangle`) has a weight for every sample; otherwise
// R = 2v and each result has two taps.
//
// Triangle: segment s (0 <= s <= out) holds the samples between the centres of results s - 1 and s. Over a segment the
// weights of result s rise by 2v from sample to sample, those of result s - 1 fall by as much, and both sum to R.
// Nothing else has weight there, since centres are 2w = R apart.
struct Axis {
    // 1 <= in, out <= kMost
    Axis(int64_t in, int64_t out, bool antialias);
    static constexpr int64_t kMost = INT64_C(1) << 61;

    // Nothing below may be asked of an axis that is not. Positions are at most (2·out + 1)·w and (2·in + 1)·v; with
    // both up to 2^61, they and their sums with R stay below 2^63.
    bool supported() const { return w <= kMost / (2 * out + 1) && v <= kMost / (2 * in + 1); }

    // The sum of the weights of result i.
    U128 weight_sum(int64_t i) const;
    // The largest of these sums: exactly, in time for each result, and a bound that is little above it, at once.
    U128 max_weight_sum() const;
    U128 weight_sum_bound() const;

    // The samples with weight in result i are before end_sample(i), and from first_sample(i) on, which is 0 for the
    // first result.
    int64_t first_sample(int64_t i) const { return triangle ? segment(i) : i == 0 ? 0 : taps(i).first; }
    int64_t end_sample(int64_t i) const;

    // Two taps: those of result i; those of all.
    Taps taps(int64_t i) const;
    std::vector<Taps> all_taps() const;

    // Triangle: the first sample of segment s, `in` for s = out + 1; those of all, from 0 to out + 1.
    int64_t segment(int64_t s) const;
    std::vector<int64_t> all_segments() const;
    // Triangle: the weight in result s of sample j of segment s. (In the last segment, where no such result is, a
    // number.)
    int64_t rise(int64_t s, int64_t j) const { return half_width - (2 * s + 1) * w + (2 * j + 1) * v; }

    int64_t in, out;
    int64_t w, v;  // in/out in lowest terms
    bool triangle;
    int64_t half_width;  // R
};

}  // namespace isopix
