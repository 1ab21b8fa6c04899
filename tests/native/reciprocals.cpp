// SPDX-License-Identifier: MIT
// reciprocal_of by brute force: every numerator below 256·D for each D up to 256 that has a multiplier, and the larger
// D that tap weights can have, which are those times a power of two. Prints the odd ones that have none.
#include <cstdio>

#include "bilinear/reciprocal.h"

namespace {

using isopixel::Reciprocal;

bool is_exact(int64_t d, Reciprocal r) {
    for (int64_t n = 0; n < 256 * d; ++n) {
        const int64_t m = n >> r.before, quotient = r.multiplier ? (m * r.multiplier >> 16) >> r.after : m;
        if (quotient != n / d || (r.multiplier && m > UINT16_MAX)) return false;
    }
    return true;
}

}  // namespace

int main() {
    Reciprocal of_small[257];
    std::printf("none:");
    for (int64_t d = 1; d <= 256; ++d) {
        of_small[d] = isopixel::reciprocal_of(d);
        if (of_small[d].after >= 0 && !is_exact(d, of_small[d])) return std::printf(" wrong for %d\n", int(d)), 1;
        if (of_small[d].after < 0 && d % 2 == 0 && of_small[d / 2].after >= 0)
            return std::printf(" none for %d\n", int(d)), 1;
        if (of_small[d].after < 0 && d % 2 != 0) std::printf(" %d", static_cast<int>(d));
    }
    // D is a product of two sums of weights: 2v of each axis.
    for (int64_t divisor = 4; divisor <= INT64_C(126) * 32766; divisor += 4) {
        const Reciprocal r = isopixel::reciprocal_of(divisor);
        int shift = 0;
        int64_t d = divisor;
        for (; d > 256 && d % 2 == 0; d /= 2) ++shift;
        const Reciprocal small = d <= 256 ? of_small[d] : Reciprocal{0, -1, 0};
        const bool same = r.after == small.after && r.multiplier == small.multiplier;
        if (!same || (r.after >= 0 && r.before != small.before + shift))
            return std::printf(" wrong for %lld\n", (long long)divisor), 1;
    }
    std::printf("\n");
    return 0;
}
