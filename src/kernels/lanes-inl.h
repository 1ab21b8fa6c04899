// SPDX-License-Identifier: MIT
// The vectors of a set, and numbers of 32 or 64 bits for each lane.
//
// A file that ends in -inl.h is compiled once for each instruction set: its loops are made of the vectors of a struct
// `Simd`, which the set's file defines before it includes any (plain.cpp says what it has to be). All that is here is
// in an unnamed namespace, and nothing may be shared with other files (an inline function of another header, a template
// of the standard library): the linker keeps one copy of what is shared, which could then be the one that needs this
// set.
#pragma once

#include <cstring>

#include "kernels/kernels.h"

namespace isopixel {
namespace {

constexpr int64_t kLanes = Simd::kLanes;
constexpr int64_t kVectorColumns = 2 * kLanes;
using U16 = Simd::U16;
using U32 = Simd::U32;
using U64 = Simd::U64;

inline int64_t least(int64_t a, int64_t b) { return a < b ? a : b; }

// For a row that comes later, or that is not there: a prefetch of any address is allowed, its arithmetic is not.
inline void prefetch_row(const uint8_t *rows, ptrdiff_t stride, int64_t t) {
    const uintptr_t distance = static_cast<uintptr_t>(stride) * static_cast<uintptr_t>(t);
    Simd::prefetch(reinterpret_cast<const void *>(reinterpret_cast<uintptr_t>(rows) + distance));
}

// Loads 2·kLanes samples, or fewer and then zeros.
struct WholeVector {
    U16 operator()(const uint8_t *p) const { return Simd::load_wide_u8(p); }
};
struct PartOfVector {
    int64_t n;
    U16 operator()(const uint8_t *p) const { return Simd::load_wide_u8(p, n); }
};

// Makes n bytes; `numbers` makes a vector of numbers with a sign, within ±32,767, from x on.
template <class Numbers>
inline void store_clipped(int64_t n, uint8_t *out, Numbers numbers) {
    constexpr int64_t kStep = 4 * kLanes;
    const auto store = [&](int64_t x, uint8_t *to) {
        Simd::store_clipped_u8(to, numbers(x), numbers(x + kLanes), numbers(x + 2 * kLanes), numbers(x + 3 * kLanes));
    };
    int64_t x = 0;
    for (; x + kStep <= n; x += kStep) store(x, out + x);
    if (x == n) return;
    uint8_t rest[kStep];
    store(x, rest);
    std::memcpy(out + x, rest, static_cast<size_t>(n - x));
}

// A number of type T for each lane.
template <class T>
struct Lanes;

template <>
struct Lanes<uint32_t> {
    U32 all;

    static Lanes zero() { return {Simd::zero()}; }
    static Lanes load(const uint32_t *p) { return {Simd::load_u32(p)}; }
    void store(uint32_t *p) const { Simd::store_u32(p, all); }
    static Lanes product(U32 a, int64_t weight) { return {Simd::mul_u32(a, Simd::set_u32(weight))}; }
    Lanes operator+(Lanes b) const { return {Simd::add_u32(all, b.all)}; }
    Lanes operator-(Lanes b) const { return {Simd::sub_u32(all, b.all)}; }
};

template <>
struct Lanes<uint64_t> {
    U64 half[2];

    static Lanes zero() { return {{Simd::zero(), Simd::zero()}}; }
    static Lanes load(const uint64_t *p) { return {{Simd::load_u64(p), Simd::load_u64(p + kLanes / 2)}}; }
    void store(uint64_t *p) const {
        Simd::store_u64(p, half[0]);
        Simd::store_u64(p + kLanes / 2, half[1]);
    }
    static Lanes product(U32 a, int64_t weight) {
        const U64 w = Simd::set_u64(weight);
        return {
            {Simd::mul_low_halves_u64(Simd::widen_u32(a, 0), w), Simd::mul_low_halves_u64(Simd::widen_u32(a, 1), w)}};
    }
    Lanes operator+(Lanes b) const { return {{Simd::add_u64(half[0], b.half[0]), Simd::add_u64(half[1], b.half[1])}}; }
    Lanes operator-(Lanes b) const { return {{Simd::sub_u64(half[0], b.half[0]), Simd::sub_u64(half[1], b.half[1])}}; }
};

}  // namespace
}  // namespace isopixel
