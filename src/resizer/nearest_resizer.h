// SPDX-License-Identifier: MIT
// The resize that picks samples: each pixel of the result is a copy of one of the source.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "resizer/resizer.h"

namespace isopixel {

// The sample that each result of an axis is, which never falls from one to the next: by R-32.
std::vector<int64_t> nearest_samples(int64_t in, int64_t out);

// Of such samples of both axes. begin() is for all result rows, unless the vertical ones are those of R-32. Throws
// std::bad_alloc.
std::unique_ptr<Resizer> make_nearest_resizer(const ResizeShape &shape, std::vector<int64_t> vertical,
                                              std::vector<int64_t> horizontal);

}  // namespace isopixel
