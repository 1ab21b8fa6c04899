// SPDX-License-Identifier: MIT
// The vertical blends of other libraries (SPEC ).
#pragma once

#include "kernels/lanes-inl.h"
#include "kernels/lines-inl.h"

namespace isopixel {
namespace {

void blend_linear(const uint16_t *line0, const uint16_t *line1, int64_t n, int64_t weight0, int64_t weight1, int,
                  uint8_t *out) {
    const U16 w0 = Simd::set_u16(weight0), w1 = Simd::set_u16(weight1), two = Simd::set_u16(2);
    blend_all(line0, line1, n, out, [=](U16 a, U16 b) {
        const U16 sum = Simd::add_u16(Simd::mul_high_u16(a, w0), Simd::mul_high_u16(b, w1));
        return Simd::shift_right_u16(Simd::add_u16(sum, two), 2);
    });
}

void blend_exact(const uint16_t *line0, const uint16_t *line1, int64_t n, int64_t weight0, int64_t weight1, int,
                 uint8_t *out) {
    // 2^15 less of each number makes it one with a sign, and 256·2^15 less of the sum.
    const U16 sign = Simd::set_u16(1 << 15);
    const Simd::Weights weights = Simd::set_weights(weight0, weight1);
    blend_all(line0, line1, n, out, [=](U16 a, U16 b) {
        return Simd::dot_shifted_i16(Simd::add_u16(a, sign), Simd::add_u16(b, sign), weights, (1 << 23) + (1 << 15),
                                     16);
    });
}

void blend_fixed(const uint16_t *line0, const uint16_t *line1, int64_t n, int64_t weight0, int64_t weight1, int shift,
                 uint8_t *out) {
    const Simd::Weights weights = Simd::set_weights(weight0, weight1);
    const U16 most = Simd::set_u16(255);
    blend_all(line0, line1, n, out, [=](U16 a, U16 b) {
        return Simd::min_u16(Simd::dot_shifted_i16(a, b, weights, INT64_C(1) << (shift - 1), shift), most);
    });
}

}  // namespace
}  // namespace isopixel
