// SPDX-License-Identifier: MIT
// The vertical axis first, in sums of 32 bits: rows stream through, and leave a line of numerators for each result row.
// A block of these lines then goes through the horizontal axis at once.
#include <type_traits>
#include <utility>
#include <vector>

#include "base/sizes.h"
#include "bilinear/block_memory.h"
#include "bilinear/engines.h"
#include "bilinear/horizontal_axis.h"
#include "bilinear/tap_rows.h"
#include "resizer/row_resizer.h"

namespace isopixel {
namespace {

// The largest numerator of the vertical axis, at most.
U128 most_of_line(const Axis &vertical) { return U128(255) * vertical.weight_sum_bound(); }

// Sums of weights, and their reciprocals for Divisors, which only guess a quotient that is then corrected in
// integers.
template <class T>
struct WeightSums {
    explicit WeightSums(int64_t size) : values(allocation_size(size), 1), reciprocals(values.size()) {}

    // Those of `count` results from `first` on; the reciprocals are multiplied by `scale`, a power of two.
    void set(const Axis &axis, int64_t first, int64_t count, double scale) {
        axis.weight_sums(first, count, values.data());
        for (size_t i = 0; i < static_cast<size_t>(count); ++i)
            reciprocals[i] = static_cast<float>((1 - 1.0 / (1 << 21)) * scale / static_cast<double>(values[i]));
    }

    size_t bytes() const { return held_bytes(values, reciprocals); }

    std::vector<T> values;
    std::vector<float> reciprocals;
};

template <class T>
class BlockResizer final : public RowResizer {
  public:
    BlockResizer(const Plan &plan)
        : RowResizer(plan.shape),
          kernels_(*plan.kernels),
          vertical_(plan.vertical),
          horizontal_(plan.horizontal, static_cast<uint64_t>(most_of_line(plan.vertical))),
          taps_(plan.vertical),
          n_(in_width_ * channels_),
          shift_(shift_of(plan)),
          sums_y_(kernels_.lanes),
          sums_x_(plan.shape.out_width),
          memory_(kernels_, kernels_.lanes + 2, n_, channels_, horizontal_.longest()),
          sums_(allocation_size((plan.shape.out_width + 2 + kernels_.lanes) * channels_)) {
        sums_x_.set(plan.horizontal, 0, plan.shape.out_width, 1);
        discarded_line_ = lines_.back();
        lines_.pop_back();
        if (!vertical_.triangle) kept_.resize(row_samples());
    }

    void begin(uint8_t *out, ptrdiff_t stride, int64_t first, int64_t end) override {
        out_ = out;
        stride_ = stride;
        block_first_ = first;
        row_ = vertical_.first_sample(first);
        if (vertical_.triangle) {
            first_ = segment_ = first;
            end_ = end;
            segment_first_ = row_;
            segment_end_ = vertical_.segment(first + 1);
        } else {
            taps_.begin(first, end);
        }
    }

    void push_rows(const uint8_t *rows, int64_t count, ptrdiff_t stride) override {
        if (vertical_.triangle) push_triangle(rows, count, stride);
        else push_taps(rows, count, stride);
    }

    size_t bytes() const override {
        return RowResizer::bytes() + held_bytes(horizontal_, sums_y_, sums_x_, memory_, sums_, kept_);
    }

  private:
    // Numerators are below 256·D.
    static int shift_of(const Plan &plan) {
        if (std::is_same_v<T, uint32_t>) return 1;
        return std::max(0, bit_length(plan.vertical.weight_sum_bound() * plan.horizontal.weight_sum_bound()) - 23);
    }

    void push_triangle(const uint8_t *rows, int64_t count, ptrdiff_t stride) {
        while (count > 0) {
            const int64_t n = std::min({count, kBlockRows, segment_end_ - row_});
            const int64_t rise = vertical_.rise(segment_, row_), step = 2 * vertical_.v;
            uint32_t **rising = lines_.data() + (segment_ - block_first_);
            kernels_.blocks.fold_rows(rows, stride, n, n_, {rise, step}, {vertical_.half_width - rise, -step},
                                      row_ == segment_first_, *rising,
                                      segment_ == first_ ? discarded_line_ : rising[-1]);
            row_ += n;
            if (row_ == segment_end_) end_segment();
            count -= n;
            if (count > 0) rows += n * stride;
        }
    }

