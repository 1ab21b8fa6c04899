// SPDX-License-Identifier: MIT
// The rounding modes of the platform: WebAssembly has one.
#pragma once

#include <cfenv>
#include <initializer_list>

constexpr std::initializer_list<int> kRoundingModes = {
    FE_TONEAREST,
#ifdef FE_UPWARD
    FE_UPWARD,
    FE_DOWNWARD,
    FE_TOWARDZERO,
#endif
};
