// SPDX-License-Identifier: MIT
// cv2.resize with INTER_LINEAR and INTER_LINEAR_EXACT (SPEC, "Frozen peers").
#include <optional>
#include <utility>
#include <vector>

#include "engines.h"
#include "frozen/frozen.h"
#include "frozen/weights.h"
#include "tap_table.h"

namespace isopix::frozen {
namespace {

// Both kinds: a source row becomes a line of 16-bit sums, and two lines a result row.
class PairResizer final : public RowResizer {
  public:
    using Blend = void (*)(const uint16_t *, const uint16_t *, int64_t, int64_t, int64_t, uint8_t *);

    // The horizontal sums are shifted right.
    PairResizer(const ResizeShape &shape, std::vector<Taps> horizontal, std::vector<Pair> vertical, int shift,
                Blend blend, const Kernels &kernels)
        : RowResizer(shape),
          kernels_(kernels),
          blend_(blend),
          shift_(shift),
          taps_(std::move(horizontal)),
          vertical_(std::move(vertical)),
          samples_(shape.out_width * shape.channels) {
        for (auto &line : lines_) line.resize(static_cast<size_t>(samples_ + TapTables::kSpare));
        if (shape.channels > 4) return;
        tables_.emplace(taps_, shape.in_width, shape.channels, weights_);
        table_ = tables_->table();
        table_.wide_weights = weights_.data();
        table_.shift = shift;
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
            std::vector<uint16_t> &line = lines_[row % 2];
            if (std::exchange(held_[row % 2], row) != row) make_line(rows + (row - first) * stride, line.data());
            return line.data();
        };
        for (; result_ < vertical_.size() && vertical_[result_].second < row_; ++result_) {
            const Pair &pair = vertical_[result_];
            blend_(line(pair.first), line(pair.second), samples_, pair.weight0, pair.weight1,
                   out_ + static_cast<ptrdiff_t>(result_) * stride_);
        }
        if (result_ < vertical_.size() && vertical_[result_].first < row_) line(vertical_[result_].first);
    }

  private:
    void make_line(const uint8_t *row, uint16_t *line) const {
        if (tables_) return kernels_.tap_row(table_, row, line);
        for (const Taps &taps : taps_) {
            const uint8_t *p = row + taps.first * channels_, *q = taps.weight1 ? p + channels_ : p;
            for (int64_t ch = 0; ch < channels_; ++ch)
                *line++ = static_cast<uint16_t>((taps.weight0 * p[ch] + taps.weight1 * q[ch]) >> shift_);
        }
    }

    const Kernels &kernels_;
    const Blend blend_;
    const int shift_;
    const std::vector<Taps> taps_;
    const std::vector<Pair> vertical_;
    const int64_t samples_;
    std::vector<int16_t> weights_;
    std::optional<TapTables> tables_;
    TapTable table_{};
    std::vector<uint16_t> lines_[2];  // of even and odd source rows
    int64_t held_[2] = {-1, -1};      // the row of each
    uint8_t *out_ = nullptr;
    ptrdiff_t stride_ = 0;
    int64_t row_ = 0;
    size_t result_ = 0;
};

// On the horizontal axis the second sample is the one after the first, or without weight.
std::vector<Taps> taps_of(const std::vector<Pair> &axis) {
    std::vector<Taps> taps;
    taps.reserve(axis.size());
    for (const Pair &pair : axis) taps.push_back({pair.first, pair.weight0, pair.weight1});
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
    // Without their last 4 bits, sums fit 15.
    return std::make_unique<PairResizer>(shape, taps_of(opencv_linear_axis(shape.in_width, shape.out_width, true)),
                                         opencv_linear_axis(shape.in_height, shape.out_height, false), 4,
                                         kernels.blend_linear, kernels);
}

std::unique_ptr<Resizer> make_opencv_exact(const ResizeShape &shape, const Kernels &kernels) {
    if (is_half(shape) && shape.channels > 4) return std::make_unique<HalfResizer>(shape);
    return std::make_unique<PairResizer>(shape, taps_of(opencv_exact_axis(shape.in_width, shape.out_width)),
                                         opencv_exact_axis(shape.in_height, shape.out_height), 0, kernels.blend_exact,
                                         kernels);
}

}  // namespace isopix::frozen
