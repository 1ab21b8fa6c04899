// SPDX-License-Identifier: MIT
// From an energy to a level (SPEC R-78).
#pragma once

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <vector>

#include "base/wide.h"

namespace isopixel {

using Energy = Wide<3>;  // below 2^178: that of 8 channels of 24 bits in a window of 4096

class Levels {
  public:
    // window <= 4096, 1 <= channels <= 8, scale <= 23, gain <= 64. Throws std::bad_alloc.
    Levels(int64_t window, int64_t channels, int64_t scale, int64_t gain);

    uint8_t level(const Energy &energy) const;

    // Of energies in units of 2^68 (those of the amplitudes in units of 4·2^32), 0 <= most: if all from `least` to
    // `most` have the same level, writes it; else false.
    bool decide(double least, double most, uint8_t *level) const {
        uint64_t bits;
        std::memcpy(&bits, &most, sizeof bits);
        const uint64_t cell = std::min(std::max(bits >> kCellShift, first_cell_) - first_cell_, last_cell_);
        const size_t below = cells_[cell];
        *level = static_cast<uint8_t>(below + (most >= below_[below + 1]));  // a cell has at most one threshold
        return least >= above_[*level];
    }

  private:
    static constexpr int kCellShift = 48;  // a cell has the doubles of one exponent and of 1/16 of its octave

    std::vector<Energy> least_;  // by level: the least energy that has it
    // The same in units of 2^68, too large and too small by a share of less than 2^-45; and what is beyond 255.
    std::vector<double> above_, below_;
    std::vector<uint8_t> cells_;  // by the first 16 bits of a double, from first_cell_ on: the level of the least one
    uint64_t first_cell_, last_cell_;  // the last one counted from the first
};

}  // namespace isopixel
