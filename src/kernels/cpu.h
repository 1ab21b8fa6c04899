// SPDX-License-Identifier: MIT
// What the processor and its operating system support.
#pragma once

namespace isopixel {

// Of each set, every feature that its file is compiled with.
bool has_avx2();
bool has_avx512();
bool has_avx512vnni();
bool has_neondot();

}  // namespace isopixel
