// SPDX-License-Identifier: MIT
// What the resizers of the different engines share.
#pragma once

#include <algorithm>
#include <cstring>
#include <memory>

#include "kernels.h"
#include "resize.h"

namespace isopix {

std::unique_ptr<Resizer> make_tap_resizer(const Plan &plan, const Kernels &kernels);
std::unique_ptr<Resizer> make_block_resizer(const Plan &plan, const Kernels &kernels);
std::unique_ptr<Resizer> make_sum_resizer(const Plan &plan, const Kernels &kernels);

bool suits_taps(const Plan &plan);
bool suits_blocks(const Plan &plan);

// A source row of more samples has sums of 32 bits for each column that no cache would hold.
constexpr int64_t kMostRowSamples = 32768;

// A resizer that needs whole rows, and gathers them from pieces.
class RowResizer : public Resizer {
  public:
    explicit RowResizer(const ResizeShape &shape)
        : channels_(shape.channels), in_width_(shape.in_width), row_(new uint8_t[row_samples()]) {}

    void push_pixels(const uint8_t *pixels, int64_t count) final {
        std::memcpy(row_.get() + column_ * channels_, pixels, static_cast<size_t>(count * channels_));
        column_ += count;
        if (column_ < in_width_) return;
        column_ = 0;
        push_rows(row_.get(), 1, 0);
    }

  protected:
    size_t row_samples() const { return static_cast<size_t>(in_width_ * channels_); }

    const int64_t channels_;
    const int64_t in_width_;

  private:
    std::unique_ptr<uint8_t[]> row_;
    int64_t column_ = 0;
};

// The result rows with two taps each, one after the other.
class TapRows {
  public:
    explicit TapRows(const Axis &axis) : axis_(axis), walk_(axis, 0) {}

    void begin(int64_t first, int64_t end) {
        walk_ = TapWalk(axis_, first);
        result_ = first;
        end_ = end;
        taps_ = walk_.taps();
    }
    void next() {
        ++result_;
        walk_.next();
        taps_ = walk_.taps();
    }

    bool done() const { return result_ >= end_; }
    int64_t result() const { return result_; }
    const Taps &taps() const { return taps_; }
    // The row behind the last one that the result needs.
    int64_t end_row() const { return taps_.first + 1 + (taps_.weight1 != 0); }

  private:
    const Axis axis_;
    TapWalk walk_;
    int64_t result_ = 0, end_ = 0;
    Taps taps_{};
};

}  // namespace isopix
