// SPDX-License-Identifier: MIT
// The engines for `bilinear`, from the one that suits fewest sizes to the one that suits all.
#pragma once

#include <array>
#include <cstdint>
#include <memory>

#include "kernels/kernels.h"
#include "resizer/resizer.h"

namespace isopixel {

std::unique_ptr<Resizer> make_tap_resizer(const Plan &plan);
std::unique_ptr<Resizer> make_direct_resizer(const Plan &plan);
std::unique_ptr<Resizer> make_fused_resizer(const Plan &plan);
std::unique_ptr<Resizer> make_block_resizer(const Plan &plan);
std::unique_ptr<Resizer> make_sum_resizer(const Plan &plan);

bool suits_taps(const Plan &plan);
// How much there is of each kind of work: Costs has what a piece of it takes. The sizes are to suit the engine.
using Work = std::array<double, kKindsOfWork>;
Work direct_work(const Plan &plan);
Work fused_work(const Plan &plan);
Work block_work(const Plan &plan);

bool suits_direct(const Plan &plan);
bool suits_fused(const Plan &plan);
bool suits_blocks(const Plan &plan);

// A source row of more samples has sums of 32 bits for each column that no cache would hold.
constexpr int64_t kMostRowSamples = 32768;

}  // namespace isopixel
