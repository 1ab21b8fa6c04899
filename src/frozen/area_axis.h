// SPDX-License-Identifier: MIT
// The axes of OpenCV's INTER_AREA (SPEC ), which floating point decides: area_axis.cpp is compiled so that
// no option of the user changes it.
#pragma once

#include <cstdint>
#include <vector>

#include "base/held_bytes.h"
#include "frozen/weights.h"
#include "kernels/kernels.h"

namespace isopixel::frozen {

// how many samples each result is made of, if the scale is whole; else 0.
int64_t area_block(int64_t in, int64_t out);

// R-43, as AreaList.
struct AreaAxis {
    AreaList list() const { return {windows.data(), weights.data(), static_cast<int64_t>(windows.size())}; }
    size_t bytes() const { return held_bytes(windows, weights); }

    std::vector<Window> windows;
    std::vector<float> weights;
};
AreaAxis area_axis(int64_t in, int64_t out);

//
std::vector<TwoTaps> growing_area_axis(int64_t in, int64_t out);

// R-42 as such an axis: the weights are 1, and the sums are to be multiplied by a factor.
AreaAxis block_axis(int64_t out, int64_t block);
float block_factor(int64_t area);

// the value of a block of this many samples from their sum, below 2^31.
class BlockMean {
  public:
    explicit BlockMean(int64_t area) : factor_(block_factor(area)) {}
    uint8_t operator()(uint32_t sum) const;

  private:
    float factor_;
};

}  // namespace isopixel::frozen
