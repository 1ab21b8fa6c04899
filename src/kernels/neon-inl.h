// SPDX-License-Identifier: MIT
// The vectors of NEON, of 128 bits.
#pragma once

#include <arm_neon.h>

#include "kernels/kernels.h"

namespace isopixel {
namespace {

struct Simd {
    static constexpr int64_t kLanes = 4;
    static constexpr int64_t kFoldedColumns = 64;
    using U16 = uint16x8_t;
    struct Pairs {
        int16x4_t first, second;
    };
    using Weights = int16x4_t;  // those of the first and the second of a pair in lanes 0 and 1
    using U32 = uint32x4_t;
    using U64 = uint64x2_t;
    using U8 = uint8x16_t;
    using F32 = float32x4_t;

    // Vectors of numbers of different widths are of different types here.
    struct Zero {
        operator U16() const { return vdupq_n_u16(0); }
        operator U32() const { return vdupq_n_u32(0); }
        operator U64() const { return vdupq_n_u64(0); }
    };
    static Zero zero() { return {}; }
    static void prefetch(const void *address) { __builtin_prefetch(address, 0, 2); }

    static U16 load_wide_u8(const uint8_t *p) { return vmovl_u8(vld1_u8(p)); }
    static U16 load_wide_u8(const uint8_t *p, int64_t n) {
        uint8_t samples[8] = {};
        __builtin_memcpy(samples, p, static_cast<size_t>(n));
        return load_wide_u8(samples);
    }
    static U16 load_u16(const uint16_t *p) { return vld1q_u16(p); }
    static void store_u16(uint16_t *p, U16 v) { vst1q_u16(p, v); }
    static U16 set_u16(int64_t value) { return vdupq_n_u16(static_cast<uint16_t>(value)); }
    static U16 add_u16(U16 a, U16 b) { return vaddq_u16(a, b); }
    static U16 min_u16(U16 a, U16 b) { return vminq_u16(a, b); }
    static U16 mul_u16(U16 a, U16 b) { return vmulq_u16(a, b); }
    static U16 mul_high_u16(U16 a, U16 b) {
        const U32 low = vmull_u16(vget_low_u16(a), vget_low_u16(b)), high = vmull_high_u16(a, b);
        return vuzp2q_u16(vreinterpretq_u16_u32(low), vreinterpretq_u16_u32(high));
    }
    // A shift to the left by a negative count is one to the right.
    static U16 shift_right_u16(U16 a, int count) { return vshlq_u16(a, vdupq_n_s16(static_cast<int16_t>(-count))); }

    static Weights set_weights(int64_t w0, int64_t w1) {
        return vset_lane_s16(static_cast<int16_t>(w1), vdup_n_s16(static_cast<int16_t>(w0)), 1);
    }
    static Pairs zip_u16(U16 a, U16 b, int half) {
        const int16x8_t first = vreinterpretq_s16_u16(a), second = vreinterpretq_s16_u16(b);
        if (half == 0) return {vget_low_s16(first), vget_low_s16(second)};
        return {vget_high_s16(first), vget_high_s16(second)};
    }
    static U32 dot_i16(Pairs pairs, Weights weights) {
        const int32x4_t product = vmull_lane_s16(pairs.first, weights, 0);
        return vreinterpretq_u32_s32(vmlal_lane_s16(product, pairs.second, weights, 1));
    }
    static U32 dot_i16(U32 pairs, Weights weights) { return dot_i16(halves_of(pairs), weights); }
    static U32 add_dot_i16(U32 sum, U32 pairs, Weights weights) {
        const Pairs halves = halves_of(pairs);
        const int32x4_t first = vmlal_lane_s16(vreinterpretq_s32_u32(sum), halves.first, weights, 0);
        return vreinterpretq_u32_s32(vmlal_lane_s16(first, halves.second, weights, 1));
    }
    static U16 dot_shifted_i16(U16 a, U16 b, Weights weights, int64_t bias, int count) {
        const auto sum = [&](Pairs pairs) {
            return shift_right_u32(add_u32(dot_i16(pairs, weights), set_u32(bias)), count);
        };
        return narrow_u32(sum(zip_u16(a, b, 0)), sum(zip_u16(a, b, 1)));
    }
    static U16 narrow_u32(U32 low, U32 high) {
        return vuzp1q_u16(vreinterpretq_u16_u32(low), vreinterpretq_u16_u32(high));
    }

