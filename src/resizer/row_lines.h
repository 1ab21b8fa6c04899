// SPDX-License-Identifier: MIT
// The lines of the source rows that a result of two taps needs.
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "base/held_bytes.h"
#include "kernels/kernels.h"

namespace isopixel {

// The lines of two source rows, an even and an odd one.
class RowLines {
  public:
    // For lines of this many samples.
    explicit RowLines(int64_t samples) {
        for (std::vector<uint16_t> &line : lines_) line.resize(static_cast<size_t>(samples + kSpareSamples));
    }

    void forget() { held_[0] = held_[1] = -1; }
    // The line of a row, which make(line) fills if it is not there yet.
    template <class Make>
    const uint16_t *of(int64_t row, Make make) {
        uint16_t *line = lines_[row % 2].data();
        if (std::exchange(held_[row % 2], row) != row) make(line);
        return line;
    }
    size_t bytes() const { return held_bytes(lines_[0], lines_[1]); }

  private:
    std::vector<uint16_t> lines_[2];
    int64_t held_[2] = {-1, -1};  // the row of each
};

}  // namespace isopixel
