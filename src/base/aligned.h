// SPDX-License-Identifier: MIT
// Memory for vectors.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>

#include "base/sizes.h"

namespace isopixel {

// Numbers, all 0 at first, that begin with a cache line.
template <class T>
class AlignedArray {
  public:
    explicit AlignedArray(int64_t size = 0)
        : size_(allocation_size(size + kSpare)), memory_(new T[size_]()), data_(memory_.get()) {
        const size_t behind = reinterpret_cast<uintptr_t>(data_) % kLine;
        if (behind) data_ += (kLine - behind) / sizeof(T);
    }

    size_t bytes() const { return size_ * sizeof(T); }

    T *data() { return data_; }
    const T *data() const { return data_; }

  private:
    static constexpr size_t kLine = 64;
    static constexpr int64_t kSpare = kLine / sizeof(T);
    size_t size_;  // with what is left out for the alignment
    std::unique_ptr<T[]> memory_;
    T *data_;
};

}  // namespace isopixel
