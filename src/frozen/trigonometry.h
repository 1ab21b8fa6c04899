// SPDX-License-Identifier: MIT
// Sine and cosine, correctly rounded (SPEC R-38), since those of a libm may be off by a unit in the last place.
#pragma once

namespace isopixel::frozen {

// |y| < 16
double sine(double y);
double cosine(double y);

}  // namespace isopixel::frozen
