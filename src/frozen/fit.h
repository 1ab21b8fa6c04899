// SPDX-License-Identifier: MIT
// The sizes of images that are fitted into others, in binary64 (SPEC R-52).
#pragma once

#include <cstdint>

namespace isopixel {

// x to an integer: the nearest one (of two the even one); downwards; floor(x + 1/2). 0 <= x < 2^52
int64_t nearest_even(double x);
int64_t downwards(double x);
int64_t half_up(double x);

struct FittedSize {
    int64_t height, width;
};

// The size of an image of height × width, in proportion, within most_height × most_width; all sides from 1 to 2^31 - 1.
FittedSize fit(int64_t height, int64_t width, int64_t most_height, int64_t most_width, int64_t (*round)(double));

}  // namespace isopixel
