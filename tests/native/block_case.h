// SPDX-License-Identifier: MIT
// A block of lines for the kernels of its horizontal axis.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "kernel_checks.h"

// Lines of `in` pixels, and the place for results of `width` pixels. What the lines hold comes later.
template <class T>
class BlockCase {
  public:
    BlockCase(Checks &checks, int64_t channels, int64_t in, int64_t width, int64_t longest)
        : checks_(checks),
          random_(checks.random),
          channels_(channels),
          in_(in),
          width_(width),
          lanes_(checks.tested.lanes),
          rows_(random_.one_in(2) ? lanes_ : random_.between(1, lanes_)),
          n_columns_(std::max(longest, INT64_C(2)) * channels + 2 * lanes_ + random_.pick<int64_t>({0, 1, 100, 4000})) {
        for (int64_t l = 0; l < lanes_; ++l) {
            lines_.push_back(std::make_unique<Fenced<uint32_t>>(checks.rounded(samples()), random_));
            pointers_.push_back(lines_.back()->data());
            random_.fill(lines_.back()->data(), lines_.back()->size(), UINT32_MAX);
        }
    }

    int64_t rows() const { return rows_; }
    int64_t samples() const { return in_ * channels_; }
    uint32_t *line(int64_t l) { return lines_[static_cast<size_t>(l)]->data(); }

    // `Sums` has the divisors from a lane on, and describes them in the message of a failure.
    template <class Axis, class Sums>
    void compare(const std::string &name, const Axis &axis, const Sums &sums,
                 void (*tested)(const isopixel::Block<T> &, const Axis &),
                 void (*expected)(const isopixel::Block<T> &, const Axis &)) {
        const int64_t row = width_ * channels_, apart = row + random_.template pick<int64_t>({0, 1, 37});
        const ptrdiff_t stride = static_cast<ptrdiff_t>(random_.one_in(3) ? -apart : apart);
        Fenced<uint8_t> out((rows_ - 1) * apart + row, random_), expected_out(out.size(), random_);
        std::fill_n(out.data(), out.size(), uint8_t{0x5A});
        std::fill_n(expected_out.data(), out.size(), uint8_t{0x5A});
        const int64_t first = stride < 0 ? (rows_ - 1) * apart : 0;
        run(tested, axis, sums, lanes_, 0, rows_, out.data() + first, stride);
        for (int64_t l = 0; l < rows_; ++l)  // the other table has blocks of one line
            run(expected, axis, sums, 1, l, 1, expected_out.data() + first + l * stride, stride);

        Call call(checks_, name);
        call.with("channels", channels_).with("in", in_).with("width", width_).with("rows", rows_);
        call.with("n_columns", n_columns_).with("stride", stride);
        sums.describe(call);
        call.same("out", out.data(), expected_out.data(), out.size());
        call.intact("out", out);
        call.pass();
    }

  private:
    template <class Axis, class Sums>
    void run(void (*horizontal)(const isopixel::Block<T> &, const Axis &), const Axis &axis, const Sums &sums,
             int64_t lanes, int64_t first, int64_t rows, uint8_t *out, ptrdiff_t stride) {
        Fenced<uint32_t> columns(n_columns_ * lanes, random_);
        Fenced<uint32_t> quotients((isopixel::kQuotientPixels + 1) * channels_ * lanes, random_);
        Fenced<T> memory((width_ + 2 + lanes) * channels_, random_);
        horizontal({pointers_.data() + first, rows, channels_, sums.divisors(first), out, stride, columns.data(),
                    n_columns_, quotients.data(), memory.data()},
                   axis);
        if (columns.intact() && quotients.intact() && memory.intact()) return;
        Call(checks_, "blocks.horizontal")
            .with("channels", channels_)
            .with("width", width_)
            .fail("scratch memory is too small");
    }

    Checks &checks_;
    Random &random_;
    const int64_t channels_, in_, width_, lanes_, rows_, n_columns_;
    std::vector<std::unique_ptr<Fenced<uint32_t>>> lines_;
    std::vector<const uint32_t *> pointers_;
};
