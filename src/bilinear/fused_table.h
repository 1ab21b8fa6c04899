// SPDX-License-Identifier: MIT
// The windows of a horizontal triangle, as the units of FusedKernels.
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "base/held_bytes.h"
#include "kernels/kernels.h"
#include "resizer/axis.h"

namespace isopixel {

// How results share the vectors.
struct FusedLayout {
    int dwords;
    int64_t results;  // of a unit; 0 if there is no such layout
    int64_t steps;

    // Places for results that a unit has.
    int64_t places() const { return dwords == 5 ? 4 : 8; }
    int64_t step_bytes(int64_t channels) const { return 4 * dwords * channels; }
    // What all steps of a unit load of a row.
    int64_t bytes(int64_t channels) const { return 64 + (steps - 1) * step_bytes(channels); }
};

// That of a row of pixels of `channels` samples; the axis is a triangle.
FusedLayout fused_layout(const Axis &axis, int64_t channels);

// The largest of the horizontal weights, halved as often as can be, at most.
inline int64_t most_fused_weight(const Axis &axis) { return (axis.half_width - 1) >> axis.halvings(); }

class FusedTable {
  public:
    FusedTable(const Axis &axis, int64_t channels);
    FusedTable(const FusedTable &) = delete;

    size_t bytes() const { return held_bytes(tables_, units_); }
    FusedAxis axis() const;
    const FusedLayout &layout() const { return layout_; }

  private:
    struct alignas(64) Bytes {
        uint8_t bytes[64];
    };

    // The table, of zeros before, of a unit whose first result is this channel of this pixel.
    void fill_table(const std::vector<int64_t> &segments, int64_t pixel, int64_t channel, int64_t first_byte,
                    Bytes *table) const;
    // The first pixel of a result's window, which is all within the row.
    int64_t window(const std::vector<int64_t> &segments, int64_t pixel) const {
        return std::min(segments[static_cast<size_t>(pixel)], axis_.in - 4 * layout_.dwords * layout_.steps);
    }

    const Axis axis_;
    const int64_t channels_;
    const FusedLayout layout_;
    const ByteWeights weights_;
    std::vector<Bytes> tables_;
    std::vector<FusedUnit> units_;
};

}  // namespace isopixel
