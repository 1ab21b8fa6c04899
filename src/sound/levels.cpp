// SPDX-License-Identifier: MIT
#include "sound/levels.h"

#include <algorithm>
#include <cstring>

#include "sound/bands.h"
#include "sound/cosines.h"

namespace isopixel {
namespace {

uint64_t bits_of(double value) {
    uint64_t bits;
    std::memcpy(&bits, &value, sizeof bits);
    return bits;
}

double double_of(uint64_t bits) {
    double value;
    std::memcpy(&value, &bits, sizeof value);
    return value;
}

// In units of 2^68, off by a share of at most 3·2^-52, in any rounding mode.
double estimate_of(const Energy &energy) {
    constexpr double kWord = 18446744073709551616.0;  // 2^64
    double value = 0;
    for (size_t i = 3; i-- > 0;) value = value * kWord + static_cast<double>(energy.words[i]);
    return value / kWord / 16;
}

// The eighth roots of 2^-j of R^8, rounded up: the least E with E^8·2^j >= R^8, for j = 0 … 7, by halving an interval.
Energy root_above(const Energy &full, unsigned j) {
    using Power = Wide<21>;  // R <= 2^164, and R^8·2^7 <= 2^1319
    const auto widened = [](const Energy &e) {
        Power wide;
        std::copy(std::begin(e.words), std::end(e.words), wide.words);
        return wide;
    };
    const Power most = power(widened(full), 8), factor(uint64_t{1} << j);
    Energy below = full.half().half(), least = full;
    for (;;) {
        const Energy middle = (below + least).half();
        if (!(below < middle)) return least;
        (power(widened(middle), 8) * factor < most ? below : least) = middle;
    }
}

}  // namespace

Levels::Levels(int64_t window, int64_t channels, int64_t scale, int64_t gain) {
    const Energy amplitude =
        Energy(static_cast<uint64_t>(channels * window)) * power(Energy(2), static_cast<unsigned>(scale + kCosineBits));
    const Energy full = amplitude * amplitude * Energy(uint64_t{1} << kWeightBits);
    least_.resize(256);
    for (unsigned j = 0; j < 8; ++j) {
        Energy root = root_above(full, j);
        // ⌈⌈x⌉ / 2⌉ = ⌈x / 2⌉: the roots of an octave below are the halves of these, rounded up.
        for (int64_t k = 255 + gain - j; k > 0; k -= 8, root = (root + Energy(1)).half())
            if (k <= 255) least_[static_cast<size_t>(k)] = root;
    }
    above_ = {-1e300};
    below_ = {-1e300};
    for (size_t k = 1; k < 256; ++k) {
        above_.push_back(estimate_of(least_[k]) * (1 + 0x1p-46));
        below_.push_back(estimate_of(least_[k]) * (1 - 0x1p-46));
    }
    below_.push_back(1e300);
    // The first has no threshold, and the last all.
    first_cell_ = (bits_of(below_[1]) >> kCellShift) - 1;
    last_cell_ = (bits_of(below_[255]) >> kCellShift) + 1 - first_cell_;
    for (uint64_t cell = first_cell_; cell <= first_cell_ + last_cell_; ++cell) {
        const auto level = std::upper_bound(below_.begin() + 1, below_.begin() + 256, double_of(cell << kCellShift));
        cells_.push_back(static_cast<uint8_t>(level - below_.begin() - 1));
    }
}

uint8_t Levels::level(const Energy &energy) const {
    return static_cast<uint8_t>(std::upper_bound(least_.begin() + 1, least_.end(), energy) - least_.begin() - 1);
}

}  // namespace isopixel
