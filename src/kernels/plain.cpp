// SPDX-License-Identifier: MIT
// The vocabulary of the vectors, in plain loops: what the struct `Simd` of an instruction set has to be, for the loops
// of the -inl.h files. It runs everywhere, under sanitizers and on big-endian processors too.
#include <math.h>

#include <cstring>

#include "kernels/tables.h"

namespace isopixel {
namespace {

// Some numbers, the first in the lowest place of memory.
template <class T, int64_t n>
struct Vector {
    T at[static_cast<size_t>(n)];

    T operator[](int64_t i) const { return at[i]; }

    template <class Number>
    static Vector of(Number number) {
        Vector v;
        for (int64_t i = 0; i < n; ++i) v.at[i] = static_cast<T>(number(i));
        return v;
    }
    static Vector load(const T *p) {
        Vector v;
        std::memcpy(v.at, p, sizeof v.at);
        return v;
    }
    void store(T *p) const { std::memcpy(p, at, sizeof at); }
};

// Names end in the numbers that an operation works on: unsigned ones of 8 to 64 bits, those of 16 bits with a sign
// (i16), or floats. Arithmetic on integers is modulo their width. A result for operands beyond the ranges that stand
// here is any number: lanes that nobody stores have such.
struct Simd {
    // The lines of a block: a multiple of 4, so that U8 holds whole windows of 16 bytes.
    static constexpr int64_t kLanes = 8;
    // Samples of a row that are folded at a time, each with two sums: a cache line, or what the registers hold.
    static constexpr int64_t kFoldedColumns = 64;

    using U8 = Vector<uint8_t, 4 * kLanes>;
    using U16 = Vector<uint16_t, 2 * kLanes>;
    using U32 = Vector<uint32_t, kLanes>;
    using U64 = Vector<uint64_t, kLanes / 2>;
    using F32 = Vector<float, kLanes>;

    // kLanes pairs of numbers i16, in any order inside; and a weight for the first and one for the second of each.
    struct Pairs {
        Vector<int16_t, kLanes> first, second;
    };
    struct Weights {
        int16_t first, second;
    };

    // A vector of any of the integers.
    struct Zero {
        template <class T, int64_t n>
        operator Vector<T, n>() const {
            return {};
        }
    };
    static Zero zero() { return {}; }

    // Asks for the cache line of any address, valid or not, if the processor can, in the second level of its caches:
    // the first has the lines to hold.
    static void prefetch(const void *) {}

    // --- Numbers of 8 bits ---

    static U8 load_u8(const uint8_t *p) { return U8::load(p); }
    static U8 or_u8(U8 a, U8 b) {
        return U8::of([&](int64_t i) { return a[i] | b[i]; });
    }

    // 2·kLanes bytes as numbers of 16 bits; n of them, 0 < n < 2·kLanes, and then zeros, without a look behind them.
    static U16 load_wide_u8(const uint8_t *p) {
        return U16::of([=](int64_t i) { return p[i]; });
    }
    static U16 load_wide_u8(const uint8_t *p, int64_t n) {
        return U16::of([=](int64_t i) { return i < n ? p[i] : 0; });
    }
    // Numbers up to 255 as bytes: all of a, then all of b.
    static void store_narrow_u8(uint8_t *p, U16 a, U16 b) {
        using Half = Vector<uint8_t, 2 * kLanes>;
        Half::of([&](int64_t i) { return a[i]; }).store(p);
        Half::of([&](int64_t i) { return b[i]; }).store(p + 2 * kLanes);
    }

    // The bytes of a and b side by side, as numbers of 16 bits in the halves of numbers of 32, in four vectors; and
    // numbers with a sign that stand as these do, clipped to bytes, in order again.
    static void zip_u8(U8 a, U8 b, U32 *to) {
        for (int64_t i = 0; i < 4; ++i)
            to[i] = U32::of([&](int64_t l) { return a[i * kLanes + l] | uint32_t{b[i * kLanes + l]} << 16; });
    }
    static void store_zipped_u8(uint8_t *p, const U32 *v) {
        for (int64_t i = 0; i < 4 * kLanes; ++i) {
            p[i] = clipped(v[i / kLanes][i % kLanes]);
        }
    }

