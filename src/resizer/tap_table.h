// SPDX-License-Identifier: MIT
// The tables of TapKernels::tap_row for the horizontal axis of an image.
#pragma once

#include <cstdint>
#include <vector>

#include "base/held_bytes.h"
#include "base/sizes.h"
#include "kernels/kernels.h"
#include "resizer/axis.h"

namespace isopixel {

class TapTables {
  public:
    // `taps` of each result pixel, in order; `weights`, an array of one of the types of TapTable, gets two numbers for
    // each result sample. channels is up to 4.
    template <class Weight>
    TapTables(const std::vector<Taps> &taps, int64_t in_width, int64_t channels, std::vector<Weight> &weights) {
        table_.samples = static_cast<int64_t>(taps.size()) * channels;
        table_.channels = channels;
        table_.in_samples = in_width * channels;
        first_.resize(taps.size());
        weights.resize(allocation_size(2 * (table_.samples + kSpareSamples)));
        Weight *weight = weights.data();
        for (size_t k = 0; k < taps.size(); ++k) {
            first_[k] = static_cast<int32_t>(taps[k].first * channels);
            table_.near += first_[k] + 8 <= table_.in_samples;
            for (int64_t ch = 0; ch < channels; ++ch) {
                *weight++ = static_cast<Weight>(taps[k].weight0);
                *weight++ = static_cast<Weight>(taps[k].weight1);
            }
        }
        table_.first = first_.data();
        for (const int64_t n_windows : {1, 2, 4})
            if (make_windows(n_windows)) break;
    }
    TapTables(const TapTables &) = delete;

    // Without weights.
    const TapTable &table() const { return table_; }
    size_t bytes() const { return held_bytes(first_, windows_, shuffles_); }

  private:
    bool make_windows(int64_t n);

    TapTable table_{};
    std::vector<int32_t> first_, windows_;
    std::vector<uint8_t> shuffles_;
};

}  // namespace isopixel
