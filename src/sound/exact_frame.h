// SPDX-License-Identifier: MIT
// The energies of a frame in integers (SPEC ): what an estimate does not decide.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "sound/bands.h"
#include "sound/cosines.h"
#include "sound/levels.h"

namespace isopixel {

class ExactFrame {
  public:
    // cosines: those of the window; they stay. Throws std::bad_alloc.
    explicit ExactFrame(const Cosines &cosines);

    // The samples, as many as the window has, of magnitudes up to 2^26.
    void load(const int32_t *samples);

    Energy energy(const Bands &bands, const Band &band);

  private:
    struct Bin {
        U128 a, b;  // R-75, of magnitudes below 2^71, modulo 2^128
        bool is_known;
    };
    const Bin &bin(size_t k);
    Energy power(size_t k);

    const Cosines &cosines_;
    const size_t half_;
    std::vector<int64_t> even_, odd_;  // y(t) + y(N - t) and y(t) - y(N - t), 0 <= t <= N/2; at both ends y(t) and 0
    std::vector<Bin> bins_;
};

}  // namespace isopixel
