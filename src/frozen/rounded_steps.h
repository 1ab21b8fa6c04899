// SPDX-License-Identifier: MIT
// Normalisation as libraries compute it: each operation rounded to binary32 (SPEC R-56).
#pragma once

#include <cstdint>

namespace isopixel {

// digits·10^exponent, rounded to binary64 and then to binary32; digits < 10^9, -17 <= exponent <= 8
float single_of_decimal(uint32_t digits, int exponent);

// table[v], for the 256 values of a sample: ((v / most) - mean) / deviation, most being 1 or 255
void fill_steps(float mean, float deviation, int most, float *table);

// (v·(1 / 255) - mean) / deviation
void fill_reciprocal(float mean, float deviation, float *table);

// (v - mean·255) / (deviation·255)
void fill_fused(float mean, float deviation, float *table);

}  // namespace isopixel
