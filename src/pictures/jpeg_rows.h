// SPDX-License-Identifier: MIT
// From the blocks of a JPEG file, in rows of MCUs, to the rows of its image (SPEC ).
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "kernels/pictures.h"
#include "pictures/jpeg_frame.h"

namespace isopixel {

class JpegRows {
  public:
    // The rows of the image, without gaps, go to `out`. Throws std::bad_alloc.
    JpegRows(const JpegFrame &frame, bool is_transformed, const PictureKernels &kernels, uint8_t *out);

    // A block of a component, of the row of MCUs that comes next; false if it is out of range. One that holds no sample
    // of the image is left out.
    bool put(size_t component, int64_t y, int64_t x, const int16_t *coefficients, int reach);
    // Ends a row of MCUs.
    void finish_mcus();

  private:
    // The samples of the last two rows of MCUs, as far as there are blocks.
    struct Plane {
        const JpegComponent &component;
        ptrdiff_t stride;
        int64_t kept;  // rows
        std::vector<uint8_t> samples;
        std::vector<uint8_t> row;  // of the image's width

        uint8_t *at(int64_t y) { return samples.data() + y % kept * stride; }
        // Row y of the image.
        const uint8_t *upsampled(int64_t y);
    };

    const JpegFrame &frame_;
    const bool is_transformed_;
    const PictureKernels &kernels_;
    uint8_t *out_;
    std::vector<Plane> planes_;
    int64_t mcus_done_ = 0, rows_done_ = 0;
};

}  // namespace isopixel
