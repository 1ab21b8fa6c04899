// SPDX-License-Identifier: MIT
// An unsigned integer of 128 bits, modulo 2^128, for compilers with and without one of their own.
#pragma once

#include <cstdint>
#include <type_traits>

namespace isopixel {

struct U128 {
    uint64_t lo = 0;
    uint64_t hi = 0;

    constexpr U128() = default;
    constexpr U128(uint64_t low) : lo(low) {}  // NOLINT: implicit, as between built-in integers
    constexpr U128(uint64_t low, uint64_t high) : lo(low), hi(high) {}

    // To a built-in integer: modulo its range, as between those.
    template <class T, class = std::enable_if_t<std::is_integral_v<T>>>
    explicit constexpr operator T() const {
        return static_cast<T>(lo);
    }
};

constexpr U128 operator+(U128 a, U128 b) {
    uint64_t lo = a.lo + b.lo;
    return {lo, a.hi + b.hi + (lo < a.lo)};
}

constexpr U128 operator-(U128 a, U128 b) { return {a.lo - b.lo, a.hi - b.hi - (a.lo < b.lo)}; }

// The product of two words, by those of their halves of 32 bits.
constexpr U128 product_by_halves(uint64_t a, uint64_t b) {
    // Each partial sum below is at most (2^32 - 1)^2 + 2·(2^32 - 1) = 2^64 - 1.
    uint64_t a0 = a & 0xFFFFFFFF, a1 = a >> 32, b0 = b & 0xFFFFFFFF, b1 = b >> 32;
    uint64_t low = a0 * b0;
    uint64_t mid = a1 * b0 + (low >> 32);
    uint64_t mid2 = a0 * b1 + (mid & 0xFFFFFFFF);
    uint64_t high = a1 * b1 + (mid >> 32) + (mid2 >> 32);
    return {mid2 << 32 | (low & 0xFFFFFFFF), high};
}

// The same by one instruction, where the compiler has a type for it.
constexpr U128 product_of_words(uint64_t a, uint64_t b) {
#ifdef __SIZEOF_INT128__
    __extension__ typedef unsigned __int128 Native;
    const Native native = static_cast<Native>(a) * b;
    return {static_cast<uint64_t>(native), static_cast<uint64_t>(native >> 64)};
#else
    return product_by_halves(a, b);
#endif
}

constexpr U128 operator*(U128 a, U128 b) {
    const U128 low = product_of_words(a.lo, b.lo);
    return {low.lo, low.hi + a.lo * b.hi + a.hi * b.lo};
}

// 0 < bits < 64
constexpr U128 operator<<(U128 a, int bits) { return {a.lo << bits, a.hi << bits | a.lo >> (64 - bits)}; }
constexpr U128 operator>>(U128 a, int bits) { return {a.lo >> bits | a.hi << (64 - bits), a.hi >> bits}; }

constexpr bool operator<(U128 a, U128 b) { return a.hi != b.hi ? a.hi < b.hi : a.lo < b.lo; }

constexpr U128 &operator+=(U128 &a, U128 b) { return a = a + b; }
constexpr U128 &operator-=(U128 &a, U128 b) { return a = a - b; }

// The number of bits up to the highest one that is set.
constexpr int bit_length(U128 a) {
    uint64_t word = a.hi ? a.hi : a.lo;
    int bits = a.hi ? 64 : 0;
    for (int half = 32; half > 0; half /= 2) {
        if (word >> half == 0) continue;
        word >>= half;
        bits += half;
    }
    return bits + static_cast<int>(word);
}

// floor((n + floor(d/2)) / d), if that is at most 255 and 0 < d < 2^120 (so that d·2^7 fits).
constexpr uint8_t round_quotient(U128 n, U128 d) {
    n += d >> 1;
    int quotient = 0;
    for (int bit = 7; bit > 0; --bit) {
        const U128 part = d << bit;
        if (n < part) continue;
        n -= part;
        quotient |= 1 << bit;
    }
    return static_cast<uint8_t>(quotient + !(n < d));
}

}  // namespace isopixel
