// SPDX-License-Identifier: MIT
// The table of a set, from the loops over its vectors.
#pragma once

#include "kernels/areas-inl.h"
#include "kernels/blocks-inl.h"
#include "kernels/halving-inl.h"
#include "kernels/multi_tap-inl.h"
#include "kernels/rows-inl.h"
#include "kernels/taps-inl.h"
#include "kernels/two_tap-inl.h"
#include "kernels/windowed-inl.h"
#include "kernels/windows-inl.h"

namespace isopixel {
namespace {

// The functions of this instruction set.
constexpr Kernels make_kernels(const char *isa, DirectKernels direct = {}, FusedKernels fused = {}, Costs costs = {},
                               PictureKernels pictures = kScalarPictures, SpectrumKernels spectrum = kScalarSpectrum) {
    return {
        isa,
        kLanes,
        {fold_rows,
         blend_rows,
         {block_triangle<uint32_t>, block_taps<uint32_t>},
         {block_triangle<uint64_t>, block_taps<uint64_t>}},
        {tap_row, blend_lines},
        {weigh_rows, add_rows, round_rows},
        {blend_linear, blend_exact, blend_fixed},
        {halve_rows},
        {sum_areas, add_areas, round_areas},
        {sum_taps, blend_cubic, blend_lanczos4},
        kWindowedKernels,
        pictures,
        spectrum,
        direct,
        fused,
        costs,
    };
}

}  // namespace
}  // namespace isopixel
