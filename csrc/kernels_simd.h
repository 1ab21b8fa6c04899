// SPDX-License-Identifier: MIT
// The kernels of kernels.h over the vectors of an instruction set. Each kernels_<set>.cpp that is compiled with more
// than the baseline defines a struct `Simd` in an unnamed namespace, includes this file inside that namespace, and
// exports a table. Nothing here may be shared with other files (an inline function of a header, a template of the
// standard library): the linker keeps one copy of what is shared, which could then be the one that needs this set.
//
// Simd has kLanes numbers of 32 bits in a vector U32, twice as many of 16 in U16, four times as many in Bytes, and half
// as many of 64 in U64. Arithmetic is modulo the width. Names say what an operation does; those that need words:
//   load_u8(p), load_u8(p, n)   2·kLanes samples, or n of them and then zeros, as numbers of 16 bits
//   zip(a, b, half)             the numbers of one half (0, 1) of two U16 side by side, signed
//   dot(pairs, weights)         the sum of each pair, weighted
//   dot_shifted(a, b, weights, count)   the same of two U16, shifted right to fit 16 bits
//   widen(v, half), narrow      between U32 and two U64
//   mul_32                      the product in 64 bits of the low 32 bits of each number
//   quotient(n, ry, rx)         floor(n·(ry·rx)), where n < 2^31 and the products are rounded to floats
//   add_unless_less(q, a, b)    q + 1 where a >= b, q elsewhere; a and b are below 2^31 (2^63)
//   transpose(lines, x, block)  kLanes numbers of as many lines, from x on
//   bytes_of_lines(q, words)    four U32 as the bytes of a word for each lane
//   order_taps                  8 bytes p0 … of two pixels, as their samples side by side
//   take_windows                pairs of bytes from windows of a row, for TapTable
//   dot_bytes(pairs, weights)   the sum of each pair of bytes, weighted by weights up to 127
#pragma once

constexpr int64_t kLanes = Simd::kLanes;
constexpr int64_t kColumns = 2 * kLanes;
constexpr int64_t kCacheLine = 64;
using U16 = Simd::U16;
using U32 = Simd::U32;

int64_t least(int64_t a, int64_t b) { return a < b ? a : b; }

// For a row that comes later, or that is not there: a prefetch of any address is allowed, its arithmetic is not.
inline void prefetch_row(const uint8_t *rows, ptrdiff_t stride, int64_t t) {
    const uintptr_t distance = static_cast<uintptr_t>(stride) * static_cast<uintptr_t>(t);
    __builtin_prefetch(reinterpret_cast<const void *>(reinterpret_cast<uintptr_t>(rows) + distance));
}

struct WholeVector {
    U16 operator()(const uint8_t *p) const { return Simd::load_u8(p); }
};
struct PartOfVector {
    int64_t n;
    U16 operator()(const uint8_t *p) const { return Simd::load_u8(p, n); }
};

// fold_rows for some columns.
template <size_t n_vectors, bool kFresh, class Load>
inline void fold_columns(const uint8_t *rows, ptrdiff_t stride, int64_t count, Simd::Weights rising,
                         Simd::Weights falling, uint32_t *rising_line, uint32_t *falling_line, Load load) {
    U16 s0[n_vectors], s1[n_vectors];
    for (size_t i = 0; i < n_vectors; ++i) s0[i] = load(rows + i * kColumns), s1[i] = Simd::zero();
    const uint8_t *row = rows;
    for (int64_t t = 1; t < count; ++t) {
        row += stride;
        // Row t is in s0 for the rows that follow, so that s1 is Σ (count - 1 - t)·p.
        for (size_t i = 0; i < n_vectors; ++i) {
            s1[i] = Simd::add16(s1[i], s0[i]);
            s0[i] = Simd::add16(s0[i], load(row + i * kColumns));
        }
    }
    for (size_t i = 0; i < 2 * n_vectors; ++i) {
        const Simd::Pairs pairs = Simd::zip(s0[i / 2], s1[i / 2], i % 2);
        uint32_t *up = rising_line + i * kLanes, *down = falling_line + i * kLanes;
        const U32 gain = Simd::dot(pairs, rising);
        Simd::store(up, kFresh ? gain : Simd::add(Simd::load(up), gain));
        Simd::store(down, Simd::add(Simd::load(down), Simd::dot(pairs, falling)));
    }
}

// The weights of s0 and s1 of fold_columns.
inline Simd::Weights weights_of(Ramp ramp, int64_t count) {
    return Simd::weights(ramp.first + ramp.step * (count - 1), -ramp.step);
}

