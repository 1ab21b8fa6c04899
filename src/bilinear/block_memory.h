// SPDX-License-Identifier: MIT
// The scratch memory of the block resizer.
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "base/held_bytes.h"
#include "base/sizes.h"
#include "kernels/kernels.h"

namespace isopixel {

// Lines for Kernels, and the scratch memory of a Block, for lines of n samples, pixels of `channels` of them, and
// windows or segments of at most `longest` pixels.
struct BlockMemory {
    BlockMemory(const Kernels &kernels, int64_t n_lines, int64_t n, int64_t channels, int64_t longest)
        : lines(allocation_size(n_lines)), n_columns(std::max(kCacheColumns, longest * channels) + 2 * kernels.lanes) {
        // A cache line apart from a multiple of 4096 bytes, so that lines do not compete for the same places.
        const int64_t stride = (n + 63) / 64 * 64 + 16;
        samples.resize(allocation_size(stride * n_lines));
        for (int64_t l = 0; l < n_lines; ++l) lines[static_cast<size_t>(l)] = samples.data() + l * stride;
        columns.resize(allocation_size(n_columns * kernels.lanes));
        quotients.resize(allocation_size((kQuotientPixels + 1) * channels * kernels.lanes));
    }
    BlockMemory(const BlockMemory &) = delete;

    size_t bytes() const { return held_bytes(samples, columns, quotients, lines); }

    std::vector<uint32_t> samples, columns, quotients;
    std::vector<uint32_t *> lines;
    int64_t n_columns;
};

}  // namespace isopixel
