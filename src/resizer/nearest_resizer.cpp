// SPDX-License-Identifier: MIT
#include "resizer/nearest_resizer.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "base/held_bytes.h"
#include "base/sizes.h"

namespace isopixel {
namespace {

// Some pixels of a source row, `size` bytes, of which the first is byte `first` of its row.
struct Piece {
    const uint8_t *pixels;
    int64_t first, size;
};

// Copies the n pixels of a piece that begin at these places of its row, none before the last. All pixels have
// kChannels samples, or `channels`, if that is 0.
template <int64_t kChannels>
void pick(Piece piece, const int64_t *places, int64_t n, int64_t channels, uint8_t *out) {
    const int64_t pixel = kChannels ? kChannels : channels;
    const auto copy = [=](int64_t i, int64_t bytes) {
        std::memcpy(out + pixel * i, piece.pixels + (places[i] - piece.first), static_cast<size_t>(bytes));
    };
    constexpr int64_t kGroup = 8;  // a loop that a compiler unrolls
    int64_t i = 0;
    if (kChannels == 3) {
        // With the byte behind it, a pixel is a word; the next one overwrites that byte.
        const int64_t last = piece.first + piece.size - 4;
        for (; i + kGroup < n && places[i + kGroup - 1] <= last; i += kGroup)
            for (int64_t t = 0; t < kGroup; ++t) copy(i + t, 4);
    } else if (kChannels) {
        for (; i + kGroup <= n; i += kGroup)
            for (int64_t t = 0; t < kGroup; ++t) copy(i + t, pixel);
    }
    for (; i < n; ++i) copy(i, pixel);
}

using Pick = void (*)(Piece, const int64_t *, int64_t, int64_t, uint8_t *);
constexpr Pick kPicks[] = {pick<0>, pick<1>, pick<2>, pick<3>, pick<4>};

// It needs no whole rows: pixels are picked as they come, and rows that no result needs are passed over.
class NearestResizer final : public Resizer {
  public:
    NearestResizer(const ResizeShape &shape, std::vector<int64_t> vertical, std::vector<int64_t> horizontal)
        : shape_(shape),
          axis_(shape.in_height, shape.out_height, Weighting::kTwoTap),
          pick_(kPicks[shape.channels <= 4 ? shape.channels : 0]),
          rows_(std::move(vertical)),
          places_(std::move(horizontal)) {
        for (int64_t &place : places_) place *= shape.channels;
    }

    void begin(uint8_t *out, ptrdiff_t stride, int64_t first, int64_t end) override {
        out_ = out;
        stride_ = stride;
        row_ = axis_.first_sample(first);
        result_ = first;
        end_ = end;
    }

    void push_rows(const uint8_t *rows, int64_t count, ptrdiff_t stride) override {
        const int64_t first = row_;
        row_ += count;
        while (result_ < end_ && source_row() < row_) {
            pick_pixels({rows + (source_row() - first) * stride, 0, shape_.in_width * shape_.channels});
            finish_row();
        }
    }

    void push_pixels(const uint8_t *pixels, int64_t count) override {
        if (is_needed()) pick_pixels({pixels, column_ * shape_.channels, count * shape_.channels});
        end_pixels(count);
    }

    void push_constant(uint8_t value, int64_t count) override {
        if (is_needed()) {
            const int64_t n = end_of_piece((column_ + count) * shape_.channels) - picked_;
            std::memset(next_pixel(), value, static_cast<size_t>(n * shape_.channels));
            picked_ += n;
        }
        end_pixels(count);
    }

    size_t bytes() const override { return held_bytes(rows_, places_); }

  private:
    int64_t source_row() const { return rows_[static_cast<size_t>(result_)]; }
    // Is the row that comes now one of the result?
    bool is_needed() const { return result_ < end_ && source_row() == row_; }

    uint8_t *result_row() const { return out_ + result_ * stride_; }
    uint8_t *next_pixel() const { return result_row() + picked_ * shape_.channels; }
    // The first result pixel of the row whose place is not before `end`.
    int64_t end_of_piece(int64_t end) const {
        if (end == shape_.in_width * shape_.channels) return shape_.out_width;
        return std::lower_bound(places_.begin() + static_cast<ptrdiff_t>(picked_), places_.end(), end) -
               places_.begin();
    }

    void pick_pixels(Piece piece) {
        const int64_t n = end_of_piece(piece.first + piece.size) - picked_;
        pick_(piece, places_.data() + picked_, n, shape_.channels, next_pixel());
        picked_ += n;
    }

    void end_pixels(int64_t count) {
        column_ += count;
        if (column_ < shape_.in_width) return;
        column_ = 0;
        if (is_needed()) finish_row();
        ++row_;
    }

    // Repeats the row of the result, which has been made, as often as its source row is needed.
    void finish_row() {
        picked_ = 0;
        const uint8_t *made = result_row();
        for (const int64_t row = source_row(); ++result_ < end_ && source_row() == row;)
            std::memcpy(result_row(), made, static_cast<size_t>(shape_.out_width * shape_.channels));
    }

    const ResizeShape shape_;
    const Axis axis_;
    const Pick pick_;
    const std::vector<int64_t> rows_;
    std::vector<int64_t> places_;  // of the first sample of each result pixel, in its source row
    uint8_t *out_ = nullptr;
    ptrdiff_t stride_ = 0;
    int64_t row_ = 0, column_ = 0;     // of the source, to come next
    int64_t result_ = 0, picked_ = 0;  // row and pixel of the result that are made next
    int64_t end_ = 0;
};

}  // namespace

//
std::vector<int64_t> nearest_samples(int64_t in, int64_t out) {
    std::vector<int64_t> samples;
    samples.reserve(allocation_size(out));
    // (2i + 1)·in / (2·out) is `sample` and part/(2·out).
    int64_t sample = in / (2 * out), part = in % (2 * out);
    const int64_t step = in / out, step_part = 2 * (in % out);
    for (int64_t i = 0; i < out; ++i) {
        samples.push_back(sample);
        sample += step;
        part += step_part;
        if (part < 2 * out) continue;
        part -= 2 * out;
        ++sample;
    }
    return samples;
}

std::unique_ptr<Resizer> make_nearest_resizer(const ResizeShape &shape, std::vector<int64_t> vertical,
                                              std::vector<int64_t> horizontal) {
    return std::make_unique<NearestResizer>(shape, std::move(vertical), std::move(horizontal));
}

}  // namespace isopixel
