// SPDX-License-Identifier: MIT
// For the files in which floating point decides bits (SPEC R-19): each of its operations is one of IEEE 754, rounded to
// its type, without wider registers, contraction to fused operations, or algebra. (CMakeLists.txt has the options;
// contraction shows in no macro.)
#pragma once

#include <cfloat>
#include <cstdint>

#if FLT_EVAL_METHOD != 0
#error "the weights of the frozen peers need FLT_EVAL_METHOD 0; on 32-bit x86 compile with -msse2 -mfpmath=sse"
#endif
#ifdef __FAST_MATH__
#error "the weights of the frozen peers need -fno-fast-math"
#endif

namespace isopixel::frozen {

//
inline double opencv_scale(int64_t in, int64_t out) {
    const double inverse = static_cast<double>(out) / static_cast<double>(in);
    return 1.0 / inverse;
}

}  // namespace isopixel::frozen
