// SPDX-License-Identifier: MIT
#include "kernels/pictures.h"

#include <algorithm>

namespace isopixel::scalar {
namespace {

// Numbers that a block in range does not have (SPEC, "What follows" behind R-60) are those that 16 bits do not hold,
// before each pass. From numbers of 16 bits a pass has sums within ±61,214·32,767 and 2^17 more, which 32 bits hold;
// what leads there is modulo 2^32.
bool fits(int32_t number) { return number == static_cast<int16_t>(number); }

uint8_t clipped(int32_t sample) { return static_cast<uint8_t>(std::clamp(sample, 0, 255)); }

// A pass of R-58 over n[0], n[step], …
void pass(int32_t *n, int step, int shift) {
    uint32_t i[8];
    for (int k = 0; k < 8; ++k) i[k] = static_cast<uint32_t>(n[k * step]);
    const uint32_t a = (i[2] + i[6]) * 4433u, e2 = a - i[6] * 15137u, e3 = a + i[2] * 6270u;
    const uint32_t e0 = (i[0] + i[4]) << 13, e1 = (i[0] - i[4]) << 13;
    const uint32_t b = (i[1] + i[3] + i[5] + i[7]) * 9633u;
    const uint32_t p = 0u - (i[1] + i[7]) * 7373u, q = 0u - (i[3] + i[5]) * 20995u;
    const uint32_t r = b - (i[3] + i[7]) * 16069u, t = b - (i[1] + i[5]) * 3196u;
    const uint32_t half = 1u << (shift - 1);
    const uint32_t even[] = {e0 + e3 + half, e1 + e2 + half, e1 - e2 + half, e0 - e3 + half};
    const uint32_t odd[] = {i[1] * 12299u + p + t, i[3] * 25172u + q + r, i[5] * 16819u + q + t, i[7] * 2446u + p + r};
    for (int k = 0; k < 4; ++k) {
        n[k * step] = static_cast<int32_t>(even[k] + odd[k]) >> shift;
        n[(7 - k) * step] = static_cast<int32_t>(even[k] - odd[k]) >> shift;
    }
}

}  // namespace

bool inverse_dct(const int16_t *coefficients, const int16_t *quantisation, uint8_t *out, ptrdiff_t stride) {
    int32_t block[64];
    bool in_range = true;
    for (int k = 0; k < 64; ++k) {
        block[k] = coefficients[k] * quantisation[k];
        in_range &= fits(block[k]);
    }
    if (!in_range) return false;
    for (int x = 0; x < 8; ++x) pass(block + x, 8, 11);
    for (int k = 0; k < 64; ++k) in_range &= fits(block[k]);
    if (!in_range) return false;
    for (int y = 0; y < 8; ++y) pass(block + 8 * y, 1, 18);
    for (int k = 0; k < 64; ++k) in_range &= block[k] >= -512 && block[k] <= 511;
    for (int y = 0; y < 8; ++y)
        for (int x = 0; x < 8; ++x) out[y * stride + x] = clipped(block[8 * y + x] + 128);
    return in_range;
}

void transform_colours(const uint8_t *y, const uint8_t *cb, const uint8_t *cr, int64_t n, uint8_t *out) {
    for (int64_t x = 0; x < n; ++x, out += 3) {
        const int32_t b = cb[x] - 128, r = cr[x] - 128;
        out[0] = clipped(y[x] + ((91881 * r + 32768) >> 16));
        out[1] = clipped(y[x] + ((-22554 * b - 46802 * r + 32768) >> 16));
        out[2] = clipped(y[x] + ((116130 * b + 32768) >> 16));
    }
}

}  // namespace isopixel::scalar
