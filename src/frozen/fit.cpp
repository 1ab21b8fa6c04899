// SPDX-License-Identifier: MIT
#include "frozen/fit.h"

#include <algorithm>

#include "base/ieee754.h"

namespace isopixel {

int64_t downwards(double x) { return static_cast<int64_t>(x); }  // x >= 0

int64_t half_up(double x) { return downwards(x + 0.5); }

int64_t nearest_even(double x) {
    const int64_t below = downwards(x);
    const double part = x - static_cast<double>(below);  // exact
    return below + (part > 0.5 || (part == 0.5 && below % 2 == 1));
}

FittedSize fit(int64_t height, int64_t width, int64_t most_height, int64_t most_width, int64_t (*round)(double)) {
    const double h = static_cast<double>(height), w = static_cast<double>(width);
    const double ratio = std::min(static_cast<double>(most_height) / h, static_cast<double>(most_width) / w);
    return {std::max<int64_t>(1, round(h * ratio)), std::max<int64_t>(1, round(w * ratio))};
}

}  // namespace isopixel