    static U32 load_u32(const uint32_t *p) { return vld1q_u32(p); }
    static void store_u32(uint32_t *p, U32 v) { vst1q_u32(p, v); }
    static U32 set_u32(int64_t value) { return vdupq_n_u32(static_cast<uint32_t>(value)); }
    static U32 add_u32(U32 a, U32 b) { return vaddq_u32(a, b); }
    static U32 sub_u32(U32 a, U32 b) { return vsubq_u32(a, b); }
    static U32 mul_u32(U32 a, U32 b) { return vmulq_u32(a, b); }
    static U32 half_u32(U32 a) { return vshrq_n_u32(a, 1); }
    static U32 shift_right_u32(U32 a, int count) { return vshlq_u32(a, vdupq_n_s32(-count)); }
    static U32 shift_right_i32(U32 a, int count) {
        return vreinterpretq_u32_s32(vshlq_s32(vreinterpretq_s32_u32(a), vdupq_n_s32(-count)));
    }
    static U32 increment_if_ge_u32(U32 q, U32 a, U32 b) { return vsubq_u32(q, vcgeq_u32(a, b)); }

    static U64 load_u64(const uint64_t *p) { return vld1q_u64(p); }
    static void store_u64(uint64_t *p, U64 v) { vst1q_u64(p, v); }
    static U64 set_u64(int64_t value) { return vdupq_n_u64(static_cast<uint64_t>(value)); }
    static U64 add_u64(U64 a, U64 b) { return vaddq_u64(a, b); }
    static U64 sub_u64(U64 a, U64 b) { return vsubq_u64(a, b); }
    static U64 mul_low_halves_u64(U64 a, U64 b) { return vmull_u32(vmovn_u64(a), vmovn_u64(b)); }
    static U64 shift_right_u64(U64 a, int count) { return vshlq_u64(a, vdupq_n_s64(-count)); }
    static U64 widen_u32(U32 a, int half) { return vmovl_u32(half == 0 ? vget_low_u32(a) : vget_high_u32(a)); }
    static U32 narrow_u64(U64 a, U64 b) { return vuzp1q_u32(vreinterpretq_u32_u64(a), vreinterpretq_u32_u64(b)); }
    static U64 increment_if_ge_u64(U64 q, U64 a, U64 b) { return vsubq_u64(q, vcgeq_u64(a, b)); }

    static bool is_zero(U32 a) { return vmaxvq_u32(a) == 0; }
    static U32 or_u32(U32 a, U32 b) { return vorrq_u32(a, b); }

    static F32 load_f32(const float *p) { return vld1q_f32(p); }
    static void store_f32(float *p, F32 f) { vst1q_f32(p, f); }
    static F32 set_f32(float value) { return vdupq_n_f32(value); }
    static F32 centred_f32(const uint8_t *p) {
        uint32_t bytes;
        __builtin_memcpy(&bytes, p, 4);
        const uint16x8_t wide = vmovl_u8(vreinterpret_u8_u32(vdup_n_u32(bytes)));
        return vsubq_f32(vcvtq_f32_u32(vmovl_u16(vget_low_u16(wide))), vdupq_n_f32(128));
    }
    static F32 add_f32(F32 a, F32 b) { return vaddq_f32(a, b); }
    static F32 add_product_f32(F32 sum, F32 a, F32 b) { return vfmaq_f32(sum, a, b); }
    static U32 byte_f32(F32 f) { return vcvtq_u32_f32(vminq_f32(vmaxq_f32(f, vdupq_n_f32(0)), vdupq_n_f32(255))); }
    static F32 scale_f32(F32 f, float factor) { return vmulq_n_f32(f, factor); }
    static F32 convert_f32(U32 n) { return vcvtq_f32_u32(n); }
    static F32 convert_i32(U32 n) { return vcvtq_f32_s32(vreinterpretq_s32_u32(n)); }
    static U32 round_f32(F32 f) { return vreinterpretq_u32_s32(vcvtnq_s32_f32(f)); }
    static U32 floor_f32(F32 f) { return vcvtq_u32_f32(f); }
    static U32 quotient_u32(U32 n, F32 f) { return vcvtq_u32_f32(vmulq_f32(vcvtq_f32_u32(n), f)); }

    template <int place>
    static U32 byte_u32(U32 a) {
        return vandq_u32(shift_right_u32(a, 8 * place), vdupq_n_u32(0xFF));
    }

