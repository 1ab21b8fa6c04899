// SPDX-License-Identifier: MIT
#include "bytes/byte_image.h"

#include <algorithm>
#include <vector>

#include "base/sizes.h"
#include "base/u128.h"
#include "bytes/bigram_log_levels.h"
#include "bytes/row_feeder.h"

namespace isopixel {
namespace {

// the bytes are the samples in order; the rest is padding, or what is too much is left out.
class RowWise final : public ByteImage {
  public:
    RowWise(const Plan &plan, uint8_t pad, uint8_t *out, ptrdiff_t stride)
        : feeder_(plan, out, stride),
          left_(static_cast<uint64_t>(plan.shape.in_height * plan.shape.in_width * plan.shape.channels)),
          pad_(pad) {}

    void push(const uint8_t *bytes, uint64_t n) override {
        n = std::min(n, left_);
        feeder_.push(bytes, n);
        left_ -= n;
    }

    void finish() override {
        feeder_.push_repeated(pad_, left_);
        left_ = 0;
    }

  private:
    RowFeeder feeder_;
    uint64_t left_;
    const uint8_t pad_;
};

// The curve jumps between rows, so the image has to be whole before it is resized. It goes through square tiles
// one after another, and through each as through the first one, which may be reflected and turned.
class Hilbert final : public ByteImage {
  public:
    Hilbert(const Plan &plan, uint8_t pad, uint8_t *out, ptrdiff_t stride)
        : feeder_(plan, out, stride),
          side_(plan.shape.in_width),
          tile_side_(std::min<int64_t>(side_, 16)),
          image_(allocation_size(side_ * side_), pad) {
        for (int64_t t = 0; t < tile_side_ * tile_side_; ++t) {
            const Place place = place_of(static_cast<uint64_t>(t), 1, tile_side_);
            tile_.push_back({static_cast<uint8_t>(place.y), static_cast<uint8_t>(place.x)});
        }
    }

    void push(const uint8_t *bytes, uint64_t n) override {
        while (n > 0) {
            const uint64_t first = done_ % tile_.size(), part = std::min<uint64_t>(n, tile_.size() - first);
            const Place tile = place_of(done_ / tile_.size(), tile_side_, side_);
            const int64_t sign = tile.is_turned ? -1 : 1;
            const auto down = static_cast<ptrdiff_t>(sign * (tile.is_reflected ? 1 : side_));
            const auto right = static_cast<ptrdiff_t>(sign * (tile.is_reflected ? side_ : 1));
            uint8_t *corner = image_.data() + static_cast<ptrdiff_t>(tile.y * side_ + tile.x);
            const Pixel *pixels = tile_.data() + first;
            for (uint64_t i = 0; i < part; ++i) corner[pixels[i].y * down + pixels[i].x * right] = bytes[i];
            bytes += part;
            n -= part;
            done_ += part;
        }
    }

    void finish() override { feeder_.push(image_.data(), image_.size()); }

  private:
    struct Pixel {
        uint8_t y, x;
    };
    // A pixel, and whether what follows it in its row lies below it (is_reflected), and backwards (is_turned).
    struct Place {
        int64_t y = 0, x = 0;
        bool is_reflected = false, is_turned = false;
    };

    // That of the first pixel of the square of side h at distance t, in squares, in an image of side `end`: from the
    // innermost quarter, given by the lowest digit of t, to the outermost.
    static Place place_of(uint64_t t, int64_t h, int64_t end) {
        Place p;
        for (; h < end; h *= 2, t /= 4) {
            switch (t % 4) {
                case 0:
                    std::swap(p.y, p.x);
                    p.is_reflected = !p.is_reflected;
                    break;
                case 1:
                    p.y += h;
                    break;
                case 2:
                    p.y += h, p.x += h;
                    break;
                case 3: {
                    const int64_t column = 2 * h - 1 - p.y;
                    p.y = h - 1 - p.x;
                    p.x = column;
                    p.is_reflected = !p.is_reflected;
                    p.is_turned = !p.is_turned;
                }
            }
        }
        return p;
    }

