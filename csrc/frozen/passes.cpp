// SPDX-License-Identifier: MIT
#include "frozen/passes.h"

#include <algorithm>
#include <cstring>
#include <vector>

#include "engines.h"

namespace isopix::frozen {
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

// Rows are collected for a block of the kernels.
class Horizontal final : public RowSink {
  public:
    Horizontal(FixedAxis axis, int64_t in_width, int64_t channels, const Kernels &kernels, RowSink &next)
        : axis_(std::move(axis)),
          kernels_(kernels),
          next_(next),
          n_(in_width * channels),
          channels_(channels),
          out_samples_(static_cast<int64_t>(axis_.windows.size()) * channels),
          memory_(kernels, kernels.lanes, n_, channels, longest()),
          rows_(static_cast<size_t>(out_samples_ * kernels.lanes)) {}

    void begin() override {
        count_ = 0;
        next_.begin();
    }
    void push(const uint8_t *row) override {
        kernels_.blend_rows(row, row, n_, 1, 0, memory_.lines[static_cast<size_t>(count_)]);
        if (++count_ == kernels_.lanes) flush();
    }
    void finish() override {
        flush();
        next_.finish();
    }

  private:
    int64_t longest() const {
        int64_t longest = 0;
        for (const Window &window : axis_.windows) longest = std::max<int64_t>(longest, window.count);
        return longest;
    }

    void flush() {
        const Block<uint32_t> block = {memory_.lines.data(),
                                       count_,
                                       channels_,
                                       {},
                                       rows_.data(),
                                       static_cast<ptrdiff_t>(out_samples_),
                                       memory_.columns.data(),
                                       memory_.n_columns,
                                       memory_.quotients.data(),
                                       nullptr};
        const WindowList windows = {axis_.windows.data(), axis_.weights.data(),
                                    static_cast<int64_t>(axis_.windows.size()), axis_.shift};
        kernels_.finish_windows(block, windows);
        for (int64_t l = 0; l < count_; ++l) next_.push(rows_.data() + l * out_samples_);
        count_ = 0;
    }

    const FixedAxis axis_;
    const Kernels &kernels_;
    RowSink &next_;
    const int64_t n_, channels_, out_samples_;
    BlockMemory memory_;
    std::vector<uint8_t> rows_;
    int64_t count_ = 0;
};

// A row is added to the sums of all results that it has weight in.
class Vertical final : public RowSink {
  public:
    Vertical(FixedAxis axis, int64_t samples, const Kernels &kernels, RowSink &next)
        : axis_(std::move(axis)), kernels_(kernels), next_(next), samples_(samples) {
        size_t most = 0;
        for (size_t first = 0, i = 0; i < axis_.windows.size(); ++i) {
            while (end_of(first) <= axis_.windows[i].first) ++first;
            most = std::max(most, i - first + 1);
        }
        sums_.resize(most);
        for (std::vector<uint32_t> &sums : sums_) sums.resize(static_cast<size_t>(samples + 64));
        row_out_.resize(static_cast<size_t>(samples));
    }

    void begin() override {
        row_ = 0;
        first_ = begun_ = 0;
        next_.begin();
    }
    void push(const uint8_t *row) override {
        const size_t n = axis_.windows.size();
        for (; begun_ < n && axis_.windows[begun_].first <= row_; ++begun_) {
            std::vector<uint32_t> &sums = sums_[begun_ % sums_.size()];
            std::fill(sums.begin(), sums.end(), 1u << (axis_.shift - 1));
        }
        for (size_t i = first_; i < begun_; ++i) {
            const Window &window = axis_.windows[i];
            kernels_.add_weighted(row, samples_,
                                  axis_.weights[window.weights + static_cast<size_t>(row_ - window.first)],
                                  sums_[i % sums_.size()].data());
        }
        ++row_;
        for (; first_ < begun_ && end_of(first_) <= row_; ++first_) {
            const std::vector<uint32_t> &sums = sums_[first_ % sums_.size()];
            for (size_t x = 0; x < row_out_.size(); ++x)
                row_out_[x] = static_cast<uint8_t>(std::min<uint32_t>(255, sums[x] >> axis_.shift));
            next_.push(row_out_.data());
        }
    }
    void finish() override { next_.finish(); }

  private:
    int64_t end_of(size_t i) const { return axis_.windows[i].first + axis_.windows[i].count; }

    const FixedAxis axis_;
    const Kernels &kernels_;
    RowSink &next_;
    const int64_t samples_;
    std::vector<std::vector<uint32_t>> sums_;  // of the results that a row may have weight in, in turn
    std::vector<uint8_t> row_out_;
    int64_t row_ = 0;
    size_t first_ = 0, begun_ = 0;  // the first result that is not complete, and the first that is not begun
};

class TwoPassResizer final : public RowResizer {
  public:
    TwoPassResizer(const ResizeShape &shape, Passes passes, const Kernels &kernels)
        : RowResizer(shape), in_height_(shape.in_height), out_(static_cast<size_t>(shape.out_width * shape.channels)) {
        first_ = &out_;
        const auto add_horizontal = [&] {
            if (!passes.horizontal) return;
            horizontal_ = std::make_unique<Horizontal>(std::move(*passes.horizontal), shape.in_width, shape.channels,
                                                       kernels, *first_);
            first_ = horizontal_.get();
        };
        const auto add_vertical = [&](int64_t width) {
            if (!passes.vertical) return;
            vertical_ =
                std::make_unique<Vertical>(std::move(*passes.vertical), width * shape.channels, kernels, *first_);
            first_ = vertical_.get();
        };
        // From the last step to the first.
        if (passes.vertical_first) add_horizontal();
        add_vertical(passes.vertical_first ? shape.in_width : shape.out_width);
        if (!passes.vertical_first) add_horizontal();
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

  private:
    const int64_t in_height_;
    Out out_;
    std::unique_ptr<RowSink> horizontal_, vertical_;
    RowSink *first_;
    int64_t row_ = 0;
};

}  // namespace

std::unique_ptr<Resizer> make_two_pass_resizer(const ResizeShape &shape, Passes passes, const Kernels &kernels) {
    return std::make_unique<TwoPassResizer>(shape, std::move(passes), kernels);
}

}  // namespace isopix::frozen
