// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cstring>
#include <utility>
#include <vector>

#include "base/aligned.h"
#include "base/sizes.h"
#include "resizer/row_resizer.h"
#include "windowed/estimate.h"
#include "windowed/settling.h"
#include "windowed/windowed.h"

namespace isopixel {
namespace {

WindowedAxis windowed_axis(const Plan &plan, const Axis &axis) { return {axis, plan.method->function}; }

// Columns that are made at a time, in samples, so that they and their lines stay in the caches; and the most, for long
// windows.
constexpr int64_t kColumns = 2048, kMostColumns = 1 << 15;
// Sums that are rounded at a time, in samples.
constexpr int64_t kRoundedSamples = 64;

// Source rows that have come, of which the last ones are kept.
class SourceRows {
  public:
    SourceRows(int64_t kept, size_t row_bytes)
        : kept_(kept),
          row_bytes_(row_bytes),
          memory_(new uint8_t[allocation_size(kept * static_cast<int64_t>(row_bytes))]) {}

    void begin(int64_t row) { end_ = pushed_ = row; }
    // Until release, the rows that come are where they are.
    void push(const uint8_t *rows, int64_t count, ptrdiff_t stride) {
        rows_ = rows;
        stride_ = stride;
        end_ = pushed_ + count;
    }
    // Keeps the rows from `first` on.
    void release(int64_t first) {
        for (int64_t row = std::max(first, pushed_); row < end_; ++row) std::memcpy(kept(row), at(row), row_bytes_);
        pushed_ = end_;
    }
    int64_t end() const { return end_; }
    const uint8_t *at(int64_t row) const { return row < pushed_ ? kept(row) : rows_ + (row - pushed_) * stride_; }
    size_t bytes() const { return static_cast<size_t>(kept_) * row_bytes_; }

  private:
    uint8_t *kept(int64_t row) const { return memory_.get() + static_cast<size_t>(row % kept_) * row_bytes_; }

    const int64_t kept_;  // the number of rows
    const size_t row_bytes_;
    const std::unique_ptr<uint8_t[]> memory_;
    const uint8_t *rows_ = nullptr;
    ptrdiff_t stride_ = 0;
    int64_t pushed_ = 0, end_ = 0;  // rows before these were kept, and have come
};

class WindowedResizer final : public RowResizer {
  public:
    WindowedResizer(const Plan &plan, SettlingProbe *probe)
        : RowResizer(plan.shape),
          kernels_(*plan.kernels),
          probe_(probe),
          width_(plan.shape.out_width),
          settling_(windowed_axis(plan, plan.vertical), windowed_axis(plan, plan.horizontal)),
          vertical_(windowed_axis(plan, plan.vertical), 1),
          horizontal_(windowed_axis(plan, plan.horizontal), kColumnSums),
          most_pixels_(most_pixels()),
          biases_(biases(plan)),
          rows_(longest_block(plan.shape.out_height), row_samples()),
          line_(most_pixels_ * channels_ + kSpareSamples),
          lines_(line_ * kernels_.lanes),
          columns_(line_ * kernels_.lanes),
          pixels_at_a_time_(std::max<int64_t>(1, kRoundedSamples / channels_)),
          sums_((pixels_at_a_time_ * channels_ + 16) * kernels_.lanes),
          undecided_(allocation_size(pixels_at_a_time_ * channels_ * kernels_.lanes)),
          block_rows_(allocation_size(longest_block(plan.shape.out_height))) {}

    void begin(uint8_t *out, ptrdiff_t stride, int64_t first, int64_t end) override {
        out_ = out;
        stride_ = stride;
        next_ = first;
        end_ = end;
        rows_.begin(first == 0 ? 0 : vertical_.first(first));
    }

