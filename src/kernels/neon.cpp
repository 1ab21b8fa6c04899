// SPDX-License-Identifier: MIT
// NEON of AArch64, part of its baseline. (Little-endian: a big-endian one gets the scalar kernels.)
#include "kernels/kernels.h"

#ifdef ISOPIXEL_NEON
#include <arm_neon.h>

namespace isopixel {

extern const Kernels kNeonKernels;

namespace {

struct Simd {
    static constexpr int64_t kLanes = 4;
    using U16 = uint16x8_t;
    struct Pairs {
        int16x4_t first, second;
    };
    using Weights = int16x4_t;  // those of the first and the second of a pair in lanes 0 and 1
    using U32 = uint32x4_t;
    using U64 = uint64x2_t;
    using Bytes = uint8x16_t;
    using Float = float32x4_t;

    // Vectors of numbers of different widths are of different types here.
    struct Zero {
        operator U16() const { return vdupq_n_u16(0); }
        operator U32() const { return vdupq_n_u32(0); }
        operator U64() const { return vdupq_n_u64(0); }
    };
    static Zero zero() { return {}; }

    static U16 load_u8(const uint8_t *p) { return vmovl_u8(vld1_u8(p)); }
    static U16 load_u8(const uint8_t *p, int64_t n) {
        uint8_t samples[8] = {};
        __builtin_memcpy(samples, p, static_cast<size_t>(n));
        return load_u8(samples);
    }
    static U16 load16(const uint16_t *p) { return vld1q_u16(p); }
    static void store16(uint16_t *p, U16 v) { vst1q_u16(p, v); }
    static U16 set16(int64_t value) { return vdupq_n_u16(static_cast<uint16_t>(value)); }
    static U16 add16(U16 a, U16 b) { return vaddq_u16(a, b); }
    static U16 least16(U16 a, U16 b) { return vminq_u16(a, b); }
    static U16 mul16(U16 a, U16 b) { return vmulq_u16(a, b); }
    static U16 mul_high16(U16 a, U16 b) {
        const U32 low = vmull_u16(vget_low_u16(a), vget_low_u16(b)), high = vmull_high_u16(a, b);
        return vuzp2q_u16(vreinterpretq_u16_u32(low), vreinterpretq_u16_u32(high));
    }
    // A shift to the left by a negative count is one to the right.
    static U16 shift_right16(U16 a, int count) { return vshlq_u16(a, vdupq_n_s16(static_cast<int16_t>(-count))); }

    static Weights weights(int64_t w0, int64_t w1) {
        return vset_lane_s16(static_cast<int16_t>(w1), vdup_n_s16(static_cast<int16_t>(w0)), 1);
    }
    static Pairs zip(U16 a, U16 b, int half) {
        const int16x8_t first = vreinterpretq_s16_u16(a), second = vreinterpretq_s16_u16(b);
        if (half == 0) return {vget_low_s16(first), vget_low_s16(second)};
        return {vget_high_s16(first), vget_high_s16(second)};
    }
    static U32 dot(Pairs pairs, Weights weights) {
        const int32x4_t product = vmull_lane_s16(pairs.first, weights, 0);
        return vreinterpretq_u32_s32(vmlal_lane_s16(product, pairs.second, weights, 1));
    }
    static U16 dot_shifted(U16 a, U16 b, Weights weights, int64_t bias, int count) {
        const auto sum = [&](Pairs pairs) { return shift_right(add(dot(pairs, weights), set(bias)), count); };
        return narrow16(sum(zip(a, b, 0)), sum(zip(a, b, 1)));
    }
    static U16 narrow16(U32 low, U32 high) {
        return vuzp1q_u16(vreinterpretq_u16_u32(low), vreinterpretq_u16_u32(high));
    }

    static U32 load(const uint32_t *p) { return vld1q_u32(p); }
    static void store(uint32_t *p, U32 v) { vst1q_u32(p, v); }
    static U32 set(int64_t value) { return vdupq_n_u32(static_cast<uint32_t>(value)); }
    static U32 add(U32 a, U32 b) { return vaddq_u32(a, b); }
    static U32 sub(U32 a, U32 b) { return vsubq_u32(a, b); }
    static U32 mul(U32 a, U32 b) { return vmulq_u32(a, b); }
    static U32 half(U32 a) { return vshrq_n_u32(a, 1); }
    static U32 shift_right(U32 a, int count) { return vshlq_u32(a, vdupq_n_s32(-count)); }
    static U32 least(U32 a, U32 b) { return vminq_u32(a, b); }
    static U32 add_unless_less(U32 q, U32 a, U32 b) { return vsubq_u32(q, vcgeq_u32(a, b)); }

    static U64 load64(const uint64_t *p) { return vld1q_u64(p); }
    static void store64(uint64_t *p, U64 v) { vst1q_u64(p, v); }
    static U64 set64(int64_t value) { return vdupq_n_u64(static_cast<uint64_t>(value)); }
    static U64 add64(U64 a, U64 b) { return vaddq_u64(a, b); }
    static U64 sub64(U64 a, U64 b) { return vsubq_u64(a, b); }
    static U64 mul_32(U64 a, U64 b) { return vmull_u32(vmovn_u64(a), vmovn_u64(b)); }
    static U64 shift_right64(U64 a, int count) { return vshlq_u64(a, vdupq_n_s64(-count)); }
    static U64 widen(U32 a, int half) { return vmovl_u32(half == 0 ? vget_low_u32(a) : vget_high_u32(a)); }
    static U32 narrow(U64 a, U64 b) { return vuzp1q_u32(vreinterpretq_u32_u64(a), vreinterpretq_u32_u64(b)); }
    static U64 add_unless_less64(U64 q, U64 a, U64 b) { return vsubq_u64(q, vcgeq_u64(a, b)); }

