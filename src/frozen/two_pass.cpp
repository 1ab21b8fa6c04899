// SPDX-License-Identifier: MIT
#include "frozen/two_pass.h"

#include <algorithm>
#include <cstring>
#include <utility>
#include <vector>

#include "base/sizes.h"
#include "frozen/window_table.h"
#include "frozen/windows.h"
#include "resizer/row_resizer.h"

namespace isopixel::frozen {
namespace {

// The next step of rows on their way to the result.
class RowSink {
  public:
    virtual ~RowSink() = default;
    virtual void begin() = 0;
    virtual void push(const uint8_t *rows, int64_t count, ptrdiff_t stride) = 0;
    virtual void finish() {}
};

// The result itself.
class Out final : public RowSink {
  public:
    explicit Out(size_t samples) : samples_(samples) {}
    void set(uint8_t *out, ptrdiff_t stride) {
        out_ = out;
        stride_ = stride;
    }
    void begin() override { row_ = 0; }
    void push(const uint8_t *rows, int64_t count, ptrdiff_t stride) override {
        for (int64_t y = 0; y < count; ++y) std::memcpy(out_ + row_++ * stride_, rows + y * stride, samples_);
    }

  private:
    const size_t samples_;
    uint8_t *out_ = nullptr;
    ptrdiff_t stride_ = 0;
    int64_t row_ = 0;
};

// Rows that do not come as a block of the kernels are collected for one.
class Horizontal final : public RowSink {
  public:
    Horizontal(FixedAxis axis, int64_t in_width, int64_t channels, const Kernels &kernels, RowSink &next)
        : table_(std::move(axis)),
          kernels_(kernels),
          next_(next),
          in_samples_(in_width * channels),
          channels_(channels),
          out_samples_(table_.list().width * channels),
          stride_(static_cast<ptrdiff_t>(((in_width * channels + 63) / 64 | 1) * 64)),
          n_quads_(std::max(kCacheColumns / (2 * channels), table_.most_quads())),
          rows_(allocation_size(stride_ * kernels.lanes)),
          out_(allocation_size(out_samples_ * kernels.lanes)),
          columns_(allocation_size((n_quads_ + RowBlock::kSpareQuads) * 2 * channels * kernels.lanes)),
          quotients_(allocation_size((kQuotientPixels + 1) * channels * kernels.lanes)) {}

    void begin() override {
        count_ = 0;
        next_.begin();
    }
    void push(const uint8_t *rows, int64_t count, ptrdiff_t stride) override {
        for (const int64_t lanes = kernels_.lanes; count > 0;) {
            if (count_ == 0 && count >= lanes) {
                weigh(rows, stride, lanes);
                count -= lanes;
                if (count > 0) rows += lanes * stride;
                continue;
            }
            std::memcpy(rows_.data() + count_ * stride_, rows, static_cast<size_t>(in_samples_));
            --count;
            if (count > 0) rows += stride;
            if (++count_ == lanes) flush();
        }
    }
    void finish() override {
        if (count_ > 0) flush();
        next_.finish();
    }
    size_t bytes() const { return held_bytes(table_, rows_, out_, columns_, quotients_); }

  private:
    void flush() { weigh(rows_.data(), stride_, std::exchange(count_, 0)); }
    void weigh(const uint8_t *rows, ptrdiff_t stride, int64_t count) {
        const ptrdiff_t out_stride = static_cast<ptrdiff_t>(out_samples_);
        kernels_.windows.weigh_rows({rows, stride, in_samples_, count, channels_, out_.data(), out_stride,
                                     columns_.data(), n_quads_, quotients_.data()},
                                    table_.list());
        next_.push(out_.data(), count, out_stride);
    }

    const WindowTable table_;
    const Kernels &kernels_;
    RowSink &next_;
    const int64_t in_samples_, channels_, out_samples_;
    const ptrdiff_t stride_;
    const int64_t n_quads_;
    std::vector<uint8_t> rows_, out_;
    std::vector<uint32_t> columns_, quotients_;
    int64_t count_ = 0;
};

// Rows are kept until a result has all of its window. Of windows that are too long for that, rows are added to the sums
// of all results that they have weight in, whenever there are as many as are kept. So the memory is a few rows,
// whatever the two heights.
class Vertical final : public RowSink {
  public:
    Vertical(FixedAxis axis, int64_t samples, const Kernels &kernels, RowSink &next)
        : axis_(std::move(axis)),
          kernels_(kernels),
          next_(next),
          samples_(samples),
          kept_(std::min(longest_of(axis_.windows), kMostWeightedRows)),
          rows_(allocation_size(kept_ * (samples + kSpareSamples))),
          row_out_(allocation_size(samples)) {
        for (int64_t i = 0; i < 2 * kept_; ++i) places_.push_back(rows_.data() + i % kept_ * (samples + kSpareSamples));
        if (longest_of(axis_.windows) <= kept_) return;
        sums_.assign(most_open(axis_.windows), std::vector<uint32_t>(allocation_size(samples + kSpareSamples)));
    }

