// SPDX-License-Identifier: MIT
// Estimates of weighted windows (windowed.h).
#pragma once

#include <cstring>

#include "kernels/lanes-inl.h"

namespace isopixel {
namespace {

using F32 = Simd::F32;

// Samples of a row that will be wanted soon, with the next columns.
constexpr ptrdiff_t kAhead = 2048;

// The numbers of kVectors vectors from x on, of all results.
template <size_t kResults, size_t kVectors, bool kWhole>
void add_strip(const LineTerms &terms, int64_t x) {
    F32 sums[kResults][kVectors];
    for (size_t r = 0; r < kResults; ++r)
        for (size_t i = 0; i < kVectors; ++i)
            sums[r][i] = Simd::load_f32(terms.lines[r] + x + static_cast<int64_t>(i) * kLanes);
    for (int64_t t = 0; t < terms.count; ++t) {
        const uint8_t *samples = terms.rows[t] + terms.first + x;
        uint8_t rest[kVectors * kLanes];
        if constexpr (!kWhole) {  // not a byte behind the row is read
            std::memset(rest, 128, sizeof rest);
            std::memcpy(rest, samples, static_cast<size_t>(terms.n - x));
            samples = rest;
        } else {
            prefetch_row(samples, kAhead, 1);
        }
        F32 numbers[kVectors];
        for (size_t i = 0; i < kVectors; ++i)
            numbers[i] = Simd::centred_f32(samples + static_cast<int64_t>(i) * kLanes);
        for (size_t r = 0; r < kResults; ++r) {
            const F32 weight = Simd::set_f32(terms.weights[r][t]);
            for (size_t i = 0; i < kVectors; ++i) sums[r][i] = Simd::add_product_f32(sums[r][i], weight, numbers[i]);
        }
    }
    for (size_t r = 0; r < kResults; ++r)
        for (size_t i = 0; i < kVectors; ++i)
            Simd::store_f32(terms.lines[r] + x + static_cast<int64_t>(i) * kLanes, sums[r][i]);
}

template <size_t kResults>
void add_rows_of(const LineTerms &shared_terms) {
    const LineTerms terms = shared_terms;  // a copy that no store can change
    constexpr size_t kVectors = kResults < 3 ? 4 : 2;
    constexpr int64_t kStrip = static_cast<int64_t>(kVectors) * kLanes;
    static_assert(kStrip <= kSpareSamples);
    int64_t x = 0;
    for (; x < terms.n && x + kStrip <= terms.readable; x += kStrip) add_strip<kResults, kVectors, true>(terms, x);
    if (x < terms.n) add_strip<kResults, kVectors, false>(terms, x);
}

inline void add_line_terms(const LineTerms &terms) {
    static_assert(kLineResults == 4);
    if (terms.results == 1) add_rows_of<1>(terms);
    else if (terms.results == 2) add_rows_of<2>(terms);
    else if (terms.results == 3) add_rows_of<3>(terms);
    else add_rows_of<4>(terms);
}

inline void transpose_lines(const float *const *lines, int64_t n, float *columns) {
    for (int64_t x = 0; x < n; x += kLanes, columns += kLanes * kLanes) Simd::transpose_32(lines, x, columns);
}

// The sums of n columns, `stride` numbers apart, times their weights: for kSamples samples that follow each other.
template <size_t kSamples>
void sum_columns(const float *columns, int64_t stride, const float *weights, int64_t n, bool fresh, float *to) {
    F32 sums[kColumnSums][kSamples];
    for (auto &sum : sums)
        for (F32 &lane : sum) lane = Simd::set_f32(0);
    const auto add = [&](int64_t t, F32(&sum)[kSamples]) {
        const F32 weight = Simd::set_f32(weights[t]);
        const float *column = columns + t * stride;
        for (size_t i = 0; i < kSamples; ++i)
            sum[i] = Simd::add_product_f32(sum[i], weight, Simd::load_f32(column + static_cast<int64_t>(i) * kLanes));
    };
    static_assert(kColumnSums == 4);
    int64_t t = 0;
    for (; t + 4 <= n; t += 4) {
        add(t, sums[0]);
        add(t + 1, sums[1]);
        add(t + 2, sums[2]);
        add(t + 3, sums[3]);
    }
    if (t < n) add(t, sums[0]);
    if (t + 1 < n) add(t + 1, sums[1]);
    if (t + 2 < n) add(t + 2, sums[2]);
    for (size_t i = 0; i < kSamples; ++i, to += kLanes) {
        const F32 sum = Simd::add_f32(Simd::add_f32(sums[0][i], sums[1][i]), Simd::add_f32(sums[2][i], sums[3][i]));
        Simd::store_f32(to, fresh ? sum : Simd::add_f32(Simd::load_f32(to), sum));
    }
}

inline void add_columns(const ColumnRange &shared_range, const WeightedWindows &shared_windows, int64_t first,
                        int64_t end, bool fresh, float *sums) {
    const ColumnRange range = shared_range;  // copies that no store can change
    const WeightedWindows windows = shared_windows;
    const int64_t stride = range.channels * kLanes;
    for (int64_t k = first; k < end; ++k) {
        const int64_t window = windows.first[k], count = windows.places[k + 1] - windows.places[k];
        const int64_t from = window > range.first ? window : range.first, to = least(window + count, range.end);
        const float *weights = windows.weights + windows.places[k] + (from - window);
        const float *columns = range.columns + (from - range.first) * stride;
        for (int64_t rest = range.channels; rest > 0;) {
            // Three samples take 12 vectors for their sums.
            const int64_t samples = rest == 1 ? 1 : rest == 2 || rest == 4 ? 2 : 3;
            if (samples == 1) sum_columns<1>(columns, stride, weights, to - from, fresh, sums);
            else if (samples == 2) sum_columns<2>(columns, stride, weights, to - from, fresh, sums);
            else sum_columns<3>(columns, stride, weights, to - from, fresh, sums);
            rest -= samples;
            columns += samples * kLanes;
            sums += samples * kLanes;
        }
    }
}

inline int64_t round_sums(const RoundedSums &shared) {
    const RoundedSums sums = shared;  // a copy that no store can change
    constexpr int64_t kSamples = 16;  // whose bytes are stored at a time
    const F32 low = Simd::set_f32(sums.low), high = Simd::set_f32(sums.high);
    int64_t undecided = 0;
    for (int64_t x = 0; x < sums.n; x += kSamples) {
        uint32_t least_bytes[kSamples * kLanes];
        U32 differences = Simd::zero();
        const auto bytes_of = [&](int64_t i, F32 bias) {
            return Simd::byte_f32(Simd::add_f32(Simd::load_f32(sums.sums + (x + i) * kLanes), bias));
        };
        for (int64_t i = 0; i < kSamples; ++i) {
            const U32 bytes = bytes_of(i, low);
            Simd::store_u32(least_bytes + i * kLanes, bytes);
            differences = Simd::or_u32(differences, Simd::sub_u32(bytes_of(i, high), bytes));
        }
        uint8_t bytes[kSamples * kLanes];
        Simd::store_lanes_u8(least_bytes, bytes);
        const int64_t n = least(kSamples, sums.n - x);
        for (int64_t l = 0; l < sums.rows; ++l) {
            uint8_t *out = sums.out + l * sums.stride + x;
            if (n == kSamples) std::memcpy(out, bytes + l * kSamples, kSamples);
            else std::memcpy(out, bytes + l * kSamples, static_cast<size_t>(n));
        }
        if (Simd::is_zero(differences)) continue;
        for (int64_t i = 0; i < n; ++i) {
            uint32_t most_bytes[kLanes];
            Simd::store_u32(most_bytes, bytes_of(i, high));
            for (int64_t l = 0; l < sums.rows; ++l)
                if (least_bytes[i * kLanes + l] != most_bytes[l]) sums.undecided[undecided++] = {x + i, l};
        }
    }
    return undecided;
}

constexpr WindowedKernels kWindowedKernels = {add_line_terms, transpose_lines, add_columns, round_sums};

}  // namespace
}  // namespace isopixel
