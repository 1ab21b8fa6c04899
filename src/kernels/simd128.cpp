// SPDX-License-Identifier: MIT
// The vectors of WebAssembly, of 128 bits: part of a module that is compiled with -msimd128, which no host without them
// loads. (There are few registers where the host is an x86 processor, and no fused products.)
#include "kernels/tables.h"

#ifdef ISOPIXEL_SIMD128
#include <wasm_simd128.h>

namespace isopixel {
namespace {

struct Simd {
    static constexpr int64_t kLanes = 4;
    static constexpr int64_t kFoldedColumns = 32;
    using U16 = v128_t;
    using Pairs = v128_t;
    using Weights = v128_t;
    using U32 = v128_t;
    using U64 = v128_t;
    using U8 = v128_t;
    using F32 = v128_t;

    static v128_t zero() { return wasm_u32x4_const_splat(0); }
    static void prefetch(const void *) {}

    static U16 load_wide_u8(const uint8_t *p) { return wasm_u16x8_load8x8(p); }
    static U16 load_wide_u8(const uint8_t *p, int64_t n) {
        uint8_t samples[8] = {};
        __builtin_memcpy(samples, p, static_cast<size_t>(n));
        return load_wide_u8(samples);
    }
    static U16 load_u16(const uint16_t *p) { return wasm_v128_load(p); }
    static void store_u16(uint16_t *p, U16 v) { wasm_v128_store(p, v); }
    static U16 set_u16(int64_t value) { return wasm_u16x8_splat(static_cast<uint16_t>(value)); }
    static U16 add_u16(U16 a, U16 b) { return wasm_i16x8_add(a, b); }
    static U16 min_u16(U16 a, U16 b) { return wasm_u16x8_min(a, b); }
    static U16 mul_u16(U16 a, U16 b) { return wasm_i16x8_mul(a, b); }
    static U16 mul_high_u16(U16 a, U16 b) {
        const U32 low = wasm_u32x4_extmul_low_u16x8(a, b), high = wasm_u32x4_extmul_high_u16x8(a, b);
        return wasm_i16x8_shuffle(low, high, 1, 3, 5, 7, 9, 11, 13, 15);
    }
    static U16 shift_right_u16(U16 a, int count) { return wasm_u16x8_shr(a, static_cast<uint32_t>(count)); }

    static Weights set_weights(int64_t w0, int64_t w1) {
        const uint32_t low = static_cast<uint16_t>(w0), high = static_cast<uint16_t>(w1);
        return wasm_u32x4_splat(high << 16 | low);
    }
    static Pairs zip_u16(U16 a, U16 b, int half) {
        if (half == 0) return wasm_i16x8_shuffle(a, b, 0, 8, 1, 9, 2, 10, 3, 11);
        return wasm_i16x8_shuffle(a, b, 4, 12, 5, 13, 6, 14, 7, 15);
    }
    static U32 dot_i16(Pairs pairs, Weights weights) { return wasm_i32x4_dot_i16x8(pairs, weights); }
    static U32 add_dot_i16(U32 sum, Pairs pairs, Weights weights) { return add_u32(sum, dot_i16(pairs, weights)); }
    static U16 dot_shifted_i16(U16 a, U16 b, Weights weights, int64_t bias, int count) {
        const auto sum = [&](Pairs pairs) {
            return shift_right_u32(add_u32(dot_i16(pairs, weights), set_u32(bias)), count);
        };
        return narrow_u32(sum(zip_u16(a, b, 0)), sum(zip_u16(a, b, 1)));
    }
    static U16 narrow_u32(U32 a, U32 b) { return wasm_u16x8_narrow_i32x4(a, b); }

    static U32 load_u32(const uint32_t *p) { return wasm_v128_load(p); }
    static void store_u32(uint32_t *p, U32 v) { wasm_v128_store(p, v); }
    static U32 set_u32(int64_t value) { return wasm_u32x4_splat(static_cast<uint32_t>(value)); }
    static U32 add_u32(U32 a, U32 b) { return wasm_i32x4_add(a, b); }
    static U32 sub_u32(U32 a, U32 b) { return wasm_i32x4_sub(a, b); }
    static U32 mul_u32(U32 a, U32 b) { return wasm_i32x4_mul(a, b); }
    static U32 half_u32(U32 a) { return wasm_u32x4_shr(a, 1); }
    static U32 shift_right_u32(U32 a, int count) { return wasm_u32x4_shr(a, static_cast<uint32_t>(count)); }
    static U32 shift_right_i32(U32 a, int count) { return wasm_i32x4_shr(a, static_cast<uint32_t>(count)); }
    static U32 increment_if_ge_u32(U32 q, U32 a, U32 b) { return wasm_i32x4_sub(q, wasm_i32x4_ge(a, b)); }

