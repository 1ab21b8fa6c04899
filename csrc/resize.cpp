// SPDX-License-Identifier: MIT
#include "resize.h"

#include <algorithm>
#include <cstring>
#include <utility>
#include <vector>

#include "kernels.h"

namespace isopix {
namespace {

// Samples of the column sums that are made at a time: both arrays stay in the first-level cache.
constexpr int64_t kTile = 4096;

// Both axes are resized in one go over the source. A block of rows is first summed by columns (triangle) or taken as it
// is (taps), then brought to a line; the vertical axis works on lines; a finished row of numerators is divided and
// stored. The horizontal axis comes into it where it costs least: on the way to the line, or, where it would lengthen
// lines that the vertical axis then mostly sums up, at the end.
template <class T>
class SumResizer final : public Resizer {
  public:
    explicit SumResizer(const ResizeShape &shape)
        : channels_(shape.channels),
          vertical_(shape.in_height, shape.out_height, shape.antialias),
          horizontal_(Axis(shape.in_width, shape.out_width, shape.antialias)),
          horizontal_first_(shape.out_width < shape.in_width || shape.out_height >= shape.in_height),
          in_width_(shape.in_width),
          line_samples_((horizontal_first_ ? shape.out_width : shape.in_width) * channels_),
          line0_(line()),
          line1_(line()),
          sums0_(line()),
          sums1_(line()),
          tile_pixels_(std::min(in_width_, std::max<int64_t>(1, kTile / channels_))) {
        for (int64_t k = 0; k < shape.out_width; ++k) sums_x_.push_back(static_cast<T>(horizontal_.axis.weight_sum(k)));
        if (!horizontal_first_) expanded_.resize(static_cast<size_t>(shape.out_width * channels_));
        if (vertical_.triangle) {
            s0_.resize(static_cast<size_t>(tile_pixels_ * channels_));
            s1_.resize(s0_.size());
        }
    }

    void begin(uint8_t *out, ptrdiff_t stride) override {
        out_ = out;
        stride_ = stride;
        row_ = column_ = result_ = 0;
        if (vertical_.triangle) {
            // sums1_ is zero before each image, and sums0_ is not used in its first segment.
            segment_end_ = vertical_.segment(1);
        } else {
            taps_ = vertical_.taps(0);
        }
    }

    void push_rows(const uint8_t *rows, int64_t count, ptrdiff_t stride) override {
        while (count > 0) {
            int64_t n = 1;
            if (vertical_.triangle) n = std::min({count, kBlockRows, segment_end_ - row_});
            else if (!wanted()) n = std::min(count, unwanted());
            if (wanted()) {
                start_lines();
                if (n == 1) add(rows, 0, in_width_, line0());
                else add_block(rows, n, stride);
            }
            end_rows(n);
            count -= n;
            if (count > 0) rows += n * stride;
        }
    }

