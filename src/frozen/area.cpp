// SPDX-License-Identifier: MIT
// cv2.resize with INTER_AREA (SPEC ).
#include <algorithm>
#include <cstring>
#include <utility>
#include <vector>

#include "base/sizes.h"
#include "frozen/area_axis.h"
#include "frozen/frozen.h"
#include "frozen/windows.h"
#include "resizer/row_resizer.h"

namespace isopixel::frozen {
namespace {

bool grows(const ResizeShape &shape) { return shape.in_height < shape.out_height || shape.in_width < shape.out_width; }

// The samples of a result on both axes, if R-42 is its rule.
struct BlockSize {
    explicit BlockSize(const ResizeShape &shape)
        : height(area_block(shape.in_height, shape.out_height)), width(area_block(shape.in_width, shape.out_width)) {}
    int64_t area() const { return height * width; }  // 0 if it is not

    int64_t height, width;
};

// R-42, for sums of any size.
class BlockMeanResizer final : public RowResizer {
  public:
    BlockMeanResizer(const ResizeShape &shape, BlockSize block)
        : RowResizer(shape),
          block_(block),
          mean_(block.area()),
          sums_(allocation_size(shape.out_width * shape.channels)) {}

    void begin(uint8_t *out, ptrdiff_t stride, int64_t, int64_t) override {
        out_ = out;
        stride_ = stride;
        row_ = 0;
    }
    void push_rows(const uint8_t *rows, int64_t count, ptrdiff_t stride) override {
        for (int64_t y = 0; y < count; ++y) {
            if (row_ % block_.height == 0) std::fill(sums_.begin(), sums_.end(), 0u);
            add(rows + y * stride);
            if (++row_ % block_.height != 0) continue;
            std::transform(sums_.begin(), sums_.end(), out_ + (row_ / block_.height - 1) * stride_, mean_);
        }
    }
    size_t bytes() const override { return RowResizer::bytes() + held_bytes(sums_); }

  private:
    void add(const uint8_t *p) {
        const size_t channels = static_cast<size_t>(channels_);
        for (size_t x = 0; x < sums_.size(); x += channels)
            for (int64_t t = 0; t < block_.width; ++t)
                for (size_t ch = 0; ch < channels; ++ch) sums_[x + ch] += *p++;
    }

    const BlockSize block_;
    const BlockMean mean_;
    std::vector<uint32_t> sums_;  // of the blocks of a result row
    uint8_t *out_ = nullptr;
    ptrdiff_t stride_ = 0;
    int64_t row_ = 0;
};

// with weights of 1. As many rows as the kernels have lanes become lines, which are added to the sums of
// all results that they have weight in.
class AreaResizer final : public RowResizer {
  public:
    AreaResizer(const ResizeShape &shape, AreaAxis horizontal, AreaAxis vertical, float factor, const Kernels &kernels)
        : RowResizer(shape),
          kernels_(kernels),
          horizontal_(std::move(horizontal)),
          vertical_(std::move(vertical)),
          factor_(factor),
          in_height_(shape.in_height),
          samples_(shape.out_width * shape.channels),
          line_(samples_ + kSpareSamples),
          n_columns_(std::max(kCacheColumns, longest_of(horizontal_.windows) * shape.channels) +
                     AreaBlock::kSpareColumns),
          rows_(allocation_size(in_width_ * channels_ * kernels.lanes)),
          columns_(allocation_size(n_columns_ * kernels.lanes)),
          column_sums_(allocation_size(line_ * kernels.lanes)),
          lines_(allocation_size(line_ * kernels.lanes)),
          sums_(most_open(vertical_.windows), std::vector<float>(allocation_size(line_))) {}

