// SPDX-License-Identifier: MIT
// The two samples of a result.
#pragma once

#include <cstdint>

namespace isopixel {

// Two samples and their weights: weight0 for sample `first`, weight1 for the next one, which is not to be read if
// weight1 is 0. The sum is that of its axis for every result: at an edge the sample that exists has all of it, which
// divides out to the same value as the weights of R-3 (one sample alone is its own mean).
struct Taps {
    int64_t first;
    int64_t weight0;
    int64_t weight1;

    // The sample behind the last one that has weight.
    int64_t end() const { return first + 1 + (weight1 != 0); }
};

}  // namespace isopixel
