// SPDX-License-Identifier: MIT
// Axes of windows; the horizontal one in 16 bits.
#pragma once

#include "kernels/lanes-inl.h"
#include "kernels/lines-inl.h"
#include "kernels/pixels-inl.h"

namespace isopixel {
namespace {

// The quads of all rows: for each sample of a pixel a vector of the pixels 0 and 2, and one of 1 and 3, in 16 bits
// each.
class Quads {
  public:
    explicit Quads(const RowBlock &block)
        : block_(block), channels_(block.channels), size_(2 * channels_ * kLanes), order_(order_of(channels_)) {}

    // The address of quad q, if `first` … q were made.
    const uint32_t *at(int64_t q) const { return block_.columns + (q - first_) * size_; }
    int64_t end() const { return end_; }

    // Makes those from `first` on, up to `end` or as far as there is room.
    void make(int64_t first, int64_t end) {
        first_ = first;
        end_ = least(end, first + block_.n_quads);
        uint32_t *to = block_.columns;
        if (channels_ > 4) {
            for (int64_t q = first; q < end_; ++q)
                for (int64_t ch = 0; ch < channels_; ch += 4) to = gather(q, ch, to);
            return;
        }
        const int64_t step = 4 / channels_;  // quads in 16 bytes
        for (int64_t q = first; q < end_; q += step)
            to = store(block_.in + 4 * q * channels_, block_.in_stride, step * channels_, to);
    }

  private:
    // The places in 16 bytes of the samples 0 of four pixels, then 1, …, and then of the next four.
    static Simd::Order order_of(int64_t channels) {
        uint8_t places[16];
        for (int64_t i = 0; i < 16; ++i) {
            const int64_t sample = channels > 4 ? i : (i / 4 / channels * 4 + i % 4) * channels + i / 4 % channels;
            places[i] = static_cast<uint8_t>(least(sample, 15));
        }
        return Simd::set_order(places);
    }

    // The first n vectors of four pixels, of four that 16 bytes of each row make.
    uint32_t *store(const uint8_t *rows, ptrdiff_t stride, int64_t n, uint32_t *to) const {
        U32 vectors[4];
        Simd::transpose_u8(rows, stride, order_, vectors);
        for (int64_t i = 0; i < n; ++i, to += 2 * kLanes) {
            Simd::store_u32(to, Simd::even_u8(vectors[i]));
            Simd::store_u32(to + kLanes, Simd::odd_u8(vectors[i]));
        }
        return to;
    }

    // The samples of a pixel from `first` on, four at most.
    uint32_t *gather(int64_t q, int64_t first, uint32_t *to) const {
        const int64_t n = least(4, channels_ - first);
        uint8_t bytes[kLanes * 16] = {};
        for (int64_t l = 0; l < kLanes; ++l) {
            const uint8_t *p = block_.in + l * block_.in_stride + 4 * q * channels_ + first;
            for (int64_t i = 0; i < 4 * n; ++i) bytes[l * 16 + i] = p[i % 4 * channels_ + i / 4];
        }
        return store(bytes, 16, n, to);
    }

