// SPDX-License-Identifier: MIT
// Components to pixels (SPEC R-60).
#pragma once

#include <cstdint>

namespace isopixel {

// n pixels of red, green and blue, from Y, Cb, Cr.
void transform_colours(const uint8_t *y, const uint8_t *cb, const uint8_t *cr, int64_t n, uint8_t *out);
// From red, green and blue.
void interleave_colours(const uint8_t *red, const uint8_t *green, const uint8_t *blue, int64_t n, uint8_t *out);

}  // namespace isopixel