template <bool kFresh>
void fold_all_columns(const uint8_t *rows, ptrdiff_t stride, int64_t count, int64_t n, Ramp rising, Ramp falling,
                      uint32_t *rising_line, uint32_t *falling_line) {
    const Simd::Weights up = weights_of(rising, count), down = weights_of(falling, count);
    int64_t x = 0;
    for (; x + kCacheLine <= n; x += kCacheLine) {
        for (int64_t t = 0; t < count; ++t) prefetch_row(rows + x, stride, count + t);
        fold_columns<kCacheLine / kColumns, kFresh>(rows + x, stride, count, up, down, rising_line + x,
                                                    falling_line + x, WholeVector());
    }
    for (; x + kColumns <= n; x += kColumns)
        fold_columns<1, kFresh>(rows + x, stride, count, up, down, rising_line + x, falling_line + x, WholeVector());
    if (x < n)
        fold_columns<1, kFresh>(rows + x, stride, count, up, down, rising_line + x, falling_line + x,
                                PartOfVector{n - x});
}

void fold_rows(const uint8_t *rows, ptrdiff_t stride, int64_t count, int64_t n, Ramp rising, Ramp falling, bool fresh,
               uint32_t *rising_line, uint32_t *falling_line) {
    (fresh ? fold_all_columns<true> : fold_all_columns<false>)(rows, stride, count, n, rising, falling, rising_line,
                                                               falling_line);
}

template <class Load>
inline void blend_columns(const uint8_t *row0, const uint8_t *row1, Simd::Weights weights, uint32_t *line, Load load) {
    const U16 p0 = load(row0), p1 = load(row1);
    for (int half = 0; half < 2; ++half) Simd::store(line + half * kLanes, Simd::dot(Simd::zip(p0, p1, half), weights));
}

void blend_rows(const uint8_t *row0, const uint8_t *row1, int64_t n, int64_t weight0, int64_t weight1, uint32_t *line) {
    const Simd::Weights weights = Simd::weights(weight0, weight1);
    int64_t x = 0;
    for (; x + kColumns <= n; x += kColumns) blend_columns(row0 + x, row1 + x, weights, line + x, WholeVector());
    if (x < n) blend_columns(row0 + x, row1 + x, weights, line + x, PartOfVector{n - x});
}

void interleave(const uint32_t *const *lines, int64_t first, int64_t n, uint32_t *block) {
    for (int64_t x = 0; x < n; x += kLanes, block += kLanes * kLanes) Simd::transpose(lines, first + x, block);
}

// Adds the run of n pixels of a segment to a vector of the results that rise and fall.
struct Run {
    int64_t a_last, step, half_width;  // the weight of the last pixel, …

    void add(U32 s0, U32 s1, uint32_t *rising, uint32_t *falling) const {
        const U32 up = Simd::sub(Simd::mul(s0, Simd::set(a_last)), Simd::mul(s1, Simd::set(step)));
        const U32 down = Simd::sub(Simd::mul(s0, Simd::set(half_width)), up);
        Simd::store(rising, Simd::add(Simd::load(rising), up));
        Simd::store(falling, Simd::add(Simd::load(falling), down));
    }
    void add(U32 s0, U32 s1, uint64_t *rising, uint64_t *falling) const {
        for (int half = 0; half < 2; ++half, rising += kLanes / 2, falling += kLanes / 2) {
            const Simd::U64 w0 = Simd::widen(s0, half), w1 = Simd::widen(s1, half);
            const Simd::U64 up =
                Simd::sub64(Simd::mul_32(w0, Simd::set64(a_last)), Simd::mul_32(w1, Simd::set64(step)));
            const Simd::U64 down = Simd::sub64(Simd::mul_32(w0, Simd::set64(half_width)), up);
            Simd::store64(rising, Simd::add64(Simd::load64(rising), up));
            Simd::store64(falling, Simd::add64(Simd::load64(falling), down));
        }
    }
};

template <class T>
void add_triangle(const Triangle &axis, int64_t segment, const uint32_t *pixels, int64_t first, int64_t count,
                  int64_t samples, T *line) {
    const int64_t end = first + count;
    for (int64_t j = first; j < end; ++segment) {
        T *rising = line + segment * samples;
        T *falling = rising - samples;
        for (const int64_t segment_end = least(end, axis.segments[segment + 1]); j < segment_end;) {
            // Moments modulo 2^32 are enough for sums modulo 2^32.
            const int64_t n = sizeof(T) == 4 ? segment_end - j : least(segment_end - j, axis.run);
            const Run run = {axis.rise + 2 * (axis.v * (j + n - 1) - axis.w * segment), 2 * axis.v, axis.half_width};
            for (int64_t x = 0; x < samples; x += kLanes) {
                const uint32_t *p = pixels + x;
                U32 s0 = Simd::load(p), s1 = Simd::zero();
                for (int64_t t = 1; t < n; ++t) {
                    p += samples;
                    s1 = Simd::add(s1, s0);
                    s0 = Simd::add(s0, Simd::load(p));
                }
                run.add(s0, s1, rising + x, falling + x);
            }
            pixels += n * samples;
            j += n;
        }
    }
}

