// SPDX-License-Identifier: MIT
// Both axes in one go, nearest to the source: windows of the horizontal axis are weighted row by row, and their sums
// are added up over the rows of a vertical segment. No line of the width of the source is kept.
#include <cmath>
#include <cstring>
#include <utility>
#include <vector>

#include "base/sizes.h"
#include "bilinear/engines.h"
#include "bilinear/fused_table.h"
#include "resizer/row_resizer.h"

namespace isopixel {
namespace {

// Rows that are summed together: they stay in the second-level cache while one group of units after the other sums
// them.
constexpr int64_t kMostRows = 16;

// Why no number is too large, and why the quotient of R-4 comes out of floating point. Bounds of suits_fused are in
// brackets.
//
// - A horizontal sum of a row is up to 255·X, X being the largest sum of (halved) weights; of n rows, S0 is up to
//   255·X·n, and S1 to 255·X·n·(n - 1)/2. rows_for(X) is the largest n for which both are below 2^31. (It is at least
//   3: with weights up to 16,383 [] and windows of 100 pixels [], X is below 32,768·52 before it is halved.)
//   Parts of them, in lanes or by low and upper bits, are smaller; so are sums of samples less 128.
// - In doubles, half_width <= 2^20 [], so that products with S0 and S1 are below 2^51; numerators are up to 255·D, or
//   128·D on both sides of 0, with D < 2^39 []. All of these, and their sums in any order, are whole numbers below
//   2^53, held exactly.
// - The quotient q = N/D + 1/2, of which R-4 is the floor, is a multiple of 1/(2D): N·r + 1/2 + 2^-41 has the same
//   floor if its error is less than 2^-41, since 2·2^-41 <= 1/(2D). r, a product of two reciprocals, has three
//   roundings, and the product with N one more, each by a share of at most 2^-52 in any rounding mode: together, at
//   most 255·2^-50·(1 + 2^-50). The sum, below 256, is rounded by at most 2^-45. 255·2^-50 + 2^-45 < 2^-41, with room
//   for the share of a share. One rounding fewer, by a fused multiplication, does no harm.
// - Of samples less 128 (ByteWeights::kMiddle), q is 128 more; |N| <= 128·D.
constexpr int kDenominatorBits = 39;
constexpr int64_t kMostHalfWidth = INT64_C(1) << 20;
constexpr double kRoundUp = 0.5 + 0x1p-41;

int64_t rows_for(int64_t most_sum) {
    int64_t n = kMostRows;
    while (255 * most_sum * std::max(n, n * (n - 1) / 2) > INT32_MAX) --n;
    return n;
}

class FusedResizer final : public RowResizer {
  public:
    explicit FusedResizer(const Plan &plan)
        : RowResizer(plan.shape),
          kernels_(*plan.kernels),
          vertical_(plan.vertical),
          most_rows_(rows_for(static_cast<int64_t>(plan.horizontal.weight_sum_bound()))),
          row_samples_(plan.shape.out_width * channels_),
          table_(plan.horizontal, channels_),
          axis_(table_.axis()) {
        const int64_t places = table_.layout().places(), n = axis_.n_units * places / kFusedResults;
        results_.resize(allocation_size(n));
        out_row_.resize(allocation_size((n + 1) * kFusedResults));
        bias_ = kRoundUp + (axis_.weights == ByteWeights::kMiddle ? 128 : 0);
        for (int64_t i = 0; i < kFusedResults; ++i)
            if (i % places < table_.layout().results) order_[stored_++] = static_cast<uint8_t>(i);

        std::vector<uint64_t> sums(allocation_size(plan.shape.out_width));
        plan.horizontal.weight_sums(0, plan.shape.out_width, sums.data());
        const double one = plan.horizontal.halvings() ? 2.0 : 1.0;
        FusedResults *results = results_.data();
        int64_t sample = 0;
        for (const uint64_t sum : sums) {
            const double reciprocal = one / static_cast<double>(sum);
            for (int64_t c = 0; c < channels_; ++c, ++sample) {
                if (sample == stored_) sample = 0, ++results;
                results->reciprocals[order_[sample]] = reciprocal;
            }
        }
    }

    void begin(uint8_t *out, ptrdiff_t stride, int64_t first, int64_t end) override {
        out_ = out;
        stride_ = stride;
        first_ = segment_ = first;
        end_ = end;
        row_ = segment_first_ = vertical_.first_sample(first);
        segment_end_ = vertical_.segment(first + 1);
    }

