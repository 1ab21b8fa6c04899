// SPDX-License-Identifier: MIT
// Normalisation: (v/255 - mean)/std of each sample value v, correctly rounded to binary32 (SPEC ); or
// rounded in steps, as libraries do it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace isopixel {

// ±digits·10^exponent. Not 0: digits, below 10^9, do not end in 0. 0: digits and exponent are 0, no sign.
struct Decimal {
    bool negative = false;
    uint32_t digits = 0;
    int exponent = 0;  // -17 … 8

    // Returns false for another text, having said in *problem, by `name`, what is wrong; *decimal is then anything.
    static bool parse(const std::string &name, const std::string &text, Decimal *decimal, std::string *problem);
    // The canonical text.
    std::string text() const;
    // Is the number, without its sign, above n?
    bool is_above(uint32_t n) const;
};

// R-56, as in the recipe's option.
enum class Rounding { kExact, kSteps, kFused, kReciprocal };

struct Normalization {
    std::vector<Decimal> mean, deviation;  // one for all channels, or one for each
    bool has_range_255 = false;
    Rounding rounding = Rounding::kExact;

    // From texts with commas between the decimals. Returns false for others, having said in *problem what is wrong;
    // *made is then anything.
    static bool parse(const std::string &mean, const std::string &deviation, int64_t channels, Normalization *made,
                      std::string *problem);
    // table[256·c + v]
    void fill(int64_t channels, float *table) const;
};

// The canonical texts of decimals, with commas between them.
std::string text_of(const std::vector<Decimal> &decimals);

// R-31 for n samples of one channel, `step` bytes apart: out[x] = table[in[x·step]].
void look_up(const float *table, const uint8_t *in, ptrdiff_t step, int64_t n, float *out);

}  // namespace isopixel
