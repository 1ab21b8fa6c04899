// SPDX-License-Identifier: MIT
// From the coefficients of a picture to its pixels (kernels.h says what a table of kernels is).
#pragma once

#include <cstddef>
#include <cstdint>

namespace isopixel {

struct PictureKernels {
    // The samples of a block of 64 coefficients (SPEC R-58), whose rows are `stride` bytes apart; returns false, having
    // written anything, if it is out of range. Quantisation values are at most 32767.
    bool (*inverse_dct)(const int16_t *coefficients, const int16_t *quantisation, uint8_t *out, ptrdiff_t stride);
    // n pixels of red, green and blue from Y, Cb, Cr (SPEC R-60).
    void (*transform_colours)(const uint8_t *y, const uint8_t *cb, const uint8_t *cr, int64_t n, uint8_t *out);
};

namespace scalar {
bool inverse_dct(const int16_t *coefficients, const int16_t *quantisation, uint8_t *out, ptrdiff_t stride);
void transform_colours(const uint8_t *y, const uint8_t *cb, const uint8_t *cr, int64_t n, uint8_t *out);
}  // namespace scalar

// Also those of sets that have none of their own.
constexpr PictureKernels kScalarPictures = {scalar::inverse_dct, scalar::transform_colours};

}  // namespace isopixel