    // --- Numbers of 16 bits ---

    static U16 load_u16(const uint16_t *p) { return U16::load(p); }
    static void store_u16(uint16_t *p, U16 v) { v.store(p); }
    // All the same, modulo 2^16.
    static U16 set_u16(int64_t value) {
        return U16::of([=](int64_t) { return value; });
    }
    static U16 add_u16(U16 a, U16 b) {
        return U16::of([&](int64_t i) { return a[i] + b[i]; });
    }
    static U16 min_u16(U16 a, U16 b) {
        return U16::of([&](int64_t i) { return a[i] < b[i] ? a[i] : b[i]; });
    }
    // The low 16 bits of the products, and the high ones.
    static U16 mul_u16(U16 a, U16 b) {
        return U16::of([&](int64_t i) { return uint32_t{a[i]} * b[i]; });
    }
    // (The high ones by halves of b: of a product shifted by 16, GCC 12 makes wrong code at -O2 for processors without
    // vectors, whose registers it takes for vectors of such numbers.)
    static U16 mul_high_u16(U16 a, U16 b) {
        return U16::of([&](int64_t i) {
            const uint32_t low = uint32_t{a[i]} * (b[i] & 0xFF), high = uint32_t{a[i]} * (b[i] >> 8);
            return (high + (low >> 8)) >> 8;
        });
    }
    // 0 <= count < 16
    static U16 shift_right_u16(U16 a, int count) {
        return U16::of([&](int64_t i) { return a[i] >> count; });
    }

    // --- Sums of two products ---

    // Each as a number of 16 bits with a sign, modulo 2^16.
    static Weights set_weights(int64_t first, int64_t second) {
        return {static_cast<int16_t>(static_cast<uint16_t>(first)),
                static_cast<int16_t>(static_cast<uint16_t>(second))};
    }
    // The numbers of one half (0, 1) of a and b, side by side.
    static Pairs zip_u16(U16 a, U16 b, int half) {
        const int64_t first = half * kLanes;
        using I16 = Vector<int16_t, kLanes>;
        return {I16::of([&](int64_t i) { return a[first + i]; }), I16::of([&](int64_t i) { return b[first + i]; })};
    }
    // first·weights.first + second·weights.second of each pair.
    static U32 dot_i16(Pairs pairs, Weights weights) {
        return U32::of([&](int64_t i) { return dot(pairs.first[i], pairs.second[i], weights); });
    }
    // The same of pairs that are numbers of 32 bits, the first of each in the low half; and with a sum before.
    static U32 dot_i16(U32 pairs, Weights weights) {
        return U32::of([&](int64_t i) {
            return dot(static_cast<int16_t>(pairs[i] & 0xFFFF), static_cast<int16_t>(pairs[i] >> 16), weights);
        });
    }
    static U32 add_dot_i16(U32 sum, U32 pairs, Weights weights) { return add_u32(sum, dot_i16(pairs, weights)); }
    // (a·weights.first + b·weights.second + bias) >> count, for 0 <= count < 32. The sum with its bias is below 2^32,
    // not negative, and shifted below 2^16.
    static U16 dot_shifted_i16(U16 a, U16 b, Weights weights, int64_t bias, int count) {
        return U16::of([&](int64_t i) {
            const uint32_t sum = dot(static_cast<int16_t>(a[i]), static_cast<int16_t>(b[i]), weights);
            return (sum + static_cast<uint32_t>(bias)) >> count;
        });
    }
    // The low half of each number times weights[0], plus the high one times weights[1]; all with a sign.
    static U32 dot_i16x2(U32 v, const int16_t *weights) { return dot_i16(v, Weights{weights[0], weights[1]}); }
    // The sums of pairs of bytes, each times its weight. Weights are up to 127, sums below 2^15.
    static U16 dot_u8(U8 pairs, U8 weights) {
        return U16::of(
            [&](int64_t i) { return pairs[2 * i] * weights[2 * i] + pairs[2 * i + 1] * weights[2 * i + 1]; });
    }
    // The sums of four bytes, each times its weight: `even` has those of the first and third of each, `odd` the others.
    static U32 dot_quads_u8(U8 quads, const int16_t *even, const int16_t *odd) {
        return U32::of([&](int64_t i) {
            return dot(quads[4 * i], quads[4 * i + 2], {even[2 * i], even[2 * i + 1]}) +
                   dot(quads[4 * i + 1], quads[4 * i + 3], {odd[2 * i], odd[2 * i + 1]});
        });
    }
    // (Σ of a pair of bytes, each times its weight + bias) >> count, bounded as in dot_shifted_i16; 4·kLanes weights.
    static U16 dot_shifted_u8(U8 pairs, const int16_t *weights, int64_t bias, int count) {
        return U16::of([&](int64_t i) {
            const uint32_t sum = dot(pairs[2 * i], pairs[2 * i + 1], {weights[2 * i], weights[2 * i + 1]});
            return (sum + static_cast<uint32_t>(bias)) >> count;
        });
    }

