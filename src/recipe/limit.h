// SPDX-License-Identifier: MIT
// How many pixels an image in memory may have.
#pragma once

#include <cstdint>

namespace isopixel {

// ISOPIXEL_MAX_PIXELS of the environment, or 2^28 if it is not there or empty; -1 if it is not a number from 1 on.
int64_t most_pixels();

}  // namespace isopixel
