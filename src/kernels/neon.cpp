// SPDX-License-Identifier: MIT
// NEON of AArch64, part of its baseline. (Little-endian: a big-endian one gets the scalar kernels.)
#include "kernels/tables.h"

#ifdef ISOPIXEL_NEON
#include "kernels/neon-inl.h"

#include "kernels/direct-128-inl.h"
#include "kernels/direct-inl.h"
#include "kernels/make_kernels-inl.h"
#include "kernels/spectrum-neon-inl.h"

const isopixel::Kernels isopixel::kNeonKernels =
    make_kernels("neon", make_direct<Rows128>(), {}, {}, kScalarPictures, make_spectrum<DoublesNeon>());

#endif
