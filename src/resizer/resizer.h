// SPDX-License-Identifier: MIT
// What every engine implements: the resize of one image whose pixels arrive in order; and the plan that it follows.
#pragma once

#include <cstddef>
#include <cstdint>

#include "kernels/kernels.h"
#include "resizer/axis.h"
#include "resizer/method.h"

namespace isopixel {

struct ResizeShape {
    int64_t in_height, in_width;    // pixels, >= 1
    int64_t channels;               // samples of a pixel, >= 1
    int64_t out_height, out_width;  // pixels, >= 1
};

// The ways to the result; those of bilinear from the one that suits fewest sizes to the one that suits all, with the
// same bits.
enum class Engine {
    kCopy,      // equal sizes give the image back
    kTaps,      // two taps on both axes, in 16 bits
    kDirect,    // rows horizontally, tap by tap, and then some of these lines to a row
    kFused,     // windows of both axes, in 32 bits
    kBlocks,    // a vertical sum in 32 bits, and then blocks of result rows
    kSums,      // sums of any width
    kNearest,   // picks samples
    kHalving,   // half the size on both axes, without antialias or with areas: means of 2 × 2 pixels
    kWindowed,  // estimates weighted windows, and settles what that does not decide
    kFrozen,    // a frozen peer
};

// Rows `first` to before `end`.
struct RowRange {
    int64_t first, end;
};

// What is to be done.
struct Plan {
    ResizeShape shape;
    const Method *method;
    Axis vertical, horizontal;
    // Of the accumulator, 32, 64 or 128: the narrowest with D < 2^(bits - 8), so that every numerator of R-4 fits,
    // rounding included.
    int bits;
    const Kernels *kernels;  // what the engine is to run on
    Engine engine;
};

// Takes the pixels of an image in order, in pieces of any size, and writes each row of the result once its last source
// row has come. Its memory is a multiple of a result row and a fixed block, whatever the size of the source.
class Resizer {
  public:
    virtual ~Resizer() = default;

    // Starts result rows `first` to before `end` of an image, whose rows are `stride` bytes apart from row 0 at `out`.
    // The source rows that are then to be pushed are those that Axis says have weight in them.
    virtual void begin(uint8_t *out, ptrdiff_t stride, int64_t first, int64_t end) = 0;
    // Takes whole rows, `stride` bytes apart. Only between rows.
    virtual void push_rows(const uint8_t *rows, int64_t count, ptrdiff_t stride) = 0;
    // Takes pixels of one row, at most to its end.
    virtual void push_pixels(const uint8_t *pixels, int64_t count) = 0;
    // The same, of pixels whose samples all have one value. A row may be billions of them.
    virtual void push_constant(uint8_t value, int64_t count) = 0;
    // Of its tables and scratch memory, which all there are from its beginning.
    virtual size_t bytes() const = 0;
};

}  // namespace isopixel