    void push_rows(const uint8_t *rows, int64_t count, ptrdiff_t stride) override {
        rows_.push(rows, count, stride);
        while (next_ < end_) {
            const int64_t block_end = std::min(next_ + kernels_.lanes, end_);
            if (vertical_.end(block_end - 1) > rows_.end()) break;
            make_block(next_, block_end);
            next_ = block_end;
        }
        rows_.release(next_ < end_ ? vertical_.first(next_) : rows_.end());
    }

    size_t bytes() const override {
        return RowResizer::bytes() +
               held_bytes(settling_, vertical_, horizontal_, rows_, lines_, columns_, sums_, undecided_, block_rows_);
    }

  private:
    int64_t most_pixels() const {
        const int64_t pixels = std::max(kColumns, std::min(2 * horizontal_.longest() * channels_, kMostColumns));
        return std::max<int64_t>(1, pixels / channels_);
    }
    Biases biases(const Plan &plan) const {
        if (probe_ && probe_->settle_all) return {-1000, 1000};
        const int64_t pieces = (horizontal_.longest() - 1) / most_pixels_ + 1;
        return estimate_biases(
            vertical_, horizontal_, pieces,
            windowed_axis(plan, plan.vertical).weight_bound() * windowed_axis(plan, plan.horizontal).weight_bound());
    }
    // The most source rows of results that are made together.
    int64_t longest_block(int64_t height) const {
        int64_t longest = 0;
        for (int64_t i = 0; i < height; ++i)
            longest = std::max(longest, vertical_.end(std::min(i + kernels_.lanes, height) - 1) - vertical_.first(i));
        return longest;
    }

    void make_block(int64_t first, int64_t end) {
        first_ = first;
        block_end_ = end;
        first_row_ = vertical_.first(first);
        for (int64_t row = first_row_; row < vertical_.end(end - 1); ++row)
            block_rows_[static_cast<size_t>(row - first_row_)] = rows_.at(row);
        range_ = {columns_.data(), 0, 0, channels_};
        for (int64_t k = 0; k < width_;) {
            int64_t k_end = k + 1;
            if (horizontal_.end(k) - horizontal_.first(k) <= most_pixels_) {
                if (horizontal_.end(k) > range_.end) make_columns(horizontal_.first(k));
                while (k_end < std::min(width_, k + pixels_at_a_time_) && horizontal_.end(k_end) <= range_.end) ++k_end;
                kernels_.windowed.add_columns(range_, horizontal_.windows(), k, k_end, true, sums_.data());
            } else {
                // Nothing is kept of a window that is cut: the next one may begin before its last piece.
                range_.end = 0;
                for (int64_t piece = horizontal_.first(k); piece < horizontal_.end(k);
                     piece = std::exchange(range_.end, 0)) {
                    make_columns(piece);
                    kernels_.windowed.add_columns(range_, horizontal_.windows(), k, k_end,
                                                  piece == horizontal_.first(k), sums_.data());
                }
            }
            round(k, k_end);
            k = k_end;
        }
    }

    // Makes the columns from pixel `first` on, as many as there is room for. Those that there are stay.
    void make_columns(int64_t first) {
        const int64_t pixel = channels_ * kernels_.lanes;
        const int64_t from = std::max(first, range_.end);
        if (from > first)
            std::memmove(columns_.data(), columns_.data() + (first - range_.first) * pixel,
                         static_cast<size_t>((from - first) * pixel) * sizeof(float));
        range_.first = first;
        range_.end = std::min(in_width_, first + most_pixels_);
        add_rows(from * channels_, (range_.end - from) * channels_);
        kernels_.windowed.transpose(line_places_, (range_.end - from) * channels_,
                                    columns_.data() + (from - first) * pixel);
    }