    void begin() override {
        row_ = 0;
        first_ = 0;
        next_.begin();
    }
    void push(const uint8_t *rows, int64_t count, ptrdiff_t stride) override {
        for (int64_t y = 0; y < count; ++y) push_row(rows + y * stride);
    }
    void finish() override { next_.finish(); }
    size_t bytes() const { return held_bytes(axis_, rows_, places_, sums_, row_out_); }

  private:
    void push_row(const uint8_t *row) {
        std::copy_n(row, samples_, places_[static_cast<size_t>(row_ % kept_)]);
        const int64_t kept_from = sums_.empty() ? 0 : row_ / kept_ * kept_;
        ++row_;
        for (; first_ < axis_.windows.size() && end_of(axis_.windows[first_]) <= row_; ++first_) {
            const uint32_t *sums = axis_.windows[first_].first < kept_from ? sums_of(first_).data() : nullptr;
            kernels_.windows.round_rows(rows_of(first_, kept_from), samples_, sums, axis_.shift, row_out_.data());
            next_.push(row_out_.data(), 1, 0);
        }
        if (sums_.empty() || row_ % kept_ != 0) return;
        for (size_t i = first_; i < axis_.windows.size() && axis_.windows[i].first < row_; ++i) {
            if (axis_.windows[i].first >= kept_from)
                std::fill(sums_of(i).begin(), sums_of(i).end(), 1u << (axis_.shift - 1));
            kernels_.windows.add_rows(rows_of(i, kept_from), samples_, sums_of(i).data());
        }
    }
    std::vector<uint32_t> &sums_of(size_t i) { return sums_[i % sums_.size()]; }
    // The rows of a window from `kept_from` on that have come.
    WeightedRows rows_of(size_t i, int64_t kept_from) const {
        const Window &window = axis_.windows[i];
        const int64_t skipped = std::max<int64_t>(0, kept_from - window.first), first = window.first + skipped;
        return {places_.data() + first % kept_, axis_.weights.data() + static_cast<int64_t>(window.weights) + skipped,
                std::min(end_of(window), row_) - first};
    }

    const FixedAxis axis_;
    const Kernels &kernels_;
    RowSink &next_;
    const int64_t samples_;
    const int64_t kept_;  // the number of rows
    std::vector<uint8_t> rows_;
    std::vector<uint8_t *> places_;            // of row i in rows_ at i % kept_, and again kept_ behind that
    std::vector<std::vector<uint32_t>> sums_;  // of the results that a row may have weight in, in turn
    std::vector<uint8_t> row_out_;
    int64_t row_ = 0;
    size_t first_ = 0;  // the first result that is not complete
};

class TwoPassResizer final : public RowResizer {
  public:
    TwoPassResizer(const ResizeShape &shape, TwoPassPlan plan, const Kernels &kernels)
        : RowResizer(shape), in_height_(shape.in_height), out_(static_cast<size_t>(shape.out_width * shape.channels)) {
        first_ = &out_;
        const auto add_horizontal = [&] {
            if (!plan.horizontal) return;
            horizontal_ = std::make_unique<Horizontal>(std::move(*plan.horizontal), shape.in_width, shape.channels,
                                                       kernels, *first_);
            first_ = horizontal_.get();
        };
        const auto add_vertical = [&](int64_t width) {
            if (!plan.vertical) return;
            vertical_ = std::make_unique<Vertical>(std::move(*plan.vertical), width * shape.channels, kernels, *first_);
            first_ = vertical_.get();
        };
        // From the last step to the first.
        if (plan.vertical_first) add_horizontal();
        add_vertical(plan.vertical_first ? shape.in_width : shape.out_width);
        if (!plan.vertical_first) add_horizontal();
    }

    void begin(uint8_t *out, ptrdiff_t stride, int64_t, int64_t) override {
        out_.set(out, stride);
        row_ = 0;
        first_->begin();
    }
    void push_rows(const uint8_t *rows, int64_t count, ptrdiff_t stride) override {
        first_->push(rows, count, stride);
        row_ += count;
        if (row_ == in_height_) first_->finish();
    }
    size_t bytes() const override { return RowResizer::bytes() + held_bytes(horizontal_, vertical_); }

  private:
    const int64_t in_height_;
    Out out_;
    std::unique_ptr<Horizontal> horizontal_;
    std::unique_ptr<Vertical> vertical_;
    RowSink *first_;
    int64_t row_ = 0;
};

}  // namespace

std::unique_ptr<Resizer> make_two_pass_resizer(const ResizeShape &shape, TwoPassPlan plan, const Kernels &kernels) {
    return std::make_unique<TwoPassResizer>(shape, std::move(plan), kernels);
}

}  // namespace isopixel::frozen
