// SPDX-License-Identifier: MIT
// The samples that nearest neighbours of the frozen peers are, which floating point decides: places.cpp is compiled so
// that no option of the user changes it.
#pragma once

#include <cstdint>
#include <vector>

namespace isopixel::frozen {

// As nearest_samples of resizer/nearest_resizer.h, for sides up to 2^24.
std::vector<int64_t> pillow_nearest_samples(int64_t in, int64_t out);
std::vector<int64_t> opencv_nearest_samples(int64_t in, int64_t out);
std::vector<int64_t> torch_nearest_samples(int64_t in, int64_t out);

}  // namespace isopixel::frozen
