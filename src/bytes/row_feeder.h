// SPDX-License-Identifier: MIT
// Bytes that come in pieces of any size, as whole rows and pixels to a resizer.
#pragma once

#include <algorithm>
#include <memory>
#include <utility>
#include <vector>

#include "base/sizes.h"
#include "plan.h"

namespace isopixel {

class RowFeeder {
  public:
    // `out` as in Resizer::begin. Throws std::bad_alloc.
    RowFeeder(const Plan &plan, uint8_t *out, ptrdiff_t stride)
        : resizer_(make_resizer(plan)), channels_(plan.shape.channels), row_pixels_(plan.shape.in_width) {
        resizer_->begin(out, stride, 0, plan.shape.out_height);
        pixel_.reserve(allocation_size(channels_));  // so that no push allocates
    }

    bool between_rows() const { return column_ == 0 && pixel_.empty(); }

    // Only between rows.
    void push_rows(const uint8_t *rows, int64_t count, ptrdiff_t stride) { resizer_->push_rows(rows, count, stride); }

    void push(const uint8_t *bytes, uint64_t n) {
        const uint64_t channels = static_cast<uint64_t>(channels_);
        while (n > 0) {
            uint64_t taken;
            if (!pixel_.empty() || n < channels) taken = complete_pixel(bytes, n);
            else if (column_ == 0 && n >= row_bytes()) taken = take_rows(bytes, n);
            else taken = take_pixels(bytes, n / channels);
            bytes += taken;
            n -= taken;
        }
    }

    // Pushes the byte `value` n times, to the end of a pixel.
    void push_repeated(uint8_t value, uint64_t n) {
        for (; !pixel_.empty(); --n) push(&value, 1);
        while (n > 0) {
            const int64_t count = pixels_of_row(n / static_cast<uint64_t>(channels_));
            resizer_->push_constant(value, count);
            n -= end_pixels(count);
        }
    }

  private:
    uint64_t row_bytes() const { return static_cast<uint64_t>(row_pixels_ * channels_); }

    uint64_t complete_pixel(const uint8_t *bytes, uint64_t n) {
        const uint64_t part = std::min(n, static_cast<uint64_t>(channels_) - pixel_.size());
        pixel_.insert(pixel_.end(), bytes, bytes + part);
        if (pixel_.size() == static_cast<size_t>(channels_)) {
            take_pixels(pixel_.data(), 1);
            pixel_.clear();
        }
        return part;
    }

    uint64_t take_rows(const uint8_t *bytes, uint64_t n) {
        const uint64_t rows = n / row_bytes();
        resizer_->push_rows(bytes, static_cast<int64_t>(rows), static_cast<ptrdiff_t>(row_bytes()));
        return rows * row_bytes();
    }

    uint64_t take_pixels(const uint8_t *pixels, uint64_t n) {
        const int64_t count = pixels_of_row(n);
        resizer_->push_pixels(pixels, count);
        return end_pixels(count);
    }

    // Of n pixels, how many the row that comes now has room for.
    int64_t pixels_of_row(uint64_t n) const {
        return static_cast<int64_t>(std::min(n, static_cast<uint64_t>(row_pixels_ - column_)));
    }

    // Counts pixels that have been pushed; returns their bytes.
    uint64_t end_pixels(int64_t count) {
        column_ = (column_ + count) % row_pixels_;
        return static_cast<uint64_t>(count * channels_);
    }

    std::unique_ptr<Resizer> resizer_;
    int64_t channels_, row_pixels_;
    int64_t column_ = 0;          // pixels taken of the row that comes now
    std::vector<uint8_t> pixel_;  // the samples of a pixel that is not complete
};

}  // namespace isopixel
