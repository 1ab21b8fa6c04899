// SPDX-License-Identifier: MIT
#include "frozen/two_tap.h"

#include <optional>
#include <utility>

#include "resizer/row_lines.h"
#include "resizer/row_resizer.h"
#include "resizer/tap_table.h"

namespace isopixel::frozen {
namespace {

class TwoTapResizer final : public RowResizer {
  public:
    TwoTapResizer(const ResizeShape &shape, TwoTapPlan plan, const Kernels &kernels)
        : RowResizer(shape),
          kernels_(kernels),
          plan_(std::move(plan)),
          samples_(shape.out_width * shape.channels),
          lines_(2, samples_) {
        if (shape.channels > 4) return;
        tables_.emplace(plan_.horizontal, shape.in_width, shape.channels, weights_);
        table_ = tables_->table();
        table_.wide_weights = weights_.data();
        table_.bias = plan_.bias;
        table_.shift = plan_.shift;
    }

    void begin(uint8_t *out, ptrdiff_t stride, int64_t, int64_t) override {
        out_ = out;
        stride_ = stride;
        row_ = 0;
        result_ = 0;
        lines_.forget();
    }

    void push_rows(const uint8_t *rows, int64_t count, ptrdiff_t stride) override {
        const int64_t first = row_;
        row_ += count;
        const auto line = [&](int64_t row) {
            return lines_.of(row, [&](uint16_t *line) { make_line(rows + (row - first) * stride, line); });
        };
        const std::vector<TwoTaps> &vertical = plan_.vertical;
        for (; result_ < vertical.size() && vertical[result_].second < row_; ++result_) {
            const TwoTaps &taps = vertical[result_];
            plan_.blend(line(taps.first), line(taps.second), samples_, taps.weight0, taps.weight1, plan_.blend_shift,
                        out_ + static_cast<ptrdiff_t>(result_) * stride_);
        }
        if (result_ < vertical.size() && vertical[result_].first < row_) line(vertical[result_].first);
    }

    size_t bytes() const override { return RowResizer::bytes() + held_bytes(plan_, weights_, tables_, lines_); }

  private:
    void make_line(const uint8_t *row, uint16_t *line) const {
        if (tables_) return kernels_.taps.tap_row(table_, row, line);
        for (const Taps &taps : plan_.horizontal) {
            const uint8_t *p = row + taps.first * channels_, *q = taps.weight1 ? p + channels_ : p;
            for (int64_t ch = 0; ch < channels_; ++ch)
                *line++ =
                    static_cast<uint16_t>((plan_.bias + taps.weight0 * p[ch] + taps.weight1 * q[ch]) >> plan_.shift);
        }
    }

    const Kernels &kernels_;
    const TwoTapPlan plan_;
    const int64_t samples_;
    std::vector<int16_t> weights_;
    std::optional<TapTables> tables_;
    TapTable table_{};
    RowLines<uint16_t> lines_;
    uint8_t *out_ = nullptr;
    ptrdiff_t stride_ = 0;
    int64_t row_ = 0;
    size_t result_ = 0;
};

}  // namespace

std::unique_ptr<Resizer> make_two_tap_resizer(const ResizeShape &shape, TwoTapPlan plan, const Kernels &kernels) {
    return std::make_unique<TwoTapResizer>(shape, std::move(plan), kernels);
}

}  // namespace isopixel::frozen
