// SPDX-License-Identifier: MIT
// Sums of any width, for images of any size.
#include <algorithm>
#include <utility>
#include <vector>

#include "base/sizes.h"
#include "bilinear/engines.h"
#include "bilinear/horizontal_axis.h"
#include "bilinear/tap_rows.h"
#include "kernels/scalar.h"

namespace isopixel {
namespace {

// Samples of the column sums that are made at a time, so that they stay in the first-level cache; and rows, so that
// these sums stay below 2^32.
constexpr int64_t kTile = 2048;
constexpr int64_t kRows = 4096;
static_assert(255 * (kRows * (kRows - 1) / 2) < INT64_C(1) << 32);

// Both axes are resized in one go over the source. Rows are first summed by columns (triangle) or taken as they are
// (taps), then brought to a line; the vertical axis works on lines; a finished row of numerators is divided and
// stored. The horizontal axis comes into it at the cheapest place: on the way to the line, or, if it would lengthen
// lines that the vertical axis then mostly sums up, at the end.
template <class T>
class SumResizer final : public Resizer {
  public:
    SumResizer(const Plan &plan)
        : kernels_(*plan.kernels),
          channels_(plan.shape.channels),
          vertical_(plan.vertical),
          taps_(plan.vertical),
          horizontal_(plan.horizontal, UINT32_MAX),
          horizontal_first_(plan.shape.out_width < plan.shape.in_width ||
                            plan.shape.out_height >= plan.shape.in_height),
          in_width_(plan.shape.in_width),
          line_samples_((horizontal_first_ ? plan.shape.out_width : plan.shape.in_width) * channels_),
          line0_(line()),
          line1_(line()),
          sums0_(line()),
          sums1_(line()),
          tile_pixels_(std::min(in_width_, std::max<int64_t>(1, kTile / channels_))) {
        const int64_t out_width = plan.shape.out_width;
        sums_x_.resize(allocation_size(out_width));
        horizontal_.axis.weight_sums(0, out_width, sums_x_.data());
        if (!horizontal_first_) expanded_.resize(allocation_size((out_width + 2) * channels_));
        if (vertical_.triangle) {
            s0_.resize(allocation_size(tile_pixels_ * channels_ + 2 * kernels_.lanes));
            s1_.resize(s0_.size());
        }
    }

    void begin(uint8_t *out, ptrdiff_t stride, int64_t first, int64_t end) override {
        out_ = out;
        stride_ = stride;
        row_ = vertical_.first_sample(first);
        column_ = 0;
        if (vertical_.triangle) {
            first_ = segment_ = first;
            end_ = end;
            segment_end_ = vertical_.segment(first + 1);
            clear(sums1_);
        } else {
            taps_.begin(first, end);
        }
    }

    void push_rows(const uint8_t *rows, int64_t count, ptrdiff_t stride) override {
        while (count > 0) {
            int64_t n = 1;
            if (vertical_.triangle) n = std::min({count, kRows, segment_end_ - row_});
            else if (!wanted()) n = std::min(count, unwanted());
            if (wanted()) {
                start_lines();
                if (n == 1) add(rows, 0, in_width_, line0());
                else add_rows(rows, n, stride);
            }
            end_rows(n);
            count -= n;
            if (count > 0) rows += n * stride;
        }
    }

    void push_pixels(const uint8_t *pixels, int64_t count) override { push_part(pixels, count); }
    void push_constant(uint8_t value, int64_t count) override { push_part(scalar::Constant{value}, count); }

    size_t bytes() const override {
        return held_bytes(horizontal_, line0_, line1_, sums0_, sums1_, expanded_, sums_x_, s0_, s1_);
    }

  private:
    std::vector<T> line() const { return std::vector<T>(allocation_size(line_samples_ + 2 * channels_)); }
    void clear(std::vector<T> &line) { std::fill(line.begin(), line.end(), T(0)); }
    T *samples(std::vector<T> &line) { return line.data() + channels_; }

    // The line of the row that comes now. With two taps, rows alternate between the lines, since a result needs two in
    // turn.
    T *line0() { return samples(!vertical_.triangle && row_ % 2 ? line1_ : line0_); }

    void start_lines() {
        T *line = line0();
        std::fill(line - channels_, line + line_samples_ + channels_, T(0));
        if (vertical_.triangle) clear(line1_);
    }

    // Does the row that comes now have weight in any result? (SPEC R-3)
    bool wanted() const { return vertical_.triangle || (!taps_.done() && row_ >= taps_.taps().first); }
    // If not, how many rows do not from here on.
    int64_t unwanted() const { return (taps_.done() ? vertical_.in : taps_.taps().first) - row_; }

