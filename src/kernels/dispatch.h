// SPDX-License-Identifier: MIT
// The instruction set in use.
#pragma once

#include <cstddef>
#include <string_view>

#include "kernels/kernels.h"

namespace isopixel {

// The instruction sets that this CPU has and this library was built for, from the plainest to the best; null after the
// last.
const Kernels *available_kernels(size_t index);

// The one in use: the best, or the one that the environment variable ISOPIXEL_ISA names, null if that is not
// available. Chosen once, at the first use.
const Kernels *current_kernels();

// Uses another one from now on. False if it is not available.
bool set_kernels(std::string_view isa);

}  // namespace isopixel
