// SPDX-License-Identifier: MIT
// The tables of direct taps for the horizontal axis of an image.
#pragma once

#include <cstdint>
#include <vector>

#include "base/aligned.h"
#include "base/held_bytes.h"
#include "bilinear/direct_plan.h"
#include "kernels/kernels.h"

namespace isopixel {

// The binary32 nearest to 1/n, for n below 2^23, whatever the rounding mode: 1/n is then farther from the middle of two
// of them, by a share of some 2^-48, than the double that is rounded is from 1/n.
float reciprocal_f32(uint32_t n);

class DirectTables {
  public:
    DirectTables(const Plan &plan, const DirectPlan &direct);
    DirectTables(const DirectTables &) = delete;

    size_t bytes() const { return held_bytes(windows_, entries_, sums_x_, reciprocals_x_); }
    const DirectTable &table() const { return table_; }
    // The bytes from the first of a row on that may be read.
    int64_t reach() const { return reach_; }
    // As DirectBlend has them.
    const uint32_t *sums_x() const { return sums_x_.data(); }
    const float *reciprocals_x() const { return reciprocals_x_.data(); }

  private:
    void set_entries(const Axis &axis, const DirectLayout &layout);
    void set_sums(const Axis &axis);

    const DirectPlan direct_;
    const int64_t channels_;
    DirectTable table_;
    int64_t reach_ = 0;
    std::vector<int32_t> windows_;
    AlignedArray<uint8_t> entries_;
    AlignedArray<uint32_t> sums_x_;
    AlignedArray<float> reciprocals_x_;
};

}  // namespace isopixel
