// SPDX-License-Identifier: MIT
// Whether and how direct taps (kernels/direct.h) resize an image.
#pragma once

#include <cstdint>
#include <optional>

#include "kernels/direct.h"
#include "resizer/axis.h"
#include "resizer/resizer.h"

namespace isopixel {

// An axis with antialias that shrinks, with its weights halved as often as can be.
struct DirectAxis {
    explicit DirectAxis(const Axis &axis);

    int halvings;
    int64_t most_weight;  // at most
    int64_t most_sum;     // of the weights of a result, at most
    int64_t taps;         // of a result, at most
};

struct DirectPlan {
    DirectAxis vertical, horizontal;
    bool narrow;  // two rows to a line
    int low_bits;
    bool small;  // are divisors up to kMostSmallDivisor?
    int64_t outputs, steps;
    bool one_window;
    int64_t lines;  // for a result, at most
};

// None if the sizes or the kernels do not suit.
std::optional<DirectPlan> plan_direct(const Plan &plan);

}  // namespace isopixel
