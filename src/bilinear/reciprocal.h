// SPDX-License-Identifier: MIT
// R-4's division by a small number, as a multiplication.
#pragma once

#include "kernels/kernels.h"

namespace isopixel {

// With D = 2^a·d, floor(n / D) = floor(floor(n / 2^a) / d). For m = floor(n / 2^a) < 256·d <= 2^16, and M = ceil(2^k /
// d), floor(m·M / 2^k) = floor(m / d) if m·(M·d - 2^k) < 2^k: the error of M then adds less than 1/d. The least a is
// found for which there is such a multiplier of 16 bits; `after` is -1 if there is none.
Reciprocal reciprocal_of(int64_t d);

}  // namespace isopixel
