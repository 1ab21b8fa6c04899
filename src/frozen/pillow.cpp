// SPDX-License-Identifier: MIT
// PIL.Image.Image.resize with a filter of a window (SPEC ).
#include <algorithm>
#include <vector>

#include "frozen/frozen.h"
#include "frozen/two_pass.h"
#include "resizer/row_resizer.h"

namespace isopixel::frozen {
namespace {

//
bool is_vertical_first(const ResizeShape &shape, PillowPassOrder order) {
    const int64_t height = shape.in_height, width = shape.in_width;
    switch (order) {
        case PillowPassOrder::k4:
            break;
        case PillowPassOrder::k12_2:
            return height > 100 * width && shape.out_height < height;
        case PillowPassOrder::k13:
            return height > shape.out_height && height - shape.out_height > 2 * (width - shape.out_width);
    }
    return false;
}

std::unique_ptr<Resizer> make_two_pass(const ResizeShape &shape, PillowResize resize, const Kernels &kernels) {
    return make_two_pass_resizer(shape, pillow_passes(shape, resize), kernels);
}

// The last channel is alpha: the others are multiplied by it before the resize, and divided by it after.
class PremultipliedResizer final : public RowResizer {
  public:
    PremultipliedResizer(const ResizeShape &shape, PillowResize resize, const Kernels &kernels)
        : RowResizer(shape), shape_(shape), resizer_(make_two_pass(shape, resize, kernels)), line_(row_samples()) {}

    void begin(uint8_t *out, ptrdiff_t stride, int64_t first, int64_t end) override {
        out_ = out;
        stride_ = stride;
        row_ = 0;
        resizer_->begin(out, stride, first, end);
    }
    void push_rows(const uint8_t *rows, int64_t count, ptrdiff_t stride) override {
        for (int64_t y = 0; y < count; ++y) {
            premultiply(rows + y * stride);
            resizer_->push_rows(line_.data(), 1, 0);
        }
        row_ += count;
        if (row_ < shape_.in_height) return;
        for (int64_t y = 0; y < shape_.out_height; ++y) divide(out_ + y * stride_);
    }
    size_t bytes() const override { return RowResizer::bytes() + held_bytes(resizer_, line_); }

  private:
    void premultiply(const uint8_t *row) {
        const size_t channels = static_cast<size_t>(channels_);
        for (size_t x = 0; x < line_.size(); x += channels) {
            const unsigned alpha = row[x + channels - 1];
            for (size_t ch = 0; ch + 1 < channels; ++ch) {
                const unsigned t = row[x + ch] * alpha + 128;
                line_[x + ch] = static_cast<uint8_t>(((t >> 8) + t) >> 8);
            }
            line_[x + channels - 1] = static_cast<uint8_t>(alpha);
        }
    }
    void divide(uint8_t *row) const {
        for (const uint8_t *end = row + shape_.out_width * channels_; row < end; row += channels_) {
            const unsigned alpha = row[channels_ - 1];
            if (alpha == 0 || alpha == 255) continue;
            for (int64_t ch = 0; ch + 1 < channels_; ++ch)
                row[ch] = static_cast<uint8_t>(std::min(255u, 255u * row[ch] / alpha));
        }
    }

    const ResizeShape shape_;
    const std::unique_ptr<Resizer> resizer_;
    std::vector<uint8_t> line_;
    uint8_t *out_ = nullptr;
    ptrdiff_t stride_ = 0;
    int64_t row_ = 0;
};

}  // namespace

TwoPassPlan pillow_passes(const ResizeShape &shape, PillowResize resize) {
    TwoPassPlan plan{{}, {}, is_vertical_first(shape, resize.order)};
    if (shape.in_width != shape.out_width)
        plan.horizontal = pillow_axis(shape.in_width, shape.out_width, resize.filter);
    if (shape.in_height != shape.out_height)
        plan.vertical = pillow_axis(shape.in_height, shape.out_height, resize.filter);
    return plan;
}

std::unique_ptr<Resizer> make_pillow(const ResizeShape &shape, PillowResize resize, const Kernels &kernels) {
    if (resize.is_alpha) return std::make_unique<PremultipliedResizer>(shape, resize, kernels);
    return make_two_pass(shape, resize, kernels);
}

}  // namespace isopixel::frozen
