// SPDX-License-Identifier: MIT
// The lines of the source rows that a result needs.
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "base/held_bytes.h"
#include "base/sizes.h"
#include "kernels/kernels.h"

namespace isopixel {

// The lines of some source rows that follow each other.
template <class Number>
class RowLines {
  public:
    // For the lines of `rows` rows, of this many samples.
    RowLines(int64_t rows, int64_t samples) : lines_(allocation_size(rows)) {
        for (Line &line : lines_) line.numbers.resize(allocation_size(samples + kSpareSamples));
    }

    void forget() {
        for (Line &line : lines_) line.row = -1;
    }
    // The line of a row, which make(line) fills if it is not there yet.
    template <class Make>
    const Number *of(int64_t row, Make make) {
        Line &line = lines_[static_cast<size_t>(row) % lines_.size()];
        if (std::exchange(line.row, row) != row) make(line.numbers.data());
        return line.numbers.data();
    }
    size_t bytes() const {
        size_t bytes = held_bytes(lines_);
        for (const Line &line : lines_) bytes += held_bytes(line.numbers);
        return bytes;
    }

  private:
    struct Line {
        std::vector<Number> numbers;
        int64_t row = -1;
    };
    std::vector<Line> lines_;
};

}  // namespace isopixel
