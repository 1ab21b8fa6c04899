// SPDX-License-Identifier: MIT
#include "sound/cosines.h"

#include "base/sizes.h"
#include "base/u128.h"

namespace isopixel {
namespace {

// The floor of a·b / 2^62
uint64_t product_62(uint64_t a, uint64_t b) { return (product_of_words(a, b) >> 62).lo; }

// cos x, or sin x, for x = 2πj/n <= π/4, times 2^62.
//
// Its error, in units of 2^-62. x is off by less than 4: the quotients are exact floors, and 2π is cut off behind
// 2^-61. A term is made of the one before it, whose error is multiplied by at most x²/2 < 1/3, by two products and a
// division, each cut off: 3.3 more at first, and at most 1.3 from the third on. Ten terms are not 0, so that all is
// below 16.
uint64_t series(int64_t j, int64_t n, bool is_sine) {
    constexpr uint64_t kTwoPi = 0xC90FDAA22168C234;  // floor(2π·2^61)
    const auto parts = static_cast<uint64_t>(n), part = static_cast<uint64_t>(j);
    const uint64_t x = 2 * (kTwoPi / parts * part + kTwoPi % parts * part / parts);
    uint64_t term = is_sine ? x : uint64_t{1} << 62, sum = 0;
    for (uint64_t k = is_sine ? 1 : 0, sign = 1; term; k += 2, sign = 0 - sign) {
        sum += sign * term;
        term = product_62(product_62(term, x), x) / ((k + 1) * (k + 2));
    }
    return sum;
}

// The integer nearest to the value of cosine_62 in units of 2^-kCosineBits. For n <= 4096 no value but 0, ±1/2 and ±1
// is nearer to a tie than 2.8e-8 of a unit, which are 2^4.8 of cosine_62's, so that it decides.
int64_t nearest(int64_t value) {
    constexpr int kShift = 62 - kCosineBits;
    const int64_t magnitude = ((value < 0 ? -value : value) + (int64_t{1} << (kShift - 1))) >> kShift;
    return value < 0 ? -magnitude : magnitude;
}

}  // namespace

int64_t cosine_62(int64_t j, int64_t n) {
    j = (j < 0 ? -j : j) % n;
    if (2 * j > n) j = n - j;  // cos(2π - x) = cos x
    const bool is_negative = 4 * j > n;
    if (is_negative) j = n - 2 * j, n *= 2;  // cos(π - x) = -cos x
    // cos x = sin(π/2 - x)
    const uint64_t value = 8 * j > n ? series(n - 4 * j, 4 * n, true) : series(j, n, false);
    return is_negative ? -static_cast<int64_t>(value) : static_cast<int64_t>(value);
}

int64_t sine_62(int64_t j, int64_t n) { return cosine_62(4 * j - n, 4 * n); }

Cosines::Cosines(int64_t n) {
    c.reserve(allocation_size(n));
    d.reserve(allocation_size(n));
    for (int64_t j = 0; j < n; ++j) c.push_back(nearest(cosine_62(j, n))), d.push_back(nearest(sine_62(j, n)));
}

}  // namespace isopixel