    static U64 load_u64(const uint64_t *p) { return wasm_v128_load(p); }
    static void store_u64(uint64_t *p, U64 v) { wasm_v128_store(p, v); }
    static U64 set_u64(int64_t value) { return wasm_i64x2_splat(value); }
    static U64 add_u64(U64 a, U64 b) { return wasm_i64x2_add(a, b); }
    static U64 sub_u64(U64 a, U64 b) { return wasm_i64x2_sub(a, b); }
    static U64 mul_low_halves_u64(U64 a, U64 b) {
        return wasm_u64x2_extmul_low_u32x4(narrow_u64(a, a), narrow_u64(b, b));
    }
    static U64 shift_right_u64(U64 a, int count) { return wasm_u64x2_shr(a, static_cast<uint32_t>(count)); }
    static U64 widen_u32(U32 a, int half) {
        return half == 0 ? wasm_u64x2_extend_low_u32x4(a) : wasm_u64x2_extend_high_u32x4(a);
    }
    static U32 narrow_u64(U64 a, U64 b) { return wasm_i32x4_shuffle(a, b, 0, 2, 4, 6); }
    static U64 increment_if_ge_u64(U64 q, U64 a, U64 b) { return wasm_i64x2_sub(q, wasm_i64x2_ge(a, b)); }

    static bool is_zero(U32 a) { return !wasm_v128_any_true(a); }
    static U32 or_u32(U32 a, U32 b) { return wasm_v128_or(a, b); }

    static F32 load_f32(const float *p) { return wasm_v128_load(p); }
    static void store_f32(float *p, F32 f) { wasm_v128_store(p, f); }
    static F32 set_f32(float value) { return wasm_f32x4_splat(value); }
    static F32 centred_f32(const uint8_t *p) {
        const U32 bytes = wasm_u32x4_extend_low_u16x8(wasm_u16x8_extend_low_u8x16(wasm_v128_load32_zero(p)));
        return wasm_f32x4_sub(wasm_f32x4_convert_i32x4(bytes), wasm_f32x4_const_splat(128));
    }
    static F32 add_f32(F32 a, F32 b) { return wasm_f32x4_add(a, b); }
    static F32 add_product_f32(F32 sum, F32 a, F32 b) { return wasm_f32x4_add(sum, wasm_f32x4_mul(a, b)); }
    static U32 byte_f32(F32 f) {
        return floor_f32(wasm_f32x4_pmin(wasm_f32x4_pmax(f, zero()), wasm_f32x4_const_splat(255)));
    }
    static F32 scale_f32(F32 f, float factor) { return wasm_f32x4_mul(f, wasm_f32x4_splat(factor)); }
    static F32 convert_f32(U32 n) { return wasm_f32x4_convert_i32x4(n); }
    static F32 convert_i32(U32 n) { return wasm_f32x4_convert_i32x4(n); }
    static U32 round_f32(F32 f) { return wasm_i32x4_trunc_sat_f32x4(wasm_f32x4_nearest(f)); }
    static U32 floor_f32(F32 f) { return wasm_i32x4_trunc_sat_f32x4(f); }
    static U32 quotient_u32(U32 n, F32 f) { return floor_f32(wasm_f32x4_mul(convert_f32(n), f)); }

    template <int place>
    static U32 byte_u32(U32 a) {
        return wasm_v128_and(wasm_u32x4_shr(a, 8 * place), wasm_u32x4_const_splat(0xFF));
    }

