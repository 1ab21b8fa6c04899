// SPDX-License-Identifier: MIT
// Integers decide, so that no rounding mode or contraction matters: first 64 bits of them, with a bound of their error;
// and 256, if these leave open what to round to (once in some 200 times).
#include "frozen/trigonometry.h"

#include <array>
#include <cmath>
#include <cstdint>
#include <cstring>

#include "base/u128.h"

namespace isopixel::frozen {
namespace {

// --- Fractions of 256 bits ---

constexpr int kWords = 4;

// The sum of word[i]·2^(64·(i - 4)), modulo 1.
struct Fraction {
    uint64_t word[kWords];
};

Fraction operator-(const Fraction &a, const Fraction &b) {
    Fraction difference;
    uint64_t borrow = 0;
    for (int i = 0; i < kWords; ++i) {
        const U128 word = U128(a.word[i]) - b.word[i] - borrow;
        difference.word[i] = word.lo;
        borrow = word.hi & 1;
    }
    return difference;
}
Fraction operator-(const Fraction &a) { return Fraction{} - a; }
Fraction operator+(const Fraction &a, const Fraction &b) { return a - -b; }

// Rounded down.
Fraction operator*(const Fraction &a, const Fraction &b) {
    uint64_t product[2 * kWords] = {};
    for (int i = 0; i < kWords; ++i) {
        uint64_t carry = 0;
        for (int j = 0; j < kWords; ++j) {
            const U128 sum = U128(a.word[i]) * b.word[j] + product[i + j] + carry;
            product[i + j] = sum.lo;
            carry = sum.hi;
        }
        product[i + kWords] = carry;
    }
    return {{product[4], product[5], product[6], product[7]}};
}
// Rounded down, by a divisor below 2^32.
Fraction operator/(const Fraction &a, uint64_t divisor) {
    Fraction quotient;
    uint64_t rest = 0;
    for (int i = kWords - 1; i >= 0; --i) {
        const uint64_t high = rest << 32 | a.word[i] >> 32;
        const uint64_t low = high % divisor << 32 | (a.word[i] & UINT32_MAX);
        quotient.word[i] = high / divisor << 32 | low / divisor;
        rest = low % divisor;
    }
    return quotient;
}

bool is_zero(const Fraction &a) { return (a.word[0] | a.word[1] | a.word[2] | a.word[3]) == 0; }

// --- Angles ---

// π/2, rounded down, in units of 2^-251; and its upper half, in units of 2^-123.
constexpr Fraction kHalfPi = {{0x4020BBEA63B139B2, 0x129024E088A67CC7, 0x4C4C6628B80DC1CD, 0x0C90FDAA22168C23}};
constexpr int kWholeBits = 5;  // before the point

// y is some quarters of a turn and a rest on either side of them. The number of quarters is a guess, so that the rest
// may be a little more than π/4. In the range of y the rest is above 2^-54, since no binary64 is nearer to a multiple
// of π/2.
struct Angle {
    // 2^-27 <= y < 16; its last bit is 2^-79 or more.
    explicit Angle(double y) : quarters(static_cast<int>(y * 0.6366197723675814 + 0.5)) {
        uint64_t bits;
        std::memcpy(&bits, &y, sizeof bits);
        const int exponent = static_cast<int>(bits >> 52) - 1023;
        all = U128(0, (bits | UINT64_C(1) << 52) << 11) >> (kWholeBits - 1 - exponent);
        rest = all - U128(kHalfPi.word[2], kHalfPi.word[3]) * U128(static_cast<uint64_t>(quarters));
        is_negative = rest.hi >> 63;
        if (is_negative) rest = U128() - rest;
    }

