// SPDX-License-Identifier: MIT
// In place of src/kernels/cpu.cpp: a processor that has what emulation.cmake emulates.
#include "kernels/cpu.h"

#include "kernels/tables.h"

#ifdef ISOPIXEL_X86
namespace isopixel {

bool has_avx2() { return __builtin_cpu_supports("avx2"); }
bool has_avx512() { return has_avx2(); }
bool has_avx512vnni() { return has_avx2(); }

}  // namespace isopixel
#endif
