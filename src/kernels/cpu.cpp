// SPDX-License-Identifier: MIT
// Asks the CPU itself: __builtin_cpu_supports needs a library of the compiler's that clang-cl does not link.
#include "kernels/cpu.h"

#include "kernels/tables.h"

#ifdef ISOPIXEL_X86
#include <cpuid.h>

namespace isopixel {
namespace {

// The registers that the operating system saves, bits of XCR0: XMM and YMM; opmasks, ZMM0 … 15 and ZMM16 … 31.
constexpr unsigned kYmm = 0x06;
#ifdef __APPLE__
constexpr unsigned kZmm = kYmm;  // it sets the other bits once a thread has used them
#else
constexpr unsigned kZmm = kYmm | 0xE0;
#endif

// The features of a set, bits of what leaf 7 returns in two registers.
struct Features {
    unsigned ebx, ecx;
};
constexpr Features kAvx2 = {bit_AVX2, 0};
constexpr Features kAvx512 = {kAvx2.ebx | bit_AVX512F | bit_AVX512BW | bit_AVX512DQ | bit_AVX512VL, 0};
constexpr Features kAvx512Vnni = {kAvx512.ebx, bit_AVX512VBMI | bit_AVX512VNNI};

bool has(Features features, unsigned registers) {
    unsigned eax, ebx, ecx, edx;
    constexpr unsigned kFirst = bit_OSXSAVE | bit_FMA;
    if (!__get_cpuid(1, &eax, &ebx, &ecx, &edx) || (ecx & kFirst) != kFirst) return false;
    unsigned saved;
    __asm__ volatile("xgetbv" : "=a"(saved), "=d"(edx) : "c"(0));
    return (saved & registers) == registers && __get_cpuid_count(7, 0, &eax, &ebx, &ecx, &edx) &&
           (ebx & features.ebx) == features.ebx && (ecx & features.ecx) == features.ecx;
}

}  // namespace

bool has_avx2() { return has(kAvx2, kYmm); }
bool has_avx512() { return has(kAvx512, kZmm); }
bool has_avx512vnni() { return has(kAvx512Vnni, kZmm); }

}  // namespace isopixel
#endif

#ifdef ISOPIXEL_NEON
#ifdef __linux__
#include <sys/auxv.h>
#elif defined(__APPLE__)
#include <sys/sysctl.h>
#endif

namespace isopixel {

#ifdef __linux__
bool has_neondot() { return (getauxval(AT_HWCAP) & HWCAP_ASIMDDP) != 0; }
#elif defined(__APPLE__)
bool has_neondot() {
    int has = 0;
    size_t size = sizeof has;
    return sysctlbyname("hw.optional.arm.FEAT_DotProd", &has, &size, nullptr, 0) == 0 && has != 0;
}
#else
bool has_neondot() { return false; }
#endif

}  // namespace isopixel
#endif
