// SPDX-License-Identifier: MIT
// The engine of `area`, `bicubic` and `bicubic-four-tap` (SPEC ), but where `area` enlarges: a result then
// has two taps (resizer/axis.h).
#pragma once

#include <cstdint>
#include <memory>

#include "resizer/resizer.h"

namespace isopixel {

// Do the integers hold every numerator of R-36?
bool suits_windowed(const Plan &plan);

// The source rows that the engine wants for result rows `first` to before `end`.
RowRange windowed_rows(const Plan &plan, int64_t first, int64_t end);

// For tests: settles all samples in integers; how many were.
struct SettlingProbe {
    bool settle_all = false;
    int64_t settled = 0;
};

std::unique_ptr<Resizer> make_windowed_resizer(const Plan &plan, SettlingProbe *probe = nullptr);

}  // namespace isopixel