    // --- Numbers of 32 bits ---

    static U32 load_u32(const uint32_t *p) { return U32::load(p); }
    static void store_u32(uint32_t *p, U32 v) { v.store(p); }
    // All the same, modulo 2^32.
    static U32 set_u32(int64_t value) {
        return U32::of([=](int64_t) { return value; });
    }
    static U32 add_u32(U32 a, U32 b) {
        return U32::of([&](int64_t i) { return a[i] + b[i]; });
    }
    static U32 sub_u32(U32 a, U32 b) {
        return U32::of([&](int64_t i) { return a[i] - b[i]; });
    }
    static U32 mul_u32(U32 a, U32 b) {
        return U32::of([&](int64_t i) { return a[i] * b[i]; });
    }
    static U32 half_u32(U32 a) {
        return U32::of([&](int64_t i) { return a[i] >> 1; });
    }
    // 0 <= count < 32
    static U32 shift_right_u32(U32 a, int count) {
        return U32::of([&](int64_t i) { return a[i] >> count; });
    }
    // The same of numbers with a sign.
    static U32 shift_right_i32(U32 a, int count) {
        return U32::of([&](int64_t i) { return static_cast<int32_t>(a[i]) >> count; });
    }
    // q, and 1 more if a >= b; both are below 2^31.
    static U32 increment_if_ge_u32(U32 q, U32 a, U32 b) {
        return U32::of([&](int64_t i) { return q[i] + (a[i] >= b[i] ? 1 : 0); });
    }
    static U32 or_u32(U32 a, U32 b) {
        return U32::of([&](int64_t i) { return a[i] | b[i]; });
    }
    static bool is_zero(U32 a) {
        uint32_t any = 0;
        for (int64_t i = 0; i < kLanes; ++i) any |= a[i];
        return any == 0;
    }
    // The numbers of a, b, c and d, up to 255, as bytes.
    static void store_quarters_u8(uint8_t *p, U32 a, U32 b, U32 c, U32 d) {
        store_narrow_u8(p, narrow_u32(a, b), narrow_u32(c, d));
    }
    // The same of numbers with a sign, within ±32,767: those below 0 as 0, those above 255 as 255.
    static void store_clipped_u8(uint8_t *p, U32 a, U32 b, U32 c, U32 d) {
        const auto clipped = [](U32 v) {
            return U32::of([&](int64_t i) { return v[i] >> 31 ? 0 : v[i] < 255 ? v[i] : 255; });
        };
        store_quarters_u8(p, clipped(a), clipped(b), clipped(c), clipped(d));
    }
    // The numbers of a and then of b, all below 2^16.
    static U16 narrow_u32(U32 a, U32 b) {
        return U16::of([&](int64_t i) { return i < kLanes ? a[i] : b[i - kLanes]; });
    }
    // The numbers of one half (0, 1), in 64 bits.
    static U64 widen_u32(U32 a, int half) {
        return U64::of([&](int64_t i) { return a[half * kLanes / 2 + i]; });
    }

    // --- Numbers of 64 bits ---

