// SPDX-License-Identifier: MIT
// Half the size on both axes.
#pragma once

#include <cstring>

#include "kernels/lanes-inl.h"

namespace isopixel {
namespace {

// The places in a window of 16 bytes of the samples of two pixels that follow each other, side by side; and for each
// sample of both a weight of 1.
template <int64_t kChannels>
struct PixelPairs {
    constexpr PixelPairs() : windows{0, 2 * kWindow, 4 * kWindow, 6 * kWindow}, places(), ones() {
        for (int64_t i = 0; i < 4 * kLanes; ++i) {
            const int64_t pair = i % 16 / 2, sample = pair < kWindow ? pair : 0;
            places[i] = static_cast<uint8_t>(sample + (sample / kChannels + i % 2) * kChannels);
            ones[i] = 1;
        }
    }

    static constexpr int32_t kWindow = 8 / kChannels * kChannels;  // pairs
    int32_t windows[4];                                            // where these begin
    uint8_t places[4 * kLanes], ones[4 * kLanes];
};

template <int64_t kChannels>
constexpr PixelPairs<kChannels> kPixelPairs;

// The sums of the pairs of kLanes / 4 windows.
template <int64_t kChannels>
inline U16 pair_sums(const uint8_t *row) {
    static_assert(kLanes <= 16);
    constexpr const PixelPairs<kChannels> &kPairs = kPixelPairs<kChannels>;
    const Simd::U8 pairs =
        kChannels == 1 ? Simd::load_u8(row) : Simd::take_windows_u8(row, kPairs.windows, kPairs.places);
    return Simd::dot_u8(pairs, Simd::load_u8(kPairs.ones));
}

template <int64_t kChannels, bool kToEven>
inline U16 means(const uint8_t *row0, const uint8_t *row1) {
    const U16 sum = Simd::add_u16(pair_sums<kChannels>(row0), pair_sums<kChannels>(row1));
    if constexpr (!kToEven) return Simd::shift_right_u16(Simd::add_u16(sum, Simd::set_u16(2)), 2);
    // Halves to even need 1 more, and one more again if bit 2 of the sum is set.
    const U16 bit = Simd::shift_right_u16(Simd::mul_u16(sum, Simd::set_u16(1 << 13)), 15);
    return Simd::shift_right_u16(Simd::add_u16(sum, Simd::add_u16(Simd::set_u16(1), bit)), 2);
}

template <int64_t kChannels, bool kToEven>
void halve_pixels(const uint8_t *row0, const uint8_t *row1, int64_t n, uint8_t *out) {
    constexpr int64_t kWindow = PixelPairs<kChannels>::kWindow;
    // A step makes kStep samples and writes kWritten, of twice as many in each row.
    constexpr int64_t kStep = kWindow * kLanes / 2, kWritten = kWindow * (kLanes / 2 - 1) + 8;
    const auto step = [](const uint8_t *p0, const uint8_t *p1, uint8_t *to) {
        const U16 low = means<kChannels, kToEven>(p0, p1), high = means<kChannels, kToEven>(p0 + kStep, p1 + kStep);
        if constexpr (kWindow == 8) return Simd::store_narrow_u8(to, low, high);
        uint8_t windows[4 * kLanes];
        Simd::store_narrow_u8(windows, low, high);
        for (int64_t i = 0; i < kLanes / 2; ++i) std::memcpy(to + i * kWindow, windows + i * 8, 8);
    };
    int64_t x = 0;
    for (; x + kWritten <= n; x += kStep) step(row0 + 2 * x, row1 + 2 * x, out + x);
    if (x == n) return;
    if (kWritten == kStep && n >= kStep) return step(row0 + 2 * (n - kStep), row1 + 2 * (n - kStep), out + (n - kStep));
    constexpr size_t kBytes = static_cast<size_t>(kWritten);
    uint8_t rest0[2 * kBytes] = {}, rest1[2 * kBytes] = {}, rest[kBytes];
    std::memcpy(rest0, row0 + 2 * x, static_cast<size_t>(2 * (n - x)));
    std::memcpy(rest1, row1 + 2 * x, static_cast<size_t>(2 * (n - x)));
    step(rest0, rest1, rest);
    std::memcpy(out + x, rest, static_cast<size_t>(n - x));
}

template <bool kToEven>
void halve_rows_by(const uint8_t *row0, const uint8_t *row1, int64_t n, int64_t channels, uint8_t *out) {
    if (channels == 1) return halve_pixels<1, kToEven>(row0, row1, n, out);
    if (channels == 2) return halve_pixels<2, kToEven>(row0, row1, n, out);
    if (channels == 3) return halve_pixels<3, kToEven>(row0, row1, n, out);
    if (channels == 4) return halve_pixels<4, kToEven>(row0, row1, n, out);
    for (int64_t x = 0; x < n; x += channels, row0 += channels, row1 += channels) {
        for (int64_t i = x; i < x + channels; ++i, ++row0, ++row1) {
            const int sum = row0[0] + row0[channels] + row1[0] + row1[channels];
            out[i] = static_cast<uint8_t>((sum + (kToEven ? 1 + (sum >> 2 & 1) : 2)) >> 2);
        }
    }
}

void halve_rows(const uint8_t *row0, const uint8_t *row1, int64_t n, int64_t channels, bool to_even, uint8_t *out) {
    (to_even ? halve_rows_by<true> : halve_rows_by<false>)(row0, row1, n, channels, out);
}

}  // namespace
}  // namespace isopixel
