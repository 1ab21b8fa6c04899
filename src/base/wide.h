// SPDX-License-Identifier: MIT
// Unsigned integers of a fixed number of words, modulo 2^(64·kWords).
#pragma once

#include <cstddef>
#include <cstdint>

#include "base/u128.h"

namespace isopixel {

template <size_t kWords>
struct Wide {
    uint64_t words[kWords] = {};  // little end first

    constexpr Wide() = default;
    constexpr Wide(U128 low) : words{low.lo, low.hi} {}  // NOLINT: implicit, as between built-in integers

    constexpr size_t size() const {
        size_t n = kWords;
        while (n > 0 && words[n - 1] == 0) --n;
        return n;
    }

    friend constexpr bool operator<(const Wide &a, const Wide &b) {
        for (size_t i = kWords; i-- > 0;)
            if (a.words[i] != b.words[i]) return a.words[i] < b.words[i];
        return false;
    }

    friend constexpr Wide operator+(const Wide &a, const Wide &b) {
        Wide sum;
        U128 carry;
        for (size_t i = 0; i < kWords; ++i) {
            carry += U128(a.words[i]) + U128(b.words[i]);
            sum.words[i] = carry.lo;
            carry = carry.hi;
        }
        return sum;
    }

    friend constexpr Wide operator*(const Wide &a, const Wide &b) {
        Wide result;
        const size_t a_size = a.size(), b_size = b.size();
        for (size_t i = 0; i < a_size; ++i) {
            U128 carry;  // below 2^64: a product of words and two words more are below 2^128
            for (size_t j = 0; i + j < kWords && (j < b_size || carry.lo); ++j) {
                carry += U128(result.words[i + j]) + (j < b_size ? product_of_words(a.words[i], b.words[j]) : U128());
                result.words[i + j] = carry.lo;
                carry = carry.hi;
            }
        }
        return result;
    }

    constexpr Wide half() const {
        Wide result;
        for (size_t i = 0; i < kWords; ++i) result.words[i] = words[i] >> 1 | (i + 1 < kWords ? words[i + 1] << 63 : 0);
        return result;
    }
};

template <size_t kWords>
constexpr Wide<kWords> power(Wide<kWords> base, unsigned exponent) {
    Wide<kWords> result(1);
    for (; exponent; exponent >>= 1) {
        if (exponent & 1) result = result * base;
        if (exponent > 1) base = base * base;
    }
    return result;
}

}  // namespace isopixel
