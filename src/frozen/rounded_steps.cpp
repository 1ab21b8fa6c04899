// SPDX-License-Identifier: MIT
#include "frozen/rounded_steps.h"

#include "base/ieee754.h"

namespace isopixel {

// Powers up to 10^22 are binary64 numbers, so that one operation alone rounds.
float single_of_decimal(uint32_t digits, int exponent) {
    double power = 1;
    for (int i = exponent < 0 ? -exponent : exponent; i > 0; --i) power *= 10;
    const double exact = static_cast<double>(digits);
    return static_cast<float>(exponent < 0 ? exact / power : exact * power);
}

void fill_steps(float mean, float deviation, int most, float *table) {
    for (int v = 0; v < 256; ++v) table[v] = (static_cast<float>(v) / static_cast<float>(most) - mean) / deviation;
}

void fill_reciprocal(float mean, float deviation, float *table) {
    const float scale = 1.0f / 255.0f;
    for (int v = 0; v < 256; ++v) table[v] = (static_cast<float>(v) * scale - mean) / deviation;
}

void fill_fused(float mean, float deviation, float *table) {
    const float m = mean * 255.0f, d = deviation * 255.0f;
    for (int v = 0; v < 256; ++v) table[v] = (static_cast<float>(v) - m) / d;
}

}  // namespace isopixel