// line[x] += weight·p[x]
inline void add_tap(const uint32_t *p, int64_t weight, int64_t samples, uint32_t *line) {
    const U32 w = Simd::set(weight);
    for (int64_t x = 0; x < samples; x += kLanes)
        Simd::store(line + x, Simd::add(Simd::load(line + x), Simd::mul(Simd::load(p + x), w)));
}
inline void add_tap(const uint32_t *p, int64_t weight, int64_t samples, uint64_t *line) {
    const Simd::U64 w = Simd::set64(weight);
    for (int64_t x = 0; x < samples; x += kLanes / 2) {
        const Simd::U64 wide = Simd::widen(Simd::load(p + (x & ~(kLanes - 1))), static_cast<int>(x / (kLanes / 2) % 2));
        Simd::store64(line + x, Simd::add64(Simd::load64(line + x), Simd::mul_32(wide, w)));
    }
}

template <class T>
void add_taps(const Taps *taps, const Taps *taps_end, const uint32_t *pixels, int64_t first, int64_t count,
              int64_t samples, T *line) {
    const int64_t end = first + count;
    for (; taps != taps_end && taps->first < end; ++taps, line += samples) {
        const uint32_t *p = pixels + (taps->first - first) * samples;
        if (taps->first >= first) add_tap(p, taps->weight0, samples, line);
        if (taps->weight1 != 0 && taps->first + 1 < end) add_tap(p + samples, taps->weight1, samples, line);
    }
}

// R-4 for the numerators of one sample of each line: the quotients n / (sum_y·sum_x), rounded. Reciprocals, each a
// little too small, guess the quotient or one less, as Divisors says; the rest tells which.
struct Rounding {
    U32 sum_y;
    Simd::Float reciprocal_y;
    int shift;

    U32 operator()(const uint32_t *numerators, uint32_t sum_x, float reciprocal_x) const {
        const U32 d = Simd::mul(sum_y, Simd::set(sum_x));
        const U32 n = Simd::add(Simd::load(numerators), Simd::shift_right(d, 1));
        const U32 guess = Simd::quotient(Simd::shift_right(n, shift), reciprocal_y, reciprocal_x);
        const U32 rest = Simd::sub(n, Simd::mul(guess, d));  // below 2d < 2^25
        return Simd::add_unless_less(guess, rest, d);
    }
    U32 operator()(const uint64_t *numerators, uint64_t sum_x, float reciprocal_x) const {
        // Both sums are below 2^32, and so is any quotient times sum_y.
        const Simd::U64 x = Simd::set64(static_cast<int64_t>(sum_x));
        const Simd::U64 y[2] = {Simd::widen(sum_y, 0), Simd::widen(sum_y, 1)};
        const Simd::U64 d[2] = {Simd::mul_32(y[0], x), Simd::mul_32(y[1], x)};
        Simd::U64 n[2];
        for (int half = 0; half < 2; ++half)
            n[half] = Simd::add64(Simd::load64(numerators + half * kLanes / 2), Simd::shift_right64(d[half], 1));
        const U32 guess =
            Simd::quotient(Simd::narrow(Simd::shift_right64(n[0], shift), Simd::shift_right64(n[1], shift)),
                           reciprocal_y, reciprocal_x);
        Simd::U64 quotient[2];
        for (int half = 0; half < 2; ++half) {
            const Simd::U64 q = Simd::widen(guess, half);
            const Simd::U64 rest = Simd::sub64(n[half], Simd::mul_32(Simd::mul_32(q, y[half]), x));
            quotient[half] = Simd::add_unless_less64(q, rest, d[half]);
        }
        return Simd::narrow(quotient[0], quotient[1]);
    }
};

U32 load_sums(const uint32_t *sums) { return Simd::load(sums); }
U32 load_sums(const uint64_t *sums) { return Simd::narrow(Simd::load64(sums), Simd::load64(sums + kLanes / 2)); }

