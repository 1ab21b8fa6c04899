// SPDX-License-Identifier: MIT
// For files in which floating point decides bits (SPEC R-19): each operation there is one of IEEE 754, rounded to
// nearest in its own type: no wider registers, no contraction to fused operations, no algebra. (CMakeLists.txt has the
// options; contraction shows in no macro.)
#pragma once

#include <cfloat>

#if FLT_EVAL_METHOD != 0
#error "the frozen peers need FLT_EVAL_METHOD 0; on 32-bit x86 compile with -msse2 -mfpmath=sse"
#endif
#ifdef __FAST_MATH__
#error "the frozen peers need -fno-fast-math"
#endif