    // The lines of the block, for n samples from sample x on: rows that are in the windows of the same results
    // together.
    void add_rows(int64_t x, int64_t n) {
        for (int64_t l = 0; l < kernels_.lanes; ++l) {
            line_places_[l] = lines_.data() + l * line_;
            std::fill_n(lines_.data() + l * line_, n + kernels_.lanes, 0.0f);
        }
        int64_t begin = first_, end = first_;  // the results of a row
        for (int64_t row = first_row_, next; row < vertical_.end(block_end_ - 1); row = next) {
            while (vertical_.end(begin) <= row) ++begin;
            while (end < block_end_ && vertical_.first(end) <= row) ++end;
            next = vertical_.end(begin);
            if (end < block_end_) next = std::min(next, vertical_.first(end));
            if (begin == end) {
                next = vertical_.first(begin);
                continue;
            }
            for (int64_t i = begin; i < end; i += kLineResults) {
                LineTerms terms{block_rows_.data() + (row - first_row_), next - row, x, n, in_width_ * channels_ - x,
                                std::min(kLineResults, end - i),         {},         {}};
                for (int64_t r = 0; r < terms.results; ++r) {
                    terms.weights[r] = vertical_.weight(i + r, row);
                    terms.lines[r] = lines_.data() + (i + r - first_) * line_;
                }
                kernels_.windowed.add_rows(terms);
            }
        }
    }

    void round(int64_t k, int64_t k_end) {
        uint8_t *out = out_ + first_ * stride_ + k * channels_;
        const RoundedSums sums = {
            sums_.data(), (k_end - k) * channels_, block_end_ - first_, biases_.low, biases_.high, out,
            stride_,      undecided_.data()};
        const int64_t count = kernels_.windowed.round_sums(sums);
        if (probe_) probe_->settled += count;
        for (int64_t u = 0; u < count; ++u) {
            const auto [sample, lane] = undecided_[static_cast<size_t>(u)];
            const int64_t i = first_ + lane;
            const uint8_t *const *rows = block_rows_.data() + (vertical_.first(i) - first_row_);
            out[lane * stride_ + sample] =
                settling_.value({i, k + sample / channels_, sample % channels_, channels_}, rows);
        }
    }

    const Kernels &kernels_;
    SettlingProbe *const probe_;
    const int64_t width_;
    Settling settling_;
    const WeightTable vertical_, horizontal_;
    const int64_t most_pixels_;  // of the columns
    const Biases biases_;
    SourceRows rows_;
    const int64_t line_;  // numbers
    AlignedArray<float> lines_, columns_;
    const int64_t pixels_at_a_time_;
    AlignedArray<float> sums_;
    std::vector<Undecided> undecided_;
    uint8_t *out_ = nullptr;
    ptrdiff_t stride_ = 0;
    int64_t next_ = 0, end_ = 0;  // the results that are to be made
    // The block of results that is being made: its source rows from first_row_ on, and its columns.
    int64_t first_ = 0, block_end_ = 0, first_row_ = 0;
    std::vector<const uint8_t *> block_rows_;
    ColumnRange range_{};
    const float *line_places_[16];
};

}  // namespace

bool suits_windowed(const Plan &plan) {
    const Function function = plan.method->function;
    if (function != Function::kArea && function != Function::kBicubic && function != Function::kBicubicFourTap)
        return false;
    const WindowedAxis vertical = windowed_axis(plan, plan.vertical), horizontal = windowed_axis(plan, plan.horizontal);
    if (!vertical.supported() || !horizontal.supported()) return false;
    const U128 bound_y = vertical.weight_bound(), bound_x = horizontal.weight_bound();
    return bit_length(bound_y) + bit_length(bound_x) <= 128 && bit_length(bound_y * bound_x) <= kMostDivisorBits;
}

RowRange windowed_rows(const Plan &plan, int64_t first, int64_t end) {
    const WindowedAxis axis = windowed_axis(plan, plan.vertical);
    return {first == 0 ? 0 : axis.window(first).first, axis.window(end - 1).end};
}

std::unique_ptr<Resizer> make_windowed_resizer(const Plan &plan, SettlingProbe *probe) {
    return std::make_unique<WindowedResizer>(plan, probe);
}

}  // namespace isopixel
