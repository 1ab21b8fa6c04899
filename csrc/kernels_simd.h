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
//   scale(f, factor), quotient(n, f)   products of floats; floor(n·f) for n < 2^31
//   add_unless_less(q, a, b)    q + 1 where a >= b, q elsewhere; a and b are below 2^31 (2^63)
//   transpose(lines, x, block)  kLanes numbers of as many lines, from x on
//   bytes_of_lanes(q, bytes)    16 U32 as 16 bytes for each lane
//   take_pairs(row, first)      the pairs of bytes at first[0], first[1], …
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
constexpr int kSecondLevel = 2;  // of the caches: the first has the lines to hold
inline void prefetch_row(const uint8_t *rows, ptrdiff_t stride, int64_t t) {
    const uintptr_t distance = static_cast<uintptr_t>(stride) * static_cast<uintptr_t>(t);
    __builtin_prefetch(reinterpret_cast<const void *>(reinterpret_cast<uintptr_t>(rows) + distance), 0, kSecondLevel);
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

// The samples from first to before end of all lines, column by column, in the scratch memory of a block; returns that
// of sample 0, as if it were there. `first` is a multiple of kLanes.
template <class T>
const uint32_t *interleave(const Block<T> &block, int64_t first, int64_t end) {
    uint32_t *columns = block.columns;
    for (int64_t x = first; x < end; x += kLanes, columns += kLanes * kLanes) Simd::transpose(block.lines, x, columns);
    return block.columns - first * kLanes;
}

// A number of type T for each lane.
template <class T>
struct Lanes;

template <>
struct Lanes<uint32_t> {
    U32 all;

    static Lanes zero() { return {Simd::zero()}; }
    static Lanes load(const uint32_t *p) { return {Simd::load(p)}; }
    void store(uint32_t *p) const { Simd::store(p, all); }
    static Lanes product(U32 a, int64_t weight) { return {Simd::mul(a, Simd::set(weight))}; }
    Lanes operator+(Lanes b) const { return {Simd::add(all, b.all)}; }
    Lanes operator-(Lanes b) const { return {Simd::sub(all, b.all)}; }
};

template <>
struct Lanes<uint64_t> {
    Simd::U64 half[2];

    static Lanes zero() { return {{Simd::zero(), Simd::zero()}}; }
    static Lanes load(const uint64_t *p) { return {{Simd::load64(p), Simd::load64(p + kLanes / 2)}}; }
    void store(uint64_t *p) const {
        Simd::store64(p, half[0]);
        Simd::store64(p + kLanes / 2, half[1]);
    }
    static Lanes product(U32 a, int64_t weight) {
        const Simd::U64 w = Simd::set64(weight);
        return {{Simd::mul_32(Simd::widen(a, 0), w), Simd::mul_32(Simd::widen(a, 1), w)}};
    }
    Lanes operator+(Lanes b) const { return {{Simd::add64(half[0], b.half[0]), Simd::add64(half[1], b.half[1])}}; }
    Lanes operator-(Lanes b) const { return {{Simd::sub64(half[0], b.half[0]), Simd::sub64(half[1], b.half[1])}}; }
};

// the quotients n / (sum_y·sum_x) for each lane, rounded. Reciprocals, each a little too small, guess the quotient
// or one less, as Divisors says; the rest tells which.
template <class T>
class Rounding;

template <>
class Rounding<uint32_t> {
  public:
    explicit Rounding(const Divisors<uint32_t> &divisors)
        : divisors_(divisors),
          sum_y_(Simd::load(divisors.sums_y)),
          reciprocal_y_(Simd::load_float(divisors.reciprocals_y)) {}

    // For pixel k from now on.
    void set_pixel(int64_t k) {
        d_ = Simd::mul(sum_y_, Simd::set(divisors_.sums_x[k]));
        half_d_ = Simd::half(d_);
        reciprocal_ = Simd::scale(reciprocal_y_, divisors_.reciprocals_x[k]);
    }
    U32 operator()(Lanes<uint32_t> numerators) const {
        const U32 n = Simd::add(numerators.all, half_d_);
        const U32 guess = Simd::quotient(Simd::half(n), reciprocal_);
        const U32 rest = Simd::sub(n, Simd::mul(guess, d_));  // below 2d < 2^25
        return Simd::add_unless_less(guess, rest, d_);
    }

  private:
    const Divisors<uint32_t> divisors_;
    const U32 sum_y_;
    const Simd::Float reciprocal_y_;
    U32 d_{}, half_d_{};
    Simd::Float reciprocal_{};
};

template <>
class Rounding<uint64_t> {
  public:
    explicit Rounding(const Divisors<uint64_t> &divisors)
        : divisors_(divisors),
          sum_y_(Lanes<uint64_t>::load(divisors.sums_y)),
          reciprocal_y_(Simd::load_float(divisors.reciprocals_y)) {}

    void set_pixel(int64_t k) {
        sum_x_ = Simd::set64(static_cast<int64_t>(divisors_.sums_x[k]));
        for (int i = 0; i < 2; ++i) d_[i] = Simd::mul_32(sum_y_.half[i], sum_x_);
        reciprocal_ = Simd::scale(reciprocal_y_, divisors_.reciprocals_x[k]);
    }
    U32 operator()(Lanes<uint64_t> n) const {
        Simd::U64 shifted[2], quotient[2];
        for (int i = 0; i < 2; ++i) {
            n.half[i] = Simd::add64(n.half[i], Simd::shift_right64(d_[i], 1));
            shifted[i] = Simd::shift_right64(n.half[i], divisors_.shift);
        }
        const U32 guess = Simd::quotient(Simd::narrow(shifted[0], shifted[1]), reciprocal_);
        for (int i = 0; i < 2; ++i) {
            // Both sums are below 2^32, and so is a quotient times sum_y.
            const Simd::U64 q = Simd::widen(guess, i);
            const Simd::U64 rest = Simd::sub64(n.half[i], Simd::mul_32(Simd::mul_32(q, sum_y_.half[i]), sum_x_));
            quotient[i] = Simd::add_unless_less64(q, rest, d_[i]);
        }
        return Simd::narrow(quotient[0], quotient[1]);
    }

  private:
    const Divisors<uint64_t> divisors_;
    const Lanes<uint64_t> sum_y_;
    const Simd::Float reciprocal_y_;
    Simd::U64 sum_x_{}, d_[2] = {};
    Simd::Float reciprocal_{};
};

// Stores result pixels of all lanes, whose samples follow each other from `quotients` on, as bytes of the rows.
constexpr int64_t kByteStep = 16;  // samples

template <class T>
void store_pixels(const Block<T> &block, const uint32_t *quotients, int64_t first, int64_t count) {
    uint8_t *out = block.out + first * block.channels;
    uint8_t bytes[kLanes * kByteStep];
    int64_t n = count * block.channels;
    for (; n >= kByteStep; n -= kByteStep, out += kByteStep, quotients += kByteStep * kLanes) {
        Simd::bytes_of_lanes(quotients, bytes);
        for (int64_t l = 0; l < block.rows; ++l)
            __builtin_memcpy(out + l * block.stride, bytes + l * kByteStep, kByteStep);
    }
    if (n == 0) return;
    Simd::bytes_of_lanes(quotients, bytes);
    for (int64_t l = 0; l < block.rows; ++l)
        __builtin_memcpy(out + l * block.stride, bytes + l * kByteStep, static_cast<size_t>(n));
}

// The columns of some pixels at a time.
template <class T>
struct Columns {
    const Block<T> &block;
    const uint32_t *zero = nullptr;  // column 0, as if it were there
    int64_t ready = 0;               // the pixels before it, and from one that was asked for, are there

    // Makes the pixels from `first` to before end(0) ready, and as many more of end(1), end(2), … (up to end(most)) as
    // there is room for.
    template <class End>
    void make(int64_t first, End end, int64_t most) {
        const int64_t x = first * block.channels / kLanes * kLanes;
        ready = end(0);
        for (int64_t i = 1; i <= most && end(i) * block.channels - x <= block.n_columns - kLanes; ++i) ready = end(i);
        zero = interleave(block, x, ready * block.channels);
    }
};

// Some pixels of segment s, the first being pixel j, for kSamples samples of a pixel.
template <class T, size_t kSamples>
struct SegmentSums {
    Lanes<T> rising[kSamples], falling[kSamples];

    // Adds the n pixels of the axis from `first` on; p is the first sample of that pixel, the next one is `pixel` on.
    void add(const Triangle &axis, int64_t s, int64_t first, int64_t n, const uint32_t *p, int64_t pixel) {
        U32 s0[kSamples], s1[kSamples];
        for (size_t i = 0; i < kSamples; ++i) s0[i] = Simd::load(p + i * kLanes), s1[i] = Simd::zero();
        for (int64_t t = 1; t < n; ++t) {
            p += pixel;
            for (size_t i = 0; i < kSamples; ++i) {
                s1[i] = Simd::add(s1[i], s0[i]);
                s0[i] = Simd::add(s0[i], Simd::load(p + i * kLanes));
            }
        }
        const int64_t last = axis.rise + 2 * (axis.v * (first + n - 1) - axis.w * s);  // weight of the last pixel
        for (size_t i = 0; i < kSamples; ++i) {
            Lanes<T> up = Lanes<T>::product(s0[i], last);
            if (n > 1) up = up - Lanes<T>::product(s1[i], 2 * axis.v);
            rising[i] = rising[i] + up;
            falling[i] = falling[i] + (Lanes<T>::product(s0[i], axis.half_width) - up);
        }
    }
};

// For images of kChannels channels, all of which are worked on at a time, or one of any number, where kChannels is 0.
template <class T, size_t kChannels>
void finish_triangle_of(const Block<T> &block, const Triangle &triangle) {
    constexpr size_t kSamples = kChannels ? kChannels : 1;
    constexpr int64_t kGroup = static_cast<int64_t>(kSamples) * kLanes;
    const Triangle axis = triangle;  // a copy that no store can change
    const int64_t pixel = kChannels ? kGroup : block.channels * kLanes;
    // Of the result that falls, so far: in registers, or in memory.
    Lanes<T> sums[kSamples];
    for (Lanes<T> &sum : sums) sum = Lanes<T>::zero();
    if (!kChannels)
        for (int64_t x = 0; x < pixel; ++x) block.sums[x] = 0;
    Rounding<T> rounding(block.divisors);
    Columns<T> columns{block};
    uint32_t *const quotients = block.quotients + pixel;
    int64_t filled = -1;  // segment 0 completes result -1, which nobody wants
    for (int64_t s = 0, j = 0; s <= axis.width; ++s) {
        const int64_t end = axis.segments[s + 1];
        if (end > columns.ready) columns.make(j, [&](int64_t i) { return axis.segments[s + 1 + i]; }, axis.width - s);
        const uint32_t *p = columns.zero + j * pixel;
        rounding.set_pixel(s > 0 ? s - 1 : 0);
        for (int64_t x = 0; x < pixel; x += kGroup) {
            if (!kChannels) sums[0] = Lanes<T>::load(block.sums + x);
            SegmentSums<T, kSamples> segment;
            for (size_t i = 0; i < kSamples; ++i) segment.falling[i] = sums[i], segment.rising[i] = Lanes<T>::zero();
            if constexpr (sizeof(T) == 4) {
                segment.add(axis, s, j, end - j, p + x, pixel);  // moments modulo 2^32 are enough for such sums
            } else {
                for (int64_t first = j; first < end; first += axis.run)
                    segment.add(axis, s, first, least(end - first, axis.run), p + (first - j) * pixel + x, pixel);
            }
            uint32_t *q = quotients + filled * pixel + x;
            for (size_t i = 0; i < kSamples; ++i, q += kLanes) {
                sums[i] = segment.rising[i];
                Simd::store(q, rounding(segment.falling[i]));
            }
            if (!kChannels) sums[0].store(block.sums + x);
        }
        if (++filled == kQuotientPixels) {
            store_pixels(block, quotients, s - filled, filled);
            filled = 0;
        }
        j = end;
    }
    store_pixels(block, quotients, axis.width - filled, filled);
}

template <class T>
void finish_triangle(const Block<T> &block, const Triangle &axis) {
    if (block.channels == 1) finish_triangle_of<T, 1>(block, axis);
    else if (block.channels == 3) finish_triangle_of<T, 3>(block, axis);
    else finish_triangle_of<T, 0>(block, axis);
}

template <class T>
void finish_taps(const Block<T> &block, const TapList &axis) {
    const int64_t pixel = block.channels * kLanes;
    Rounding<T> rounding(block.divisors);
    Columns<T> columns{block};
    int64_t filled = 0;
    for (int64_t k = 0; k < axis.width; ++k) {
        const Taps taps = axis.taps[k];
        const auto end = [&](int64_t i) { return axis.taps[k + i].first + 1 + (axis.taps[k + i].weight1 != 0); };
        if (end(0) > columns.ready) columns.make(taps.first, end, axis.width - 1 - k);
        const uint32_t *p = columns.zero + taps.first * pixel, *next = taps.weight1 != 0 ? p + pixel : p;
        rounding.set_pixel(k);
        for (int64_t x = 0; x < pixel; x += kLanes) {
            const Lanes<T> sum = Lanes<T>::product(Simd::load(p + x), taps.weight0) +
                                 Lanes<T>::product(Simd::load(next + x), taps.weight1);
            Simd::store(block.quotients + filled * pixel + x, rounding(sum));
        }
        if (++filled == kQuotientPixels) {
            store_pixels(block, block.quotients, k + 1 - filled, filled);
            filled = 0;
        }
    }
    store_pixels(block, block.quotients, axis.width - filled, filled);
}

// The taps of each result sample from pixel k on side by side, as bytes in the memory of their line.
void gather_taps(TapTable table, const uint8_t *row, int64_t k, uint8_t *pairs) {
    const int64_t channels = table.channels;
    const Simd::TapOrder order(channels);
    pairs += 2 * k * channels;
    for (; k < table.near; ++k, pairs += 2 * channels) Simd::order_taps(row + table.first[k], order, pairs);
    for (; k < table.samples / channels; ++k) {
        for (int64_t x = table.first[k]; x < table.first[k] + channels; ++x) {
            *pairs++ = row[x];
            *pairs++ = x + channels < table.in_samples ? row[x + channels] : uint8_t{0};
        }
    }
}

void tap_row(const TapTable &shared_table, const uint8_t *row, uint16_t *line) {
    const TapTable table = shared_table;  // a copy that no store can change
    const U16 half_sum = Simd::set16(table.half_sum);
    const auto store = [&](int64_t x, Simd::Bytes pairs) {
        const U16 sums = Simd::dot_bytes(pairs, Simd::load_bytes(table.weights + 2 * x));
        Simd::store16(line + x, Simd::add16(sums, half_sum));
    };
    int64_t x = 0;
    if (table.windows) {
        for (; x < table.samples; x += kColumns)
            store(x, Simd::take_windows(row, table.windows + x / 8, table.shuffles + 2 * x));
        return;
    }
    if (table.channels == 1)
        for (; x + kColumns <= table.near; x += kColumns) store(x, Simd::take_pairs(row, table.first + x));
    gather_taps(table, row, x / table.channels, reinterpret_cast<uint8_t *>(line));
    for (; x < table.samples; x += kColumns) store(x, Simd::load_bytes(reinterpret_cast<const uint8_t *>(line + x)));
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

constexpr Finish<uint32_t> kFinish32 = {finish_triangle<uint32_t>, finish_taps<uint32_t>};
constexpr Finish<uint64_t> kFinish64 = {finish_triangle<uint64_t>, finish_taps<uint64_t>};
