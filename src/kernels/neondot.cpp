// SPDX-License-Identifier: MIT
// NEON with dot products of bytes (compiled with those of ARMv8.2, of which any CPU that has them has all).
#include "kernels/tables.h"

#ifdef ISOPIXEL_NEON
#include "kernels/neon-inl.h"

#include "kernels/direct-128-inl.h"
#include "kernels/direct-inl.h"
#include "kernels/make_kernels-inl.h"
#include "kernels/spectrum-neon-inl.h"

const isopixel::Kernels isopixel::kNeonDotKernels =
    make_kernels("neondot", make_direct<Rows128>(), {}, {}, kScalarPictures, make_spectrum<DoublesNeon>());

#endif
