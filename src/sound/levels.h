// SPDX-License-Identifier: MIT
// From an energy to a level (SPEC R-78).
#pragma once

#include <cstdint>
#include <vector>

#include "base/wide.h"

namespace isopixel {

using Energy = Wide<3>;  // below 2^178: that of 8 channels of 24 bits in a window of 4096

class Levels {
  public:
    // window <= 4096, 1 <= channels <= 8, scale <= 23, gain <= 64. Throws std::bad_alloc.
    Levels(int64_t window, int64_t channels, int64_t scale, int64_t gain);

    uint8_t level(const Energy &energy) const;

    // Of energies in units of 2^68 (those of the amplitudes in units of 4·2^32): a level that is right, or next to it;
    uint8_t guess(double energy) const;
    // and is it right for every energy from `least` to `most`?
    bool is_level(uint8_t level, double least, double most) const {
        return least >= above_[level] && most < below_[level + size_t{1}];
    }

  private:
    std::vector<Energy> least_;  // by level: the least energy that has it
    // The same in units of 2^68, too large and too small by a share of less than 2^-45; and what is beyond 255.
    std::vector<double> above_, below_;
    std::vector<uint8_t> cells_;  // by the first 16 bits of a double, from first_cell_ on: the level of the least one
    uint64_t first_cell_;
};

}  // namespace isopixel