    const RowBlock &block_;
    const int64_t channels_, size_;
    const Simd::Order order_;
    int64_t first_ = 0, end_ = 0;
};

// For images of kChannels channels, all of which are worked on at a time, or one of any number, if kChannels is 0.
template <size_t kChannels, bool kWide>
void weigh_rows_of(const RowBlock &rows, const WindowList &list) {
    constexpr size_t kSamples = kChannels ? kChannels : 1;
    constexpr int64_t kWeights = kWide ? 8 : 4;  // of a quad
    const RowBlock block = rows;                 // copies that no store can change
    const WindowList axis = list;
    const int64_t channels = kChannels ? static_cast<int64_t>(kChannels) : block.channels, quad = 2 * channels * kLanes;
    const int64_t end_of_all = axis.quads[axis.width - 1].end;
    const U32 half = Simd::set_u32(INT64_C(1) << (axis.shift - 1)), most = Simd::set_u32(255);
    const U32 high_unit = Simd::set_u32(INT64_C(1) << kLowBits);
    Quads quads(block);
    Pixels<RowBlock> pixels(block, 0);
    const int16_t *weights = axis.quad_weights;
    for (int64_t k = 0; k < axis.width; ++k) {
        const int64_t first = axis.quads[k].first, end = axis.quads[k].end;
        if (end > quads.end()) quads.make(first, end_of_all);
        for (int64_t ch = 0; ch < channels; ch += static_cast<int64_t>(kSamples)) {
            U32 sums[kSamples], high_sums[kSamples];
            for (size_t i = 0; i < kSamples; ++i) sums[i] = half, high_sums[i] = Simd::zero();
            const uint32_t *p = quads.at(first) + 2 * ch * kLanes;
            const int16_t *w = weights;
            for (int64_t q = first; q < end; ++q, p += quad, w += kWeights) {
                for (size_t i = 0; i < kSamples; ++i) {
                    const U32 even = Simd::load_u32(p + 2 * i * kLanes), odd = Simd::load_u32(p + (2 * i + 1) * kLanes);
                    const auto add_dots = [&](U32 &sum, const int16_t *of_quad) {
                        sum = Simd::add_u32(sum, Simd::dot_i16x2(even, of_quad));
                        sum = Simd::add_u32(sum, Simd::dot_i16x2(odd, of_quad + 2));
                    };
                    add_dots(sums[i], w);
                    if constexpr (kWide) add_dots(high_sums[i], w + 4);
                }
            }
            uint32_t *result = pixels.now() + ch * kLanes;
            for (size_t i = 0; i < kSamples; ++i, result += kLanes) {
                if constexpr (kWide) sums[i] = Simd::add_u32(sums[i], Simd::mul_u32(high_sums[i], high_unit));
                Simd::store_u32(result, Simd::min_u32(Simd::shift_right_u32(sums[i], axis.shift), most));
            }
        }
        weights += (end - first) * kWeights;
        pixels.next();
    }
    pixels.store();
}

template <bool kWide>
void weigh_rows_by(const RowBlock &block, const WindowList &axis) {
    if (block.channels == 1) weigh_rows_of<1, kWide>(block, axis);
    else if (block.channels == 3) weigh_rows_of<3, kWide>(block, axis);
    else if (block.channels == 4) weigh_rows_of<4, kWide>(block, axis);
    else weigh_rows_of<0, kWide>(block, axis);
}

void weigh_rows(const RowBlock &block, const WindowList &axis) {
    (axis.wide ? weigh_rows_by<true> : weigh_rows_by<false>)(block, axis);
}

template <class Load>
inline void add_columns(const uint8_t *row, Simd::Weights weights, uint32_t *sums, Load load) {
    const U16 p = load(row), scaled = Simd::mul_u16(p, Simd::set_u16(128));
    for (int64_t half = 0; half < 2; ++half, sums += kLanes)
        Simd::store_u32(sums, Simd::add_u32(Simd::load_u32(sums),
                                            Simd::dot_i16(Simd::zip_u16(p, scaled, static_cast<int>(half)), weights)));
}

void add_row(const uint8_t *row, int64_t n, int32_t weight, uint32_t *sums) {
    // weight·p = low·p + high·(128·p), in numbers of 16 bits with a sign
    const int64_t high = least(weight / 128, INT16_MAX);
    const Simd::Weights weights = Simd::set_weights(weight - 128 * high, high);
    int64_t x = 0;
    for (; x + kVectorColumns <= n; x += kVectorColumns) add_columns(row + x, weights, sums + x, WholeVector());
    if (x < n) add_columns(row + x, weights, sums + x, PartOfVector{n - x});
}

void round_sums(const uint32_t *sums, int64_t n, int shift, uint8_t *out) {
    const U32 most = Simd::set_u32(255);
    const auto rounded = [=](int64_t x) {
        return Simd::min_u32(Simd::shift_right_u32(Simd::load_u32(sums + x), shift), most);
    };
    store_bytes(n, out, [=](int64_t x) { return Simd::narrow_u32(rounded(x), rounded(x + kLanes)); });
}

}  // namespace
}  // namespace isopixel
