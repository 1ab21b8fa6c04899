// SPDX-License-Identifier: MIT
#include "sound/exact_frame.h"

#include <algorithm>

namespace isopixel {
namespace {

U128 widened(int64_t value) { return {static_cast<uint64_t>(value), value < 0 ? ~uint64_t{0} : 0}; }

// The square of a number below 2^74 in magnitude, which is given modulo 2^128.
Energy square(U128 value) {
    const Energy magnitude = value.hi >> 63 ? U128() - value : value;
    return magnitude * magnitude;
}

}  // namespace

ExactFrame::ExactFrame(const Cosines &cosines)
    : cosines_(cosines), half_(cosines.c.size() / 2), even_(half_ + 1), odd_(half_ + 1), bins_(half_ + 1) {}

void ExactFrame::load(const int32_t *samples) {
    const size_t n = 2 * half_;
    for (size_t t = 1; t < half_; ++t) {
        even_[t] = int64_t{samples[t]} + samples[n - t];
        odd_[t] = int64_t{samples[t]} - samples[n - t];
    }
    even_[0] = samples[0];
    even_[half_] = samples[half_];
    for (Bin &bin : bins_) bin.is_known = false;
}

const ExactFrame::Bin &ExactFrame::bin(size_t k) {
    Bin &bin = bins_[k];
    if (bin.is_known) return bin;
    bin = {{}, {}, true};
    const size_t n = 2 * half_;
    // A product is at most 2^27·2^32, so that 8 of them fit.
    for (size_t t = 0, j = 0; t <= half_;) {
        int64_t a = 0, b = 0;
        for (const size_t end = std::min(t + 8, half_ + 1); t < end; ++t) {
            a += even_[t] * cosines_.c[j];
            b += odd_[t] * cosines_.d[j];
            j += k;
            if (j >= n) j -= n;
        }
        bin.a += widened(a);
        bin.b += widened(b);
    }
    return bin;
}

// R-75, P(k): a is even, b is odd, both have the period N.
Energy ExactFrame::power(size_t k) {
    const Bin before = bin(k > 0 ? k - 1 : 1), here = bin(k), behind = bin(k < half_ ? k + 1 : half_ - 1);
    const U128 a = here.a + here.a - before.a - behind.a;
    U128 b = here.b + here.b;
    b = k > 0 ? b - before.b : b + before.b;
    b = k < half_ ? b - behind.b : b + behind.b;
    return square(a) + square(b);
}

Energy ExactFrame::energy(const Bands &bands, const Band &band) {
    Energy sum;
    for (size_t i = 0; i < band.count; ++i)
        sum = sum + power(band.first + i) * Energy(uint64_t{bands.weights[band.at + i]});
    return sum;
}

}  // namespace isopixel