    // The transpose of 4 × 4 words.
    static void transpose_words(v128_t a, v128_t b, v128_t c, v128_t d, v128_t *to) {
        const v128_t ab0 = wasm_i32x4_shuffle(a, b, 0, 4, 1, 5), cd0 = wasm_i32x4_shuffle(c, d, 0, 4, 1, 5);
        const v128_t ab2 = wasm_i32x4_shuffle(a, b, 2, 6, 3, 7), cd2 = wasm_i32x4_shuffle(c, d, 2, 6, 3, 7);
        to[0] = wasm_i64x2_shuffle(ab0, cd0, 0, 2);
        to[1] = wasm_i64x2_shuffle(ab0, cd0, 1, 3);
        to[2] = wasm_i64x2_shuffle(ab2, cd2, 0, 2);
        to[3] = wasm_i64x2_shuffle(ab2, cd2, 1, 3);
    }
    template <class Number>
    static void transpose_32(const Number *const *lines, int64_t x, Number *block) {
        const auto line = [&](int64_t l) { return wasm_v128_load(lines[l] + x); };
        v128_t columns[4];
        transpose_words(line(0), line(1), line(2), line(3), columns);
        for (int64_t i = 0; i < 4; ++i) wasm_v128_store(block + i * kLanes, columns[i]);
    }
    using Order = v128_t;
    static Order set_order(const uint8_t *places) { return wasm_v128_load(places); }
    static void transpose_u8(const uint8_t *rows, ptrdiff_t stride, Order order, U32 *to) {
        const auto row = [&](ptrdiff_t l) { return wasm_i8x16_swizzle(wasm_v128_load(rows + l * stride), order); };
        transpose_words(row(0), row(1), row(2), row(3), to);
    }
    static U32 even_u8(U32 a) { return wasm_v128_and(a, wasm_u32x4_const_splat(0x00FF00FF)); }
    static U32 odd_u8(U32 a) { return wasm_u16x8_shr(a, 8); }
    static U32 dot_i16x2(U32 a, const int16_t *weights) { return dot_i16(a, wasm_v128_load32_splat(weights)); }
    static void store_lanes_u8(const uint32_t *q, uint8_t *bytes) {
        // A word of 4 numbers for each lane, four times. (The order as a number, which stays in a register: V8 makes
        // that of a shuffle anew each time.)
        const v128_t order = wasm_u8x16_const(0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15);
        const auto words = [&](int64_t i) {
            const v128_t columns = clipped(load_u32(q + i * kLanes), load_u32(q + (i + 1) * kLanes),
                                           load_u32(q + (i + 2) * kLanes), load_u32(q + (i + 3) * kLanes));
            return wasm_i8x16_swizzle(columns, order);
        };
        v128_t lanes[4];
        transpose_words(words(0), words(4), words(8), words(12), lanes);
        for (int64_t l = 0; l < 4; ++l) wasm_v128_store(bytes + 16 * l, lanes[l]);
    }

