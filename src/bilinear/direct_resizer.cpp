// SPDX-License-Identifier: MIT
// Direct taps, for images that shrink to no less than about a third: rows are resized horizontally, to lines, and some
// lines then are a row of the result.
#include <algorithm>
#include <cstring>

#include "base/aligned.h"
#include "base/held_bytes.h"
#include "bilinear/direct_plan.h"
#include "bilinear/direct_tables.h"
#include "bilinear/engines.h"
#include "resizer/row_resizer.h"

namespace isopixel {
namespace {

class DirectResizer final : public RowResizer {
  public:
    DirectResizer(const Plan &plan, const DirectPlan &direct)
        : RowResizer(plan.shape),
          kernels_(plan.kernels->direct),
          direct_(direct),
          vertical_(plan.vertical),
          samples_(plan.shape.out_width * channels_),
          bias_(0.5f + 0.25f / static_cast<float>(direct.horizontal.most_sum * direct.vertical.most_sum)),
          tables_(plan, direct),
          line_rows_(direct.narrow ? 2 : 1),
          line_size_(samples_ + kSpareNumbers),
          n_lines_(direct.lines + kDirectPair - 1),
          lines_(line_size_ * n_lines_),
          copy_size_(std::max(tables_.reach(), in_width_ * channels_)),
          copies_(copy_size_ * kDirectPair * line_rows_) {}

    void begin(uint8_t *out, ptrdiff_t stride, int64_t first, int64_t end) override {
        out_ = out;
        stride_ = stride;
        result_row_ = first;
        for (int64_t s = 0; s < 3; ++s) segments_[s] = vertical_.segment(first + s);
        end_ = end;
        row_ = vertical_.first_sample(first);
        end_row_ = vertical_.end_sample(end - 1);
        line_ = row_ / line_rows_;
        waiting_ = 0;
    }

    void push_rows(const uint8_t *rows, int64_t count, ptrdiff_t stride) override {
        const int64_t bytes = in_width_ * channels_;
        // Windows may reach behind a row: the rows that follow it have to be there, or it is copied.
        const int64_t spare = stride == bytes ? count * bytes - tables_.reach() : -1;
        const int64_t whole = spare < 0 ? 0 : spare / bytes + 1;
        for (int64_t y = 0; y < count; ++y) {
            add_row(y < whole ? rows + y * stride : copy_row(rows + y * stride, waiting_));
            // Before an image that begins, or behind one that ends, with half of a line: that half has no weight.
            const bool is_half = line_rows_ == 2 && waiting_ % 2 == 1;
            if (is_half && (row_ == end_row_ || (waiting_ == 1 && row_ % 2 == 0))) add_half();
            if (waiting_ == kDirectPair * line_rows_ || row_ == end_row_) make_lines();
        }
        make_lines();
        if (waiting_ == 1) rows_[0] = copy_row(rows_[0], 0);
    }

    size_t bytes() const override { return RowResizer::bytes() + held_bytes(tables_, lines_, copies_); }

  private:
    uint32_t *line(int64_t l) { return lines_.data() + l % n_lines_ * line_size_; }

    void add_row(const uint8_t *row) {
        rows_[waiting_++] = row;
        ++row_;
    }
    void add_half() {
        rows_[waiting_] = rows_[waiting_ - 1];
        ++waiting_;
    }
    const uint8_t *copy_row(const uint8_t *row, int64_t place) {
        uint8_t *copy = copies_.data() + place * copy_size_;
        if (copy != row) std::memcpy(copy, row, row_samples());
        return copy;
    }

    // Of the rows that wait. One that has half of a line goes on waiting.
    void make_lines() {
        const int64_t count = waiting_ / line_rows_;
        if (count == 0) return;
        uint32_t *const lines[kDirectPair] = {line(line_), line(line_ + 1)};
        (direct_.narrow ? kernels_.narrow_rows : kernels_.wide_rows)(tables_.table(), rows_, count, lines);
        line_ += count;
        waiting_ -= count * line_rows_;
        rows_[0] = rows_[count * line_rows_];
        const int64_t rows = std::min(line_ * line_rows_, end_row_);
        while (result_row_ < end_ && segments_[2] <= rows) emit();
    }

    uint32_t weight(int64_t j) const {
        if (j < segments_[0] || j >= segments_[2]) return 0;
        const int64_t weight = j < segments_[1] ? vertical_.rise(result_row_, j)
                                                : vertical_.half_width - vertical_.rise(result_row_ + 1, j);
        return static_cast<uint32_t>(weight >> direct_.vertical.halvings);
    }

    void emit() {
        int64_t first = segments_[0];
        const int64_t last = segments_[2] - 1;
        if (weight(first) == 0) ++first;
        const uint32_t *lines[kMostDirectLines];
        uint32_t weights[kMostDirectLines];
        int64_t count = 0;
        for (int64_t l = first / line_rows_; l <= last / line_rows_; ++l, ++count) {
            lines[count] = line(l);
            const uint32_t low = weight(line_rows_ * l);
            weights[count] = low | (direct_.narrow ? weight(2 * l + 1) : low << direct_.low_bits) << 16;
        }
        uint32_t sum_y;
        vertical_.weight_sums(result_row_, 1, &sum_y);
        sum_y >>= direct_.vertical.halvings;
        const DirectBlend blend = {lines,
                                   weights,
                                   count,
                                   samples_,
                                   tables_.sums_x(),
                                   sum_y,
                                   tables_.reciprocals_x(),
                                   reciprocal_f32(sum_y),
                                   bias_,
                                   out_ + result_row_ * stride_};
        (direct_.small ? kernels_.blend_small : kernels_.blend)(blend);
        ++result_row_;
        segments_[0] = segments_[1];
        segments_[1] = segments_[2];
        segments_[2] = vertical_.segment(result_row_ + 2);
    }

    const DirectKernels &kernels_;
    const DirectPlan direct_;
    const Axis vertical_;
    const int64_t samples_;  // of a result row
    const float bias_;
    DirectTables tables_;
    const int64_t line_rows_;  // source rows of a line
    const int64_t line_size_, n_lines_;
    AlignedArray<uint32_t> lines_;  // the last ones
    const int64_t copy_size_;
    AlignedArray<uint8_t> copies_;  // of rows that wait

    uint8_t *out_ = nullptr;
    ptrdiff_t stride_ = 0;
    int64_t result_row_ = 0, end_ = 0;
    int64_t segments_[3]{};  // the first rows of the two segments with weight in the result, and of what follows
    int64_t row_ = 0, end_row_ = 0;
    int64_t line_ = 0;                            // the next one to be made
    const uint8_t *rows_[kDirectPair * 2 + 1]{};  // from which it will be
    int64_t waiting_ = 0;                         // how many they are
};

}  // namespace

std::unique_ptr<Resizer> make_direct_resizer(const Plan &plan) {
    return std::make_unique<DirectResizer>(plan, *plan_direct(plan));
}

}  // namespace isopixel
