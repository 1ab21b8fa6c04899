// SPDX-License-Identifier: MIT
// How the value of R-36 is estimated in binary32, and how far from it the estimate can be.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/held_bytes.h"
#include "kernels/windowed.h"
#include "windowed/axis.h"

namespace isopixel {

// The weights of all results of an axis, each divided by the sum of its result's.
class WeightTable {
  public:
    // In each result's sum, every `turns`-th weight is added to the same sum, and these are added up.
    WeightTable(const WindowedAxis &axis, int64_t turns);

    int64_t first(int64_t i) const { return first_[static_cast<size_t>(i)]; }
    int64_t end(int64_t i) const { return first(i) + place(i + 1) - place(i); }
    // Of sample j of the window of result i.
    const float *weight(int64_t i, int64_t j) const { return weights_.data() + place(i) + (j - first(i)); }
    WeightedWindows windows() const { return {first_.data(), places_.data(), weights_.data()}; }

    int64_t longest() const { return longest_; }
    // Of any result: the sum of the weights without their signs; and the same, each weight times the number of
    // roundings on its way to the sum.
    double most() const { return most_; }
    double most_roundings() const { return most_roundings_; }

    size_t bytes() const { return held_bytes(first_, places_, weights_); }

  private:
    int64_t place(int64_t i) const { return places_[static_cast<size_t>(i)]; }

    std::vector<int64_t> first_, places_;  // places_ has one more, behind the last weight
    std::vector<float> weights_;
    int64_t longest_ = 0;
    double most_ = 0, most_roundings_ = 0;
};

// What is added to a sum of R-36's p - 128, before its floor is taken: if that is the same with `low` and with `high`,
// it is the floor of N/D + 1/2, but for numbers below 0 or above 255.
struct Biases {
    float low, high;
};

// For D below divisor_bound; `pieces`: into how many the columns of a window may be cut.
Biases estimate_biases(const WeightTable &vertical, const WeightTable &horizontal, int64_t pieces, U128 divisor_bound);

}  // namespace isopixel