    static void transpose_32(const uint32_t *const *lines, int64_t x, uint32_t *block) {
        const uint32x4x4_t rows = {
            {load_u32(lines[0] + x), load_u32(lines[1] + x), load_u32(lines[2] + x), load_u32(lines[3] + x)}};
        vst4q_u32(block, rows);
    }
    static void transpose_32(const float *const *lines, int64_t x, float *block) {
        const float32x4x4_t rows = {
            {load_f32(lines[0] + x), load_f32(lines[1] + x), load_f32(lines[2] + x), load_f32(lines[3] + x)}};
        vst4q_f32(block, rows);
    }
    using Order = uint8x16_t;
    static Order set_order(const uint8_t *places) { return vld1q_u8(places); }
    static void transpose_u8(const uint8_t *rows, ptrdiff_t stride, Order order, U32 *to) {
        const auto row = [&](ptrdiff_t l) {
            return vreinterpretq_u32_u8(vqtbl1q_u8(vld1q_u8(rows + l * stride), order));
        };
        const uint32x4x2_t even = vtrnq_u32(row(0), row(1)), odd = vtrnq_u32(row(2), row(3));
        for (int i = 0; i < 2; ++i) {
            to[i] = vcombine_u32(vget_low_u32(even.val[i]), vget_low_u32(odd.val[i]));
            to[i + 2] = vcombine_u32(vget_high_u32(even.val[i]), vget_high_u32(odd.val[i]));
        }
    }
    static U32 even_u8(U32 a) { return vandq_u32(a, vdupq_n_u32(0x00FF00FF)); }
    static U32 odd_u8(U32 a) { return vreinterpretq_u32_u16(vshrq_n_u16(vreinterpretq_u16_u32(a), 8)); }
    static U32 dot_i16x2(U32 a, const int16_t *weights) {
        uint32_t both;
        __builtin_memcpy(&both, weights, sizeof both);
        const int16x8_t p = vreinterpretq_s16_u32(a), w = vreinterpretq_s16_u32(vdupq_n_u32(both));
        const int32x4_t low = vmull_s16(vget_low_s16(p), vget_low_s16(w)), high = vmull_high_s16(p, w);
        return vreinterpretq_u32_s32(vpaddq_s32(low, high));
    }
    static void store_lanes_u8(const uint32_t *q, uint8_t *bytes) {
        const uint32x4x4_t a = vld4q_u32(q), b = vld4q_u32(q + 16), c = vld4q_u32(q + 32), d = vld4q_u32(q + 48);
        const auto halves = [](U32 low, U32 high) {
            return vuzp1q_s16(vreinterpretq_s16_u32(low), vreinterpretq_s16_u32(high));
        };
        for (int l = 0; l < 4; ++l) {
            const uint8x8_t first = vqmovun_s16(halves(a.val[l], b.val[l]));
            vst1q_u8(bytes + 16 * l, vqmovun_high_s16(first, halves(c.val[l], d.val[l])));
        }
    }