    static Float load_float(const float *p) { return vld1q_f32(p); }
    static Float scale(Float f, float factor) { return vmulq_n_f32(f, factor); }
    static U32 quotient(U32 n, Float f) { return vcvtq_u32_f32(vmulq_f32(vcvtq_f32_u32(n), f)); }

    static void transpose(const uint32_t *const *lines, int64_t x, uint32_t *block) {
        const uint32x4x4_t rows = {{load(lines[0] + x), load(lines[1] + x), load(lines[2] + x), load(lines[3] + x)}};
        vst4q_u32(block, rows);
    }
    using Order = uint8x16_t;
    static Order order(const uint8_t *places) { return vld1q_u8(places); }
    static void transpose_bytes(const uint8_t *rows, ptrdiff_t stride, Order order, U32 *to) {
        const auto row = [&](ptrdiff_t l) {
            return vreinterpretq_u32_u8(vqtbl1q_u8(vld1q_u8(rows + l * stride), order));
        };
        const uint32x4x2_t even = vtrnq_u32(row(0), row(1)), odd = vtrnq_u32(row(2), row(3));
        for (int i = 0; i < 2; ++i) {
            to[i] = vcombine_u32(vget_low_u32(even.val[i]), vget_low_u32(odd.val[i]));
            to[i + 2] = vcombine_u32(vget_high_u32(even.val[i]), vget_high_u32(odd.val[i]));
        }
    }
    static U32 even_bytes(U32 a) { return vandq_u32(a, vdupq_n_u32(0x00FF00FF)); }
    static U32 odd_bytes(U32 a) { return vreinterpretq_u32_u16(vshrq_n_u16(vreinterpretq_u16_u32(a), 8)); }
    static U32 dot_two(U32 a, const int16_t *weights) {
        uint32_t both;
        __builtin_memcpy(&both, weights, sizeof both);
        const int16x8_t p = vreinterpretq_s16_u32(a), w = vreinterpretq_s16_u32(vdupq_n_u32(both));
        const int32x4_t low = vmull_s16(vget_low_s16(p), vget_low_s16(w)), high = vmull_high_s16(p, w);
        return vreinterpretq_u32_s32(vpaddq_s32(low, high));
    }
    static void bytes_of_lanes(const uint32_t *q, uint8_t *bytes) {
        const uint32x4x4_t a = vld4q_u32(q), b = vld4q_u32(q + 16), c = vld4q_u32(q + 32), d = vld4q_u32(q + 48);
        const auto halves = [](U32 low, U32 high) {
            return vreinterpretq_u8_u16(vuzp1q_u16(vreinterpretq_u16_u32(low), vreinterpretq_u16_u32(high)));
        };
        for (int l = 0; l < 4; ++l)
            vst1q_u8(bytes + 16 * l, vuzp1q_u8(halves(a.val[l], b.val[l]), halves(c.val[l], d.val[l])));
    }

    struct TapOrder {
        explicit TapOrder(int64_t channels) {
            uint8_t places[8];
            for (int i = 0; i < 8; ++i) places[i] = static_cast<uint8_t>(i / 2 + (i % 2) * channels);
            shuffle = vld1_u8(places);
        }
        uint8x8_t shuffle;
    };
    static void order_taps(const uint8_t *p, TapOrder order, uint8_t *pairs) {
        vst1_u8(pairs, vtbl1_u8(vld1_u8(p), order.shuffle));
    }
    static Bytes load_bytes(const uint8_t *p) { return vld1q_u8(p); }
    static Bytes take_windows(const uint8_t *row, const int32_t *windows, const uint8_t *shuffles) {
        return vqtbl1q_u8(load_bytes(row + *windows), load_bytes(shuffles));
    }
    static Bytes take_pairs(const uint8_t *row, const int32_t *first) {
        const auto pair = [&](int i) {
            uint16_t bytes;
            __builtin_memcpy(&bytes, row + first[i], 2);
            return bytes;
        };
        const U16 pairs = {pair(0), pair(1), pair(2), pair(3), pair(4), pair(5), pair(6), pair(7)};
        return vreinterpretq_u8_u16(pairs);
    }
    static U16 dot_bytes(Bytes pairs, Bytes weights) {
        return vpaddq_u16(vmull_u8(vget_low_u8(pairs), vget_low_u8(weights)), vmull_high_u8(pairs, weights));
    }
    static U16 dot_wide(Bytes pairs, const int16_t *weights, int64_t bias, int count) {
        const auto sum = [&](uint8x8_t half, const int16_t *of_half) {
            const int16x8_t p = vreinterpretq_s16_u16(vmovl_u8(half)), w = vld1q_s16(of_half);
            const int32x4_t low = vmull_s16(vget_low_s16(p), vget_low_s16(w)), high = vmull_high_s16(p, w);
            return shift_right(add(vreinterpretq_u32_s32(vpaddq_s32(low, high)), set(bias)), count);
        };
        return narrow16(sum(vget_low_u8(pairs), weights), sum(vget_high_u8(pairs), weights + 8));
    }
    static void store_u8(uint8_t *p, U16 a, U16 b) {
        vst1q_u8(p, vuzp1q_u8(vreinterpretq_u8_u16(a), vreinterpretq_u8_u16(b)));
    }
};

#include "kernels/lanes-inl.h"

}  // namespace

const Kernels kNeonKernels = {"neon",      kLanes,        fold_rows,    blend_rows, kFinish32,
                              kFinish64,   weigh_windows, add_weighted, round_sums, tap_row,
                              blend_lines, blend_linear,  blend_exact,  blend_fixed};

}  // namespace isopixel

#endif