    void push_pixels(const uint8_t *pixels, int64_t count) override {
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

  private:
    std::vector<T> line() const { return std::vector<T>(static_cast<size_t>(line_samples_ + 2 * channels_)); }
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
    bool wanted() const { return vertical_.triangle || (result_ < vertical_.out && row_ >= taps_.first); }
    // If not, how many rows do not from here on.
    int64_t unwanted() const { return (result_ < vertical_.out ? taps_.first : vertical_.in) - row_; }

    template <class S>
    void add(const S *pixels, int64_t first, int64_t count, T *line) {
        if (!horizontal_first_) scalar::widen(pixels, count * channels_, line + first * channels_);
        else if (horizontal_.axis.triangle) scalar::add_triangle(horizontal_, pixels, first, count, channels_, line);
        else scalar::add_taps(horizontal_, pixels, first, count, channels_, line);
    }

    void add_block(const uint8_t *rows, int64_t count, ptrdiff_t stride) {
        for (int64_t first = 0; first < in_width_; first += tile_pixels_) {
            const int64_t n = std::min(tile_pixels_, in_width_ - first);
            scalar::column_moments(rows + first * channels_, stride, count, n * channels_, s0_.data(), s1_.data());
            add(s0_.data(), first, n, samples(line0_));
            add(s1_.data(), first, n, samples(line1_));
        }
    }

    // The lines hold the next `count` rows: take them into the vertical sums.
    void end_rows(int64_t count) {
        if (vertical_.triangle) end_rows_triangle(count);
        else end_rows_taps(count);
    }

    // sums0_ is the result that falls (number result_ - 1), sums1_ the one that rises (result_).
    void end_rows_triangle(int64_t count) {
        scalar::fold(samples(line0_), samples(line1_), line_samples_, modulo<T>(vertical_.rise(result_, row_)),
                     modulo<T>(2 * vertical_.v), modulo<T>(vertical_.half_width), samples(sums1_), samples(sums0_));
        row_ += count;
        if (row_ < segment_end_) return;
        if (result_ > 0) emit(sums0_, result_ - 1);
        std::swap(sums0_, sums1_);
        clear(sums1_);
        segment_end_ = vertical_.segment(++result_ + 1);
    }

    void end_rows_taps(int64_t count) {
        row_ += count;
        while (result_ < vertical_.out && row_ > taps_.first + (taps_.weight1 != 0)) {
            T *even = samples(line0_), *odd = samples(line1_);
            if (taps_.first % 2) std::swap(even, odd);
            scalar::blend(even, odd, line_samples_, modulo<T>(taps_.weight0), modulo<T>(taps_.weight1),
                          samples(sums0_));
            emit(sums0_, result_);
            if (++result_ < vertical_.out) taps_ = vertical_.taps(result_);
        }
    }

    // the numerators of result row i are complete.
    void emit(std::vector<T> &sums, int64_t i) {
        const T *numerators = samples(sums);
        if (!horizontal_first_) {
            clear(expanded_);
            scalar::add_taps(horizontal_, numerators, 0, in_width_, channels_, expanded_.data());
            numerators = expanded_.data();
        }
        scalar::round_row(numerators, static_cast<T>(vertical_.weight_sum(i)), sums_x_.data(), horizontal_.axis.out,
                          channels_, out_ + i * stride_);
    }

    const int64_t channels_;
    const Axis vertical_;
    const AxisTable horizontal_;
    const bool horizontal_first_;
    const int64_t in_width_;
    const int64_t line_samples_;
    std::vector<T> line0_, line1_;  // triangle: Σ p and Σ t·p of a block of rows; taps: even and odd rows
    std::vector<T> sums0_, sums1_;  // numerators of result rows
    std::vector<T> expanded_, sums_x_;
    const int64_t tile_pixels_;
    std::vector<uint16_t> s0_, s1_;

    uint8_t *out_ = nullptr;
    ptrdiff_t stride_ = 0;
    int64_t row_ = 0, column_ = 0;  // rows taken, and pixels of the row that comes now
    int64_t result_ = 0;            // taps: the next result row; triangle: the segment
    int64_t segment_end_ = 0;
    Taps taps_{};
};

// Equal sizes give the image back (SPEC, what follows from the rules).
class CopyResizer final : public Resizer {
  public:
    explicit CopyResizer(const ResizeShape &shape) : shape_(shape) {}

    void begin(uint8_t *out, ptrdiff_t stride) override {
        out_ = out;
        stride_ = stride;
        row_ = column_ = 0;
    }

    void push_rows(const uint8_t *rows, int64_t count, ptrdiff_t stride) override {
        for (int64_t y = 0; y < count; ++y) push_pixels(rows + y * stride, shape_.in_width);
    }

    void push_pixels(const uint8_t *pixels, int64_t count) override {
        std::memcpy(out_ + row_ * stride_ + column_ * shape_.channels, pixels,
                    static_cast<size_t>(count * shape_.channels));
        column_ += count;
        if (column_ < shape_.in_width) return;
        column_ = 0;
        ++row_;
    }

  private:
    const ResizeShape shape_;
    uint8_t *out_ = nullptr;
    ptrdiff_t stride_ = 0;
    int64_t row_ = 0, column_ = 0;
};

}  // namespace

AxisTable::AxisTable(const Axis &axis) : axis(axis) {
    if (axis.triangle)
        for (int64_t s = 0; s <= axis.out + 1; ++s) segments.push_back(axis.segment(s));
    else
        for (int64_t i = 0; i < axis.out; ++i) taps.push_back(axis.taps(i));
}

int accumulator_bits(const ResizeShape &shape) {
    if (!Axis::supported(shape.in_height, shape.out_height) || !Axis::supported(shape.in_width, shape.out_width))
        return 0;
    const U128 sum_y = Axis(shape.in_height, shape.out_height, shape.antialias).max_weight_sum();
    const U128 sum_x = Axis(shape.in_width, shape.out_width, shape.antialias).max_weight_sum();
    if (bit_length(sum_y) + bit_length(sum_x) > 128) return 0;  // D is at least 2^127
    // 255·D + floor(D/2) < 2^bits where D < 2^(bits - 8)
    const int bits = bit_length(sum_y * sum_x) + 8;
    return bits <= 32 ? 32 : bits <= 64 ? 64 : bits <= 128 ? 128 : 0;
}

std::unique_ptr<Resizer> make_resizer(const ResizeShape &shape, int bits) {
    if (shape.in_height == shape.out_height && shape.in_width == shape.out_width)
        return std::make_unique<CopyResizer>(shape);
    if (bits == 32) return std::make_unique<SumResizer<uint32_t>>(shape);
    if (bits == 64) return std::make_unique<SumResizer<uint64_t>>(shape);
    return std::make_unique<SumResizer<U128>>(shape);
}

}  // namespace isopix