template <class T>
void round_block(const T *block, const Divisors<T> &divisors, int64_t rows, int64_t width, int64_t channels,
                 uint8_t *out, ptrdiff_t stride) {
    const Rounding rounding = {load_sums(divisors.sums_y), Simd::load_float(divisors.reciprocals_y), divisors.shift};
    // Four samples of each line become a word of it.
    uint32_t quotients[4 * kLanes] = {}, words[kLanes];
    int64_t filled = 0;
    const auto store = [&] {
        Simd::bytes_of_lines(quotients, words);
        for (int64_t l = 0; l < rows; ++l) __builtin_memcpy(out + l * stride, words + l, static_cast<size_t>(filled));
        out += filled;
        filled = 0;
    };
    for (int64_t k = 0; k < width; ++k) {
        for (int64_t ch = 0; ch < channels; ++ch, block += kLanes) {
            Simd::store(quotients + filled * kLanes, rounding(block, divisors.sums_x[k], divisors.reciprocals_x[k]));
            if (++filled == 4) store();
        }
    }
    if (filled > 0) store();
}

// The taps of each result sample side by side, as bytes in the memory of its line.
void gather_taps(const TapTable &table, const uint8_t *row, uint8_t *pairs) {
    const int64_t channels = table.channels;
    const Simd::TapOrder order(channels);
    int64_t k = 0;
    for (; k < table.near; ++k, pairs += 2 * channels) Simd::order_taps(row + table.first[k], order, pairs);
    for (; k < table.samples / channels; ++k) {
        for (int64_t x = table.first[k]; x < table.first[k] + channels; ++x) {
            *pairs++ = row[x];
            *pairs++ = x + channels < table.in_samples ? row[x + channels] : uint8_t{0};
        }
    }
}

void tap_row(const TapTable &table, const uint8_t *row, uint16_t *line) {
    const U16 half_sum = Simd::set16(table.half_sum);
    if (!table.windows) gather_taps(table, row, reinterpret_cast<uint8_t *>(line));
    for (int64_t x = 0; x < table.samples; x += kColumns) {
        const Simd::Bytes pairs = table.windows ? Simd::take_windows(row, table.windows + x / 8, table.shuffles + 2 * x)
                                                : Simd::load_bytes(reinterpret_cast<const uint8_t *>(line + x));
        const U16 sums = Simd::dot_bytes(pairs, Simd::load_bytes(table.weights + 2 * x));
        Simd::store16(line + x, Simd::add16(sums, half_sum));
    }
}

template <bool kNarrow, bool kMultiply>
struct LineBlend {
    int64_t weight0, weight1;
    Reciprocal reciprocal;

    U16 quotients(const uint16_t *line0, const uint16_t *line1) const {
        const U16 a = Simd::load16(line0), b = Simd::load16(line1);
        U16 n;
        if constexpr (kNarrow) {
            n = Simd::add16(Simd::mul16(a, Simd::set16(weight0)), Simd::mul16(b, Simd::set16(weight1)));
            n = Simd::shift_right16(n, reciprocal.before);
        } else {
            n = Simd::dot_shifted(a, b, Simd::weights(weight0, weight1), reciprocal.before);
        }
        if constexpr (kMultiply)
            n = Simd::shift_right16(Simd::mul_high16(n, Simd::set16(reciprocal.multiplier)), reciprocal.after);
        return n;
    }

    void operator()(const uint16_t *line0, const uint16_t *line1, int64_t n, uint8_t *out) const {
        constexpr int64_t kStep = 2 * kColumns;
        int64_t x = 0;
        for (; x + kStep <= n; x += kStep) store(line0 + x, line1 + x, out + x);
        if (x == n) return;
        uint8_t rest[kStep];
        store(line0 + x, line1 + x, rest);
        __builtin_memcpy(out + x, rest, static_cast<size_t>(n - x));
    }

    void store(const uint16_t *line0, const uint16_t *line1, uint8_t *out) const {
        Simd::store_u8(out, quotients(line0, line1), quotients(line0 + kColumns, line1 + kColumns));
    }
};

void blend_lines(const uint16_t *line0, const uint16_t *line1, int64_t n, int64_t weight0, int64_t weight1, bool narrow,
                 Reciprocal r, uint8_t *out) {
    if (narrow && r.multiplier) LineBlend<true, true>{weight0, weight1, r}(line0, line1, n, out);
    else if (narrow) LineBlend<true, false>{weight0, weight1, r}(line0, line1, n, out);
    else if (r.multiplier) LineBlend<false, true>{weight0, weight1, r}(line0, line1, n, out);
    else LineBlend<false, false>{weight0, weight1, r}(line0, line1, n, out);
}

constexpr SumKernels<uint32_t> kSums32 = {add_triangle<uint32_t>, add_taps<uint32_t>, round_block<uint32_t>};
constexpr SumKernels<uint64_t> kSums64 = {add_triangle<uint64_t>, add_taps<uint64_t>, round_block<uint64_t>};
