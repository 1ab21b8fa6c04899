// SPDX-License-Identifier: MIT
// Two taps on both axes (every upscale, that of `area` too, and each resize without antialias), with small weights:
// source rows that have weight are resized horizontally, and then serve the result rows that need them.
#include <vector>

#include "bilinear/engines.h"
#include "bilinear/reciprocal.h"
#include "bilinear/tap_rows.h"
#include "resizer/row_lines.h"
#include "resizer/row_resizer.h"
#include "resizer/tap_table.h"

namespace isopixel {
namespace {

int64_t denominator(const Plan &plan) { return plan.vertical.half_width * plan.horizontal.half_width; }

class TapResizer final : public RowResizer {
  public:
    TapResizer(const Plan &plan)
        : RowResizer(plan.shape),
          kernels_(*plan.kernels),
          samples_(plan.shape.out_width * channels_),
          vertical_(plan.vertical),
          rows_(plan.vertical),
          // 255·D + D/2 < 2^16
          narrow_(denominator(plan) <= 256),
          reciprocal_(reciprocal_of(denominator(plan))),
          tables_(plan.horizontal.all_taps(), in_width_, channels_, weights_),
          table_(tables_.table()),
          lines_(2, samples_) {
        table_.weights = weights_.data();
        table_.half_sum = static_cast<uint16_t>(plan.horizontal.half_width / 2);
    }

    void begin(uint8_t *out, ptrdiff_t stride, int64_t first, int64_t end) override {
        out_ = out;
        stride_ = stride;
        rows_.begin(first, end);
        row_ = vertical_.first_sample(first);
        lines_.forget();
    }

    void push_rows(const uint8_t *rows, int64_t count, ptrdiff_t stride) override {
        const int64_t first = row_;
        row_ += count;
        const auto line = [&](int64_t row) {
            return lines_.of(
                row, [&](uint16_t *line) { kernels_.taps.tap_row(table_, rows + (row - first) * stride, line); });
        };
        for (; !rows_.done() && rows_.end_row() <= row_; rows_.next()) {
            const Taps &taps = rows_.taps();
            const uint16_t *line0 = line(taps.first);
            const uint16_t *line1 = taps.weight1 ? line(taps.first + 1) : line0;
            kernels_.taps.blend_lines(line0, line1, samples_, taps.weight0, taps.weight1, narrow_, reciprocal_,
                                      out_ + rows_.result() * stride_);
        }
        if (!rows_.done() && rows_.taps().first < row_) line(rows_.taps().first);
    }

    size_t bytes() const override { return RowResizer::bytes() + held_bytes(weights_, tables_, lines_); }

  private:
    const Kernels &kernels_;
    const int64_t samples_;
    const Axis vertical_;
    TapRows rows_;
    const bool narrow_;
    const Reciprocal reciprocal_;
    std::vector<uint8_t> weights_;
    const TapTables tables_;
    TapTable table_;
    RowLines<uint16_t> lines_;

    uint8_t *out_ = nullptr;
    ptrdiff_t stride_ = 0;
    int64_t row_ = 0;
};

}  // namespace

bool suits_taps(const Plan &plan) {
    const ResizeShape &shape = plan.shape;
    if (plan.vertical.triangle || plan.horizontal.triangle || shape.channels > 4) return false;
    // Weights fit 7 bits, so that horizontal sums, and R/2 more of each for the rounding, stay below 2^15.
    if (plan.horizontal.half_width > INT8_MAX || plan.vertical.half_width > INT16_MAX) return false;
    static_assert(255 * INT8_MAX + INT8_MAX / 2 <= INT16_MAX);
    return shape.in_width <= kMostRowSamples / shape.channels && reciprocal_of(denominator(plan)).after >= 0;
}

std::unique_ptr<Resizer> make_tap_resizer(const Plan &plan) { return std::make_unique<TapResizer>(plan); }

}  // namespace isopixel
