// SPDX-License-Identifier: MIT
#include "memory.h"

#include <malloc.h>

#include <atomic>
#include <cstdlib>
#include <new>

namespace {

std::atomic<int64_t> live{0};  // bytes of all that operator new has given
// Set while there is one thread.
struct {
    std::atomic<bool> on, refused;
    int64_t before, bytes;
    std::atomic<int64_t> allocations;
} limit;

bool allowed(size_t n) {
    if (!limit.on) return true;
    const int64_t left = limit.bytes - (live - limit.before);
    if (limit.allocations-- > 0 && left >= 0 && n <= static_cast<uint64_t>(left)) return true;
    limit.refused = true;
    return false;
}

}  // namespace

// Over malloc, so that the address sanitizer still sees each block.
void *operator new(size_t n, const std::nothrow_t &) noexcept {
    void *block = allowed(n) ? std::malloc(n) : nullptr;
    if (!block) return nullptr;
    live += static_cast<int64_t>(malloc_usable_size(block));
    return block;
}
void *operator new[](size_t n, const std::nothrow_t &nothrow) noexcept { return operator new(n, nothrow); }
void *operator new(size_t n) {
    void *block = operator new(n, std::nothrow);
    if (!block) throw std::bad_alloc();
    return block;
}
void *operator new[](size_t n) { return operator new(n); }
void operator delete(void *block) noexcept {
    live -= static_cast<int64_t>(malloc_usable_size(block));
    std::free(block);
}
void operator delete[](void *block) noexcept { operator delete(block); }
void operator delete(void *block, size_t) noexcept { operator delete(block); }
void operator delete[](void *block, size_t) noexcept { operator delete(block); }

MemoryLimit::MemoryLimit(int64_t bytes, int64_t allocations) {
    limit.refused = false;
    limit.before = live;
    limit.bytes = bytes;
    limit.allocations = allocations;
    limit.on = true;
}
MemoryLimit::~MemoryLimit() { limit.on = false; }
bool MemoryLimit::refused() const { return limit.refused; }
int64_t MemoryLimit::taken() const { return live - limit.before; }
