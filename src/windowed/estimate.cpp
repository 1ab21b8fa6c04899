// SPDX-License-Identifier: MIT
#include "windowed/estimate.h"

#include <algorithm>
#include <cmath>

#include "base/sizes.h"

namespace isopixel {
namespace {

// The estimate is Σ_x ux·(Σ_y uy·(p - 128)), in binary32, where u are the weights divided by their sums; 128 added to
// it, the value is the same since these sum to 1. Every operation is off by a share of at most e = 2^-23, in any
// rounding mode, and a product that is fused with its addition has one rounding less. So a term with c roundings on its
// way is off by a share of at most (1 + e)^c - 1, which is at most 1.01·c·e if c·e < 2^-7. They are: 1 of the weight
// itself, which is a double (off by less than 2^-35 of it, with the sum of 2^15 weights) as a float; 1 of the product;
// and the additions behind it. Each p - 128 is exact, and up to 128. So the vertical sum is off by at most
// 1.01·128·e·Σ|uy|·cy, and is at most 128·Σ|uy| itself. The horizontal sum takes over that error times Σ|ux|, and has
// 1.01·e·Σ|ux|·cx of the sums themselves. Together, and with 1.02 for what is of second order (and what a processor
// that has no subnormal numbers leaves out),
//     1.02·128·2^-23·(most_y·roundings_x + roundings_y·most_x).
// Last, half a number is added, and 128: this constant and the sum are each below 256 and off by up to 2^-16. (If they
// are not below 256, or below 0, the floor is outside 0 … 255 with any error.)
constexpr double kShare = 1.02 * 128 / (1 << 23);
constexpr double kBiasError = 1.0 / (1 << 15);
constexpr int64_t kMostTerms = 1 << 15;  // with as many roundings, and some more, c·e < 2^-7
// Beyond every sum: nothing is decided.
constexpr double kUndecided = 1000;

}  // namespace

WeightTable::WeightTable(const WindowedAxis &axis, int64_t turns) {
    first_.reserve(allocation_size(axis.out()));
    places_.reserve(allocation_size(axis.out() + 1));
    places_.push_back(0);
    std::vector<double> numbers;
    for (int64_t i = 0; i < axis.out(); ++i) {
        const SampleRange window = axis.window(i);
        const int64_t n = window.count();
        numbers.clear();
        double sum = 0;
        for (int64_t j = window.first; j < window.end; ++j) {
            numbers.push_back(axis.weight<double>(i, j));
            sum += numbers.back();
        }
        const double reciprocal = 1 / sum;
        double all = 0, roundings = 0;
        for (int64_t t = 0; t < n; ++t) {
            const double weight = numbers[static_cast<size_t>(t)] * reciprocal;
            weights_.push_back(static_cast<float>(weight));
            all += std::abs(weight);
            // The additions: those of later terms, and of the sums of the other turns. The weight, and the product.
            const int64_t additions = (n - t - 1) / turns + 1 + (turns > 1 ? 2 : 0);
            roundings += std::abs(weight) * static_cast<double>(additions + 2);
        }
        first_.push_back(window.first);
        places_.push_back(places_.back() + n);
        longest_ = std::max(longest_, n);
        most_ = std::max(most_, all);
        most_roundings_ = std::max(most_roundings_, roundings);
    }
}

Biases estimate_biases(const WeightTable &vertical, const WeightTable &horizontal, int64_t pieces, U128 divisor_bound) {
    // The sums of the pieces are added up.
    const double roundings_x = horizontal.most_roundings() + static_cast<double>(pieces - 1) * horizontal.most();
    double error =
        kShare * (vertical.most() * roundings_x + vertical.most_roundings() * horizontal.most()) + kBiasError;
    if (std::max(vertical.longest(), horizontal.longest()) > kMostTerms || error > 1) error = kUndecided;
    // N/D + 1/2 is a multiple of 1/(2D): with 1/(4D) more, no error below that changes its floor.
    const int bits = bit_length(divisor_bound);
    if (bits < 50) {
        const double quarter = 0.25 / static_cast<double>(static_cast<uint64_t>(divisor_bound));
        if (error < quarter) return {static_cast<float>(128.5 + quarter), static_cast<float>(128.5 + quarter)};
    }
    return {static_cast<float>(128.5 - error), static_cast<float>(128.5 + error)};
}

}  // namespace isopixel
