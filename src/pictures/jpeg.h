// SPDX-License-Identifier: MIT
// JPEG files as images (SPEC ).
#pragma once

#include <cstdint>

#include "kernels/pictures.h"
#include "pictures/fault.h"
#include "pictures/jpeg_markers.h"

namespace isopixel {

struct JpegInfo {
    int64_t height, width, channels;
    int orientation;  // 1 … 8, or kAmbiguousOrientation (SPEC R-51)
};

// Of the markers before the first scan.
Fault read_jpeg_info(ByteRange file, JpegInfo *info);

// The samples of the image go to `out`, in C order. `visits`, unless it is null, counts how often coefficients were
// visited. Throws std::bad_alloc.
Fault decode_jpeg(ByteRange file, const PictureKernels &kernels, uint8_t *out, int64_t *visits);

}  // namespace isopixel
