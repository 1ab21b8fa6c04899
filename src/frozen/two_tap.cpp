// SPDX-License-Identifier: MIT
#include "frozen/two_tap.h"

#include <optional>
#include <utility>

#include "resizer/row_resizer.h"
#include "resizer/tap_table.h"

namespace isopixel::frozen {
namespace {

class PairResizer final : public RowResizer {
  public:
    PairResizer(const ResizeShape &shape, Pairs pairs, const Kernels &kernels)
        : RowResizer(shape),
          kernels_(kernels),
          pairs_(std::move(pairs)),
          samples_(shape.out_width * shape.channels),
          lines_(samples_) {
        if (shape.channels > 4) return;
        tables_.emplace(pairs_.horizontal, shape.in_width, shape.channels, weights_);
        table_ = tables_->table();
        table_.wide_weights = weights_.data();
        table_.bias = pairs_.bias;
        table_.shift = pairs_.shift;
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
        const std::vector<Pair> &vertical = pairs_.vertical;
        for (; result_ < vertical.size() && vertical[result_].second < row_; ++result_) {
            const Pair &pair = vertical[result_];
            pairs_.blend(line(pair.first), line(pair.second), samples_, pair.weight0, pair.weight1, pairs_.blend_shift,
                         out_ + static_cast<ptrdiff_t>(result_) * stride_);
        }
        if (result_ < vertical.size() && vertical[result_].first < row_) line(vertical[result_].first);
    }

  private:
    void make_line(const uint8_t *row, uint16_t *line) const {
        if (tables_) return kernels_.tap_row(table_, row, line);
        for (const Taps &taps : pairs_.horizontal) {
            const uint8_t *p = row + taps.first * channels_, *q = taps.weight1 ? p + channels_ : p;
            for (int64_t ch = 0; ch < channels_; ++ch)
                *line++ =
                    static_cast<uint16_t>((pairs_.bias + taps.weight0 * p[ch] + taps.weight1 * q[ch]) >> pairs_.shift);
        }
    }

    const Kernels &kernels_;
    const Pairs pairs_;
    const int64_t samples_;
    std::vector<int16_t> weights_;
    std::optional<TapTables> tables_;
    TapTable table_{};
    RowLines lines_;
    uint8_t *out_ = nullptr;
    ptrdiff_t stride_ = 0;
    int64_t row_ = 0;
    size_t result_ = 0;
};

}  // namespace

std::unique_ptr<Resizer> make_pair_resizer(const ResizeShape &shape, Pairs pairs, const Kernels &kernels) {
    return std::make_unique<PairResizer>(shape, std::move(pairs), kernels);
}

}  // namespace isopixel::frozen
