// SPDX-License-Identifier: MIT
// What the sets of x86 do alike, in 128 bits.
#pragma once

#include <immintrin.h>

#include <cstdint>

namespace isopixel {
namespace {

struct X86 {
    static void prefetch(const void *address) { __builtin_prefetch(address, 0, 2); }

    static __m128i load_128(const void *p) { return _mm_loadu_si128(static_cast<const __m128i *>(p)); }

    using Order = __m128i;
    static Order set_order(const uint8_t *places) { return load_128(places); }

    struct TapOrder {
        explicit TapOrder(int64_t channels) {
            alignas(16) uint8_t places[16];
            for (int i = 0; i < 16; ++i) places[i] = static_cast<uint8_t>(i / 2 + (i % 2) * channels);
            shuffle = load_128(places);
        }
        __m128i shuffle;
    };
    static void pair_taps_u8(const uint8_t *p, TapOrder order, uint8_t *pairs) {
        const __m128i taps = _mm_loadl_epi64(reinterpret_cast<const __m128i *>(p));
        _mm_storel_epi64(reinterpret_cast<__m128i *>(pairs), _mm_shuffle_epi8(taps, order.shuffle));
    }
    static __m128i take_8_pairs(const uint8_t *row, const int32_t *first) {
        const auto pair = [&](int i) {
            int16_t bytes;
            __builtin_memcpy(&bytes, row + first[i], 2);
            return bytes;
        };
        return _mm_setr_epi16(pair(0), pair(1), pair(2), pair(3), pair(4), pair(5), pair(6), pair(7));
    }
};

}  // namespace
}  // namespace isopixel
