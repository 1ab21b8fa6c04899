// SPDX-License-Identifier: MIT
// Estimates of spectra on any processor, and what the vectors of a set have to be.
#include "kernels/spectrum.h"

#include <cmath>

#include "kernels/spectrum-inl.h"

namespace isopixel {
namespace {

// Two doubles, which fit the registers of most processors. Each operation is off by a share of at most 2^-52, rounded
// in any way, so that a product may be rounded before it is added, or not.
struct Doubles {
    static constexpr size_t kLanes = 2;
#if defined(__GNUC__) || defined(__clang__)
    using Pair = double __attribute__((vector_size(16)));
#else
    struct Pair {
        double first, second;

        double operator[](size_t l) const { return l == 0 ? first : second; }
        friend Pair operator+(Pair a, Pair b) { return {a.first + b.first, a.second + b.second}; }
        friend Pair operator-(Pair a, Pair b) { return {a.first - b.first, a.second - b.second}; }
        friend Pair operator*(Pair a, Pair b) { return {a.first * b.first, a.second * b.second}; }
    };
#endif
    Pair pair;

    static Doubles all(double value) { return {Pair{value, value}}; }
    static Doubles load(const double *p) { return {Pair{p[0], p[1]}}; }
    void store(double *p) const { p[0] = pair[0], p[1] = pair[1]; }
    friend Doubles operator+(Doubles a, Doubles b) { return {a.pair + b.pair}; }
    friend Doubles operator-(Doubles a, Doubles b) { return {a.pair - b.pair}; }
    friend Doubles operator*(Doubles a, Doubles b) { return {a.pair * b.pair}; }
    Doubles plus_product(Doubles a, Doubles b) const { return {pair + a.pair * b.pair}; }
    Doubles minus_product(Doubles a, Doubles b) const { return {pair - a.pair * b.pair}; }
    Doubles magnitude() const { return {Pair{std::fabs(pair[0]), std::fabs(pair[1])}}; }
    Doubles root() const { return {Pair{std::sqrt(pair[0]), std::sqrt(pair[1])}}; }
    // The numbers at p + l·stride, and those behind them.
    static void load_pairs(const int32_t *p, size_t stride, Doubles *first, Doubles *second) {
        *first = {Pair{static_cast<double>(p[0]), static_cast<double>(p[stride])}};
        *second = {Pair{static_cast<double>(p[1]), static_cast<double>(p[stride + 1])}};
    }
};

}  // namespace

namespace scalar {

static_assert(kScalarSpectrum.frames == Doubles::kLanes);

double *transform(const SpectrumPlan &plan, double *x, double *y) {
    using Number = Complex<Doubles>;
    Number *made = run_passes(plan, reinterpret_cast<Number *>(x), reinterpret_cast<Number *>(y));
    return reinterpret_cast<double *>(made);
}

void estimate_power(const SpectrumPlan &plan, const int32_t *samples, size_t hop, double *scratch, double *power,
                    double *sums) {
    estimate_power_of<Doubles>(plan, samples, hop, scratch, power, sums);
}

void weigh_bands(const WeightedBins *bands, size_t n, const double *weights, const double *power, const double *sums,
                 double *least, double *most) {
    weigh_bands_of<Doubles>(bands, n, weights, power, sums, least, most);
}

}  // namespace scalar
}  // namespace isopixel
