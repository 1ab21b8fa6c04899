// SPDX-License-Identifier: MIT
// What tests see and set of how levels are decided.
#pragma once

#include <atomic>
#include <cstdint>

#include "kernels/spectrum.h"

namespace isopixel {

struct LevelProbe {
    std::atomic<bool> forces_exact{false};  // all levels of the spectrograms that begin are decided in integers
    std::atomic<int64_t> settled{0};        // levels that were
    std::atomic<const SpectrumKernels *> kernels{
        nullptr};  // of the spectrograms that begin, in place of the set in use
};
extern LevelProbe level_probe;

}  // namespace isopixel
