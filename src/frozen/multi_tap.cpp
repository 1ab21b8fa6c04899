// SPDX-License-Identifier: MIT
#include "frozen/multi_tap.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "base/sizes.h"
#include "frozen/multi_tap_table.h"
#include "resizer/row_lines.h"
#include "resizer/row_resizer.h"

namespace isopixel::frozen {
namespace {

constexpr int64_t kMostTaps = 8;

// The weights of a result above 0 are at most 2,780 in all, those below at most 732 (at f = 1/2 of lanczos4; 2,432 and
// 384 of cubic): so it is for all f that are multiples of 2^-24, and from one to the next no weight changes by more
// than 1. A line is then of numbers from -255·732 to 255·2,780, which binary32 has exactly, and all sums fit 32 bits
// with their sign.
constexpr int64_t kMostAbove = 2780 + kMostTaps, kMostBelow = 732 + kMostTaps;
static_assert(255 * kMostAbove < 1 << 24);
static_assert(255 * (kMostAbove * kMostAbove + kMostBelow * kMostBelow) + (1 << 21) <= INT32_MAX);

class MultiTapResizer final : public RowResizer {
  public:
    MultiTapResizer(const ResizeShape &shape, MultiTapPlan plan, const Kernels &kernels)
        : RowResizer(shape),
          kernels_(kernels),
          plan_(std::move(plan)),
          in_height_(shape.in_height),
          samples_(shape.out_width * shape.channels),
          tables_(plan_.horizontal, shape.in_width, shape.channels),
          lines_(plan_.vertical.taps, samples_) {
        if (tables_.in_samples() > static_cast<int64_t>(row_samples()))
            padded_.resize(allocation_size(tables_.in_samples()));
    }

    void begin(uint8_t *out, ptrdiff_t stride, int64_t, int64_t) override {
        out_ = out;
        stride_ = stride;
        row_ = 0;
        result_ = 0;
        lines_.forget();
    }

    void push_rows(const uint8_t *rows, int64_t count, ptrdiff_t stride) override {
        const int64_t pushed = row_;
        row_ += count;
        const auto line = [&](int64_t row) {
            return lines_.of(row, [&](uint32_t *line) { make_line(rows + (row - pushed) * stride, line); });
        };
        const MultiTapAxis &axis = plan_.vertical;
        for (; result_ < axis.first.size() && tap(axis.taps - 1) < row_; ++result_) {
            const uint32_t *lines[kMostTaps];
            for (int64_t t = 0; t < axis.taps; ++t) lines[t] = line(tap(t));
            plan_.blend(lines, &axis.weights[result_ * static_cast<size_t>(axis.taps)], samples_,
                        out_ + static_cast<ptrdiff_t>(result_) * stride_);
        }
        if (result_ == axis.first.size()) return;
        for (int64_t row = std::max(pushed, tap(0)); row < row_; ++row) line(row);
    }

    size_t bytes() const override { return RowResizer::bytes() + held_bytes(plan_, tables_, padded_, lines_); }

  private:
    // The source row of a tap of the next result.
    int64_t tap(int64_t t) const { return std::clamp<int64_t>(plan_.vertical.first[result_] + t, 0, in_height_ - 1); }

    void make_line(const uint8_t *row, uint32_t *line) {
        if (!padded_.empty()) {
            std::memcpy(padded_.data(), row, row_samples());
            row = padded_.data();
        }
        const MultiTapTable &table = tables_.table();
        if (channels_ <= 4) return kernels_.multi_tap.sum_taps(table, row, line);
        std::fill_n(line, samples_, 0u);
        const int16_t *weight = table.weights;
        for (const int32_t *first = table.first; first < table.first + samples_ / channels_; ++first) {
            const uint8_t *p = row + *first * channels_;
            for (int64_t t = 0; t < table.taps; ++t, ++weight, p += channels_)
                for (int64_t ch = 0; ch < channels_; ++ch) line[ch] += static_cast<uint32_t>(*weight) * p[ch];
            line += channels_;
        }
    }

    const Kernels &kernels_;
    const MultiTapPlan plan_;
    const int64_t in_height_, samples_;
    const MultiTapTables tables_;
    std::vector<uint8_t> padded_;  // a row that is shorter than the kernels need
    RowLines<uint32_t> lines_;
    uint8_t *out_ = nullptr;
    ptrdiff_t stride_ = 0;
    int64_t row_ = 0;
    size_t result_ = 0;
};

}  // namespace

std::unique_ptr<Resizer> make_multi_tap_resizer(const ResizeShape &shape, MultiTapPlan plan, const Kernels &kernels) {
    return std::make_unique<MultiTapResizer>(shape, std::move(plan), kernels);
}

}  // namespace isopixel::frozen