    static U64 load_u64(const uint64_t *p) { return U64::load(p); }
    static void store_u64(uint64_t *p, U64 v) { v.store(p); }
    static U64 set_u64(int64_t value) {
        return U64::of([=](int64_t) { return value; });
    }
    static U64 add_u64(U64 a, U64 b) {
        return U64::of([&](int64_t i) { return a[i] + b[i]; });
    }
    static U64 sub_u64(U64 a, U64 b) {
        return U64::of([&](int64_t i) { return a[i] - b[i]; });
    }
    // The products, in 64 bits, of the low 32 bits of each number.
    static U64 mul_low_halves_u64(U64 a, U64 b) {
        return U64::of([&](int64_t i) { return (a[i] & UINT32_MAX) * (b[i] & UINT32_MAX); });
    }
    // 0 <= count < 64
    static U64 shift_right_u64(U64 a, int count) {
        return U64::of([&](int64_t i) { return a[i] >> count; });
    }
    // q, and 1 more if a >= b; both are below 2^63.
    static U64 increment_if_ge_u64(U64 q, U64 a, U64 b) {
        return U64::of([&](int64_t i) { return q[i] + (a[i] >= b[i] ? 1 : 0); });
    }
    // The low 32 bits of the numbers of a and then of b.
    static U32 narrow_u64(U64 a, U64 b) {
        return U32::of([&](int64_t i) { return i < kLanes / 2 ? a[i] : b[i - kLanes / 2]; });
    }

    // --- Floats, which guess a quotient, or estimate a sum ---

    static F32 load_f32(const float *p) { return F32::load(p); }
    static void store_f32(float *p, F32 f) { f.store(p); }
    static F32 set_f32(float value) {
        return F32::of([=](int64_t) { return value; });
    }
    // p - 128 of kLanes bytes.
    static F32 centred_f32(const uint8_t *p) {
        return F32::of([=](int64_t i) { return p[i] - 128; });
    }
    // sum + a·b, rounded once or twice, in any way.
    static F32 add_product_f32(F32 sum, F32 a, F32 b) {
        return F32::of([&](int64_t i) { return sum[i] + a[i] * b[i]; });
    }
    // The whole part, at least 0 and at most 255.
    static U32 byte_f32(F32 f) {
        return U32::of([&](int64_t i) { return static_cast<int32_t>(f[i] < 0 ? 0 : f[i] < 255 ? f[i] : 255); });
    }
    static F32 scale_f32(F32 f, float factor) {
        return F32::of([&](int64_t i) { return f[i] * factor; });
    }
    // n, which is below 2^31, rounded in any way.
    static F32 convert_f32(U32 n) {
        return F32::of([&](int64_t i) { return static_cast<int32_t>(n[i] & INT32_MAX); });
    }
    // Of floats from 0 to below 2^31. (The limits are for lanes that nobody stores.)
    static U32 floor_f32(F32 f) {
        constexpr float kMost = 2147483520.0f;  // the last below 2^31
        return U32::of([&](int64_t i) { return static_cast<int32_t>(f[i] < kMost ? f[i] : kMost); });
    }
    // floor(n·f), for n below 2^31 and products that are not negative, below it too. The conversion and the product are
    // each rounded, in any way.
    static U32 quotient_u32(U32 n, F32 f) {
        const F32 numbers = convert_f32(n);
        return floor_f32(F32::of([&](int64_t i) { return numbers[i] * f[i]; }));
    }

    // --- Floats that decide, each operation rounded (SPEC) ---

    // (And scale_f32; convert_f32 is exact for numbers below 2^24.)
    // The number with a sign; exact within ±2^24.
    static F32 convert_i32(U32 n) {
        return F32::of([&](int64_t i) { return static_cast<int32_t>(n[i]); });
    }
    static F32 add_f32(F32 a, F32 b) {
        return F32::of([&](int64_t i) { return a[i] + b[i]; });
    }
    // The nearest whole number, halves to even, with a sign.
    static U32 round_f32(F32 f) {
        return U32::of([&](int64_t i) { return static_cast<int32_t>(::rintf(f[i])); });
    }
    // One byte (0 … 3, from the lowest) of each number.
    template <int place>
    static U32 byte_u32(U32 a) {
        return U32::of([&](int64_t i) { return a[i] >> 8 * place & 0xFF; });
    }