    struct TapOrder {
        explicit TapOrder(int64_t channels) {
            uint8_t places[8];
            for (int i = 0; i < 8; ++i) places[i] = static_cast<uint8_t>(i / 2 + (i % 2) * channels);
            shuffle = vld1_u8(places);
        }
        uint8x8_t shuffle;
    };
    static void pair_taps_u8(const uint8_t *p, TapOrder order, uint8_t *pairs) {
        vst1_u8(pairs, vtbl1_u8(vld1_u8(p), order.shuffle));
    }
    static U8 load_u8(const uint8_t *p) { return vld1q_u8(p); }
    static U8 or_u8(U8 a, U8 b) { return vorrq_u8(a, b); }
    static void zip_u8(U8 a, U8 b, U32 *to) {
        const U8 low = vzip1q_u8(a, b), high = vzip2q_u8(a, b);
        to[0] = vreinterpretq_u32_u16(vmovl_u8(vget_low_u8(low)));
        to[1] = vreinterpretq_u32_u16(vmovl_high_u8(low));
        to[2] = vreinterpretq_u32_u16(vmovl_u8(vget_low_u8(high)));
        to[3] = vreinterpretq_u32_u16(vmovl_high_u8(high));
    }
    static void store_zipped_u8(uint8_t *p, const U32 *v) {
        const auto narrow = [](U32 low, U32 high) {
            const int16x4_t first = vqmovn_s32(vreinterpretq_s32_u32(low));
            return vqmovun_s16(vqmovn_high_s32(first, vreinterpretq_s32_u32(high)));
        };
        vst1q_u8(p, vcombine_u8(narrow(v[0], v[1]), narrow(v[2], v[3])));
    }
    static U8 take_windows_u8(const uint8_t *row, const int32_t *windows, const uint8_t *shuffles) {
        return vqtbl1q_u8(load_u8(row + *windows), load_u8(shuffles));
    }
    static U8 take_pairs_u8(const uint8_t *row, const int32_t *first) {
        const auto pair = [&](int i) {
            uint16_t bytes;
            __builtin_memcpy(&bytes, row + first[i], 2);
            return bytes;
        };
        const U16 pairs = {pair(0), pair(1), pair(2), pair(3), pair(4), pair(5), pair(6), pair(7)};
        return vreinterpretq_u8_u16(pairs);
    }
    static U16 dot_u8(U8 pairs, U8 weights) {
        return vpaddq_u16(vmull_u8(vget_low_u8(pairs), vget_low_u8(weights)), vmull_high_u8(pairs, weights));
    }
    static U16 dot_shifted_u8(U8 pairs, const int16_t *weights, int64_t bias, int count) {
        const auto sum = [&](uint8x8_t half, const int16_t *of_half) {
            const int16x8_t p = vreinterpretq_s16_u16(vmovl_u8(half)), w = vld1q_s16(of_half);
            const int32x4_t low = vmull_s16(vget_low_s16(p), vget_low_s16(w)), high = vmull_high_s16(p, w);
            return shift_right_u32(add_u32(vreinterpretq_u32_s32(vpaddq_s32(low, high)), set_u32(bias)), count);
        };
        return narrow_u32(sum(vget_low_u8(pairs), weights), sum(vget_high_u8(pairs), weights + 8));
    }
    static U32 dot_quads_u8(U8 quads, const int16_t *even, const int16_t *odd) {
        const uint16x8_t pairs = vreinterpretq_u16_u8(quads);
        const int16x8_t p0 = vreinterpretq_s16_u16(vandq_u16(pairs, vdupq_n_u16(255))), w0 = vld1q_s16(even);
        const int16x8_t p1 = vreinterpretq_s16_u16(vshrq_n_u16(pairs, 8)), w1 = vld1q_s16(odd);
        const int32x4_t low = vmull_s16(vget_low_s16(p0), vget_low_s16(w0)), high = vmull_high_s16(p0, w0);
        return vreinterpretq_u32_s32(
            vpaddq_s32(vmlal_s16(low, vget_low_s16(p1), vget_low_s16(w1)), vmlal_high_s16(high, p1, w1)));
    }
    static void store_clipped_u8(uint8_t *p, U32 a, U32 b, U32 c, U32 d) {
        const auto narrow = [](U32 low, U32 high) {
            return vqmovun_high_s32(vqmovun_s32(vreinterpretq_s32_u32(low)), vreinterpretq_s32_u32(high));
        };
        vst1q_u8(p, vqmovn_high_u16(vqmovn_u16(narrow(a, b)), narrow(c, d)));
    }
    static void store_quarters_u8(uint8_t *p, U32 a, U32 b, U32 c, U32 d) {
        store_narrow_u8(p, narrow_u32(a, b), narrow_u32(c, d));
    }
    static void store_narrow_u8(uint8_t *p, U16 a, U16 b) {
        vst1q_u8(p, vuzp1q_u8(vreinterpretq_u8_u16(a), vreinterpretq_u8_u16(b)));
    }

    // For direct-128-inl.h.
    static U8 add_u8(U8 a, int64_t number) { return vaddq_u8(a, vdupq_n_u8(static_cast<uint8_t>(number))); }
    static U8 take_u8(U8 bytes, U8 places) { return vqtbl1q_u8(bytes, places); }
    static U32 and_u32(U32 a, U32 b) { return vandq_u32(a, b); }
    static U32 pack_u32(U32 low, U32 high) { return vsliq_n_u32(low, high, 16); }
    template <bool kNarrow>
    struct QuadSums {
        struct Weights {
            U8 low, upper;
        };
        static Weights load(const uint8_t *low, const uint8_t *upper) {
            return {vld1q_u8(low), kNarrow ? vdupq_n_u8(0) : vld1q_u8(upper)};
        }
        void add(U8 quads, Weights weights) {
            low = add_dot_u8(low, quads, weights.low);
            if (!kNarrow) upper = add_dot_u8(upper, quads, weights.upper);
        }
        U32 all() const { return kNarrow ? low : vaddq_u32(low, vshlq_n_u32(upper, 7)); }

        U32 low = zero(), upper = zero();
    };

  private:
    // Adds the products of four bytes, each with its weight up to 127, to each sum.
    static U32 add_dot_u8(U32 sums, U8 bytes, U8 weights) {
#ifdef __ARM_FEATURE_DOTPROD
        return vdotq_u32(sums, bytes, weights);
#else
        const U16 low = vmull_u8(vget_low_u8(bytes), vget_low_u8(weights)), high = vmull_high_u8(bytes, weights);
        return vpadalq_u16(sums, vpaddq_u16(low, high));
#endif
    }
    static Pairs halves_of(U32 pairs) {
        return {vreinterpret_s16_u16(vmovn_u32(pairs)), vreinterpret_s16_u16(vshrn_n_u32(pairs, 16))};
    }
};

}  // namespace
}  // namespace isopixel
