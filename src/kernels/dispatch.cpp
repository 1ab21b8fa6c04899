// SPDX-License-Identifier: MIT
#include "kernels/dispatch.h"

#include <atomic>
#include <cstdlib>

#include "kernels/cpu.h"
#include "kernels/tables.h"

namespace isopixel {
namespace {

// From the plainest to the best. (If a compiler finds no vectors in the loops of `plain`, they are far slower than the
// scalar ones.) Not a std::vector: a call that asks for them cannot fail for want of memory.
struct Available {
    const Kernels *kernels[5];
    size_t count = 0;

    Available() {
#ifndef ISOPIXEL_ONE_SET  // a small module for WebAssembly has the best one alone
        kernels[count++] = &kPlainKernels;
#endif
#if !defined(ISOPIXEL_ONE_SET) || !defined(ISOPIXEL_SIMD128)
        kernels[count++] = &kScalarKernels;
#endif
#ifdef ISOPIXEL_X86
        if (has_avx2()) kernels[count++] = &kAvx2Kernels;
        if (has_avx512()) kernels[count++] = &kAvx512Kernels;
        if (has_avx512vnni()) kernels[count++] = &kAvx512VnniKernels;
#endif
#ifdef ISOPIXEL_NEON
        kernels[count++] = &kNeonKernels;  // part of every AArch64
        if (has_neondot()) kernels[count++] = &kNeonDotKernels;
#endif
#ifdef ISOPIXEL_SIMD128
        kernels[count++] = &kSimd128Kernels;  // a host without it has refused the module
#endif
    }
};

const Available &all_available() {
    static const Available all;
    return all;
}

const Kernels *find(std::string_view isa) {
    const Available &all = all_available();
    for (size_t i = 0; i < all.count; ++i)
        if (all.kernels[i]->isa == isa) return all.kernels[i];
    return nullptr;
}

// Null until the first use.
std::atomic<const Kernels *> current{nullptr};

}  // namespace

const Kernels *available_kernels(size_t index) {
    const Available &all = all_available();
    return index < all.count ? all.kernels[index] : nullptr;
}

const Kernels *current_kernels() {
    const Kernels *kernels = current.load();
    if (kernels) return kernels;
    const char *wanted = std::getenv("ISOPIXEL_ISA");
    kernels = wanted && *wanted ? find(wanted) : available_kernels(all_available().count - 1);
    const Kernels *none = nullptr;  // another thread may have set it meanwhile
    return kernels && !current.compare_exchange_strong(none, kernels) ? none : kernels;
}

bool set_kernels(std::string_view isa) {
    const Kernels *kernels = find(isa);
    if (kernels) current.store(kernels);
    return kernels != nullptr;
}

}  // namespace isopixel
