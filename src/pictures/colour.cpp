// SPDX-License-Identifier: MIT
#include "pictures/colour.h"

#include <algorithm>

namespace isopixel {
namespace {

uint8_t clipped(int32_t sample) { return static_cast<uint8_t>(std::clamp(sample, 0, 255)); }

}  // namespace

void transform_colours(const uint8_t *y, const uint8_t *cb, const uint8_t *cr, int64_t n, uint8_t *out) {
    for (int64_t x = 0; x < n; ++x, out += 3) {
        const int32_t b = cb[x] - 128, r = cr[x] - 128;
        out[0] = clipped(y[x] + ((91881 * r + 32768) >> 16));
        out[1] = clipped(y[x] + ((-22554 * b - 46802 * r + 32768) >> 16));
        out[2] = clipped(y[x] + ((116130 * b + 32768) >> 16));
    }
}

void interleave_colours(const uint8_t *red, const uint8_t *green, const uint8_t *blue, int64_t n, uint8_t *out) {
    for (int64_t x = 0; x < n; ++x, out += 3) {
        out[0] = red[x];
        out[1] = green[x];
        out[2] = blue[x];
    }
}

}  // namespace isopixel
