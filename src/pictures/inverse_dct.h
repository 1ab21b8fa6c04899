// SPDX-License-Identifier: MIT
// Coefficients to samples (SPEC R-58).
#pragma once

#include <cstddef>
#include <cstdint>

namespace isopixel {

// The samples of a block, whose rows are `stride` bytes apart; false if it is out of range. `reach`: coefficients from
// this place on in the data are 0.
bool inverse_dct(const int16_t *coefficients, const uint16_t *quantisation, int reach, uint8_t *out, ptrdiff_t stride);

}  // namespace isopixel