    // A part of a row.
    template <class P>
    void push_part(P pixels, int64_t count) {
        if (wanted()) {
            if (column_ == 0) start_lines();
            add(pixels, column_, count, line0());
        }
        column_ += count;
        if (column_ == in_width_) {
            column_ = 0;
            end_rows(1);
        }
    }

    template <class P>
    void add(P pixels, int64_t first, int64_t count, T *line) {
        if (horizontal_first_)
            horizontal_.add(scalar::add_triangle<P, T>, scalar::add_taps<P, T>, pixels, first, count, channels_, line);
        else scalar::widen(pixels, count * channels_, line + first * channels_);
    }

    void add_rows(const uint8_t *rows, int64_t count, ptrdiff_t stride) {
        for (int64_t first = 0; first < in_width_; first += tile_pixels_) {
            const int64_t n = std::min(tile_pixels_, in_width_ - first);
            std::fill(s0_.begin(), s0_.end(), 0u);
            std::fill(s1_.begin(), s1_.end(), 0u);
            for (int64_t t = 0; t < count; t += kBlockRows)
                kernels_.blocks.fold_rows(rows + t * stride + first * channels_, stride,
                                          std::min(kBlockRows, count - t), n * channels_, {1, 0}, {t, 1}, false,
                                          s0_.data(), s1_.data());
            add(std::as_const(s0_).data(), first, n, samples(line0_));
            add(std::as_const(s1_).data(), first, n, samples(line1_));
        }
    }

    // The lines hold the next `count` rows: adds them to the vertical sums.
    void end_rows(int64_t count) {
        if (vertical_.triangle) end_rows_triangle(count);
        else end_rows_taps(count);
    }

    // sums0_ is the result that falls (number segment_ - 1), sums1_ the one that rises (segment_).
    void end_rows_triangle(int64_t count) {
        scalar::fold(samples(line0_), samples(line1_), line_samples_, modulo<T>(vertical_.rise(segment_, row_)),
                     modulo<T>(2 * vertical_.v), modulo<T>(vertical_.half_width), samples(sums1_), samples(sums0_));
        row_ += count;
        if (row_ < segment_end_) return;
        if (segment_ > first_ && segment_ <= end_) emit(sums0_, segment_ - 1);
        std::swap(sums0_, sums1_);
        clear(sums1_);
        segment_end_ = vertical_.segment(++segment_ + 1);
    }

    void end_rows_taps(int64_t count) {
        row_ += count;
        for (; !taps_.done() && taps_.end_row() <= row_; taps_.next()) {
            const Taps &taps = taps_.taps();
            T *even = samples(line0_), *odd = samples(line1_);
            if (taps.first % 2) std::swap(even, odd);
            scalar::blend(even, odd, line_samples_, modulo<T>(taps.weight0), modulo<T>(taps.weight1), samples(sums0_));
            emit(sums0_, taps_.result());
        }
    }

    // the numerators of result row i are complete.
    void emit(std::vector<T> &sums, int64_t i) {
        const T *numerators = samples(sums);
        if (!horizontal_first_) {
            clear(expanded_);
            horizontal_.add_taps(scalar::add_taps<const T *, T>, numerators, 0, in_width_, channels_,
                                 samples(expanded_));
            numerators = samples(expanded_);
        }
        T sum_y;
        vertical_.weight_sums(i, 1, &sum_y);
        scalar::round_row(numerators, sum_y, sums_x_.data(), horizontal_.axis.out, channels_, out_ + i * stride_);
    }

    const Kernels &kernels_;
    const int64_t channels_;
    const Axis vertical_;
    TapRows taps_;
    const HorizontalAxis horizontal_;
    const bool horizontal_first_;
    const int64_t in_width_;
    const int64_t line_samples_;
    std::vector<T> line0_, line1_;  // triangle: Σ p and Σ t·p of some rows; taps: even and odd rows
    std::vector<T> sums0_, sums1_;  // numerators of result rows
    std::vector<T> expanded_, sums_x_;
    const int64_t tile_pixels_;
    std::vector<uint32_t> s0_, s1_;  // Σ p and Σ t·p of the columns of a tile

    uint8_t *out_ = nullptr;
    ptrdiff_t stride_ = 0;
    int64_t row_ = 0, column_ = 0;  // rows taken, and pixels of the row that comes now
    int64_t first_ = 0, end_ = 0;   // triangle: the result rows
    int64_t segment_ = 0, segment_end_ = 0;
};

}  // namespace

std::unique_ptr<Resizer> make_sum_resizer(const Plan &plan) {
    if (plan.bits == 32) return std::make_unique<SumResizer<uint32_t>>(plan);
    if (plan.bits == 64) return std::make_unique<SumResizer<uint64_t>>(plan);
    return std::make_unique<SumResizer<U128>>(plan);
}

}  // namespace isopixel
