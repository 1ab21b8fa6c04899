// SPDX-License-Identifier: MIT
// Memory, and what the C and C++ libraries would ask a host for: the modules import nothing.
//
// Memory that cannot be had traps, with out_of_memory() then 1: the core is compiled without exceptions, and what it
// was doing is lost. The instance is of no use after that, and the caller begins another one.
#include "host.h"

#include <cstdlib>
#include <new>

char sentence[kMostSaid];

namespace {

constexpr size_t kPage = 65536;

double results[8];
bool is_out_of_memory = false;
size_t limit = SIZE_MAX;  // of all memory, in bytes

[[noreturn]] void no_memory() {
    is_out_of_memory = true;
    __builtin_trap();
}

}  // namespace

void give_numbers(std::initializer_list<double> numbers) {
    double *to = results;
    for (const double one : numbers) *to++ = one;
}

EXPORT(numbers) const double *numbers() { return results; }
EXPORT(said) const char *said() { return sentence; }
EXPORT(status_text) const char *status_text(int status) {
    return isopixel_status_text(static_cast<isopixel_status>(status));
}

EXPORT(allocate) void *allocate(size_t n) { return operator new(n); }
EXPORT(release) void release(void *memory) { operator delete(memory); }
EXPORT(set_limit) void set_limit(double bytes) { limit = static_cast<size_t>(bytes); }
EXPORT(out_of_memory) int out_of_memory() { return is_out_of_memory; }

// malloc calls it for more, in whole pages.
extern "C" void *sbrk(intptr_t increment) {
    const size_t pages = __builtin_wasm_memory_size(0), more = static_cast<size_t>(increment);
    if (increment == 0) return reinterpret_cast<void *>(pages * kPage);
    if (increment < 0 || more > limit || pages * kPage > limit - more ||
        __builtin_wasm_memory_grow(0, more / kPage) == SIZE_MAX)
        return reinterpret_cast<void *>(-1);
    return reinterpret_cast<void *>(pages * kPage);
}

void *operator new(size_t n) {
    if (void *memory = std::malloc(n ? n : 1)) return memory;
    no_memory();
}
void *operator new[](size_t n) { return operator new(n); }
void operator delete(void *memory) noexcept { std::free(memory); }
void operator delete[](void *memory) noexcept { std::free(memory); }
void operator delete(void *memory, size_t) noexcept { std::free(memory); }
void operator delete[](void *memory, size_t) noexcept { std::free(memory); }

// There is no environment.
extern "C" char *getenv(const char *) { return nullptr; }

// libc++ ends here where it would throw: length_error, of a vector beyond the address space.
_LIBCPP_BEGIN_NAMESPACE_STD
[[noreturn]] void __libcpp_verbose_abort(const char *, ...) { no_memory(); }
_LIBCPP_END_NAMESPACE_STD

// What ends a program for other reasons prints nothing.
extern "C" void abort() { __builtin_trap(); }
extern "C" void abort_message(const char *, ...) { __builtin_trap(); }
