// SPDX-License-Identifier: MIT
#include "dispatch.h"

#include <atomic>
#include <cstdlib>
#include <vector>

namespace isopix {

#ifdef ISOPIX_X86
extern const Kernels kAvx2Kernels, kAvx512Kernels;
#endif
#ifdef ISOPIX_NEON
extern const Kernels kNeonKernels;
#endif

namespace {

const std::vector<const Kernels *> &all_available() {
    static const std::vector<const Kernels *> all = [] {
        std::vector<const Kernels *> found = {&kScalarKernels};
#ifdef ISOPIX_X86
        // Each set with every feature that its file is compiled with. (Asks the operating system's support too.)
        const bool avx2 = __builtin_cpu_supports("avx2");
        const bool avx512 = avx2 && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
                            __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl");
        if (avx2) found.push_back(&kAvx2Kernels);
        if (avx512) found.push_back(&kAvx512Kernels);
#endif
#ifdef ISOPIX_NEON
        found.push_back(&kNeonKernels);  // part of every AArch64
#endif
        return found;
    }();
    return all;
}

const Kernels *find(const std::string &isa) {
    for (const Kernels *kernels : all_available())
        if (kernels->isa == isa) return kernels;
    return nullptr;
}

// Null until the first use.
std::atomic<const Kernels *> current{nullptr};

}  // namespace

const Kernels *available_kernels(size_t index) {
    return index < all_available().size() ? all_available()[index] : nullptr;
}

const Kernels *current_kernels() {
    const Kernels *kernels = current.load();
    if (kernels) return kernels;
    const char *wanted = std::getenv("ISOPIX_ISA");
    kernels = wanted && *wanted ? find(wanted) : all_available().back();
    const Kernels *none = nullptr;  // another thread may have set it meanwhile
    return kernels && !current.compare_exchange_strong(none, kernels) ? none : kernels;
}

bool set_kernels(const std::string &isa) {
    const Kernels *kernels = find(isa);
    if (kernels) current.store(kernels);
    return kernels != nullptr;
}

}  // namespace isopix
