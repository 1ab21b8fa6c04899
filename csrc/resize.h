// SPDX-License-Identifier: MIT
// The resize of one image whose pixels arrive in order (SPEC ).
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>

namespace isopix {

struct ResizeShape {
    int64_t in_height, in_width;    // pixels, >= 1
    int64_t channels;               // samples of a pixel, >= 1
    int64_t out_height, out_width;  // pixels, >= 1
    bool antialias;
};

// The bits of the accumulator, 32, 64 or 128: the narrowest with D < 2^(bits - 8), so that every numerator of R-4 fits,
// rounding included; 0 where there is none, or a size is beyond the arithmetic of an axis. Takes time for each result
// of an axis.
int accumulator_bits(const ResizeShape &shape);

// Takes the pixels of an image in order, in pieces of any size, and writes each row of the result once its last source
// row has come. Its memory is a multiple of a result row and a fixed block, whatever the size of the source.
class Resizer {
  public:
    virtual ~Resizer() = default;

    // Starts an image; the result's rows go to `out`, `stride` bytes apart.
    virtual void begin(uint8_t *out, ptrdiff_t stride) = 0;
    // Takes whole rows, `stride` bytes apart. Only between rows.
    virtual void push_rows(const uint8_t *rows, int64_t count, ptrdiff_t stride) = 0;
    // Takes pixels of one row, at most to its end.
    virtual void push_pixels(const uint8_t *pixels, int64_t count) = 0;
};

// A resizer with an accumulator of `bits`, at least accumulator_bits(shape), which is not 0. Throws std::bad_alloc.
std::unique_ptr<Resizer> make_resizer(const ResizeShape &shape, int bits);

}  // namespace isopix
