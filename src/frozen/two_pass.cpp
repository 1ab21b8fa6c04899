// SPDX-License-Identifier: MIT
#include "frozen/two_pass.h"

#include <algorithm>
#include <cstring>
#include <vector>

#include "frozen/window_table.h"
#include "resizer/row_resizer.h"

namespace isopixel::frozen {
namespace {

// The next step of a row on its way to the result.
class RowSink {
  public:
    virtual ~RowSink() = default;
    virtual void begin() = 0;
    virtual void push(const uint8_t *row) = 0;
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
    void push(const uint8_t *row) override { std::memcpy(out_ + row_++ * stride_, row, samples_); }

  private:
    const size_t samples_;
    uint8_t *out_ = nullptr;
    ptrdiff_t stride_ = 0;
    int64_t row_ = 0;
};

int64_t longest_window(const FixedAxis &axis) {
    int64_t longest = 0;
    for (const Window &window : axis.windows) longest = std::max<int64_t>(longest, window.count);
    return longest;
}

// Rows are collected for a block of the kernels.
class Horizontal final : public RowSink {
  public:
    Horizontal(FixedAxis axis, int64_t in_width, int64_t channels, const Kernels &kernels, RowSink &next)
        : table_(std::move(axis)),
          kernels_(kernels),
          next_(next),
          n_(static_cast<size_t>(in_width * channels)),
          channels_(channels),
          out_samples_(table_.list().width * channels),
          stride_(static_cast<ptrdiff_t>(((in_width * channels + RowBlock::spare(channels) + 63) / 64 | 1) * 64)),
          n_quads_(std::max(kCacheColumns / (2 * channels), table_.most_quads())),
          rows_(static_cast<size_t>(stride_ * kernels.lanes)),
          out_(static_cast<size_t>(out_samples_ * kernels.lanes)),
          columns_(static_cast<size_t>((n_quads_ + RowBlock::kSpareQuads) * 2 * channels * kernels.lanes)),
          quotients_(static_cast<size_t>((kQuotientPixels + 1) * channels * kernels.lanes)) {}

    void begin() override {
        count_ = 0;
        next_.begin();
    }
    void push(const uint8_t *row) override {
        std::memcpy(rows_.data() + count_ * stride_, row, n_);
        if (++count_ == kernels_.lanes) flush();
    }
    void finish() override {
        flush();
        next_.finish();
    }
    size_t bytes() const { return held_bytes(table_, rows_, out_, columns_, quotients_); }

  private:
    void flush() {
        if (count_ == 0) return;
        kernels_.windows.weigh_rows(
            {rows_.data(), stride_, count_, channels_, out_.data(), static_cast<ptrdiff_t>(out_samples_),
             columns_.data(), n_quads_, quotients_.data()},
            table_.list());
        for (int64_t l = 0; l < count_; ++l) next_.push(out_.data() + l * out_samples_);
        count_ = 0;
    }

    const WindowTable table_;
    const Kernels &kernels_;
    RowSink &next_;
    const size_t n_;
    const int64_t channels_, out_samples_;
    const ptrdiff_t stride_;
    const int64_t n_quads_;
    std::vector<uint8_t> rows_, out_;
    std::vector<uint32_t> columns_, quotients_;
    int64_t count_ = 0;
};

// A row is added to the sums of all results that it has weight in; or, if these are more than the rows of a window,
// rows are kept until a result has all of its window. So the memory is a few rows, whatever the two heights.
class Vertical final : public RowSink {
  public:
    Vertical(FixedAxis axis, int64_t samples, const Kernels &kernels, RowSink &next)
        : axis_(std::move(axis)), kernels_(kernels), next_(next), samples_(samples) {
        const size_t longest = static_cast<size_t>(longest_window(axis_));
        size_t most = 0;
        for (size_t first = 0, i = 0; i < axis_.windows.size(); ++i) {
            while (end_of(first) <= axis_.windows[i].first) ++first;
            most = std::max(most, i - first + 1);
        }
        if (longest < most) rows_.assign(longest, std::vector<uint8_t>(static_cast<size_t>(samples)));
        sums_.assign(rows_.empty() ? most : 1, std::vector<uint32_t>(static_cast<size_t>(samples + kSpareSamples)));
        row_out_.resize(static_cast<size_t>(samples));
    }

    void begin() override {
        row_ = 0;
        first_ = begun_ = 0;
        next_.begin();
    }
    void push(const uint8_t *row) override {
        if (rows_.empty()) {
            for (; begun_ < axis_.windows.size() && axis_.windows[begun_].first <= row_; ++begun_) start(begun_);
            for (size_t i = first_; i < begun_; ++i) add(row, row_, i);
        } else {
            std::copy_n(row, samples_, kept(row_));
        }
        ++row_;
        for (; first_ < axis_.windows.size() && end_of(first_) <= row_; ++first_) {
            if (!rows_.empty()) {
                start(first_);
                for (int64_t j = axis_.windows[first_].first; j < end_of(first_); ++j) add(kept(j), j, first_);
            }
            kernels_.windows.round_sums(sums_of(first_).data(), samples_, axis_.shift, row_out_.data());
            next_.push(row_out_.data());
        }
    }
    void finish() override { next_.finish(); }
    size_t bytes() const { return held_bytes(axis_, rows_, sums_, row_out_); }

  private:
    int64_t end_of(size_t i) const { return axis_.windows[i].first + axis_.windows[i].count; }
    uint8_t *kept(int64_t row) { return rows_[static_cast<size_t>(row) % rows_.size()].data(); }
    std::vector<uint32_t> &sums_of(size_t i) { return sums_[i % sums_.size()]; }
    void start(size_t i) { std::fill(sums_of(i).begin(), sums_of(i).end(), 1u << (axis_.shift - 1)); }
    void add(const uint8_t *row, int64_t j, size_t i) {
        const Window &window = axis_.windows[i];
        const int32_t weight = axis_.weights[window.weights + static_cast<size_t>(j - window.first)];
        kernels_.windows.add_row(row, samples_, weight, sums_of(i).data());
    }

    const FixedAxis axis_;
    const Kernels &kernels_;
    RowSink &next_;
    const int64_t samples_;
    std::vector<std::vector<uint8_t>> rows_;   // the last ones, in turn, if they are kept
    std::vector<std::vector<uint32_t>> sums_;  // of the results that a row may have weight in, in turn
    std::vector<uint8_t> row_out_;
    int64_t row_ = 0;
    size_t first_ = 0, begun_ = 0;  // the first result that is not complete, and the first that is not begun
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
        for (int64_t y = 0; y < count; ++y) first_->push(rows + y * stride);
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
