// SPDX-License-Identifier: MIT
// The weights of an axis as the kernels need them.
#pragma once

#include <vector>

#include "frozen/weights.h"
#include "kernels/kernels.h"

namespace isopixel::frozen {

class WindowTable {
  public:
    explicit WindowTable(FixedAxis axis);

    WindowList list() const;
    int64_t most_quads() const { return most_quads_; }  // of a window
    size_t bytes() const { return held_bytes(axis_, quads_, weights_); }

  private:
    const FixedAxis axis_;
    const bool wide_;
    std::vector<QuadWindow> quads_;
    std::vector<int16_t> weights_;  // of the quads
    int64_t most_quads_ = 0;
};

}  // namespace isopixel::frozen
