// SPDX-License-Identifier: MIT
#include "resizer/halving_resizer.h"

#include <cstring>
#include <vector>

#include "base/held_bytes.h"
#include "resizer/row_resizer.h"

namespace isopixel {
namespace {

class HalvingResizer final : public RowResizer {
  public:
    HalvingResizer(const ResizeShape &shape, bool to_even, const Kernels &kernels)
        : RowResizer(shape),
          kernels_(kernels),
          to_even_(to_even),
          samples_(shape.out_width * shape.channels),
          above_(row_samples()) {}

    void begin(uint8_t *out, ptrdiff_t stride, int64_t first, int64_t) override {
        out_ = out + first * stride;
        stride_ = stride;
        has_above_ = false;
    }
    void push_rows(const uint8_t *rows, int64_t count, ptrdiff_t stride) override {
        int64_t y = 0;
        if (has_above_) halve(above_.data(), rows + y++ * stride);
        for (; y + 2 <= count; y += 2) halve(rows + y * stride, rows + (y + 1) * stride);
        has_above_ = y < count;
        if (has_above_) std::memcpy(above_.data(), rows + y * stride, row_samples());
    }
    size_t bytes() const override { return RowResizer::bytes() + held_bytes(above_); }

  private:
    void halve(const uint8_t *row0, const uint8_t *row1) {
        kernels_.halving.halve_rows(row0, row1, samples_, channels_, to_even_, out_);
        out_ += stride_;
    }

    const Kernels &kernels_;
    const bool to_even_;
    const int64_t samples_;
    std::vector<uint8_t> above_;  // a row whose pair has not come
    bool has_above_ = false;
    uint8_t *out_ = nullptr;
    ptrdiff_t stride_ = 0;
};

}  // namespace

std::unique_ptr<Resizer> make_halving_resizer(const ResizeShape &shape, bool to_even, const Kernels &kernels) {
    return std::make_unique<HalvingResizer>(shape, to_even, kernels);
}

}  // namespace isopixel
