// SPDX-License-Identifier: MIT
// AVX-512 F, BW, DQ and VL (compiled with these, of which every CPU with BW has all).
#include "kernels/tables.h"

#ifdef ISOPIXEL_X86
#include "kernels/avx512-inl.h"
#include "kernels/direct-256-inl.h"
#include "kernels/direct-inl.h"
#include "kernels/make_kernels-inl.h"
#include "kernels/pictures-256-inl.h"
#include "kernels/spectrum-512-inl.h"

const isopixel::Kernels isopixel::kAvx512Kernels =
    make_kernels("avx512", make_direct<Rows256>(), {}, {{204, 5743, 22, 141}, {}, {48, 363, 630, 377}}, kPictures256,
                 make_spectrum<Doubles512>());

#endif
