// SPDX-License-Identifier: MIT
// The table of each instruction set. Each is the one thing that the file of its set shares with others.
#pragma once

#include "kernels/kernels.h"

// The sets of vectors that the compiler's target has. (Clang defines these names for Windows too, clang-cl among it;
// MSVC itself does not.)
#if defined(__x86_64__) || defined(__i386__)
#define ISOPIXEL_X86
#elif defined(__aarch64__) && !defined(__AARCH64EB__)
#define ISOPIXEL_NEON
#elif defined(__wasm_simd128__)
#define ISOPIXEL_SIMD128
#endif

namespace isopixel {

// What a table has. A small module for WebAssembly leaves out what it never calls (js/module).
constexpr Kernels parts_of(Kernels all) {
#ifdef ISOPIXEL_WITHOUT_RESIZES
    Kernels none{};
    none.isa = all.isa, none.lanes = all.lanes, none.pictures = all.pictures, none.spectrum = all.spectrum;
    return none;
#else
#ifdef ISOPIXEL_WITHOUT_PEERS
    all.windows = {}, all.two_tap = {}, all.areas = {}, all.multi_tap = {};
#endif
#ifdef ISOPIXEL_WITHOUT_READERS
    all.pictures = {}, all.spectrum = {};
#endif
    return all;
#endif
}

extern const Kernels kScalarKernels, kPlainKernels;
#ifdef ISOPIXEL_X86
extern const Kernels kAvx2Kernels, kAvx512Kernels, kAvx512VnniKernels;
#endif
#ifdef ISOPIXEL_NEON
extern const Kernels kNeonKernels, kNeonDotKernels;
#endif
#ifdef ISOPIXEL_SIMD128
extern const Kernels kSimd128Kernels;
#endif

}  // namespace isopixel
