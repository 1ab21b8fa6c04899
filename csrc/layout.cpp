// SPDX-License-Identifier: MIT
#include "layout.h"

#include <cstring>

namespace isopix {
namespace {

//
int64_t nataraj_width(uint64_t n_bytes) {
    constexpr struct {
        uint64_t limit;  // KiB
        int64_t width;
    } kClasses[] = {{10, 32}, {30, 64}, {60, 128}, {100, 256}, {200, 384}, {500, 512}, {1000, 768}};
    for (const auto &c : kClasses)
        if (n_bytes < c.limit * 1024) return c.width;
    return 1024;
}

constexpr Layout kLayouts[] = {{"nataraj", nataraj_width}};

}  // namespace

const Layout *layout_at(size_t index) {
    return index < sizeof kLayouts / sizeof *kLayouts ? kLayouts + index : nullptr;
}

const Layout *find_layout(const char *name) {
    for (const Layout &layout : kLayouts)
        if (std::strcmp(layout.name, name) == 0) return &layout;
    return nullptr;
}

}  // namespace isopix
