// SPDX-License-Identifier: MIT
#include "pictures/upsampling.h"

#include <cstring>

namespace isopixel {
namespace {

// Stores two numbers up to 255 as bytes, by one store: of two, Clang makes no vectors of simd128.
void store_pair(int first, int second, uint8_t *out) {
#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    const uint16_t pair = static_cast<uint16_t>(first << 8 | second);
#else
    const uint16_t pair = static_cast<uint16_t>(first | second << 8);
#endif
    std::memcpy(out, &pair, sizeof pair);
}

}  // namespace

void widen_row(const uint8_t *row, int64_t n, uint8_t *out) {
    out[0] = row[0];
    for (int64_t i = 0; i + 1 < n; ++i)
        store_pair((3 * row[i] + row[i + 1] + 2) >> 2, (3 * row[i + 1] + row[i] + 1) >> 2, out + 2 * i + 1);
    out[2 * n - 1] = row[n - 1];
}

void blend_rows_3_1(const uint8_t *row, const uint8_t *other, int64_t n, int half, uint8_t *out) {
    for (int64_t i = 0; i < n; ++i) out[i] = static_cast<uint8_t>((3 * row[i] + other[i] + half) >> 2);
}

void widen_blended_rows(const uint8_t *row, const uint8_t *other, int64_t n, uint8_t *out) {
    const auto sum = [=](int64_t i) { return 3 * row[i] + other[i]; };
    out[0] = static_cast<uint8_t>((4 * sum(0) + 8) >> 4);
    for (int64_t i = 0; i + 1 < n; ++i)
        store_pair((3 * sum(i) + sum(i + 1) + 7) >> 4, (3 * sum(i + 1) + sum(i) + 8) >> 4, out + 2 * i + 1);
    out[2 * n - 1] = static_cast<uint8_t>((4 * sum(n - 1) + 7) >> 4);
}

void repeat_columns(const uint8_t *row, int64_t n, int times, uint8_t *out) {
    for (int64_t i = 0; i < n; ++i)
        for (int t = 0; t < times; ++t) *out++ = row[i];
}

}  // namespace isopixel
