// SPDX-License-Identifier: MIT
// Layouts: from n bytes to the pixels of an image (SPEC ).
#pragma once

#include <cstddef>
#include <cstdint>

namespace isopix {

struct Layout {
    const char *name;
    int64_t (*width)(uint64_t n_bytes);  // pixels of a row; a pixel is a byte, the last row is padded with 0
};

// The known layouts, and null after the last.
const Layout *layout_at(size_t index);
// A layout by its name; null where it is unknown.
const Layout *find_layout(const char *name);

}  // namespace isopix
