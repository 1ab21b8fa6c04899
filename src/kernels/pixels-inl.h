// SPDX-License-Identifier: MIT
// Result pixels of all lanes, from vectors to bytes of the rows.
#pragma once

#include <cstring>

#include "kernels/lanes-inl.h"

namespace isopixel {
namespace {

// Stores result pixels of all lanes, whose samples follow each other from `quotients` on, as bytes of the rows.
constexpr int64_t kByteStep = 16;  // samples

template <class AnyBlock>
void store_pixels(const AnyBlock &block, const uint32_t *quotients, int64_t first, int64_t count) {
    uint8_t *out = block.out + first * block.channels;
    uint8_t bytes[kLanes * kByteStep];
    int64_t n = count * block.channels;
    for (; n >= kByteStep; n -= kByteStep, out += kByteStep, quotients += kByteStep * kLanes) {
        Simd::store_lanes_u8(quotients, bytes);
        for (int64_t l = 0; l < block.rows; ++l) std::memcpy(out + l * block.stride, bytes + l * kByteStep, kByteStep);
    }
    if (n == 0) return;
    Simd::store_lanes_u8(quotients, bytes);
    for (int64_t l = 0; l < block.rows; ++l)
        std::memcpy(out + l * block.stride, bytes + l * kByteStep, static_cast<size_t>(n));
}

// Result pixels of all lanes, one after the other, which are stored kQuotientPixels at a time.
template <class AnyBlock>
class Pixels {
  public:
    // The first is pixel 0, or -1, which is left out.
    Pixels(const AnyBlock &block, int64_t first)
        : block_(block), pixel_(block.channels * kLanes), quotients_(block.quotients + pixel_), filled_(first) {}

    // The place for the samples of the pixel that comes now.
    uint32_t *now() const { return quotients_ + filled_ * pixel_; }
    void next() {
        if (++filled_ == kQuotientPixels) store();
    }
    void store() {
        store_pixels(block_, quotients_, stored_, filled_);
        stored_ += filled_;
        filled_ = 0;
    }

  private:
    const AnyBlock &block_;
    const int64_t pixel_;
    uint32_t *const quotients_;
    int64_t stored_ = 0, filled_;
};

}  // namespace
}  // namespace isopixel