    // --- Lanes and lines: a vector for each column, which has a number of each line ---

    // block[i·kLanes + l] = lines[l][x + i], for kLanes columns.
    template <class Number>  // uint32_t or float
    static void transpose_32(const Number *const *lines, int64_t x, Number *block) {
        for (int64_t i = 0; i < kLanes; ++i)
            for (int64_t l = 0; l < kLanes; ++l) block[i * kLanes + l] = lines[l][x + i];
    }
    // Puts the first 16 bytes of kLanes rows, `stride` bytes apart, in order; then to[i] is the bytes 4·i … 4·i + 3 of
    // each row as one number, the first being the lowest.
    struct Order {
        uint8_t places[16];
    };
    static Order set_order(const uint8_t *places) {
        Order order;
        std::memcpy(order.places, places, sizeof order.places);
        return order;
    }
    static void transpose_u8(const uint8_t *rows, ptrdiff_t stride, Order order, U32 *to) {
        for (int64_t i = 0; i < 4; ++i) {
            const uint8_t *places = order.places + 4 * i;
            to[i] = U32::of([&](int64_t l) {
                const auto byte = [&](int64_t n) { return uint32_t{rows[l * stride + places[n]]} << 8 * n; };
                return byte(0) | byte(1) | byte(2) | byte(3);
            });
        }
    }
    // The bytes 0 and 2 of each number, and 1 and 3, as numbers of 16 bits in its halves.
    static U32 even_u8(U32 a) {
        return U32::of([&](int64_t i) { return a[i] & 0x00FF00FF; });
    }
    static U32 odd_u8(U32 a) {
        return U32::of([&](int64_t i) { return a[i] >> 8 & 0x00FF00FF; });
    }
    // The way back: bytes[16·l + i] = q[i·kLanes + l] for 16 columns of numbers within ±2^15, clipped to bytes.
    static void store_lanes_u8(const uint32_t *q, uint8_t *bytes) {
        for (int64_t l = 0; l < kLanes; ++l)
            for (int64_t i = 0; i < 16; ++i) bytes[16 * l + i] = clipped(q[i * kLanes + l]);
    }

    // --- Two taps of a row, as pairs of bytes ---

    // Puts the samples of two pixels of `channels` (1 … 4) samples, with which the 8 bytes at p begin, side by side.
    struct TapOrder {
        explicit TapOrder(int64_t count) : channels(count) {}
        int64_t channels;
    };
    static void pair_taps_u8(const uint8_t *p, TapOrder order, uint8_t *pairs) {
        uint8_t taps[8];
        for (int64_t i = 0; i < 4; ++i) {
            taps[2 * i] = p[i];
            taps[2 * i + 1] = p[i + order.channels];
        }
        std::memcpy(pairs, taps, sizeof taps);
    }
    // The bytes at first[i] and behind it.
    static U8 take_pairs_u8(const uint8_t *row, const int32_t *first) {
        return U8::of([=](int64_t i) { return row[first[i / 2] + i % 2]; });
    }
    // For each 16 bytes of the result: those at their places (0 … 15) in the 16 bytes at their window, or 0 at
    // kNoPlace.
    static U8 take_windows_u8(const uint8_t *row, const int32_t *windows, const uint8_t *places) {
        return U8::of([=](int64_t i) { return places[i] == kNoPlace ? 0 : row[windows[i / 16] + places[i]]; });
    }

  private:
    static uint8_t clipped(uint32_t v) {
        const int32_t number = static_cast<int32_t>(v);
        return static_cast<uint8_t>(number < 0 ? 0 : number < 255 ? number : 255);
    }
    static uint32_t dot(int32_t first, int32_t second, Weights weights) {
        return static_cast<uint32_t>(first * weights.first) + static_cast<uint32_t>(second * weights.second);
    }
};

}  // namespace
}  // namespace isopixel

#include "kernels/direct-inl.h"
#include "kernels/direct-plain-inl.h"
#include "kernels/make_kernels-inl.h"

const isopixel::Kernels isopixel::kPlainKernels = make_kernels("plain", make_direct<RowsPlain>());
