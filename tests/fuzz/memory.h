// SPDX-License-Identifier: MIT
// Memory that runs out when it is told to, and that counts what is taken of it.
#pragma once

#include <cstddef>
#include <cstdint>

// What a thread keeps for its next resizes (isopixel.h), with the objects in which it keeps it.
constexpr int64_t kKept = (2 << 20) + 16 * 1024;

// While one lives, operator new throws std::bad_alloc beyond `bytes`, and from allocation number `allocations` on.
class MemoryLimit {
  public:
    explicit MemoryLimit(int64_t bytes, int64_t allocations = INT64_MAX);
    ~MemoryLimit();
    MemoryLimit(const MemoryLimit &) = delete;

    bool refused() const;   // was an allocation refused?
    int64_t taken() const;  // bytes that are taken now, beyond those before
    int64_t most() const;   // and the most at once
};
