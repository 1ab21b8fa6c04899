// SPDX-License-Identifier: MIT
// The resize to the size that the image has.
#pragma once

#include <cstring>

#include "resizer/resizer.h"

namespace isopixel {

// Equal sizes give the image back (SPEC, what follows from the rules).
class CopyResizer final : public Resizer {
  public:
    explicit CopyResizer(const ResizeShape &shape) : shape_(shape) {}

    void begin(uint8_t *out, ptrdiff_t stride, int64_t first, int64_t) override {
        out_ = out;
        stride_ = stride;
        row_ = first;
        column_ = 0;
    }

    void push_rows(const uint8_t *rows, int64_t count, ptrdiff_t stride) override {
        for (int64_t y = 0; y < count; ++y) push_pixels(rows + y * stride, shape_.in_width);
    }

    void push_pixels(const uint8_t *pixels, int64_t count) override {
        std::memcpy(out_ + row_ * stride_ + column_ * shape_.channels, pixels,
                    static_cast<size_t>(count * shape_.channels));
        end_pixels(count);
    }

    void push_constant(uint8_t value, int64_t count) override {
        std::memset(out_ + row_ * stride_ + column_ * shape_.channels, value,
                    static_cast<size_t>(count * shape_.channels));
        end_pixels(count);
    }

    size_t bytes() const override { return 0; }

  private:
    void end_pixels(int64_t count) {
        column_ += count;
        if (column_ < shape_.in_width) return;
        column_ = 0;
        ++row_;
    }

    const ResizeShape shape_;
    uint8_t *out_ = nullptr;
    ptrdiff_t stride_ = 0;
    int64_t row_ = 0, column_ = 0;
};

}  // namespace isopixel
