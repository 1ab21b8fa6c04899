// SPDX-License-Identifier: MIT
// The image of a sound, resized (SPEC R-79).
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>

#include "bytes/byte_image.h"
#include "sound/spectrogram.h"

namespace isopixel {

// The resize that a sound's image of frames × rows goes through: as the frames come, those of isopixel's methods, which
// treat both axes alike, resize its transpose.
ResizeShape resize_of_sound(const Method &method, const ImageShape &image, int64_t out_height, int64_t out_width);

// `plan` is for the shape of resize_of_sound; the rows of the result go to `out`, `stride` bytes apart. Throws
// std::bad_alloc.
std::unique_ptr<ByteImage> make_sound_image(const SoundSettings &settings, const isopixel_sound &sound,
                                            const Plan &plan, uint8_t *out, ptrdiff_t stride);

}  // namespace isopixel
