// SPDX-License-Identifier: MIT
// Vertical taps, result row by result row.
#pragma once

#include <cstdint>

#include "resizer/axis.h"

namespace isopixel {

// The result rows with two taps each, one after the other.
class TapRows {
  public:
    explicit TapRows(const Axis &axis) : axis_(axis), walk_(axis, 0) {}

    void begin(int64_t first, int64_t end) {
        walk_ = TapWalk(axis_, first);
        result_ = first;
        end_ = end;
        taps_ = walk_.taps();
    }
    void next() {
        ++result_;
        walk_.next();
        taps_ = walk_.taps();
    }

    bool done() const { return result_ >= end_; }
    int64_t result() const { return result_; }
    const Taps &taps() const { return taps_; }
    // The row behind the last one that the result needs.
    int64_t end_row() const { return taps_.end(); }

  private:
    const Axis axis_;
    TapWalk walk_;
    int64_t result_ = 0, end_ = 0;
    Taps taps_{};
};

}  // namespace isopixel