    void end_segment() {
        ++segment_;
        segment_first_ = segment_end_;
        segment_end_ = vertical_.segment(segment_ + 1);
        // Results up to segment_ - 2 are complete.
        if (segment_ - 1 - block_first_ == kernels_.lanes || segment_ > end_) {
            emit_block(segment_ - 1 - block_first_);
            std::swap(lines_.front(), lines_.back());
        }
    }

    void push_taps(const uint8_t *rows, int64_t count, ptrdiff_t stride) {
        const int64_t first = row_;
        row_ += count;
        const auto at = [&](int64_t row) { return row < first ? kept_.data() : rows + (row - first) * stride; };
        while (!taps_.done() && taps_.end_row() <= row_) {
            const Taps &taps = taps_.taps();
            const uint8_t *row0 = at(taps.first);
            kernels_.blocks.blend_rows(row0, taps.weight1 ? at(taps.first + 1) : row0, n_, taps.weight0, taps.weight1,
                                       lines_[static_cast<size_t>(taps_.result() - block_first_)]);
            taps_.next();
            const int64_t lines = taps_.result() - block_first_;
            if (lines == kernels_.lanes || taps_.done()) emit_block(lines);
        }
        if (!taps_.done() && taps_.taps().first < row_ && taps_.taps().first >= first)
            std::memcpy(kept_.data(), at(taps_.taps().first), row_samples());
    }

    // The first `count` lines hold the vertical numerators of a result row each.
    void emit_block(int64_t count) {
        sums_y_.set(vertical_, block_first_, count, static_cast<double>(UINT64_C(1) << shift_));
        const Block<T> block = {lines_.data(),
                                count,
                                channels_,
                                {sums_y_.values.data(), sums_x_.values.data(), sums_y_.reciprocals.data(),
                                 sums_x_.reciprocals.data(), shift_},
                                out_ + block_first_ * stride_,
                                stride_,
                                memory_.columns.data(),
                                memory_.n_columns,
                                memory_.quotients.data(),
                                sums_.data()};
        const HorizontalKernels<T> &kernels = kernels_.blocks.horizontal(T());
        if (horizontal_.axis.triangle) kernels.triangle(block, horizontal_.triangle());
        else kernels.taps(block, horizontal_.taps());
        block_first_ += count;
    }

    const Kernels &kernels_;
    const Axis vertical_;
    const HorizontalAxis horizontal_;
    TapRows taps_;
    const int64_t n_;  // samples of a source row
    const int shift_;
    WeightSums<T> sums_y_, sums_x_;  // of the rows of the block; of all columns
    BlockMemory memory_;
    std::vector<T> sums_;
    std::vector<uint32_t *> &lines_ = memory_.lines;  // of a block, and of the result after it, which rises meanwhile
    uint32_t *discarded_line_;                        // of the result before the first
    std::vector<uint8_t> kept_;  // taps: the last row of a push, if results are still to come from it

    uint8_t *out_ = nullptr;
    ptrdiff_t stride_ = 0;
    int64_t block_first_ = 0;  // the first result row of the block
    int64_t row_ = 0;
    int64_t first_ = 0, end_ = 0;  // triangle: the result rows
    int64_t segment_ = 0, segment_first_ = 0, segment_end_ = 0;
};

}  // namespace

bool suits_blocks(const Plan &plan) {
    const ResizeShape &shape = plan.shape;
    // In fewer result rows the lanes of a block would be idle; more channels would need much scratch memory.
    return plan.bits <= 64 && shape.channels <= 256 && shape.in_width <= kMostRowSamples / shape.channels &&
           shape.out_height >= 4 && plan.vertical.half_width <= INT16_MAX && plan.horizontal.half_width <= INT32_MAX &&
           bit_length(most_of_line(plan.vertical)) <= 32;
}

Work block_work(const Plan &plan) {
    const double width = static_cast<double>(plan.shape.in_width * plan.shape.channels);
    const double height = static_cast<double>(plan.shape.out_height);
    const double results = height * static_cast<double>(plan.shape.out_width * plan.shape.channels);
    // Source samples; samples of lines; results, and those with sums of 64 bits.
    return {static_cast<double>(plan.shape.in_height) * width, height * width, results, plan.bits == 64 ? results : 0};
}

std::unique_ptr<Resizer> make_block_resizer(const Plan &plan) {
    if (plan.bits == 32) return std::make_unique<BlockResizer<uint32_t>>(plan);
    return std::make_unique<BlockResizer<uint64_t>>(plan);
}

}  // namespace isopixel