    RowFeeder feeder_;
    const int64_t side_, tile_side_;
    std::vector<uint8_t> image_;
    std::vector<Pixel> tile_;  // the first tile's, in their order
    uint64_t done_ = 0;
};

//
class Bigram final : public ByteImage {
  public:
    Bigram(const Plan &plan, bool log, uint8_t *out, ptrdiff_t stride)
        : feeder_(plan, out, stride), log_(log), counts_(65536) {}

    void push(const uint8_t *bytes, uint64_t n) override {
        if (n == 0) return;
        if (begun_) ++counts_[last_ * 256u + bytes[0]];
        for (uint64_t i = 1; i < n; ++i) ++counts_[bytes[i - 1] * 256u + bytes[i]];
        last_ = bytes[n - 1];
        begun_ = true;
    }

    void finish() override {
        const uint64_t most = *std::max_element(counts_.begin(), counts_.end());
        std::vector<uint8_t> image;
        image.reserve(counts_.size());
        for (uint64_t count : counts_) image.push_back(log_ ? log_level(count) : linear_level(count, most));
        feeder_.push(image.data(), image.size());
    }

  private:
    // A count is below 2^62 and 255·count may be beyond 64 bits.
    static uint8_t linear_level(uint64_t count, uint64_t most) {
        return most == 0 ? uint8_t{0} : round_quotient(U128(255) * count, U128(most));
    }

    static uint8_t log_level(uint64_t count) {
        return static_cast<uint8_t>(std::upper_bound(std::begin(kBigramLogLevels), std::end(kBigramLogLevels), count) -
                                    kBigramLogLevels);
    }

    RowFeeder feeder_;
    const bool log_;
    std::vector<uint64_t> counts_;
    uint8_t last_ = 0;
    bool begun_ = false;
};

// resized to one row, which is then wrapped.
class Line final : public ByteImage {
  public:
    Line(const Plan &plan, int64_t out_width, uint8_t *out, ptrdiff_t stride)
        : row_(allocation_size(plan.shape.out_width)),
          feeder_(plan, row_.data(), static_cast<ptrdiff_t>(plan.shape.out_width)),
          out_width_(static_cast<ptrdiff_t>(out_width)),
          out_(out),
          stride_(stride) {}

    void push(const uint8_t *bytes, uint64_t n) override { feeder_.push(bytes, n); }

    void finish() override {
        const ptrdiff_t rows = static_cast<ptrdiff_t>(row_.size()) / out_width_;
        for (ptrdiff_t y = 0; y < rows; ++y) std::copy_n(row_.begin() + y * out_width_, out_width_, out_ + y * stride_);
    }

  private:
    std::vector<uint8_t> row_;
    RowFeeder feeder_;
    const ptrdiff_t out_width_;
    uint8_t *out_;
    const ptrdiff_t stride_;
};

}  // namespace

ResizeShape resize_of(const Layout &layout, const ImageShape &image, int64_t out_height, int64_t out_width) {
    ResizeShape shape = {image.height, image.width, image.channels, out_height, out_width};
    if (layout.rule == Rule::kLine) shape.out_width *= std::exchange(shape.out_height, 1);
    return shape;
}

std::unique_ptr<ByteImage> make_byte_image(const Layout &layout, const Plan &plan, int64_t out_width, uint8_t *out,
                                           ptrdiff_t stride) {
    switch (layout.rule) {
        case Rule::kHilbert:
            return std::make_unique<Hilbert>(plan, layout.pad(), out, stride);
        case Rule::kBigram:
            return std::make_unique<Bigram>(plan, layout.is_logarithmic(), out, stride);
        case Rule::kLine:
            return std::make_unique<Line>(plan, out_width, out, stride);
        default:
            return std::make_unique<RowWise>(plan, layout.pad(), out, stride);
    }
}

}  // namespace isopixel
