// SPDX-License-Identifier: MIT
// For the files of weights and places, in which floating point decides bits.
#pragma once

#include <cstdint>

#include "base/ieee754.h"

namespace isopixel::frozen {

//
inline double opencv_scale(int64_t in, int64_t out) {
    const double inverse = static_cast<double>(out) / static_cast<double>(in);
    return 1.0 / inverse;
}

}  // namespace isopixel::frozen
