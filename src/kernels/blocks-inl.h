// SPDX-License-Identifier: MIT
// Part of kernels_simd.h: the horizontal axis of a block, and R-4.
#pragma once

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

template <class AnyBlock>
void store_pixels(const AnyBlock &block, const uint32_t *quotients, int64_t first, int64_t count) {
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

// Result pixels of all lanes, one after the other, which are stored kQuotientPixels at a time.
template <class AnyBlock>
class Pixels {
  public:
    // The first is pixel 0, or -1, which is left out.
    Pixels(const AnyBlock &block, int64_t first)
        : block_(block), pixel_(block.channels * kLanes), quotients_(block.quotients + pixel_), filled_(first) {}

    // Where the samples of the pixel that comes now go.
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
    Pixels<Block<T>> pixels(block, -1);  // segment 0 completes result -1, which nobody wants
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
            uint32_t *q = pixels.now() + x;
            for (size_t i = 0; i < kSamples; ++i, q += kLanes) {
                sums[i] = segment.rising[i];
                Simd::store(q, rounding(segment.falling[i]));
            }
            if (!kChannels) sums[0].store(block.sums + x);
        }
        pixels.next();
        j = end;
    }
    pixels.store();
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
    Pixels<Block<T>> pixels(block, 0);
    for (int64_t k = 0; k < axis.width; ++k) {
        const Taps taps = axis.taps[k];
        const auto end = [&](int64_t i) { return axis.taps[k + i].first + 1 + (axis.taps[k + i].weight1 != 0); };
        if (end(0) > columns.ready) columns.make(taps.first, end, axis.width - 1 - k);
        const uint32_t *p = columns.zero + taps.first * pixel, *next = taps.weight1 != 0 ? p + pixel : p;
        rounding.set_pixel(k);
        for (int64_t x = 0; x < pixel; x += kLanes) {
            const Lanes<T> sum = Lanes<T>::product(Simd::load(p + x), taps.weight0) +
                                 Lanes<T>::product(Simd::load(next + x), taps.weight1);
            Simd::store(pixels.now() + x, rounding(sum));
        }
        pixels.next();
    }
    pixels.store();
}

constexpr Finish<uint32_t> kFinish32 = {finish_triangle<uint32_t>, finish_taps<uint32_t>};
constexpr Finish<uint64_t> kFinish64 = {finish_triangle<uint64_t>, finish_taps<uint64_t>};
