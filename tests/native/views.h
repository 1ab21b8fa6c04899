// SPDX-License-Identifier: MIT
// Images for a resizer: as views, in pieces of any size, and in parts as threads take them. With the address sanitizer,
// a read beside a row is an error.
#pragma once

#include <cstring>
#include <vector>

#include "fenced.h"
#include "plan.h"

namespace isopixel {

using Bytes = std::vector<uint8_t>;

// The rows of an image, in either order, one behind the other or with gaps between them that nobody may read; nor may
// what is behind the last one be.
class View {
  public:
    View(const ResizeShape &shape, const Bytes &image, Random &random)
        : row_(shape.in_width * shape.channels),
          height_(shape.in_height),
          stride_(random.one_in(3) ? row_ : (row_ + 7) / 8 * 8 + 8 * random.between(1, 9)),
          memory_(static_cast<size_t>((stride_ * (height_ + 1)) / 8 + 1)) {
        uint8_t *first = reinterpret_cast<uint8_t *>(memory_.data());
        ASAN_POISON_MEMORY_REGION(first, memory_.size() * 8);
        if (random.one_in(3)) first += stride_ * (height_ - 1), stride_ = -stride_;
        first_ = first;
        for (int64_t y = 0; y < height_; ++y) {
            ASAN_UNPOISON_MEMORY_REGION(first + y * stride_, static_cast<size_t>(row_));
            std::memcpy(first + y * stride_, image.data() + y * row_, static_cast<size_t>(row_));
        }
    }
    View(const View &) = delete;
    ~View() { ASAN_UNPOISON_MEMORY_REGION(memory_.data(), memory_.size() * 8); }

    const uint8_t *row(int64_t y) const { return first_ + y * stride_; }
    ptrdiff_t stride() const { return stride_; }

  private:
    const int64_t row_, height_;
    ptrdiff_t stride_;
    std::vector<uint64_t> memory_;
    const uint8_t *first_;
};

// The source rows from `first` to before `end`, in pieces: of some rows, or of some pixels of one.
inline void push_in_pieces(Resizer &resizer, const ResizeShape &shape, const View &view, int64_t first, int64_t end,
                           Random &random) {
    while (first < end) {
        if (random.one_in(2)) {
            const int64_t count = random.one_in(2) ? end - first : random.between(1, end - first);
            resizer.push_rows(view.row(first), count, view.stride());
            first += count;
            continue;
        }
        for (int64_t x = 0, count; x < shape.in_width; x += count) {
            count = random.between(1, shape.in_width - x);
            resizer.push_pixels(view.row(first) + x * shape.channels, count);
        }
        ++first;
    }
}

// The whole image, by a resizer of its plan: in one part, or in some; empty if the memory beside the result was
// written.
inline Bytes resize_in_parts(Resizer &resizer, const Plan &plan, const View &view, Random &random) {
    const ResizeShape &shape = plan.shape;
    const int64_t row = shape.out_width * shape.channels, stride = row + random.between(0, 20);
    Fenced<uint8_t> out(stride * (shape.out_height - 1) + row, random);
    std::memset(out.data(), 7, static_cast<size_t>(out.size()));
    for (int64_t first = 0, end; first < shape.out_height; first = end) {
        end = random.one_in(2) ? shape.out_height : random.between(first + 1, shape.out_height);
        resizer.begin(out.data(), stride, first, end);
        const RowRange rows = source_rows(plan, first, end);
        push_in_pieces(resizer, shape, view, rows.first, rows.end, random);
    }
    Bytes result;
    for (int64_t y = 0; y < shape.out_height; ++y) {
        const uint8_t *first = out.data() + y * stride;
        result.insert(result.end(), first, first + row);
        for (int64_t x = row; y + 1 < shape.out_height && x < stride; ++x)
            if (first[x] != 7) return {};
    }
    return out.intact() ? result : Bytes();
}

}  // namespace isopixel
