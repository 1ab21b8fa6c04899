// SPDX-License-Identifier: MIT
// Power spectra and energies of several frames at once, estimated in binary64 (sound/spectrum.h has their error;
// kernels.h says what a table of kernels is).
//
// Number l of `frames` frames has in each array the numbers l, frames + l, 2·frames + l, …; complex numbers are
// `frames` real parts and then `frames` imaginary ones. Angles are pairs of a cosine and a sine.
#pragma once

#include <cstddef>
#include <cstdint>

namespace isopixel {

// A step of Stockham's transform of parts·radix·stride numbers: of the input p·stride + i + j·parts·stride, 0 <= j <
// radix, it makes the output (p·radix + j)·stride + i.
struct SpectrumPass {
    size_t radix, parts, stride;
    const double *turns;  // of each part, for the outputs 1 … radix - 1
    const double *roots;  // of the radix
};

constexpr size_t kMostRadix = 13;

struct SpectrumPlan {
    size_t half;           // of the samples of a frame
    const double *window;  // for each sample
    const double *turns;   // e^(-2πik/N), 0 <= k <= half
    // The steps of a transform of `size` numbers: `half` of them; or more, if it is made of a convolution.
    const SpectrumPass *passes;
    size_t n_passes, size;
    const double *chirp;     // c(t) = e^(-πit²/half), 0 <= t < half, else null
    const double *response;  // the transform of 1/(c(t)·size), t = 1 - half … half - 1, with the period `size`
};

// A band: `count` bins from `first` on, whose weights begin at `weights`; the root of its energy is off by less than
// error·Σ|y|.
struct WeightedBins {
    size_t first, count, weights;
    double error;
};

// Beside the spectrum's error: that of the sum over a band, of at most 2049 terms, of its squares and weights, and of
// the comparison itself, all together less than 2^-40.
constexpr double kSumError = 0x1p-36;

constexpr size_t kMostFrames = 8;
struct SpectrumKernels {
    size_t frames;  // up to kMostFrames
    // Frame l is the window from `samples` + l·hop on. Writes |X(k)|² for bins 0 … half to `power`, and Σ|y| to `sums`.
    // `scratch` has room for 4·size·frames numbers, and begins with a cache line.
    void (*estimate)(const SpectrumPlan &plan, const int32_t *samples, size_t hop, double *scratch, double *power,
                     double *sums);
    // Of each of n bands, between what its energy lies.
    void (*weigh)(const WeightedBins *bands, size_t n, const double *weights, const double *power, const double *sums,
                  double *least, double *most);
};

namespace scalar {
// The transform of plan.size complex numbers, as `frames` has them below, in x; y is scratch memory. Returns which of
// the two has it.
double *transform(const SpectrumPlan &plan, double *x, double *y);
void estimate_power(const SpectrumPlan &plan, const int32_t *samples, size_t hop, double *scratch, double *power,
                    double *sums);
void weigh_bands(const WeightedBins *bands, size_t n, const double *weights, const double *power, const double *sums,
                 double *least, double *most);
}  // namespace scalar

// Also those of sets that have none of their own.
constexpr SpectrumKernels kScalarSpectrum = {2, scalar::estimate_power, scalar::weigh_bands};

}  // namespace isopixel
