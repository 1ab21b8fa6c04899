// SPDX-License-Identifier: MIT
// cv2.resize with INTER_LINEAR and INTER_LINEAR_EXACT (SPEC ).
#include <utility>
#include <vector>

#include "frozen/frozen.h"
#include "frozen/two_tap.h"
#include "frozen/weights.h"
#include "resizer/row_resizer.h"

namespace isopixel::frozen {
namespace {

// On the horizontal axis the second sample is the one after the first, or without weight.
std::vector<Taps> taps_of(const std::vector<TwoTaps> &axis) {
    std::vector<Taps> taps;
    taps.reserve(axis.size());
    for (const TwoTaps &each : axis) taps.push_back({each.first, each.weight0, each.weight1});
    return taps;
}

// Half the size on both axes: the mean of 2 × 2 pixels, halves to even.
class HalfResizer final : public RowResizer {
  public:
    explicit HalfResizer(const ResizeShape &shape) : RowResizer(shape), above_(row_samples()) {}

    void begin(uint8_t *out, ptrdiff_t stride, int64_t, int64_t) override {
        out_ = out;
        stride_ = stride;
        row_ = 0;
    }
    void push_rows(const uint8_t *rows, int64_t count, ptrdiff_t stride) override {
        for (int64_t y = 0; y < count; ++y, ++row_) {
            const uint8_t *row = rows + y * stride;
            if (row_ % 2 == 0) {
                above_.assign(row, row + row_samples());
                continue;
            }
            uint8_t *out = out_ + row_ / 2 * stride_;
            for (size_t x = 0, pixel = static_cast<size_t>(channels_); x < row_samples(); x += 2 * pixel) {
                for (size_t ch = x; ch < x + pixel; ++ch) {
                    const int sum = above_[ch] + above_[ch + pixel] + row[ch] + row[ch + pixel];
                    *out++ = static_cast<uint8_t>((sum + 1 + ((sum >> 2) & 1)) >> 2);
                }
            }
        }
    }

  private:
    std::vector<uint8_t> above_;
    uint8_t *out_ = nullptr;
    ptrdiff_t stride_ = 0;
    int64_t row_ = 0;
};

bool is_half(const ResizeShape &shape) {
    return shape.in_height == 2 * shape.out_height && shape.in_width == 2 * shape.out_width;
}

}  // namespace

std::unique_ptr<Resizer> make_opencv_linear(const ResizeShape &shape, const Kernels &kernels) {
    const int64_t c = shape.channels;
    if (is_half(shape) && (c == 2 || c > 4)) return std::make_unique<HalfResizer>(shape);
    return make_opencv_two_tap(shape, opencv_linear_axis(shape.in_width, shape.out_width, true),
                               opencv_linear_axis(shape.in_height, shape.out_height, false), kernels);
}

std::unique_ptr<Resizer> make_opencv_two_tap(const ResizeShape &shape, const std::vector<TwoTaps> &horizontal,
                                             std::vector<TwoTaps> vertical, const Kernels &kernels) {
    // Without their last 4 bits, sums fit 15.
    return make_two_tap_resizer(
        shape, {taps_of(horizontal), 0, 4, std::move(vertical), kernels.two_tap.blend_linear, 0}, kernels);
}

std::unique_ptr<Resizer> make_opencv_exact(const ResizeShape &shape, const Kernels &kernels) {
    if (is_half(shape) && shape.channels > 4) return std::make_unique<HalfResizer>(shape);
    return make_two_tap_resizer(shape,
                                {taps_of(opencv_exact_axis(shape.in_width, shape.out_width)), 0, 0,
                                 opencv_exact_axis(shape.in_height, shape.out_height), kernels.two_tap.blend_exact, 0},
                                kernels);
}

}  // namespace isopixel::frozen
