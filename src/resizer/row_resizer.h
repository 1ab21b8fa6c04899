// SPDX-License-Identifier: MIT
// The base of a resizer that works on whole rows.
#pragma once

#include <cstring>
#include <memory>

#include "base/sizes.h"
#include "resizer/resizer.h"

namespace isopixel {

// A resizer that needs whole rows, and gathers them from pieces.
class RowResizer : public Resizer {
  public:
    explicit RowResizer(const ResizeShape &shape)
        : channels_(shape.channels),
          in_width_(shape.in_width),
          row_(new uint8_t[allocation_size(in_width_ * channels_)]) {}

    void push_pixels(const uint8_t *pixels, int64_t count) final {
        std::memcpy(row_.get() + column_ * channels_, pixels, static_cast<size_t>(count * channels_));
        end_pixels(count);
    }

    void push_constant(uint8_t value, int64_t count) final {
        std::memset(row_.get() + column_ * channels_, value, static_cast<size_t>(count * channels_));
        end_pixels(count);
    }

    size_t bytes() const override { return row_samples(); }

  protected:
    size_t row_samples() const { return static_cast<size_t>(in_width_ * channels_); }

    const int64_t channels_;
    const int64_t in_width_;

  private:
    void end_pixels(int64_t count) {
        column_ += count;
        if (column_ < in_width_) return;
        column_ = 0;
        push_rows(row_.get(), 1, 0);
    }

    std::unique_ptr<uint8_t[]> row_;
    int64_t column_ = 0;
};

}  // namespace isopixel