    void begin(uint8_t *out, ptrdiff_t stride, int64_t, int64_t) override {
        out_ = out;
        stride_ = stride;
        row_ = 0;
        kept_ = 0;
        result_ = 0;
    }
    void push_rows(const uint8_t *rows, int64_t count, ptrdiff_t stride) override {
        for (int64_t y = 0; y < count;) {
            if (kept_ == 0 && count - y >= kernels_.lanes) {
                add(rows + y * stride, stride, kernels_.lanes);
                y += kernels_.lanes;
                continue;
            }
            std::memcpy(rows_.data() + static_cast<size_t>(kept_) * row_samples(), rows + y * stride, row_samples());
            ++y;
            ++kept_;
            if (kept_ == kernels_.lanes || row_ + kept_ == in_height_)
                add(rows_.data(), static_cast<ptrdiff_t>(row_samples()), std::exchange(kept_, 0));
        }
    }
    size_t bytes() const override {
        return RowResizer::bytes() + held_bytes(horizontal_, vertical_, rows_, columns_, column_sums_, lines_, sums_);
    }

  private:
    // The next `count` of the rows.
    void add(const uint8_t *rows, ptrdiff_t stride, int64_t count) {
        kernels_.areas.sum_areas({rows, stride, static_cast<int64_t>(row_samples()), channels_, columns_.data(),
                                  n_columns_, column_sums_.data(), lines_.data(), line_},
                                 horizontal_.list());
        const int64_t end = row_ + count;
        for (size_t i = result_; i < vertical_.windows.size() && vertical_.windows[i].first < end; ++i) {
            const Window &window = vertical_.windows[i];
            const int64_t first = std::max<int64_t>(window.first, row_), n = std::min(end, end_of(window)) - first;
            float *sums = sums_[i % sums_.size()].data();
            kernels_.areas.add_areas(lines_.data() + (first - row_) * line_, line_,
                                     vertical_.weights.data() + window.weights + (first - window.first), n, samples_,
                                     first == window.first, sums);
            if (end_of(window) > end) continue;
            kernels_.areas.round_areas(sums, samples_, factor_, out_ + static_cast<ptrdiff_t>(i) * stride_);
            result_ = i + 1;
        }
        row_ = end;
    }

    const Kernels &kernels_;
    const AreaAxis horizontal_, vertical_;
    const float factor_;  // of the sums
    const int64_t in_height_, samples_, line_, n_columns_;
    std::vector<uint8_t> rows_;
    std::vector<float> columns_, column_sums_, lines_;
    std::vector<std::vector<float>> sums_;  // of the results that a row may have weight in, in turn
    uint8_t *out_ = nullptr;
    ptrdiff_t stride_ = 0;
    int64_t row_ = 0, kept_ = 0;  // rows that were added, and that wait in rows_
    size_t result_ = 0;           // the first result that is not complete
};

}  // namespace

bool covers_area(const ResizeShape &shape) {
    if (grows(shape)) return true;
    const int64_t area = BlockSize(shape).area();
    return area ? area <= INT32_MAX / 255 : shape.channels <= 4;
}

std::unique_ptr<Resizer> make_opencv_area(const ResizeShape &shape, const Kernels &kernels) {
    if (grows(shape))
        return make_opencv_two_tap(shape, growing_area_axis(shape.in_width, shape.out_width),
                                   growing_area_axis(shape.in_height, shape.out_height), kernels);
    const BlockSize block(shape);
    if (block.area() == 0)
        return std::make_unique<AreaResizer>(shape, area_axis(shape.in_width, shape.out_width),
                                             area_axis(shape.in_height, shape.out_height), 1.0f, kernels);
    if (block.height == 2 && block.width == 2) return make_opencv_linear(shape, kernels);  // R-24 is the same
    // Sums below 2^24 are exact in binary32.
    if (block.area() > (1 << 24) / 255 || shape.channels > 4) return std::make_unique<BlockMeanResizer>(shape, block);
    return std::make_unique<AreaResizer>(shape, block_axis(shape.out_width, block.width),
                                         block_axis(shape.out_height, block.height), block_factor(block.area()),
                                         kernels);
}

}  // namespace isopixel::frozen
