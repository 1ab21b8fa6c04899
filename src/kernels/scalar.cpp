// SPDX-License-Identifier: MIT
#include "kernels/scalar.h"

#include <algorithm>
#include <cmath>
#include <type_traits>

#include "base/ieee754.h"
#include "base/u128.h"
#include "kernels/tables.h"

namespace isopixel {
namespace scalar {
namespace {

// The moments Σ p and Σ t·p of a run of pixels, for one of their samples.
template <class T>
struct Moments {
    T s0, s1;
};

// Of bytes they are below 2^32; of column sums modulo 2^32 if T is, else below 2^63.
template <class S>
constexpr int64_t kRun = INT64_C(1) << (sizeof(S) == 1 ? 12 : 16);
static_assert(255 * (kRun<uint8_t> * (kRun<uint8_t> - 1) / 2) <= UINT32_MAX);
static_assert(kRun<uint32_t> * (kRun<uint32_t> - 1) / 2 <= INT64_MAX >> 32);

template <class S>
int64_t longest_run(const S *) {
    return kRun<S>;
}

template <class T, class S>
Moments<T> moments(const S *p, int64_t n, int64_t stride) {
    using Sum = std::conditional_t<sizeof(S) == 1 || std::is_same_v<T, uint32_t>, uint32_t, uint64_t>;
    Sum s0 = 0, s1 = 0;
    for (int64_t t = 0; t < n; ++t) {
        const Sum sample = p[t * stride];
        s0 += sample;
        s1 += static_cast<Sum>(t) * sample;
    }
    return {T(s0), T(s1)};
}

int64_t longest_run(Constant) { return INT64_MAX; }

template <class T>
Moments<T> moments(Constant p, int64_t n, int64_t) {
    const T pairs = n % 2 ? modulo<T>(n) * modulo<T>((n - 1) / 2) : modulo<T>(n / 2) * modulo<T>(n - 1);
    return {T(p.value) * modulo<T>(n), T(p.value) * pairs};
}

}  // namespace

template <class P, class T>
void add_triangle(const Triangle &axis, int64_t segment, P pixels, int64_t first, int64_t count, int64_t samples,
                  T *line) {
    const T step = modulo<T>(2 * axis.v);
    const T half_width = modulo<T>(axis.half_width);
    const int64_t end = first + count;
    for (int64_t j = first; j < end; ++segment) {
        T *rising = line + segment * samples;
        T *falling = rising - samples;
        for (const int64_t segment_end = std::min(end, axis.segments[segment + 1]); j < segment_end;) {
            const int64_t n = std::min(segment_end - j, longest_run(pixels));
            const T a0 = modulo<T>(axis.rise + 2 * (axis.v * j - axis.w * segment));
            const auto add_run = [&](int64_t x, int64_t stride) {
                const Moments<T> run = moments<T>(pixels + x, n, stride);
                const T up = a0 * run.s0 + step * run.s1;  // Σ weight·p of R-4 for the result that rises
                rising[x] += up;
                falling[x] += half_width * run.s0 - up;
            };
            if (samples == 1) add_run(0, 1);  // which a compiler can make vectors of
            else
                for (int64_t x = 0; x < samples; ++x) add_run(x, samples);
            pixels = pixels + n * samples;
            j += n;
        }
    }
}

template <class P, class T>
void add_taps(const Taps *taps, const Taps *taps_end, P pixels, int64_t first, int64_t count, int64_t samples,
              T *line) {
    const int64_t end = first + count;
    for (; taps != taps_end && taps->first < end; ++taps, line += samples) {
        const P p = pixels + (taps->first - first) * samples;
        if (taps->first >= first) {
            const T weight = modulo<T>(taps->weight0);
            for (int64_t x = 0; x < samples; ++x) line[x] += weight * T(p[x]);
        }
        if (taps->weight1 != 0 && taps->first + 1 < end) {
            const T weight = modulo<T>(taps->weight1);
            for (int64_t x = 0; x < samples; ++x) line[x] += weight * T(p[samples + x]);
        }
    }
}

template <class P, class T>
void widen(P samples, int64_t n, T *line) {
    for (int64_t x = 0; x < n; ++x) line[x] = T(samples[x]);
}

template <class T>
void fold(const T *line0, const T *line1, int64_t n, T a0, T step, T half_width, T *rising, T *falling) {
    for (int64_t x = 0; x < n; ++x) {
        const T up = a0 * line0[x] + step * line1[x];
        rising[x] += up;
        falling[x] += half_width * line0[x] - up;
    }
}

template <class T>
void blend(const T *line0, const T *line1, int64_t n, T weight0, T weight1, T *sums) {
    for (int64_t x = 0; x < n; ++x) sums[x] = weight0 * line0[x] + weight1 * line1[x];
}

namespace {

// floor((2N + D) / (2D)), which is floor((N + floor(D/2)) / D).
template <class T>
uint8_t round_quotient(T n, T d) {
    return static_cast<uint8_t>((n + (d >> 1)) / d);
}

}  // namespace

template <class T>
void round_row(const T *numerators, T sum_y, const T *sums_x, int64_t width, int64_t channels, uint8_t *out) {
    for (int64_t k = 0; k < width; ++k) {
        const T d = sum_y * sums_x[k];
        for (int64_t ch = 0; ch < channels; ++ch) *out++ = round_quotient(*numerators++, d);
    }
}

#define ISOPIXEL_INSTANTIATE_PIXELS(P, T)                                                     \
    template void add_triangle(const Triangle &, int64_t, P, int64_t, int64_t, int64_t, T *); \
    template void add_taps(const Taps *, const Taps *, P, int64_t, int64_t, int64_t, T *);    \
    template void widen(P, int64_t, T *);
#define ISOPIXEL_INSTANTIATE(T)                                           \
    ISOPIXEL_INSTANTIATE_PIXELS(const uint8_t *, T)                       \
    ISOPIXEL_INSTANTIATE_PIXELS(const uint32_t *, T)                      \
    ISOPIXEL_INSTANTIATE_PIXELS(Constant, T)                              \
    template void fold(const T *, const T *, int64_t, T, T, T, T *, T *); \
    template void blend(const T *, const T *, int64_t, T, T, T *);        \
    template void round_row(const T *, T, const T *, int64_t, int64_t, uint8_t *);

ISOPIXEL_INSTANTIATE(uint32_t)
ISOPIXEL_INSTANTIATE(uint64_t)
ISOPIXEL_INSTANTIATE(U128)
template void add_taps(const Taps *, const Taps *, const uint64_t *, int64_t, int64_t, int64_t, uint64_t *);
template void add_taps(const Taps *, const Taps *, const U128 *, int64_t, int64_t, int64_t, U128 *);

namespace {

void fold_rows(const uint8_t *rows, ptrdiff_t stride, int64_t count, int64_t n, Ramp rising, Ramp falling, bool fresh,
               uint32_t *rising_line, uint32_t *falling_line) {
    constexpr int64_t kTile = 256;
    const uint32_t up0 = modulo<uint32_t>(rising.first), up1 = modulo<uint32_t>(rising.step);
    const uint32_t down0 = modulo<uint32_t>(falling.first), down1 = modulo<uint32_t>(falling.step);
    if (fresh) std::fill_n(rising_line, n, 0u);
    for (int64_t first = 0; first < n; first += kTile) {
        const int64_t tile = std::min(kTile, n - first);
        uint16_t s0[kTile] = {}, s1[kTile] = {};  // Σ p and Σ t·p of a column
        // From the last row to the first: row t is in s0 for the t rows that follow, so that s1 gains it t times.
        for (int64_t t = count - 1; t >= 0; --t) {
            const uint8_t *row = rows + t * stride + first;
            for (int64_t x = 0; x < tile; ++x) {
                s1[x] = static_cast<uint16_t>(s1[x] + s0[x]);
                s0[x] = static_cast<uint16_t>(s0[x] + row[x]);
            }
        }
        for (int64_t x = 0; x < tile; ++x) {
            rising_line[first + x] += up0 * s0[x] + up1 * s1[x];
            falling_line[first + x] += down0 * s0[x] + down1 * s1[x];
        }
    }
}

void blend_rows(const uint8_t *row0, const uint8_t *row1, int64_t n, int64_t weight0, int64_t weight1, uint32_t *line) {
    const uint32_t w0 = modulo<uint32_t>(weight0), w1 = modulo<uint32_t>(weight1);
    for (int64_t x = 0; x < n; ++x) line[x] = w0 * row0[x] + w1 * row1[x];
}

// A block is one line.
template <class T>
void round_line(const Block<T> &block, const T *numerators, int64_t width) {
    round_row(numerators, *block.divisors.sums_y, block.divisors.sums_x, width, block.channels, block.out);
}

template <class T>
void block_triangle(const Block<T> &block, const Triangle &axis) {
    T *results = block.sums + block.channels;
    std::fill(block.sums, results + (axis.width + 1) * block.channels, T(0));
    add_triangle(axis, 0, *block.lines, 0, axis.segments[axis.width + 1], block.channels, results);
    round_line(block, results, axis.width);
}

template <class T>
void block_taps(const Block<T> &block, const TapList &axis) {
    T *result = block.sums;
    for (const Taps *taps = axis.taps; taps < axis.taps + axis.width; ++taps) {
        const uint32_t *p = *block.lines + taps->first * block.channels;
        const uint32_t *next = taps->weight1 ? p + block.channels : p;
        for (int64_t ch = 0; ch < block.channels; ++ch)
            *result++ = modulo<T>(taps->weight0) * p[ch] + modulo<T>(taps->weight1) * next[ch];
    }
    round_line(block, block.sums, axis.width);
}

// A sum modulo 2^32, which is a number with a sign, as a result.
uint8_t clipped(uint32_t sum, int shift) {
    return static_cast<uint8_t>(std::clamp(static_cast<int32_t>(sum) >> shift, 0, 255));
}

// A block is one row.
void weigh_rows(const RowBlock &block, const WindowList &axis) {
    uint8_t *out = block.out;
    for (const Window *window = axis.windows; window < axis.windows + axis.width; ++window) {
        const int32_t *weights = axis.weights + window->weights;
        for (int64_t ch = 0; ch < block.channels; ++ch) {
            const uint8_t *p = block.in + window->first * block.channels + ch;
            uint32_t sum = 1u << (axis.shift - 1);
            for (int32_t t = 0; t < window->count; ++t)
                sum += static_cast<uint32_t>(weights[t]) * p[t * block.channels];
            *out++ = clipped(sum, axis.shift);
        }
    }
}

void add_rows(const WeightedRows &rows, int64_t n, uint32_t *sums) {
    for (int64_t t = 0; t < rows.count; ++t) {
        const uint32_t w = static_cast<uint32_t>(rows.weights[t]);
        const uint8_t *row = rows.rows[t];
        for (int64_t x = 0; x < n; ++x) sums[x] += w * row[x];
    }
}

void round_rows(const WeightedRows &rows, int64_t n, const uint32_t *sums, int shift, uint8_t *out) {
    constexpr int64_t kTile = 256;
    for (int64_t first = 0; first < n; first += kTile) {
        const int64_t tile = std::min(kTile, n - first);
        uint32_t tile_sums[kTile];
        const uint8_t *tile_rows[kMostWeightedRows];
        if (sums) std::copy_n(sums + first, tile, tile_sums);
        else std::fill_n(tile_sums, tile, 1u << (shift - 1));
        for (int64_t t = 0; t < rows.count; ++t) tile_rows[t] = rows.rows[t] + first;
        add_rows({tile_rows, rows.weights, rows.count}, tile, tile_sums);
        for (int64_t x = 0; x < tile; ++x) out[first + x] = clipped(tile_sums[x], shift);
    }
}

template <class Weight>
void tap_row_by(const TapTable &table, const Weight *weights, const uint8_t *row, uint16_t *line) {
    const int32_t *first = table.first;
    for (const uint16_t *end = line + table.samples; line < end; ++first) {
        const uint8_t *p = row + *first;
        for (int64_t ch = 0; ch < table.channels; ++ch, ++p, weights += 2) {
            const int second = weights[1] != 0 ? p[table.channels] : 0;
            const int sum = table.bias + weights[0] * *p + weights[1] * second;
            *line++ = static_cast<uint16_t>(table.half_sum + (sum >> table.shift));
        }
    }
}

void tap_row(const TapTable &table, const uint8_t *row, uint16_t *line) {
    if (table.weights) tap_row_by(table, table.weights, row, line);
    else tap_row_by(table, table.wide_weights, row, line);
}

void blend_lines(const uint16_t *line0, const uint16_t *line1, int64_t n, int64_t weight0, int64_t weight1, bool narrow,
                 Reciprocal r, uint8_t *out) {
    // The same in numbers of 16 bits or of 32, and with or without a product, so that a compiler can make vectors of
    // it.
    const auto blend = [=](auto zero, auto divide) {
        using N = decltype(zero);
        const N w0 = static_cast<N>(weight0), w1 = static_cast<N>(weight1);
        for (int64_t x = 0; x < n; ++x) {
            const N sum = static_cast<N>(static_cast<N>(w0 * line0[x]) + static_cast<N>(w1 * line1[x]));
            out[x] = static_cast<uint8_t>(divide(static_cast<uint16_t>(sum >> r.before)));
        }
    };
    const auto shift = [](uint16_t quotient) { return quotient; };
    const auto multiply = [r](uint32_t quotient) { return quotient * r.multiplier >> 16 >> r.after; };
    if (narrow && r.multiplier) blend(uint16_t{0}, multiply);
    else if (narrow) blend(uint16_t{0}, shift);
    else if (r.multiplier) blend(uint32_t{0}, multiply);
    else blend(uint32_t{0}, shift);
}

void blend_linear(const uint16_t *line0, const uint16_t *line1, int64_t n, int64_t weight0, int64_t weight1, int,
                  uint8_t *out) {
    const uint32_t w0 = modulo<uint32_t>(weight0), w1 = modulo<uint32_t>(weight1);
    for (int64_t x = 0; x < n; ++x)
        out[x] = static_cast<uint8_t>(((w0 * line0[x] >> 16) + (w1 * line1[x] >> 16) + 2) >> 2);
}

void blend_exact(const uint16_t *line0, const uint16_t *line1, int64_t n, int64_t weight0, int64_t weight1, int,
                 uint8_t *out) {
    const uint32_t w0 = modulo<uint32_t>(weight0), w1 = modulo<uint32_t>(weight1);
    for (int64_t x = 0; x < n; ++x) out[x] = static_cast<uint8_t>((w0 * line0[x] + w1 * line1[x] + (1u << 15)) >> 16);
}

void blend_fixed(const uint16_t *line0, const uint16_t *line1, int64_t n, int64_t weight0, int64_t weight1, int shift,
                 uint8_t *out) {
    const uint32_t w0 = modulo<uint32_t>(weight0), w1 = modulo<uint32_t>(weight1), half = 1u << (shift - 1);
    for (int64_t x = 0; x < n; ++x)
        out[x] = static_cast<uint8_t>(std::min(255u, (w0 * line0[x] + w1 * line1[x] + half) >> shift));
}

void halve_rows(const uint8_t *row0, const uint8_t *row1, int64_t n, int64_t channels, bool to_even, uint8_t *out) {
    const auto halve = [=](auto pixel, auto rounding) {
        const uint8_t *p = row0, *q = row1;
        uint8_t *to = out;
        for (; to < out + n; p += pixel, q += pixel) {
            for (int64_t ch = 0; ch < pixel; ++ch, ++p, ++q) {
                const int sum = p[0] + p[pixel] + q[0] + q[pixel];
                *to++ = static_cast<uint8_t>((sum + rounding(sum)) >> 2);
            }
        }
    };
    if (to_even) halve(channels, [](int sum) { return 1 + (sum >> 2 & 1); });
    else halve(channels, [](int) { return 2; });
}

// A block is one row.
void sum_areas(const AreaBlock &block, const AreaList &axis) {
    float *line = block.lines;
    for (const Window *window = axis.windows; window < axis.windows + axis.width; ++window) {
        const float *weights = axis.weights + window->weights;
        for (int64_t ch = 0; ch < block.channels; ++ch) {
            const uint8_t *p = block.in + window->first * block.channels + ch;
            float sum = 0;
            for (int32_t t = 0; t < window->count; ++t) sum += static_cast<float>(p[t * block.channels]) * weights[t];
            *line++ = sum;
        }
    }
}

void add_areas(const float *lines, int64_t line, const float *weights, int64_t count, int64_t n, bool fresh,
               float *sums) {
    if (fresh) std::fill_n(sums, n, 0.0f);
    for (int64_t t = 0; t < count; ++t, lines += line)
        for (int64_t x = 0; x < n; ++x) sums[x] += weights[t] * lines[x];
}

void round_areas(const float *sums, int64_t n, float factor, uint8_t *out) {
    for (int64_t x = 0; x < n; ++x) out[x] = static_cast<uint8_t>(std::min(255.0f, std::rint(factor * sums[x])));
}

void sum_taps(const MultiTapTable &table, const uint8_t *row, uint32_t *line) {
    const int16_t *weights = table.weights;
    for (int64_t k = 0; k < table.samples / table.channels; ++k, weights += table.taps) {
        for (int64_t ch = 0; ch < table.channels; ++ch) {
            const uint8_t *p = row + table.first[k] * table.channels + ch;
            uint32_t sum = 0;
            for (int64_t t = 0; t < table.taps; ++t) sum += static_cast<uint32_t>(weights[t]) * p[t * table.channels];
            *line++ = sum;
        }
    }
}

uint8_t clipped(int32_t number) { return static_cast<uint8_t>(std::clamp(number, 0, 255)); }

template <size_t taps>
void blend_by_integers(const uint32_t *const *lines, const int16_t *weights, int64_t first, int64_t end, uint8_t *out) {
    for (int64_t x = first; x < end; ++x) {
        uint32_t sum = 1u << 21;
        for (size_t t = 0; t < taps; ++t) sum += static_cast<uint32_t>(weights[t]) * lines[t][x];
        out[x] = clipped(static_cast<int32_t>(sum) >> 22);
    }
}

void blend_cubic(const uint32_t *const *lines, const int16_t *weights, int64_t n, uint8_t *out) {
    const int64_t whole = n / 8 * 8;
    for (int64_t x = 0; x < whole; ++x) {
        const auto product = [=](int t) {
            return static_cast<float>(weights[t]) * 0x1p-22f * static_cast<float>(static_cast<int32_t>(lines[t][x]));
        };
        const float sum = product(0) + (product(1) + (product(2) + product(3)));
        out[x] = clipped(static_cast<int32_t>(std::rint(sum)));
    }
    blend_by_integers<4>(lines, weights, whole, n, out);
}

void blend_lanczos4(const uint32_t *const *lines, const int16_t *weights, int64_t n, uint8_t *out) {
    blend_by_integers<8>(lines, weights, 0, n, out);
}

// A line is its own transpose, and a column one number.

void add_line_terms(const LineTerms &terms) {
    for (int64_t r = 0; r < terms.results; ++r)
        for (int64_t t = 0; t < terms.count; ++t)
            for (int64_t x = 0; x < terms.n; ++x)
                terms.lines[r][x] += terms.weights[r][t] * static_cast<float>(terms.rows[t][terms.first + x] - 128);
}

void transpose_lines(const float *const *lines, int64_t n, float *columns) { std::copy_n(lines[0], n, columns); }

void add_columns(const ColumnRange &range, const WeightedWindows &windows, int64_t first, int64_t end, bool fresh,
                 float *sums) {
    for (int64_t k = first; k < end; ++k) {
        const int64_t window = windows.first[k], count = windows.places[k + 1] - windows.places[k];
        const int64_t from = std::max(window, range.first), to = std::min(window + count, range.end);
        for (int64_t ch = 0; ch < range.channels; ++ch, ++sums) {
            float turns[kColumnSums] = {};
            for (int64_t j = from; j < to; ++j)
                turns[(j - from) % kColumnSums] += windows.weights[windows.places[k] + (j - window)] *
                                                   range.columns[(j - range.first) * range.channels + ch];
            const float sum = (turns[0] + turns[1]) + (turns[2] + turns[3]);
            *sums = fresh ? sum : *sums + sum;
        }
    }
}

int64_t round_sums(const RoundedSums &sums) {
    int64_t undecided = 0;
    for (int64_t x = 0; x < sums.n; ++x) {
        const auto byte = [&](float bias) {
            return static_cast<uint8_t>(std::clamp(sums.sums[x] + bias, 0.0f, 255.0f));
        };
        sums.out[x] = byte(sums.low);
        if (byte(sums.high) != sums.out[x]) sums.undecided[undecided++] = {x, 0};
    }
    return undecided;
}

}  // namespace
}  // namespace scalar

const Kernels kScalarKernels = parts_of({
    "scalar",
    1,
    {scalar::fold_rows,
     scalar::blend_rows,
     {scalar::block_triangle<uint32_t>, scalar::block_taps<uint32_t>},
     {scalar::block_triangle<uint64_t>, scalar::block_taps<uint64_t>}},
    {scalar::tap_row, scalar::blend_lines},
    {scalar::weigh_rows, scalar::add_rows, scalar::round_rows},
    {scalar::blend_linear, scalar::blend_exact, scalar::blend_fixed},
    {scalar::halve_rows},
    {scalar::sum_areas, scalar::add_areas, scalar::round_areas},
    {scalar::sum_taps, scalar::blend_cubic, scalar::blend_lanczos4},
    {scalar::add_line_terms, scalar::transpose_lines, scalar::add_columns, scalar::round_sums},
    kScalarPictures,
    kScalarSpectrum,
    {},
    {},
});

}  // namespace isopixel
