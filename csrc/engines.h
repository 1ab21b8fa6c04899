// SPDX-License-Identifier: MIT
// What the resizers of the different engines share.
#pragma once

#include <algorithm>
#include <cstring>
#include <memory>
#include <vector>

#include "kernels.h"
#include "resize.h"

namespace isopixel {

std::unique_ptr<Resizer> make_tap_resizer(const Plan &plan, const Kernels &kernels);
std::unique_ptr<Resizer> make_block_resizer(const Plan &plan, const Kernels &kernels);
std::unique_ptr<Resizer> make_sum_resizer(const Plan &plan, const Kernels &kernels);

bool suits_taps(const Plan &plan);
bool suits_blocks(const Plan &plan);

// A source row of more samples has sums of 32 bits for each column that no cache would hold.
constexpr int64_t kMostRowSamples = 32768;

// A resizer that needs whole rows, and gathers them from pieces.
class RowResizer : public Resizer {
  public:
    explicit RowResizer(const ResizeShape &shape)
        : channels_(shape.channels), in_width_(shape.in_width), row_(new uint8_t[row_samples()]) {}

    void push_pixels(const uint8_t *pixels, int64_t count) final {
        std::memcpy(row_.get() + column_ * channels_, pixels, static_cast<size_t>(count * channels_));
        column_ += count;
        if (column_ < in_width_) return;
        column_ = 0;
        push_rows(row_.get(), 1, 0);
    }

  protected:
    size_t row_samples() const { return static_cast<size_t>(in_width_ * channels_); }

    const int64_t channels_;
    const int64_t in_width_;

  private:
    std::unique_ptr<uint8_t[]> row_;
    int64_t column_ = 0;
};

// Lines for Kernels, and the scratch memory of a Block, for lines of n samples, pixels of `channels` of them, and
// windows or segments of at most `longest` pixels.
struct BlockMemory {
    BlockMemory(const Kernels &kernels, int64_t n_lines, int64_t n, int64_t channels, int64_t longest)
        : lines(static_cast<size_t>(n_lines)), n_columns(std::max(kColumns, longest * channels) + 2 * kernels.lanes) {
        // A cache line apart from a multiple of 4096 bytes, so that lines do not compete for the same places.
        const int64_t stride = (n + 63) / 64 * 64 + 16;
        samples.resize(static_cast<size_t>(stride * n_lines));
        for (int64_t l = 0; l < n_lines; ++l) lines[static_cast<size_t>(l)] = samples.data() + l * stride;
        columns.resize(static_cast<size_t>(n_columns * kernels.lanes));
        quotients.resize(static_cast<size_t>((kQuotientPixels + 1) * channels * kernels.lanes));
    }
    BlockMemory(const BlockMemory &) = delete;

    // Columns that are made at a time: some tens of bytes each, so that they stay in the first-level cache.
    static constexpr int64_t kColumns = 192;

    std::vector<uint32_t> samples, columns, quotients;
    std::vector<uint32_t *> lines;
    int64_t n_columns;
};

// The result rows with two taps each, one after the other.
class TapRows {
  public:
    explicit TapRows(const Axis &axis) : axis_(axis), walk_(axis, 0) {}

    void begin(int64_t first, int64_t end) {
        walk_ = TapWalk(axis_, first);
        result_ = first;
        end_ = end;
        taps_ = walk_.taps();
    }
    void next() {
        ++result_;
        walk_.next();
        taps_ = walk_.taps();
    }

    bool done() const { return result_ >= end_; }
    int64_t result() const { return result_; }
    const Taps &taps() const { return taps_; }
    // The row behind the last one that the result needs.
    int64_t end_row() const { return taps_.end(); }

  private:
    const Axis axis_;
    TapWalk walk_;
    int64_t result_ = 0, end_ = 0;
    Taps taps_{};
};

}  // namespace isopixel