    struct TapOrder {
        explicit TapOrder(int64_t channels) {
            uint8_t places[16];
            for (int i = 0; i < 16; ++i) places[i] = static_cast<uint8_t>(i / 2 + (i % 2) * channels);
            shuffle = wasm_v128_load(places);
        }
        v128_t shuffle;
    };
    static void pair_taps_u8(const uint8_t *p, TapOrder order, uint8_t *pairs) {
        wasm_v128_store64_lane(pairs, wasm_i8x16_swizzle(wasm_v128_load64_zero(p), order.shuffle), 0);
    }
    static U8 load_u8(const uint8_t *p) { return wasm_v128_load(p); }
    static U8 or_u8(U8 a, U8 b) { return wasm_v128_or(a, b); }
    static U8 zip_low_u8(U8 a, U8 b) {
        return wasm_i8x16_shuffle(a, b, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
    }
    static U8 zip_high_u8(U8 a, U8 b) {
        return wasm_i8x16_shuffle(a, b, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
    }
    static void zip_u8(U8 a, U8 b, U32 *to) {
        const U8 low = zip_low_u8(a, b), high = zip_high_u8(a, b);
        to[0] = wasm_u16x8_extend_low_u8x16(low);
        to[1] = wasm_u16x8_extend_high_u8x16(low);
        to[2] = wasm_u16x8_extend_low_u8x16(high);
        to[3] = wasm_u16x8_extend_high_u8x16(high);
    }
    static void store_zipped_u8(uint8_t *p, const U32 *v) { store_clipped_u8(p, v[0], v[1], v[2], v[3]); }
    static U8 take_windows_u8(const uint8_t *row, const int32_t *windows, const uint8_t *shuffles) {
        return wasm_i8x16_swizzle(wasm_v128_load(row + *windows), wasm_v128_load(shuffles));
    }
    static U8 take_pairs_u8(const uint8_t *row, const int32_t *first) {
        U8 pairs = zero();
        pairs = wasm_v128_load16_lane(row + first[0], pairs, 0);
        pairs = wasm_v128_load16_lane(row + first[1], pairs, 1);
        pairs = wasm_v128_load16_lane(row + first[2], pairs, 2);
        pairs = wasm_v128_load16_lane(row + first[3], pairs, 3);
        pairs = wasm_v128_load16_lane(row + first[4], pairs, 4);
        pairs = wasm_v128_load16_lane(row + first[5], pairs, 5);
        pairs = wasm_v128_load16_lane(row + first[6], pairs, 6);
        return wasm_v128_load16_lane(row + first[7], pairs, 7);
    }
    static U16 dot_u8(U8 pairs, U8 weights) {
        return add_u16(mul_u16(even_u8(pairs), even_u8(weights)), mul_u16(odd_u8(pairs), odd_u8(weights)));
    }
    static U16 dot_shifted_u8(U8 pairs, const int16_t *weights, int64_t bias, int count) {
        const auto sum = [&](Pairs half, const int16_t *of_half) {
            return shift_right_u32(add_u32(dot_i16(half, wasm_v128_load(of_half)), set_u32(bias)), count);
        };
        return narrow_u32(sum(wasm_u16x8_extend_low_u8x16(pairs), weights),
                          sum(wasm_u16x8_extend_high_u8x16(pairs), weights + 8));
    }
    static U32 dot_quads_u8(U8 quads, const int16_t *even, const int16_t *odd) {
        return add_dot_i16(dot_i16(even_u8(quads), wasm_v128_load(even)), odd_u8(quads), wasm_v128_load(odd));
    }
    static void store_clipped_u8(uint8_t *p, U32 a, U32 b, U32 c, U32 d) { wasm_v128_store(p, clipped(a, b, c, d)); }
    static void store_quarters_u8(uint8_t *p, U32 a, U32 b, U32 c, U32 d) { store_clipped_u8(p, a, b, c, d); }
    static void store_narrow_u8(uint8_t *p, U16 a, U16 b) { wasm_v128_store(p, wasm_u8x16_narrow_i16x8(a, b)); }

    // For direct-128-inl.h.
    static U8 add_u8(U8 a, int64_t number) { return wasm_i8x16_add(a, wasm_i8x16_splat(static_cast<int8_t>(number))); }
    static U8 take_u8(U8 bytes, U8 places) { return wasm_i8x16_swizzle(bytes, places); }
    static U32 and_u32(U32 a, U32 b) { return wasm_v128_and(a, b); }
    static U32 pack_u32(U32 low, U32 high) { return or_u32(low, wasm_i32x4_shl(high, 16)); }
    template <bool kNarrow>
    struct QuadSums {
        struct Weights {
            v128_t even, odd;  // in 16 bits
        };
        static Weights load(const uint8_t *low, const uint8_t *upper) {
            const U8 lows = load_u8(low);
            if (kNarrow) return {even_u8(lows), odd_u8(lows)};
            const U8 uppers = load_u8(upper);
            return {or_u32(even_u8(lows), wasm_i16x8_shl(even_u8(uppers), 7)),
                    or_u32(odd_u8(lows), wasm_i16x8_shl(odd_u8(uppers), 7))};
        }
        void add(U8 quads, Weights weights) {
            sums = add_dot_i16(add_dot_i16(sums, even_u8(quads), weights.even), odd_u8(quads), weights.odd);
        }
        U32 all() const { return sums; }

        U32 sums = zero();
    };

  private:
    static U8 clipped(U32 a, U32 b, U32 c, U32 d) {
        return wasm_u8x16_narrow_i16x8(wasm_i16x8_narrow_i32x4(a, b), wasm_i16x8_narrow_i32x4(c, d));
    }
};

}  // namespace
}  // namespace isopixel

#include "kernels/direct-128-inl.h"
#include "kernels/direct-inl.h"
#include "kernels/make_kernels-inl.h"
#include "kernels/pictures-simd128-inl.h"

const isopixel::Kernels isopixel::kSimd128Kernels = parts_of(
    make_kernels("simd128", make_direct<Rows128>(), {}, {{3053, 0, 88, 605}, {}, {38, 338, 1142, 4569}}, kPictures128));

#endif
