// SPDX-License-Identifier: MIT
// cv2.resize with INTER_LINEAR and INTER_LINEAR_EXACT (SPEC, "Frozen peers").
#include <utility>
#include <vector>

#include "engines.h"
#include "frozen/frozen.h"
#include "frozen/weights.h"

namespace isopix::frozen {
namespace {

// INTER_LINEAR: lines of the horizontal sums, without their last 4 bits, which fit 16.
struct Linear {
    using Number = int16_t;
    static std::vector<Pair> horizontal(int64_t in, int64_t out) { return opencv_linear_axis(in, out, true); }
    static std::vector<Pair> vertical(int64_t in, int64_t out) { return opencv_linear_axis(in, out, false); }
    static Number line(int32_t sum) { return static_cast<Number>(sum >> 4); }
    static uint8_t result(Number a, Number b, int32_t weight0, int32_t weight1) {
        return static_cast<uint8_t>((((weight0 * a) >> 16) + ((weight1 * b) >> 16) + 2) >> 2);
    }
};

struct Exact {
    using Number = uint16_t;
    static std::vector<Pair> horizontal(int64_t in, int64_t out) { return opencv_exact_axis(in, out); }
    static std::vector<Pair> vertical(int64_t in, int64_t out) { return opencv_exact_axis(in, out); }
    static Number line(int32_t sum) { return static_cast<Number>(sum); }
    static uint8_t result(Number a, Number b, int32_t weight0, int32_t weight1) {
        return static_cast<uint8_t>(
            (static_cast<uint32_t>(weight0) * a + static_cast<uint32_t>(weight1) * b + (1u << 15)) >> 16);
    }
};

template <class Kind>
class PairResizer final : public RowResizer {
  public:
    explicit PairResizer(const ResizeShape &shape)
        : RowResizer(shape),
          horizontal_(Kind::horizontal(shape.in_width, shape.out_width)),
          vertical_(Kind::vertical(shape.in_height, shape.out_height)),
          samples_(shape.out_width * shape.channels) {
        for (auto &line : lines_) line.resize(static_cast<size_t>(samples_));
    }

    void begin(uint8_t *out, ptrdiff_t stride, int64_t, int64_t) override {
        out_ = out;
        stride_ = stride;
        row_ = 0;
        result_ = 0;
        held_[0] = held_[1] = -1;
    }

    void push_rows(const uint8_t *rows, int64_t count, ptrdiff_t stride) override {
        const int64_t first = row_;
        row_ += count;
        const auto line = [&](int64_t row) {
            auto &line = lines_[row % 2];
            if (std::exchange(held_[row % 2], row) != row) make_line(rows + (row - first) * stride, line.data());
            return line.data();
        };
        for (; result_ < vertical_.size() && vertical_[result_].second < row_; ++result_) {
            const Pair &pair = vertical_[result_];
            const auto *a = line(pair.first), *b = line(pair.second);
            uint8_t *out = out_ + static_cast<ptrdiff_t>(result_) * stride_;
            for (int64_t x = 0; x < samples_; ++x) out[x] = Kind::result(a[x], b[x], pair.weight0, pair.weight1);
        }
        if (result_ < vertical_.size() && vertical_[result_].first < row_) line(vertical_[result_].first);
    }

  private:
    void make_line(const uint8_t *row, typename Kind::Number *line) const {
        for (const Pair &pair : horizontal_) {
            const uint8_t *p = row + pair.first * channels_, *q = row + pair.second * channels_;
            for (int64_t ch = 0; ch < channels_; ++ch)
                *line++ = Kind::line(pair.weight0 * p[ch] + pair.weight1 * q[ch]);
        }
    }

    const std::vector<Pair> horizontal_, vertical_;
    const int64_t samples_;
    std::vector<typename Kind::Number> lines_[2];  // of even and odd source rows
    int64_t held_[2] = {-1, -1};
    uint8_t *out_ = nullptr;
    ptrdiff_t stride_ = 0;
    int64_t row_ = 0;
    size_t result_ = 0;
};

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

std::unique_ptr<Resizer> make_opencv_linear(const ResizeShape &shape) {
    const int64_t c = shape.channels;
    if (is_half(shape) && (c == 2 || c > 4)) return std::make_unique<HalfResizer>(shape);
    return std::make_unique<PairResizer<Linear>>(shape);
}

std::unique_ptr<Resizer> make_opencv_exact(const ResizeShape &shape) {
    if (is_half(shape) && shape.channels > 4) return std::make_unique<HalfResizer>(shape);
    return std::make_unique<PairResizer<Exact>>(shape);
}

}  // namespace isopix::frozen
