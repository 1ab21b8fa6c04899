// SPDX-License-Identifier: MIT
// The horizontal axis of a block of lines, and then R-4.
#pragma once

#include "kernels/division-inl.h"
#include "kernels/lanes-inl.h"
#include "kernels/pixels-inl.h"

namespace isopixel {
namespace {

// The samples from first to before end of all lines, column by column, in the scratch memory of a block; returns that
// of sample 0, as if it were there. `first` is a multiple of kLanes.
template <class T>
const uint32_t *interleave(const Block<T> &block, int64_t first, int64_t end) {
    uint32_t *columns = block.columns;
    for (int64_t x = first; x < end; x += kLanes, columns += kLanes * kLanes)
        Simd::transpose_32(block.lines, x, columns);
    return block.columns - first * kLanes;
}

// The columns of some pixels at a time.
template <class T>
struct Columns {
    const Block<T> &block;
    const uint32_t *zero = nullptr;  // column 0, as if it were there
    int64_t ready = 0;               // the pixels before it, and from one that was asked for, are there

    // Makes the pixels from `first` to before end(0) ready, and those of end(1), end(2), … (up to end(most)) for which
    // there is room.
    template <class End>
    void make(int64_t first, End end, int64_t most) {
        const int64_t x = first * block.channels / kLanes * kLanes;
        ready = end(0);
        for (int64_t i = 1; i <= most && end(i) * block.channels - x <= block.n_columns - kLanes; ++i) ready = end(i);
        zero = interleave(block, x, ready * block.channels);
    }
};

// Some pixels of segment s, the first being pixel j, for kSamples samples of a pixel.
template <class T, size_t kSamples>
struct SegmentSums {
    Lanes<T> rising[kSamples], falling[kSamples];

    // Adds the n pixels of the axis from `first` on; p is the first sample of that pixel, the next one is `pixel` on.
    void add(const Triangle &axis, int64_t s, int64_t first, int64_t n, const uint32_t *p, int64_t pixel) {
        U32 s0[kSamples], s1[kSamples];
        for (size_t i = 0; i < kSamples; ++i) s0[i] = Simd::load_u32(p + i * kLanes), s1[i] = Simd::zero();
        for (int64_t t = 1; t < n; ++t) {
            p += pixel;
            for (size_t i = 0; i < kSamples; ++i) {
                s1[i] = Simd::add_u32(s1[i], s0[i]);
                s0[i] = Simd::add_u32(s0[i], Simd::load_u32(p + i * kLanes));
            }
        }
        const int64_t last = axis.rise + 2 * (axis.v * (first + n - 1) - axis.w * s);  // weight of the last pixel
        for (size_t i = 0; i < kSamples; ++i) {
            Lanes<T> up = Lanes<T>::product(s0[i], last);
            if (n > 1) up = up - Lanes<T>::product(s1[i], 2 * axis.v);
            rising[i] = rising[i] + up;
            falling[i] = falling[i] + (Lanes<T>::product(s0[i], axis.half_width) - up);
        }
    }
};

// For images of kChannels channels, all of which are worked on at a time, or one of any number, if kChannels is 0.
template <class T, size_t kChannels>
void block_triangle_of(const Block<T> &block, const Triangle &triangle) {
    constexpr size_t kSamples = kChannels ? kChannels : 1;
    constexpr int64_t kGroup = static_cast<int64_t>(kSamples) * kLanes;
    const Triangle axis = triangle;  // a copy that no store can change
    const int64_t pixel = kChannels ? kGroup : block.channels * kLanes;
    // The sums so far of the result that falls: in registers, or in memory.
    Lanes<T> sums[kSamples];
    for (Lanes<T> &sum : sums) sum = Lanes<T>::zero();
    if (!kChannels)
        for (int64_t x = 0; x < pixel; ++x) block.sums[x] = 0;
    RoundedDivision<T> divide(block.divisors);
    Columns<T> columns{block};
    Pixels<Block<T>> pixels(block, -1);  // segment 0 completes result -1, which does not exist
    for (int64_t s = 0, j = 0; s <= axis.width; ++s) {
        const int64_t end = axis.segments[s + 1];
        if (end > columns.ready) columns.make(j, [&](int64_t i) { return axis.segments[s + 1 + i]; }, axis.width - s);
        const uint32_t *p = columns.zero + j * pixel;
        divide.set_pixel(s > 0 ? s - 1 : 0);
        for (int64_t x = 0; x < pixel; x += kGroup) {
            if (!kChannels) sums[0] = Lanes<T>::load(block.sums + x);
            SegmentSums<T, kSamples> segment;
            for (size_t i = 0; i < kSamples; ++i) segment.falling[i] = sums[i], segment.rising[i] = Lanes<T>::zero();
            if constexpr (sizeof(T) == 4) {
                segment.add(axis, s, j, end - j, p + x, pixel);  // moments modulo 2^32 are enough for such sums
            } else {
                for (int64_t first = j; first < end; first += axis.run)
                    segment.add(axis, s, first, least(end - first, axis.run), p + (first - j) * pixel + x, pixel);
            }
            uint32_t *q = pixels.now() + x;
            for (size_t i = 0; i < kSamples; ++i, q += kLanes) {
                sums[i] = segment.rising[i];
                Simd::store_u32(q, divide(segment.falling[i]));
            }
            if (!kChannels) sums[0].store(block.sums + x);
        }
        pixels.next();
        j = end;
    }
    pixels.store();
}

template <class T>
void block_triangle(const Block<T> &block, const Triangle &axis) {
    if (block.channels == 1) block_triangle_of<T, 1>(block, axis);
    else if (block.channels == 3) block_triangle_of<T, 3>(block, axis);
    else block_triangle_of<T, 0>(block, axis);
}

template <class T>
void block_taps(const Block<T> &block, const TapList &axis) {
    const int64_t pixel = block.channels * kLanes;
    RoundedDivision<T> divide(block.divisors);
    Columns<T> columns{block};
    Pixels<Block<T>> pixels(block, 0);
    for (int64_t k = 0; k < axis.width; ++k) {
        const Taps taps = axis.taps[k];
        const auto end = [&](int64_t i) { return axis.taps[k + i].first + 1 + (axis.taps[k + i].weight1 != 0); };
        if (end(0) > columns.ready) columns.make(taps.first, end, axis.width - 1 - k);
        const uint32_t *p = columns.zero + taps.first * pixel, *next = taps.weight1 != 0 ? p + pixel : p;
        divide.set_pixel(k);
        for (int64_t x = 0; x < pixel; x += kLanes) {
            const Lanes<T> sum = Lanes<T>::product(Simd::load_u32(p + x), taps.weight0) +
                                 Lanes<T>::product(Simd::load_u32(next + x), taps.weight1);
            Simd::store_u32(pixels.now() + x, divide(sum));
        }
        pixels.next();
    }
    pixels.store();
}

}  // namespace
}  // namespace isopixel
