// SPDX-License-Identifier: MIT
// reciprocal_of by brute force: every numerator below 256·D for each odd part d of D that has a multiplier, and the
// decomposition of each D that tap weights can have. Prints the odd parts that have none.
#include <cstdio>

#include "bilinear/reciprocal.h"

namespace {

using isopixel::Reciprocal;

bool is_exact(int64_t d, Reciprocal r) {
    // m is a numerator without the bits that `before` takes away.
    for (int64_t m = 0; m < 256 * d; ++m) {
        const int64_t quotient = r.multiplier ? (m * r.multiplier >> 16) >> r.after : m;
        if (quotient != m / d || m > UINT16_MAX) return false;
    }
    return true;
}

}  // namespace

int main() {
    Reciprocal of_odd[256];
    std::printf("none:");
    for (int64_t d = 1; d < 256; d += 2) {
        of_odd[d] = isopixel::reciprocal_of(d);
        if (of_odd[d].after < 0) std::printf(" %d", static_cast<int>(d));
        else if (of_odd[d].before != 0 || !is_exact(d, of_odd[d])) return std::printf(" wrong for %d\n", int(d)), 1;
    }
    // D is a product of two sums of weights: 2v of each axis.
    for (int64_t divisor = 4; divisor <= INT64_C(126) * 32766; divisor += 4) {
        const Reciprocal r = isopixel::reciprocal_of(divisor);
        int before = 0;
        int64_t d = divisor;
        for (; d % 2 == 0; d /= 2) ++before;
        const Reciprocal odd = d < 256 ? of_odd[d] : Reciprocal{0, -1, 0};
        const bool same = r.after == odd.after && r.multiplier == odd.multiplier;
        if (!same || (r.after >= 0 && r.before != before))
            return std::printf(" wrong for %lld\n", (long long)divisor), 1;
    }
    std::printf("\n");
    return 0;
}
