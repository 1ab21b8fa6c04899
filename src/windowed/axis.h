// SPDX-License-Identifier: MIT
// The windows and exact weights of an axis of `area`, `bicubic` or `bicubic-four-tap` (SPEC ). No pixels
// here.
#pragma once

#include <cstdint>

#include "base/u128.h"
#include "resizer/axis.h"
#include "resizer/method.h"

namespace isopixel {

// Samples `first` to before `end`.
struct SampleRange {
    int64_t first, end;
    int64_t count() const { return end - first; }
};

class WindowedAxis {
  public:
    WindowedAxis(const Axis &axis, Function function);

    // Nothing below may be asked of an axis that is not.
    bool supported() const;
    // Above the sum of the positive weights of any result, and so above that of all its weights.
    U128 weight_bound() const;

    // The samples that can have weight in result i; never none. Windows begin and end in order.
    SampleRange window(int64_t i) const;
    // The weight in result i of sample j of its window, for T: uint64_t or U128, modulo 2^b, or double, with an error
    // below 2^-48 of it.
    template <class T>
    T weight(int64_t i, int64_t j) const;

    int64_t out() const { return axis_.out; }

  private:
    bool is_area() const { return function_ == Function::kArea; }
    bool is_four_tap() const { return function_ == Function::kBicubicFourTap; }
    // From the centre of result i to that of sample j, in units of 1/(2v) of a sample.
    int64_t distance(int64_t i, int64_t j) const { return (2 * j + 1) * axis_.v - (2 * i + 1) * axis_.w; }
    // Four taps: the last sample that is not behind the centre of result i; it may be -1.
    int64_t sample_before(int64_t i) const;

    Axis axis_;
    Function function_;
    int64_t m_;  // of: the distance at which Keys' function is 0 for the first time
};

}  // namespace isopixel
