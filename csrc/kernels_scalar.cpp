// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cstring>

#include "kernels.h"

namespace isopix {
namespace scalar {

void column_moments(const uint8_t *rows, ptrdiff_t stride, int64_t count, int64_t n, uint16_t *s0, uint16_t *s1) {
    std::fill_n(s0, n, uint16_t{0});
    std::fill_n(s1, n, uint16_t{0});
    // From the last row to the first: row t is in s0 for the t rows that follow, so that s1 gains it t times.
    for (int64_t t = count - 1; t >= 0; --t) {
        const uint8_t *row = rows + t * stride;
        for (int64_t x = 0; x < n; ++x) {
            s1[x] = static_cast<uint16_t>(s1[x] + s0[x]);
            s0[x] = static_cast<uint16_t>(s0[x] + row[x]);
        }
    }
}

template <class S, class T>
void add_triangle(const AxisTable &table, const S *pixels, int64_t first, int64_t count, int64_t channels, T *line) {
    // Runs so short that Σ t·p stays in 32 bits: 30,600·(0 + 1 + … + 511) < 2^32.
    constexpr int64_t kRun = 512;
    static_assert(30'600 * (kRun * (kRun - 1) / 2) < (INT64_C(1) << 32));
    const Axis &axis = table.axis;
    const T step = modulo<T>(2 * axis.v);
    const T half_width = modulo<T>(axis.half_width);
    const int64_t end = first + count;
    int64_t s = std::upper_bound(table.segments.begin(), table.segments.end(), first) - table.segments.begin() - 1;
    for (int64_t j = first; j < end; ++s) {
        const int64_t segment_end = std::min(end, table.segments[static_cast<size_t>(s + 1)]);
        T *rising = line + s * channels;
        T *falling = rising - channels;
        while (j < segment_end) {
            const int64_t n = std::min(segment_end - j, kRun);
            const T a0 = modulo<T>(axis.rise(s, j));
            for (int64_t ch = 0; ch < channels; ++ch) {
                uint32_t s0 = 0, s1 = 0;
                const S *p = pixels + ch;
                for (int64_t t = 0; t < n; ++t) {
                    const uint32_t sample = p[t * channels];
                    s0 += sample;
                    s1 += static_cast<uint32_t>(t) * sample;
                }
                const T up = a0 * T(s0) + step * T(s1);  // Σ weight·p of R-4 for the result that rises
                rising[ch] += up;
                falling[ch] += half_width * T(s0) - up;
            }
            pixels += n * channels;
            j += n;
        }
    }
}

template <class S, class T>
void add_taps(const AxisTable &table, const S *pixels, int64_t first, int64_t count, int64_t channels, T *line) {
    const int64_t end = first + count;
    // The first result that needs sample `first` or a later one.
    auto taps = std::lower_bound(table.taps.begin(), table.taps.end(), first - 1,
                                 [](const Taps &t, int64_t sample) { return t.first < sample; });
    for (; taps != table.taps.end() && taps->first < end; ++taps) {
        T *result = line + (taps - table.taps.begin()) * channels;
        const S *p = pixels + (taps->first - first) * channels;
        if (taps->first >= first) {
            const T weight = modulo<T>(taps->weight0);
            for (int64_t ch = 0; ch < channels; ++ch) result[ch] += weight * T(p[ch]);
        }
        if (taps->weight1 != 0 && taps->first + 1 < end) {
            const T weight = modulo<T>(taps->weight1);
            for (int64_t ch = 0; ch < channels; ++ch) result[ch] += weight * T(p[channels + ch]);
        }
    }
}

template <class S, class T>
void widen(const S *samples, int64_t n, T *line) {
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

#define ISOPIX_INSTANTIATE_SAMPLES(S, T)                                                      \
    template void add_triangle(const AxisTable &, const S *, int64_t, int64_t, int64_t, T *); \
    template void add_taps(const AxisTable &, const S *, int64_t, int64_t, int64_t, T *);     \
    template void widen(const S *, int64_t, T *);
#define ISOPIX_INSTANTIATE(T)                                                             \
    ISOPIX_INSTANTIATE_SAMPLES(uint8_t, T)                                                \
    ISOPIX_INSTANTIATE_SAMPLES(uint16_t, T)                                               \
    template void add_taps(const AxisTable &, const T *, int64_t, int64_t, int64_t, T *); \
    template void fold(const T *, const T *, int64_t, T, T, T, T *, T *);                 \
    template void blend(const T *, const T *, int64_t, T, T, T *);                        \
    template void round_row(const T *, T, const T *, int64_t, int64_t, uint8_t *);

ISOPIX_INSTANTIATE(uint32_t)
ISOPIX_INSTANTIATE(uint64_t)
ISOPIX_INSTANTIATE(U128)

}  // namespace scalar
}  // namespace isopix
