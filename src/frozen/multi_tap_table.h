// SPDX-License-Identifier: MIT
// The tables of MultiTapKernels::sum_taps for the horizontal axis of an image.
#pragma once

#include <cstdint>
#include <vector>

#include "frozen/weights.h"
#include "kernels/kernels.h"

namespace isopixel::frozen {

// A tap beyond an edge gives its weight to that at the edge: the sums of integers are the same.
class MultiTapTables {
  public:
    // If there are more than 4 channels, first and weights alone.
    MultiTapTables(const MultiTapAxis &axis, int64_t in_width, int64_t channels);
    MultiTapTables(const MultiTapTables &) = delete;

    const MultiTapTable &table() const { return table_; }
    // This many samples of a row are read, be they more than it has; what is behind it has no weight.
    int64_t in_samples() const { return in_samples_; }
    size_t bytes() const { return held_bytes(first_, windows_, weights_, even_, odd_, shuffles_); }

  private:
    void make_weights(const MultiTapAxis &axis, int64_t in_width);
    void make_quads();
    bool make_windows(int64_t n);

    MultiTapTable table_{};
    int64_t in_samples_;
    std::vector<int32_t> first_, windows_;
    std::vector<int16_t> weights_, even_, odd_;
    std::vector<uint8_t> shuffles_;
};

}  // namespace isopixel::frozen
