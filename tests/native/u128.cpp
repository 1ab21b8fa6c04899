// SPDX-License-Identifier: MIT
// U128 against the compiler's own 128-bit integer, on random and extreme words.
#include "base/u128.h"

#include <cstdio>
#include <random>

using isopixel::U128;
__extension__ typedef unsigned __int128 Native;

static Native native(U128 a) { return static_cast<Native>(a.hi) << 64 | a.lo; }

static bool agree(U128 a, U128 b, int bits) {
    int length = 0;
    for (Native n = native(a); n; n >>= 1) ++length;
    U128 sum = a, difference = a;
    sum += b;
    difference -= b;
    return native(a + b) == native(a) + native(b) && native(a - b) == native(a) - native(b) &&
           native(a * b) == native(a) * native(b) &&
           native(isopixel::product_by_halves(a.lo, b.lo)) == static_cast<Native>(a.lo) * b.lo &&
           native(a << bits) == native(a) << bits && native(a >> bits) == native(a) >> bits &&
           (a < b) == (native(a) < native(b)) && bit_length(a) == length && native(sum) == native(a + b) &&
           native(difference) == native(a - b) && static_cast<uint32_t>(a) == static_cast<uint32_t>(native(a)) &&
           static_cast<uint64_t>(a) == static_cast<uint64_t>(native(a));
}

int main() {
    std::mt19937_64 random(1);
    const uint64_t extremes[] = {0,
                                 1,
                                 2,
                                 0x7FFFFFFF,
                                 0x80000000,
                                 0xFFFFFFFF,
                                 0x100000000,
                                 UINT64_MAX / 2,
                                 UINT64_MAX / 2 + 1,
                                 UINT64_MAX - 1,
                                 UINT64_MAX};
    auto word = [&] { return random() % 3 ? random() >> random() % 64 : extremes[random() % 11]; };
    for (int i = 0; i < 2'000'000; ++i) {
        const U128 a(word(), word()), b(word(), word());
        const int bits = static_cast<int>(1 + random() % 63);
        if (agree(a, b, bits)) continue;
        std::printf("%llx %llx, %llx %llx, %d bits differ\n", static_cast<unsigned long long>(a.hi),
                    static_cast<unsigned long long>(a.lo), static_cast<unsigned long long>(b.hi),
                    static_cast<unsigned long long>(b.lo), bits);
        return 1;
    }
    std::puts("2000000 passed, 0 failed");
    return 0;
}
