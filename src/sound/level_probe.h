// SPDX-License-Identifier: MIT
// What tests see and set of how levels are decided.
#pragma once

#include <atomic>
#include <cstdint>

namespace isopixel {

struct LevelProbe {
    std::atomic<bool> forces_exact{false};  // all levels of the spectrograms that begin are decided in integers
    std::atomic<int64_t> settled{0};        // levels that were
};
extern LevelProbe level_probe;

}  // namespace isopixel
