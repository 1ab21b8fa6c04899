// SPDX-License-Identifier: MIT
// Lines of numbers of 16 bits to bytes.
#pragma once

#include <cstring>

#include "kernels/lanes-inl.h"

namespace isopixel {
namespace {

// Makes n bytes; `numbers` makes a vector of numbers of 16 bits, up to 255, from x on.
template <class Numbers>
void store_bytes(int64_t n, uint8_t *out, Numbers numbers) {
    constexpr int64_t kStep = 2 * kVectorColumns;
    int64_t x = 0;
    for (; x + kStep <= n; x += kStep) Simd::store_narrow_u8(out + x, numbers(x), numbers(x + kVectorColumns));
    if (x == n) return;
    uint8_t rest[kStep];
    Simd::store_narrow_u8(rest, numbers(x), numbers(x + kVectorColumns));
    std::memcpy(out + x, rest, static_cast<size_t>(n - x));
}

// Makes bytes of two lines; `blend` makes a vector of numbers of 16 bits, up to 255, of two.
template <class Blend>
void blend_all(const uint16_t *line0, const uint16_t *line1, int64_t n, uint8_t *out, Blend blend) {
    store_bytes(n, out, [=](int64_t x) { return blend(Simd::load_u16(line0 + x), Simd::load_u16(line1 + x)); });
}

}  // namespace
}  // namespace isopixel
