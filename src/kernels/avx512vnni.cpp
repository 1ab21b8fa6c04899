// SPDX-License-Identifier: MIT
// AVX-512 with VBMI and VNNI besides F, BW, DQ and VL: bytes from anywhere in a vector, and dot products of them.
#include "kernels/tables.h"

#ifdef ISOPIXEL_X86
#include "kernels/avx512-inl.h"
#include "kernels/direct-512-inl.h"
#include "kernels/direct-inl.h"
#include "kernels/fused-inl.h"
#include "kernels/make_kernels-inl.h"
#include "kernels/pictures-256-inl.h"
#include "kernels/spectrum-512-inl.h"

const isopixel::Kernels isopixel::kAvx512VnniKernels = make_kernels(
    "avx512vnni", make_direct<Rows512>(), {sum_windows, fold_windows},
    {{1133, 0, 89, 62}, {620, 480, 15, 560}, {57, 412, 694, 876}}, kPictures256, make_spectrum<Doubles512>());

#endif
