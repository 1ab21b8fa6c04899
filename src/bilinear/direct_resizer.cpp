// SPDX-License-Identifier: MIT
// Direct taps, for images that shrink to no less than about a third: rows are resized horizontally, to lines, and some
// lines then are a row of the result.
#include <algorithm>
#include <cstring>
#include <vector>

#include "base/aligned.h"
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
          segments_(vertical_.all_segments()),
          sums_y_(static_cast<size_t>(vertical_.out)),
          samples_(plan.shape.out_width * channels_),
          bias_(0.5f + 0.25f / static_cast<float>(direct.horizontal.most_sum * direct.vertical.most_sum)),
          tables_(plan, direct),
          line_size_(samples_ + kSpareNumbers),
          lines_(line_size_ * direct.lines),
          kept_(std::max(tables_.reach(), in_width_ * channels_)),
          spare_(std::max(tables_.reach(), in_width_ * channels_)) {
        vertical_.weight_sums(0, vertical_.out, sums_y_.data());
        for (uint32_t &sum : sums_y_) sum >>= direct.vertical.halved;
    }

    void begin(uint8_t *out, ptrdiff_t stride, int64_t first, int64_t end) override {
        out_ = out;
        stride_ = stride;
        result_row_ = first;
        end_ = end;
        row_ = vertical_.first_sample(first);
        end_row_ = vertical_.end_sample(end - 1);
        keeps_ = false;
    }

    void push_rows(const uint8_t *rows, int64_t count, ptrdiff_t stride) override {
        const int64_t bytes = in_width_ * channels_;
        // Windows may reach behind a row: the rows that follow it have to be there, or it is copied.
        const int64_t spare = stride == bytes ? count * bytes - tables_.reach() : -1;
        const int64_t whole = spare < 0 ? 0 : spare / bytes + 1;
        for (int64_t y = 0; y < count; ++y) {
            const uint8_t *row = rows + y * stride;
            const bool is_first = direct_.narrow && row_ % 2 == 0 && row_ + 1 < end_row_;
            if (is_first && y + 1 < whole) {
                row_ += 2;
                ++y;
                add_rows(row, row + stride);
            } else if (is_first) {
                std::memcpy(kept_.data(), row, static_cast<size_t>(bytes));
                keeps_ = true;
                ++row_;
            } else {
                if (y >= whole) {
                    std::memcpy(spare_.data(), row, static_cast<size_t>(bytes));
                    row = spare_.data();
                }
                ++row_;
                add_rows(keeps_ ? kept_.data() : row, row);
                keeps_ = false;
            }
        }
    }

  private:
    uint32_t *line(int64_t l) { return lines_.data() + l % direct_.lines * line_size_; }

    // Of a narrow line both rows; of a wide one, row1. Weights of a row that is not there are 0.
    void add_rows(const uint8_t *row0, const uint8_t *row1) {
        const int64_t last = row_ - 1;
        if (direct_.narrow) kernels_.narrow_rows(tables_.table(), row0, row1, line(last / 2));
        else kernels_.wide_row(tables_.table(), row1, line(last));
        while (result_row_ < end_ && segments_[static_cast<size_t>(result_row_ + 2)] <= row_) emit();
    }

    uint32_t weight(int64_t j) const {
        const size_t s = static_cast<size_t>(result_row_);
        if (j < segments_[s] || j >= segments_[s + 2]) return 0;
        const int64_t weight = j < segments_[s + 1] ? vertical_.rise(result_row_, j)
                                                    : vertical_.half_width - vertical_.rise(result_row_ + 1, j);
        return static_cast<uint32_t>(weight >> direct_.vertical.halved);
    }

    void emit() {
        const size_t s = static_cast<size_t>(result_row_);
        int64_t first = segments_[s];
        const int64_t last = segments_[s + 2] - 1;
        if (weight(first) == 0) ++first;
        const uint32_t *lines[kMostDirectLines];
        uint32_t weights[kMostDirectLines];
        int64_t count = 0;
        const int rows = direct_.narrow ? 2 : 1;
        for (int64_t l = first / rows; l <= last / rows; ++l, ++count) {
            lines[count] = line(l);
            const uint32_t low = weight(rows * l);
            weights[count] = low | (direct_.narrow ? weight(2 * l + 1) : low << direct_.low_bits) << 16;
        }
        const DirectBlend blend = {lines,
                                   weights,
                                   count,
                                   samples_,
                                   tables_.sums_x(),
                                   sums_y_[s],
                                   tables_.reciprocals_x(),
                                   reciprocal_f32(sums_y_[s]),
                                   bias_,
                                   out_ + result_row_ * stride_};
        (direct_.small ? kernels_.blend_small : kernels_.blend)(blend);
        ++result_row_;
    }

    const DirectKernels &kernels_;
    const DirectPlan direct_;
    const Axis vertical_;
    const std::vector<int64_t> segments_;
    std::vector<uint32_t> sums_y_;
    const int64_t samples_;  // of a result row
    const float bias_;
    DirectTables tables_;
    const int64_t line_size_;
    AlignedArray<uint32_t> lines_;        // those of the last source rows
    AlignedArray<uint8_t> kept_, spare_;  // a row that waits for the one it shares a line with; a copy of a row

    uint8_t *out_ = nullptr;
    ptrdiff_t stride_ = 0;
    int64_t result_row_ = 0, end_ = 0;
    int64_t row_ = 0, end_row_ = 0;
    bool keeps_ = false;
};

}  // namespace

std::unique_ptr<Resizer> make_direct_resizer(const Plan &plan) {
    return std::make_unique<DirectResizer>(plan, *plan_direct(plan));
}

}  // namespace isopixel
