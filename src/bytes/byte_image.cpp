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

// The curve jumps between rows, so the image has to be whole before it is resized.
class Hilbert final : public ByteImage {
  public:
    Hilbert(const Plan &plan, uint8_t pad, uint8_t *out, ptrdiff_t stride)
        : feeder_(plan, out, stride), side_(plan.shape.in_width), image_(allocation_size(side_ * side_), pad) {}

    void push(const uint8_t *bytes, uint64_t n) override {
        for (uint64_t i = 0; i < n; ++i) image_[place(done_++)] = bytes[i];
    }

    void finish() override { feeder_.push(image_.data(), image_.size()); }

  private:
    // From the innermost quarter, given by the lowest digit of t, to the outermost.
    size_t place(uint64_t t) const {
        int64_t y = 0, x = 0;
        for (int64_t h = 1; h < side_; h *= 2, t /= 4) {
            switch (t % 4) {
                case 0:
                    std::swap(y, x);
                    break;
                case 1:
                    y += h;
                    break;
                case 2:
                    y += h, x += h;
                    break;
                case 3: {
                    const int64_t column = 2 * h - 1 - y;
                    y = h - 1 - x;
                    x = column;
                }
            }
        }
        return static_cast<size_t>(y * side_ + x);
    }

    RowFeeder feeder_;
    const int64_t side_;
    std::vector<uint8_t> image_;
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
