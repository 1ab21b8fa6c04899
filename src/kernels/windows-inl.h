// SPDX-License-Identifier: MIT
// Axes of windows; the horizontal one in 16 bits.
#pragma once

#include <cstring>

#include "kernels/lanes-inl.h"
#include "kernels/pixels-inl.h"

namespace isopixel {
namespace {

// The quads of all rows: for each sample of a pixel a vector of the pixels 0 and 2, and one of 1 and 3, in 16 bits
// each. For images of kChannels channels, or of any number, if that is 0.
template <size_t kChannels>
class Quads {
  public:
    explicit Quads(const RowBlock &block)
        : block_(block), channels_(channels_of(block)), size_(2 * channels_ * kLanes), order_(order_of(channels_)) {}

    static int64_t channels_of(const RowBlock &block) {
        return kChannels ? static_cast<int64_t>(kChannels) : block.channels;
    }
    // The address of quad q, if `first` … q were made.
    const uint32_t *at(int64_t q) const { return block_.columns + (q - first_) * size_; }
    int64_t end() const { return end_; }

    // Makes those from `first` on, up to `end` or as far as there is room.
    void make(int64_t first, int64_t end) {
        first_ = first;
        end_ = least(end, first + block_.n_quads);
        if (kChannels == 0 && channels_ > 4) {
            uint32_t *to = block_.columns;
            for (int64_t q = first; q < end_; ++q)
                for (int64_t ch = 0; ch < channels_; ch += 4) to = gather(q, ch, to);
            return;
        }
        make_from_rows(first, end_);
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

    void make_from_rows(int64_t first, int64_t end) const {
        const RowBlock block = block_;  // copies that no store can change
        const Simd::Order order = order_;
        const int64_t channels = channels_of(block), quad = 4 * channels;
        const int64_t step = 4 / channels;  // quads in 16 bytes
        uint32_t *to = block.columns;
        int64_t q = first;
        const uint8_t *row = block.in + quad * q;
        for (; q < end && quad * q + 16 <= block.in_samples; q += step, row += step * quad)
            to = store(row, block.in_stride, order, step * channels, to);
        for (; q < end; q += step) {  // not a byte behind the rows is read
            uint8_t bytes[kLanes * 16] = {};
            for (int64_t l = 0; l < kLanes; ++l)
                std::memcpy(bytes + l * 16, block.in + l * block.in_stride + quad * q,
                            static_cast<size_t>(block.in_samples - quad * q));
            to = store(bytes, 16, order, step * channels, to);
        }
    }

    // The first n vectors of four pixels, of four that 16 bytes of each row make.
    static uint32_t *store(const uint8_t *rows, ptrdiff_t stride, Simd::Order order, int64_t n, uint32_t *to) {
        U32 vectors[4];
        Simd::transpose_u8(rows, stride, order, vectors);
        for (int64_t i = 0; i < n; ++i, to += 2 * kLanes) {
            Simd::store_u32(to, Simd::even_u8(vectors[i]));
            Simd::store_u32(to + kLanes, Simd::odd_u8(vectors[i]));
        }
        return to;
    }

    // The samples of a pixel from `first` on, four at most.
    uint32_t *gather(int64_t q, int64_t first, uint32_t *to) const {
        const int64_t n = least(4, channels_ - first), pixels = least(4, block_.in_samples / channels_ - 4 * q);
        uint8_t bytes[kLanes * 16] = {};
        for (int64_t l = 0; l < kLanes; ++l) {
            const uint8_t *p = block_.in + l * block_.in_stride + 4 * q * channels_ + first;
            for (int64_t i = 0; i < 4 * n; ++i)
                if (i % 4 < pixels) bytes[l * 16 + i] = p[i % 4 * channels_ + i / 4];
        }
        return store(bytes, 16, order_, n, to);
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
    const int64_t channels = Quads<kChannels>::channels_of(block), quad = 2 * channels * kLanes;
    const int64_t end_of_all = axis.quads[axis.width - 1].end;
    const U32 half = Simd::set_u32(INT64_C(1) << (axis.shift - 1));
    const U32 high_unit = Simd::set_u32(INT64_C(1) << kLowBits);
    Quads<kChannels> quads(block);
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
                Simd::store_u32(result, Simd::shift_right_i32(sums[i], axis.shift));  // clipped as they are stored
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

// For each column Σ_t weights[t]·rows[t][x], which is added to the sums that start(x) sets, and then used by finish(x).
template <bool kWide, class Start, class Finish>
inline void weigh_columns(const WeightedRows &list, int64_t n, Start start, Finish finish) {
    // Two by two, the last one perhaps with a row that has no weight; and the weights as those of quads.
    struct RowPair {
        const uint8_t *row0, *row1;
        int16_t weights[2], high_weights[2];
    } pairs[kMostWeightedRows / 2];
    const int64_t n_pairs = (list.count + 1) / 2;
    for (int64_t i = 0; i < n_pairs; ++i) {
        const int64_t t = 2 * i, next = least(t + 1, list.count - 1);
        const int32_t weight0 = list.weights[t], weight1 = next == t ? 0 : list.weights[next];
        const auto low = [](int32_t w) { return static_cast<int16_t>(kWide ? w & ((1 << kLowBits) - 1) : w); };
        const auto high = [](int32_t w) { return static_cast<int16_t>(w >> kLowBits); };
        pairs[i] = {list.rows[t], list.rows[next], {low(weight0), low(weight1)}, {high(weight0), high(weight1)}};
    }
    const U32 high_unit = Simd::set_u32(INT64_C(1) << kLowBits);
    for (int64_t x = 0; x < n; x += 4 * kLanes) {
        U32 sums[4], high_sums[4];
        start(x, sums);
        for (U32 &sum : high_sums) sum = Simd::zero();
        for (const RowPair *pair = pairs; pair < pairs + n_pairs; ++pair) {
            U32 zipped[4];
            Simd::zip_u8(Simd::load_u8(pair->row0 + x), Simd::load_u8(pair->row1 + x), zipped);
            for (int64_t i = 0; i < 4; ++i) {
                sums[i] = Simd::add_u32(sums[i], Simd::dot_i16x2(zipped[i], pair->weights));
                if constexpr (kWide)
                    high_sums[i] = Simd::add_u32(high_sums[i], Simd::dot_i16x2(zipped[i], pair->high_weights));
            }
        }
        if constexpr (kWide)
            for (int64_t i = 0; i < 4; ++i) sums[i] = Simd::add_u32(sums[i], Simd::mul_u32(high_sums[i], high_unit));
        finish(x, sums);
    }
}

template <class Start, class Finish>
inline void weigh_any_columns(const WeightedRows &rows, int64_t n, Start start, Finish finish) {
    bool wide = false;
    for (int64_t t = 0; t < rows.count; ++t) wide |= rows.weights[t] != static_cast<int16_t>(rows.weights[t]);
    if (wide) weigh_columns<true>(rows, n, start, finish);
    else weigh_columns<false>(rows, n, start, finish);
}

inline void load_sums(const uint32_t *from, U32 *sums) {
    for (int64_t i = 0; i < 4; ++i) sums[i] = Simd::load_u32(from + i * kLanes);
}

void add_rows(const WeightedRows &rows, int64_t n, uint32_t *sums) {
    weigh_any_columns(
        rows, n, [=](int64_t x, U32 *to) { load_sums(sums + x, to); },
        [=](int64_t x, const U32 *from) {
            for (int64_t i = 0; i < 4; ++i) Simd::store_u32(sums + x + i * kLanes, from[i]);
        });
}

void round_rows(const WeightedRows &rows, int64_t n, const uint32_t *sums, int shift, uint8_t *out) {
    const U32 half = Simd::set_u32(INT64_C(1) << (shift - 1));
    const auto start = [=](int64_t x, U32 *to) {
        if (sums) return load_sums(sums + x, to);
        for (int64_t i = 0; i < 4; ++i) to[i] = half;
    };
    weigh_any_columns(rows, n, start, [=](int64_t x, U32 *from) {
        for (int64_t i = 0; i < 4; ++i) from[i] = Simd::shift_right_i32(from[i], shift);
        if (x + 4 * kLanes <= n) return Simd::store_zipped_u8(out + x, from);
        uint8_t rest[4 * kLanes];
        Simd::store_zipped_u8(rest, from);
        std::memcpy(out + x, rest, static_cast<size_t>(n - x));
    });
}

}  // namespace
}  // namespace isopixel