    void push_rows(const uint8_t *rows, int64_t count, ptrdiff_t stride) override {
        while (count > 0) {
            const int64_t n = std::min({count, most_rows_, segment_end_ - row_});
            kernels_.fused.sum_windows(axis_, rows, stride, n, results_.data());
            fold(n);
            row_ += n;
            if (row_ == segment_end_) end_segment();
            count -= n;
            if (count > 0) rows += n * stride;
        }
    }

    size_t bytes() const override { return RowResizer::bytes() + held_bytes(table_, results_, out_row_); }

  private:
    // Adds the sums of n rows to the results on both sides of them.
    void fold(int64_t n) {
        const bool complete = row_ + n == segment_end_ && segment_ > first_;
        uint64_t sum_y = 1;
        if (complete) vertical_.weight_sums(segment_ - 1, 1, &sum_y);
        const FusedRows rows = {static_cast<double>(vertical_.rise(segment_, row_ + n - 1)),
                                static_cast<double>(2 * vertical_.v),
                                static_cast<double>(vertical_.half_width),
                                static_cast<int>(segment_ % 2),
                                row_ == segment_first_,
                                complete,
                                1 / static_cast<double>(sum_y),
                                bias_,
                                order_,
                                stored_};
        kernels_.fused.fold_windows(rows, results_.data(), static_cast<int64_t>(results_.size()), out_row_.data());
        if (complete) std::memcpy(out_ + (segment_ - 1) * stride_, out_row_.data(), static_cast<size_t>(row_samples_));
    }

    void end_segment() {
        ++segment_;
        segment_first_ = segment_end_;
        segment_end_ = vertical_.segment(segment_ + 1);
    }

    const Kernels &kernels_;
    const Axis vertical_;
    const int64_t most_rows_;
    const int64_t row_samples_;  // of the result
    const FusedTable table_;
    const FusedAxis axis_;
    std::vector<FusedResults> results_;
    std::vector<uint8_t> out_row_;
    double bias_;
    uint8_t order_[kFusedResults] = {};
    int64_t stored_ = 0;

    uint8_t *out_ = nullptr;
    ptrdiff_t stride_ = 0;
    int64_t row_ = 0;
    int64_t first_ = 0, end_ = 0;  // the result rows
    int64_t segment_ = 0, segment_first_ = 0, segment_end_ = 0;
};

}  // namespace

bool suits_fused(const Plan &plan) {
    const ResizeShape &shape = plan.shape;
    if (!plan.kernels->fused.sum_windows || !plan.vertical.triangle || !plan.horizontal.triangle) return false;
    if (shape.channels > 8 || plan.vertical.half_width > kMostHalfWidth || most_fused_weight(plan.horizontal) > 16383)
        return false;
    const FusedLayout layout = fused_layout(plan.horizontal, shape.channels);
    const U128 sum_y = plan.vertical.weight_sum_bound(), sum_x = plan.horizontal.weight_sum_bound();
    return layout.results > 0 && layout.steps <= kMostFusedSteps &&
           layout.bytes(shape.channels) <= shape.in_width * shape.channels &&
           4 * layout.dwords * layout.steps <= shape.in_width && bit_length(sum_y) + bit_length(sum_x) <= 64 &&
           bit_length(sum_y * sum_x) <= kDenominatorBits;
}

Work fused_work(const Plan &plan) {
    const FusedLayout layout = fused_layout(plan.horizontal, plan.shape.channels);
    const double rows = static_cast<double>(plan.shape.in_height);
    const double samples = static_cast<double>(plan.shape.out_width * plan.shape.channels);
    const double units = std::ceil(samples / static_cast<double>(layout.results));
    const double halves = most_fused_weight(plan.horizontal) > 255 ? 2 : 1;
    // Steps of a unit, twice if weights have two parts; units of a row; source samples; results.
    return {rows * units * static_cast<double>(layout.steps) * halves, rows * units * halves,
            rows * static_cast<double>(plan.shape.in_width * plan.shape.channels),
            static_cast<double>(plan.shape.out_height) * samples};
}

std::unique_ptr<Resizer> make_fused_resizer(const Plan &plan) { return std::make_unique<FusedResizer>(plan); }

}  // namespace isopixel
