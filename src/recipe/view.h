// SPDX-License-Identifier: MIT
// Images in memory at any strides, and what needs no arithmetic of resizing: turned, cut, padded, with other channels.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "isopixel.h"
#include "recipe/image_source.h"
#include "recipe/steps.h"

namespace isopixel {

// Memory of an image; not initialised.
using Samples = std::unique_ptr<uint8_t[]>;
Samples make_samples(int64_t count);

struct ImageView {
    const uint8_t *samples;  // of row 0, column 0, channel 0
    int64_t height, width, channels;
    isopixel_sample_strides strides;  // a channel's is 0 if all channels are one; .image is not used

    const uint8_t *at(int64_t y, int64_t x) const { return samples + y * strides.row + x * strides.column; }
};

ImageView contiguous_view(const uint8_t *samples, int64_t height, int64_t width, int64_t channels);

// Do the samples of a row follow each other?
bool has_dense_rows(const ImageView &view);

// R-51, 3: for an orientation from 1 to 8.
ImageView turned(const ImageView &view, int orientation);

ImageView with_channels_reversed(const ImageView &view);

//
ImageView part_of(const ImageView &view, const Placement &place);

// R-51, 2 for a view of at least three channels; *held is then what the result looks at.
ImageView gray_of(const ImageView &view, Luma luma, Samples *held);

// a view of 1, 2 or 3 channels with four.
ImageView with_alpha(const ImageView &view, Samples *held);

// The samples, one after another.
void copy(const ImageView &view, uint8_t *out);

// an image of place.height × place.width.
void pad(const ImageView &view, const Placement &place, const std::vector<uint8_t> &values, uint8_t *out);

}  // namespace isopixel
