// SPDX-License-Identifier: MIT
// The image of bytes that come in pieces, resized (SPEC ).
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>

#include "bytes/layout.h"
#include "plan.h"

namespace isopixel {

class ByteImage {
  public:
    virtual ~ByteImage() = default;
    // Takes the next bytes, n in all calls together no more than it was made for.
    virtual void push(const uint8_t *bytes, uint64_t n) = 0;
    // Whether a byte that came makes all of them no image.
    virtual bool is_refused() const { return false; }
    // Completes the result, once all bytes have come. Throws std::bad_alloc.
    virtual void finish() = 0;
};

// The resize that a layout's image goes through to become out_height × out_width pixels: of the image as it stands, but
// for R-15.
ResizeShape resize_of(const Layout &layout, const ImageShape &image, int64_t out_height, int64_t out_width);

// `plan` is for the shape of resize_of; the result's rows, of out_width pixels, go to `out`, `stride` bytes apart.
// Throws std::bad_alloc.
std::unique_ptr<ByteImage> make_byte_image(const Layout &layout, const Plan &plan, int64_t out_width, uint8_t *out,
                                           ptrdiff_t stride);

}  // namespace isopixel
