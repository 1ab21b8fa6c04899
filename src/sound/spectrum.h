// SPDX-License-Identifier: MIT
// Power spectra of several frames at once, estimated in binary64.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace isopixel {

// Frames that are transformed together: number l of them has in each array the numbers l, kLanes + l, 2·kLanes + l, …
constexpr size_t kLanes = 4;

// The windowed transform X(k) = Σ_t y(t)·h(t)·e^(-2πikt/N) of N samples, h(t) = 1/2 - cos(2πt/N)/2, by a complex
// transform of N/2 numbers (Stockham's order). Of the X of R-75, a and b in units of 4·2^32, the estimate is off by
// less than 2^-32·Σ|y| (kSpectrumError):
//  - The table's numbers are off by up to 1/2. In 2a(k) - a(k-1) - a(k+1) that is 2·Σ|y|, in these units 2^-33·Σ|y|,
//  and of a
//    and b together √2·2^-33·Σ|y|.
//  - Each y(t) comes to X(k) on one path, on which it is multiplied by numbers of magnitude 1, each off by at most
//  2^-52, and
//    goes through at most 2,100 sums, of which the most are those of a prime factor of N/2. Each operation is off by a
//    share of at most 2^-52, in any rounding mode. That is less than 2^-38·Σ|y|, and 2^-33.8·Σ|y| are left.
constexpr double kSpectrumError = 0x1p-32;

class Spectrum {
  public:
    // window: even, 4 … 4096. Throws std::bad_alloc.
    explicit Spectrum(int64_t window);

    size_t bins() const { return half_ + 1; }
    size_t scratch_size() const { return 4 * half_ * kLanes; }

    // Frame l is the window from `samples` + l·hop on. Writes |X(k)|² for all bins to `power`, and Σ|y| to `sums`.
    void estimate(const int32_t *samples, size_t hop, double *scratch, double *power, double *sums) const;

  private:
    struct Pass {
        size_t radix, parts, stride;   //
        std::vector<double> twiddles;  // for each of the parts, of the results 1 … radix - 1: cosine and sine
        std::vector<double> roots;     // the same of the roots of a radix above 5
    };

    void load(const int32_t *samples, size_t hop, double *re, double *im, double *sums) const;
    void split(const double *re, const double *im, double *power) const;

    size_t half_;
    std::vector<double> window_;
    std::vector<Pass> passes_;
    std::vector<double> turns_;  // e^(-2πik/N): cosine and sine
};

}  // namespace isopixel
