// SPDX-License-Identifier: MIT
// Half the size on both axes.
#pragma once

#include <cstring>

#include "kernels/lanes-inl.h"

namespace isopixel {
namespace {

// Means of pixels of up to 4 samples, in steps: a window of 16 bytes has what becomes kWindow samples of the result, 8,
// or 6 if a pixel has 3.
template <int64_t kWindow, bool kToEven>
class Halving {
  public:
    static constexpr int64_t kStep = kWindow * kLanes / 2;               // samples that a step makes
    static constexpr int64_t kWritten = kWindow * (kLanes / 2 - 1) + 8;  // and writes, of twice as many in each row

    explicit Halving(int64_t channels) {
        // Side by side, the samples of two pixels that follow each other.
        for (int64_t i = 0; i < kBytes; ++i) {
            const int64_t sample = least(i % 16 / 2, kWindow - 1);
            places_[i] = static_cast<uint8_t>(sample + (sample / channels + i % 2) * channels);
            ones_[i] = 1;
        }
    }

    void step(const uint8_t *row0, const uint8_t *row1, uint8_t *out) const {
        const auto mean = [&](int64_t x) {
            const U16 sum = Simd::add_u16(pair_sums(row0 + x), pair_sums(row1 + x));
            return Simd::shift_right_u16(Simd::add_u16(sum, rounding(sum)), 2);
        };
        const U16 low = mean(0), high = mean(kStep);
        if constexpr (kWindow == 8) return Simd::store_narrow_u8(out, low, high);
        uint8_t windows[kBytes];
        Simd::store_narrow_u8(windows, low, high);
        for (int64_t i = 0; i < kLanes / 2; ++i) std::memcpy(out + i * kWindow, windows + i * 8, 8);
    }

  private:
    static constexpr int64_t kBytes = 4 * kLanes;  // of a vector

    U16 pair_sums(const uint8_t *row) const {
        constexpr int32_t kPlace = 2 * kWindow, kPlaces[] = {0, kPlace, 2 * kPlace, 3 * kPlace};
        static_assert(kBytes <= 4 * 16);
        return Simd::dot_u8(Simd::take_windows_u8(row, kPlaces, places_), Simd::load_u8(ones_));
    }
    // Halves to even need 1, or 2 if bit 2 of the sum is set.
    static U16 rounding(U16 sum) {
        if constexpr (!kToEven) return Simd::set_u16(2);
        const U16 bit = Simd::shift_right_u16(Simd::mul_u16(sum, Simd::set_u16(1 << 13)), 15);
        return Simd::add_u16(Simd::set_u16(1), bit);
    }

    uint8_t places_[kBytes], ones_[kBytes];
};

template <int64_t kWindow, bool kToEven>
void halve_pixels(const uint8_t *row0, const uint8_t *row1, int64_t n, int64_t channels, uint8_t *out) {
    using H = Halving<kWindow, kToEven>;
    const H halving(channels);
    int64_t x = 0;
    for (; x + H::kWritten <= n; x += H::kStep) halving.step(row0 + 2 * x, row1 + 2 * x, out + x);
    if (x == n) return;
    uint8_t rest0[2 * H::kWritten] = {}, rest1[2 * H::kWritten] = {}, rest[H::kWritten];
    std::memcpy(rest0, row0 + 2 * x, static_cast<size_t>(2 * (n - x)));
    std::memcpy(rest1, row1 + 2 * x, static_cast<size_t>(2 * (n - x)));
    halving.step(rest0, rest1, rest);
    std::memcpy(out + x, rest, static_cast<size_t>(n - x));
}

template <bool kToEven>
void halve_rows_by(const uint8_t *row0, const uint8_t *row1, int64_t n, int64_t channels, uint8_t *out) {
    if (channels == 3) return halve_pixels<6, kToEven>(row0, row1, n, channels, out);
    if (channels <= 4) return halve_pixels<8, kToEven>(row0, row1, n, channels, out);
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
