// SPDX-License-Identifier: MIT
#include "resize.h"

#include <algorithm>
#include <cstring>

#include "dispatch.h"
#include "engines.h"
#include "frozen/frozen.h"

namespace isopixel {
namespace {

// Equal sizes give the image back (SPEC, what follows from the rules).
class CopyResizer final : public Resizer {
  public:
    explicit CopyResizer(const ResizeShape &shape) : shape_(shape) {}

    void begin(uint8_t *out, ptrdiff_t stride, int64_t first, int64_t) override {
        out_ = out;
        stride_ = stride;
        row_ = first;
        column_ = 0;
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

// The accumulator for these axes, 0 where there is none.
int accumulator_bits(const Axis &vertical, const Axis &horizontal) {
    // 255·D + floor(D/2) < 2^bits where D < 2^(bits - 8)
    const auto bits_for = [](U128 sum_y, U128 sum_x) {
        if (bit_length(sum_y) + bit_length(sum_x) > 128) return 0;  // D is at least 2^127
        const int bits = bit_length(sum_y * sum_x) + 8;
        return bits <= 32 ? 32 : bits <= 64 ? 64 : bits <= 128 ? 128 : 0;
    };
    const int bits = bits_for(vertical.weight_sum_bound(), horizontal.weight_sum_bound());
    return bits == 32 ? bits : bits_for(vertical.max_weight_sum(), horizontal.max_weight_sum());
}

}  // namespace

std::optional<Plan> plan_resize(const ResizeShape &shape, Method method) {
    if (std::max({shape.in_height, shape.in_width, shape.out_height, shape.out_width}) > Axis::kMost) return {};
    const Axis vertical(shape.in_height, shape.out_height, shape.antialias);
    const Axis horizontal(shape.in_width, shape.out_width, shape.antialias);
    if (method != Method::kBilinear) {
        if (!frozen::covers(method, shape)) return {};
        Plan plan = {shape, method, vertical, horizontal, 32, Engine::kFrozen};
        if (suits(Engine::kCopy, plan)) plan.engine = Engine::kCopy;
        return plan;
    }
    if (!vertical.supported() || !horizontal.supported()) return {};
    Plan plan = {shape, method, vertical, horizontal, accumulator_bits(vertical, horizontal), Engine::kCopy};
    if (plan.bits == 0) return {};
    for (const Engine engine : {Engine::kSums, Engine::kBlocks, Engine::kTaps, Engine::kCopy})
        if (suits(engine, plan)) plan.engine = engine;
    return plan;
}

bool suits(Engine engine, const Plan &plan) {
    switch (engine) {
        case Engine::kCopy:
            return plan.vertical.in == plan.vertical.out && plan.horizontal.in == plan.horizontal.out;
        case Engine::kTaps:
            return suits_taps(plan);
        case Engine::kBlocks:
            return suits_blocks(plan);
        case Engine::kSums:
            break;
        case Engine::kFrozen:
            return false;
    }
    return true;
}

std::unique_ptr<Resizer> make_resizer(const Plan &plan) {
    const Kernels &kernels = *current_kernels();
    switch (plan.engine) {
        case Engine::kCopy:
            return std::make_unique<CopyResizer>(plan.shape);
        case Engine::kTaps:
            return make_tap_resizer(plan, kernels);
        case Engine::kBlocks:
            return make_block_resizer(plan, kernels);
        case Engine::kFrozen:
            return frozen::make_resizer(plan.method, plan.shape, kernels);
        case Engine::kSums:
            break;
    }
    return make_sum_resizer(plan, kernels);
}

}  // namespace isopixel