    int quarters;
    U128 all;          // in units of 2^-123, exactly
    U128 rest;         // in these units, off by less than one for each quarter
    bool is_negative;  // the rest
};

// mantissa·2^exponent, which is exact.
double scaled(uint64_t mantissa, int exponent) {
    const uint64_t bits = static_cast<uint64_t>(exponent + 1023) << 52;
    double power;
    std::memcpy(&power, &bits, sizeof power);
    return static_cast<double>(mantissa) * power;
}

// The sine or the cosine of the rest by the whole series. It is off by less than 2^-245, a share of 2^-190 at most, and
// no binary64 in this range has a sine or cosine as near as that to a tie: those that are nearest have been found
// (V. Lefèvre, J.-M. Muller), and have some 2^-120.
double by_256_bits(const Angle &angle, bool is_cosine) {
    Fraction rest = {{0, 0, angle.all.lo, angle.all.hi}};
    for (int i = 0; i < angle.quarters; ++i) rest = rest - kHalfPi;
    if (angle.is_negative) rest = -rest;
    for (int i = 0; i < kWholeBits; ++i) rest = rest + rest;
    const Fraction square = rest * rest;
    Fraction term = is_cosine ? square / 2 : rest, sum = {};
    uint64_t n = is_cosine ? 2 : 1;  // the power of the rest in the term
    for (bool is_added = true; !is_zero(term); is_added = !is_added, n += 2) {
        sum = is_added ? sum + term : sum - term;
        term = term * square / ((n + 1) * (n + 2));
    }
    if (is_cosine) sum = -sum;  // 1 less the sum, modulo 1
    int exponent = -53;
    for (; !(sum.word[3] >> 63); --exponent) sum = sum + sum;
    return scaled((sum.word[3] >> 11) + (sum.word[3] >> 10 & 1), exponent);
}

// 2/n!, 2/(n + 2)!, … in units of 2^-64, rounded down, and 1 as the largest number.
constexpr int kTerms = 9;
constexpr std::array<uint64_t, kTerms> series(uint64_t n, uint64_t half_factorial) {
    std::array<uint64_t, kTerms> terms{};
    for (uint64_t &term : terms) {
        term = UINT64_MAX / half_factorial;
        half_factorial *= (n + 1) * (n + 2);
        n += 2;
    }
    return terms;
}
constexpr auto kCosine = series(2, 1), kSine = series(3, 3);

uint64_t mul_high(uint64_t a, uint64_t b) { return (U128(a) * U128(b)).hi; }

// The same; or, if 64 bits are too few, by 256.
double rounded(const Angle &angle, bool is_cosine) {
    // x is the rest as a fraction of 64 bits. With z = x², its cosine is 1 - z·(1/2! - z·(1/4! - …)), and its sine is
    // x - x·z·(1/3! - z·(1/5! - …)). The brackets are taken twice, as fractions of 64 bits.
    const uint64_t x = (angle.rest << kWholeBits).hi, z = mul_high(x, x);
    const auto &terms = is_cosine ? kCosine : kSine;
    uint64_t bracket = terms[kTerms - 1];
    for (size_t i = kTerms - 1; i-- > 0;) bracket = terms[i] - mul_high(z, bracket);
    const uint64_t twice = mul_high(z, bracket);
    U128 value;  // in units of 2^-123
    if (is_cosine) value = U128(0, UINT64_C(1) << (63 - kWholeBits + 1)) - (U128(twice) << (63 - kWholeBits));
    else value = angle.rest - ((U128(angle.rest.hi) * U128(twice) + mul_high(angle.rest.lo, twice)) >> 1);
    // The value is above 2^-54 and not above 1. In its first 64 bits, of which the last 11 are the tail:
    const int zeros = 128 - bit_length(value);
    const uint64_t bits = (value << zeros).hi;
    // Errors, in units of 2^-64. Each bracket adds less than 1 for its term and 1 for its product, together less than
    // 2/(1 - z) < 5.3 with z < 0.62; `twice` has less than 5.3·z + 2.6 (of z itself) + 1 < 6.9, and the value half of
    // that, 3.5, as a share of which the sine has a little less than 4. The terms left out are below 0.1, the units of
    // the rest below 0.4, and the bits are rounded down. All that is less than 5.5.
    constexpr uint64_t kError = 6, kTie = 1 << 10;
    const uint64_t tail = bits & (2 * kTie - 1);
    if (tail - (kTie - kError) < 2 * kError) return by_256_bits(angle, is_cosine);
    return scaled((bits >> 11) + (tail >> 10), 128 - 53 - zeros - (128 - kWholeBits));
}

// The sine of y and some quarters of a turn, for y that is not negative.
double sine_from(double y, int quarters) {
    // y²/2 is less than half a unit in the last place of 1, and y³/6 than that of y, on either side.
    if (y < 0x1p-27) return quarters ? 1.0 : y;
    const Angle angle(y);
    quarters += angle.quarters;
    const bool is_cosine = quarters & 1;
    const double value = rounded(angle, is_cosine);
    const bool is_negative = (quarters & 2) != 0;
    return is_negative != (angle.is_negative && !is_cosine) ? -value : value;
}

}  // namespace

double sine(double y) { return y < 0 ? -sine_from(-y, 0) : sine_from(y, 0); }
double cosine(double y) { return sine_from(std::fabs(y), 1); }

}  // namespace isopixel::frozen
