// SPDX-License-Identifier: MIT
// Areas (SPEC ): in each lane the operations of the rule, in its order.
#pragma once

#include <cstring>

#include "kernels/lanes-inl.h"

namespace isopixel {
namespace {

using F32 = Simd::F32;

// The samples of all rows, column by column.
class SampleColumns {
  public:
    explicit SampleColumns(const AreaBlock &block) : block_(block), order_(order_of()) {}

    // The address of sample x, if `first` … x were made.
    const float *at(int64_t x) const { return block_.columns + (x - first_) * kLanes; }
    int64_t end() const { return end_; }

    // Makes those from `first` on, as far as there is room.
    void make(int64_t first) {
        first_ = first;
        end_ = least(block_.in_samples, first + block_.n_columns - kStep);
        float *to = block_.columns;
        int64_t x = first;
        for (; x < end_ && x + kStep <= block_.in_samples; x += kStep, to += kStep * kLanes)
            store(block_.in + x, block_.in_stride, to);
        if (x >= end_) return;
        uint8_t bytes[kLanes * kStep] = {};  // not a byte behind the rows is read
        for (int64_t l = 0; l < kLanes; ++l)
            std::memcpy(bytes + l * kStep, block_.in + l * block_.in_stride + x,
                        static_cast<size_t>(block_.in_samples - x));
        store(bytes, kStep, to);
    }

  private:
    static constexpr int64_t kStep = AreaBlock::kSpareColumns;

    static Simd::Order order_of() {
        uint8_t places[kStep];
        for (int64_t i = 0; i < kStep; ++i) places[i] = static_cast<uint8_t>(i);
        return Simd::set_order(places);
    }

    // 16 samples of each row.
    void store(const uint8_t *rows, ptrdiff_t stride, float *to) const {
        U32 words[4];
        Simd::transpose_u8(rows, stride, order_, words);
        for (int64_t i = 0; i < 4; ++i, to += 4 * kLanes) {
            Simd::store_f32(to, Simd::convert_f32(Simd::byte_u32<0>(words[i])));
            Simd::store_f32(to + kLanes, Simd::convert_f32(Simd::byte_u32<1>(words[i])));
            Simd::store_f32(to + 2 * kLanes, Simd::convert_f32(Simd::byte_u32<2>(words[i])));
            Simd::store_f32(to + 3 * kLanes, Simd::convert_f32(Simd::byte_u32<3>(words[i])));
        }
    }

    const AreaBlock &block_;
    const Simd::Order order_;
    int64_t first_ = 0, end_ = 0;
};

template <size_t kChannels>
void sum_areas_of(const AreaBlock &given, const AreaList &list) {
    constexpr int64_t kPixel = static_cast<int64_t>(kChannels);
    const AreaBlock block = given;  // copies that no store can change
    const AreaList axis = list;
    SampleColumns columns(block);
    float *to = block.sums;
    for (int64_t k = 0; k < axis.width; ++k) {
        const Window window = axis.windows[k];
        if ((window.first + window.count) * kPixel > columns.end()) columns.make(window.first * kPixel);
        const float *p = columns.at(window.first * kPixel);
        const float *weights = axis.weights + window.weights;
        F32 sums[kChannels];
        for (F32 &sum : sums) sum = Simd::set_f32(0);
        for (int32_t t = 0; t < window.count; ++t, p += kPixel * kLanes)
            for (int64_t ch = 0; ch < kPixel; ++ch)
                sums[ch] = Simd::add_f32(sums[ch], Simd::scale_f32(Simd::load_f32(p + ch * kLanes), weights[t]));
        for (int64_t ch = 0; ch < kPixel; ++ch, to += kLanes) Simd::store_f32(to, sums[ch]);
    }
    // Column by column to line by line.
    for (int64_t x = 0; x < axis.width * kPixel; x += kLanes) {
        const float *sums[kLanes];
        for (int64_t i = 0; i < kLanes; ++i) sums[i] = block.sums + (x + i) * kLanes;
        float lines[kLanes * kLanes];
        Simd::transpose_32(sums, 0, lines);
        for (int64_t l = 0; l < kLanes; ++l)
            Simd::store_f32(block.lines + l * block.line + x, Simd::load_f32(lines + l * kLanes));
    }
}

void sum_areas(const AreaBlock &block, const AreaList &axis) {
    if (block.channels == 1) sum_areas_of<1>(block, axis);
    else if (block.channels == 2) sum_areas_of<2>(block, axis);
    else if (block.channels == 3) sum_areas_of<3>(block, axis);
    else sum_areas_of<4>(block, axis);
}

void add_areas(const float *lines, int64_t line, const float *weights, int64_t count, int64_t n, bool fresh,
               float *sums) {
    for (int64_t x = 0; x < n; x += 4 * kLanes) {
        F32 sum[4];
        for (int64_t i = 0; i < 4; ++i) sum[i] = fresh ? Simd::set_f32(0) : Simd::load_f32(sums + x + i * kLanes);
        const float *p = lines + x;
        for (int64_t t = 0; t < count; ++t, p += line)
            for (int64_t i = 0; i < 4; ++i)
                sum[i] = Simd::add_f32(sum[i], Simd::scale_f32(Simd::load_f32(p + i * kLanes), weights[t]));
        for (int64_t i = 0; i < 4; ++i) Simd::store_f32(sums + x + i * kLanes, sum[i]);
    }
}

void round_areas(const float *sums, int64_t n, float factor, uint8_t *out) {
    store_clipped(n, out,
                  [=](int64_t x) { return Simd::round_f32(Simd::scale_f32(Simd::load_f32(sums + x), factor)); });
}

}  // namespace
}  // namespace isopixel
