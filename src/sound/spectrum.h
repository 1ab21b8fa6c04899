// SPDX-License-Identifier: MIT
// The plan of power spectra, which kernels estimate.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "kernels/spectrum.h"

namespace isopixel {

// The windowed transform X(k) = Σ_t y(t)·h(t)·e^(-2πikt/N) of N samples, h(t) = 1/2 - cos(2πt/N)/2, by a complex
// transform of N/2 numbers (Stockham's order). Of the X of R-75, a and b in units of 4·2^32, the estimate is off by
// less than 2^-32·Σ|y| (kSpectrumError):
//  - The table's numbers are off by up to 1/2. In 2a(k) - a(k-1) - a(k+1) that is 2·Σ|y|, in these units 2^-33·Σ|y|,
//    and of a and b together √2·2^-33·Σ|y|. So 2^-33.8·Σ|y| are left.
//  - Each operation, of which a product and a sum together may be one, is off by a share of at most u = 2^-52, in any
//    rounding mode; so is each number of the tables. An output of a step of radix r is Σ of its r inputs, turned, and
//    what it is made of is no more than twice as large: of c operations on the way of an input to it, it is off by less
//    than 2c·u·Σ of their magnitudes, where c < 10 for r <= 8 and else c < r + 5. There are at most 7 steps.
//  - If the steps make Z, each y(t) comes to X(k) on one way through them, and few operations beside them: X is off by
//    less than 2^-43·Σ|y|.
//  - Else Z is a convolution of a = z·c, with Σ|a| <= Σ|y|, and b = 1/(c·M), of at most M <= 4096 numbers of magnitude
//    1/M, by steps of r <= 8. A step multiplies Euclidean norms by √r, and adds an error of less than 2c·u·r of the
//    norm: after all steps that is a share of less than δ = 7·20·√8·u < 2^-43. The norms of the transforms A and B are
//    at most √M·Σ|y| and 1. Then Z, the transform of A·B (whose norm is at most Σ|y|·1, and whose sum of magnitudes at
//    most √M·Σ|y|, by the inequality of Cauchy and Schwarz), is off by less than √M·δ·Σ|y| for each of the three
//    transforms: by 2^-35.8·Σ|y| in all. Each X(k) is made of two numbers of Z, neither more than once: it is off by
//    less than 2^-34.8·Σ|y|.
constexpr double kSpectrumError = 0x1p-32;

class Spectrum {
  public:
    // window: even, 4 … 4096. Throws std::bad_alloc.
    explicit Spectrum(int64_t window);

    size_t bins() const { return half_ + 1; }
    SpectrumPlan plan() const;

  private:
    // What a SpectrumPass points to.
    struct Pass {
        size_t radix, parts, stride;
        std::vector<double> turns, roots;
    };

    void add_passes();
    void add_convolution();

    size_t half_, size_;
    std::vector<double> window_, turns_, chirp_, response_;
    std::vector<Pass> tables_;
    std::vector<SpectrumPass> passes_;  // of the tables
};

}  // namespace isopixel
