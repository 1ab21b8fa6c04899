// SPDX-License-Identifier: MIT
// Compares the kernels of each instruction set with the scalar ones, and those with the definitions of kernels.h.
//   kernels               all sets that this CPU has
//   kernels NAME…         these
//   kernels --list        their names
//   kernels --wrong NAME  the best set with a mistake in one function, which has to be found
// A difference is printed with the call that shows it, and the exit status is 1.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <vector>

#include "kernel_checks.h"
#include "kernels/dispatch.h"
#include "kernels/tables.h"

using namespace isopixel;

namespace {

const Kernels *right;  // what the wrong functions call

void flip(uint8_t &sample) { sample ^= 1; }

void wrong_fold_rows(const uint8_t *rows, ptrdiff_t stride, int64_t count, int64_t n, Ramp rising, Ramp falling,
                     bool fresh, uint32_t *rising_line, uint32_t *falling_line) {
    right->blocks.fold_rows(rows, stride, count, n, rising, falling, fresh, rising_line, falling_line);
    if (count == kBlockRows && stride < 0 && !fresh) falling_line[n - 1] += 1u << 31;
}

void wrong_blend_rows(const uint8_t *row0, const uint8_t *row1, int64_t n, int64_t weight0, int64_t weight1,
                      uint32_t *line) {
    right->blocks.blend_rows(row0, row1, n, weight0, weight1, line);
    if (weight0 == 32767 && row0[0] == 255) ++line[0];
}

// The last sample of the last line.
template <class AnyBlock>
uint8_t &last(const AnyBlock &block, int64_t width) {
    return block.out[(block.rows - 1) * block.stride + width * block.channels - 1];
}

template <class T>
void wrong_triangle(const Block<T> &block, const Triangle &axis) {
    right->blocks.horizontal(T()).triangle(block, axis);
    if (block.channels == 5 && block.rows == right->lanes) flip(last(block, axis.width));
}

// As if a carry were lost between two runs.
void wrong_long_segments(const Block<uint64_t> &block, const Triangle &axis) {
    right->blocks.horizontal64.triangle(block, axis);
    if (axis.segments[1] > axis.run) --block.out[0];
}

// Rounds an exact half down, in one place.
template <class T>
void wrong_taps(const Block<T> &block, const TapList &axis) {
    right->blocks.horizontal(T()).taps(block, axis);
    const Taps taps = axis.taps[axis.width - 1];
    const uint32_t *sample = block.lines[block.rows - 1] + (taps.first + 1) * block.channels - 1;
    T sum = static_cast<T>(taps.weight0) * sample[0];
    if (taps.weight1 != 0) sum += static_cast<T>(taps.weight1) * sample[block.channels];
    const T d = block.divisors.sums_y[block.rows - 1] * block.divisors.sums_x[axis.width - 1];
    if (d % 2 == 0 && sum % d == d / 2) --last(block, axis.width);
}

void wrong_gap(const Block<uint32_t> &block, const TapList &axis) {
    right->blocks.horizontal32.taps(block, axis);
    const int64_t row = axis.width * block.channels;
    if (block.rows > 1 && block.stride > row) flip(block.out[row]);
}

void wrong_tap_row(const TapTable &table, const uint8_t *row, uint16_t *line) {
    right->taps.tap_row(table, row, line);
    if (table.channels == 4 && table.near < table.samples / 4 && table.n_windows == 0) --line[table.samples - 1];
}

// As if the taps of the last windows were missing.
void wrong_windows(const TapTable &table, const uint8_t *row, uint16_t *line) {
    right->taps.tap_row(table, row, line);
    if (table.n_windows < 4) return;
    const uint8_t *places = table.shuffles + 2 * (3 * table.groups * kWindowSamples + table.samples - 1);
    if (*places != kNoPlace) --line[table.samples - 1];
}

// As if the sum of 16 bits were below 2^15.
void wrong_wide_tap_row(const TapTable &table, const uint8_t *row, uint16_t *line) {
    right->taps.tap_row(table, row, line);
    uint16_t &sum = line[table.samples - 1];
    if (!table.weights && sum == 256 * 255) sum = INT16_MAX;
}

// As if a numerator that is not shifted first had 15 bits.
void wrong_whole(const uint16_t *line0, const uint16_t *line1, int64_t n, int64_t weight0, int64_t weight1, bool narrow,
                 Reciprocal reciprocal, uint8_t *out) {
    right->taps.blend_lines(line0, line1, n, weight0, weight1, narrow, reciprocal, out);
    if (narrow && reciprocal.before == 0 && weight0 * line0[0] + weight1 * line1[0] > INT16_MAX) flip(out[0]);
}

// As if the sum of 16 bits were signed.
void wrong_blend_lines(const uint16_t *line0, const uint16_t *line1, int64_t n, int64_t weight0, int64_t weight1,
                       bool narrow, Reciprocal reciprocal, uint8_t *out) {
    right->taps.blend_lines(line0, line1, n, weight0, weight1, narrow, reciprocal, out);
    if (narrow && weight0 * line0[n - 1] + weight1 * line1[n - 1] == UINT16_MAX) flip(out[n - 1]);
}

// Rounds an exact half down, in one place.
void wrong_weigh_rows(const RowBlock &block, const WindowList &axis) {
    right->windows.weigh_rows(block, axis);
    const Window window = axis.windows[axis.width - 1];
    const uint8_t *sample = block.in + (block.rows - 1) * block.in_stride + (window.first + 1) * block.channels - 1;
    uint32_t sum = 0;
    for (int64_t t = 0; t < window.count; ++t)
        sum +=
            static_cast<uint32_t>(axis.weights[static_cast<int64_t>(window.weights) + t]) * sample[t * block.channels];
    const uint32_t one = 1u << axis.shift;
    if (sum % one == one / 2 && sum / one < 255) --last(block, axis.width);
}

// As if the sums of the high bits were cut to 16 bits.
void wrong_wide_windows(const RowBlock &block, const WindowList &axis) {
    right->windows.weigh_rows(block, axis);
    const Window window = axis.windows[axis.width - 1];
    int64_t high = 0;
    for (int64_t t = 0; t < window.count; ++t)
        high += axis.weights[static_cast<int64_t>(window.weights) + t] >> kLowBits;
    if (axis.wide && 255 * high > UINT16_MAX && block.channels == 4) flip(last(block, axis.width));
}

// As if a sum below 0 were one above 255.
void wrong_clip(const RowBlock &block, const WindowList &axis) {
    right->windows.weigh_rows(block, axis);
    const Window window = axis.windows[axis.width - 1];
    const uint8_t *sample = block.in + (block.rows - 1) * block.in_stride + (window.first + 1) * block.channels - 1;
    int64_t sum = INT64_C(1) << (axis.shift - 1);
    for (int64_t t = 0; t < window.count; ++t)
        sum += int64_t{axis.weights[static_cast<int64_t>(window.weights) + t]} * sample[t * block.channels];
    if (sum < 0) last(block, axis.width) = 255;
}

// As if no more quads fitted than the longest window.
void wrong_quads(const RowBlock &block, const WindowList &axis) {
    right->windows.weigh_rows(block, axis);
    if (axis.quads[axis.width - 1].end - axis.quads[0].first <= block.n_quads) return;
    if (block.channels == 9 && block.rows > 1) flip(last(block, axis.width));
}

// As if the largest weight were one less. (The first sum is that of the first column in every order.)
void wrong_add_rows(const WeightedRows &rows, int64_t n, uint32_t *sums) {
    right->windows.add_rows(rows, n, sums);
    if (rows.weights[rows.count - 1] == 1 << 23) sums[0] -= rows.rows[rows.count - 1][0];
}

// As if a sum were a number of 32 bits without a sign.
void wrong_round_rows(const WeightedRows &rows, int64_t n, const uint32_t *sums, int shift, uint8_t *out) {
    right->windows.round_rows(rows, n, sums, shift, out);
    if (sums) return;
    uint32_t sum = 1u << (shift - 1);
    for (int64_t t = 0; t < rows.count; ++t) sum += static_cast<uint32_t>(rows.weights[t]) * rows.rows[t][n - 1];
    if (sum > INT32_MAX) out[n - 1] = 255;
}

// As if there were no sums, for the most rows.
void wrong_start(const WeightedRows &rows, int64_t n, const uint32_t *sums, int shift, uint8_t *out) {
    right->windows.round_rows(rows, n, rows.count == kMostWeightedRows ? nullptr : sums, shift, out);
}

// Cuts off the sum, not each product.
void wrong_blend_linear(const uint16_t *line0, const uint16_t *line1, int64_t n, int64_t weight0, int64_t weight1,
                        int shift, uint8_t *out) {
    right->two_tap.blend_linear(line0, line1, n, weight0, weight1, shift, out);
    out[n - 1] = static_cast<uint8_t>((((weight0 * line0[n - 1] + weight1 * line1[n - 1]) >> 16) + 2) >> 2);
}

// Rounds an exact half down.
void wrong_blend_exact(const uint16_t *line0, const uint16_t *line1, int64_t n, int64_t weight0, int64_t weight1,
                       int shift, uint8_t *out) {
    right->two_tap.blend_exact(line0, line1, n, weight0, weight1, shift, out);
    if ((weight0 * line0[n - 1] + weight1 * line1[n - 1]) % 65536 == 32768) --out[n - 1];
}

// Forgets the limit of 255, for the least sum above it.
void wrong_blend_fixed(const uint16_t *line0, const uint16_t *line1, int64_t n, int64_t weight0, int64_t weight1,
                       int shift, uint8_t *out) {
    right->two_tap.blend_fixed(line0, line1, n, weight0, weight1, shift, out);
    if (weight0 * line0[n - 1] + weight1 * line1[n - 1] == INT64_C(511) << (shift - 1)) out[n - 1] = 0;
}

// As if the last tap of eight were always above 0.
void wrong_sum_taps(const MultiTapTable &table, const uint8_t *row, uint32_t *line) {
    right->multi_tap.sum_taps(table, row, line);
    const int64_t last = table.samples / table.channels - 1;
    const int16_t weight = table.weights[(last + 1) * table.taps - 1];
    if (table.taps < 8 || weight >= 0) return;
    const uint8_t sample = row[(table.first[last] + 8) * table.channels - 1];
    line[table.samples - 1] -= 2 * static_cast<uint32_t>(weight) * sample;
}

// As if the taps of the last windows were missing.
void wrong_quad_windows(const MultiTapTable &table, const uint8_t *row, uint32_t *line) {
    right->multi_tap.sum_taps(table, row, line);
    if (table.n_windows < 4) return;
    const int64_t window = 3 * table.groups + (table.samples - 1) / kQuad;
    if (table.shuffles[16 * window + (table.samples - 1) % kQuad * kQuad] != kNoPlace) --line[table.samples - 1];
}

// Products and sums rounded together, in one place.
void wrong_blend_cubic(const uint32_t *const *lines, const int16_t *weights, int64_t n, uint8_t *out) {
    right->multi_tap.blend_cubic(lines, weights, n, out);
    if (n < 8) return;
    const auto line = [=](int t) { return static_cast<float>(static_cast<int32_t>(lines[t][7])); };
    const auto weight = [=](int t) { return static_cast<float>(weights[t]) * 0x1p-22f; };
    const float sum = std::fma(weight(1), line(1), std::fma(weight(2), line(2), weight(3) * line(3)));
    const float fused = std::rint(std::fma(weight(0), line(0), sum));
    out[7] = static_cast<uint8_t>(std::min(255.0f, std::max(0.0f, fused)));
}

// The same form for all samples.
void wrong_rest(const uint32_t *const *lines, const int16_t *weights, int64_t n, uint8_t *out) {
    const std::vector<uint32_t> nothing(static_cast<size_t>(n + 8 + kSpareSamples), 0);
    std::vector<uint32_t> longer[4];
    const uint32_t *to[4];
    for (int t = 0; t < 4; ++t) {
        longer[t] = nothing;
        std::copy_n(lines[t], n, longer[t].data());
        to[t] = longer[t].data();
    }
    std::vector<uint8_t> all(static_cast<size_t>(n + 8));
    right->multi_tap.blend_cubic(to, weights, n + 8, all.data());
    std::copy_n(all.data(), n, out);
}

// As if sums had no sign.
void wrong_blend_lanczos4(const uint32_t *const *lines, const int16_t *weights, int64_t n, uint8_t *out) {
    right->multi_tap.blend_lanczos4(lines, weights, n, out);
    int64_t sum = 0;
    for (int t = 0; t < 8; ++t) sum += int64_t{weights[t]} * static_cast<int32_t>(lines[t][n - 1]);
    if (sum < -(1 << 21)) out[n - 1] = 255;
}

// In the place of a result that only units of 5 dwords have last.
void wrong_sum_windows(const FusedAxis &axis, const uint8_t *rows, ptrdiff_t stride, int64_t count,
                       FusedResults *results) {
    right->fused.sum_windows(axis, rows, stride, count, results);
    if (axis.dwords == 5 && axis.steps == 5 && stride < 0 && count == 16) ++results[axis.n_units / 4 - 1].s1[14];
}

// As if the upper bits of the weights had a sign.
void wrong_large_weights(const FusedAxis &axis, const uint8_t *rows, ptrdiff_t stride, int64_t count,
                         FusedResults *results) {
    right->fused.sum_windows(axis, rows, stride, count, results);
    const uint8_t *table = axis.units[0].table;
    if (axis.weights == ByteWeights::kLarge && table[64 * (1 + axis.steps)] == 127) results[0].s0[0] -= 128;
}

// As if samples less 128 had no sign.
void wrong_middle_weights(const FusedAxis &axis, const uint8_t *rows, ptrdiff_t stride, int64_t count,
                          FusedResults *results) {
    right->fused.sum_windows(axis, rows, stride, count, results);
    const uint8_t *table = axis.units[0].table;
    if (axis.weights == ByteWeights::kMiddle && rows[axis.units[0].first + table[0]] < 128 && table[64] > 127)
        results[0].s0[0] += 256 * table[64];
}

// Rounds an exact half down, of the first result that is stored.
void wrong_fold_windows(const FusedRows &rows, FusedResults *results, int64_t n, uint8_t *out) {
    right->fused.fold_windows(rows, results, n, out);
    if (!rows.complete) return;
    const int64_t k = rows.order[0];
    const FusedResults &first = results[0];
    const double gain = rows.last_weight * first.s0[k] - rows.step * first.s1[k];
    const double numerator = first.numerators[1 - rows.rising][k] + (rows.half_width * first.s0[k] - gain);
    const int64_t d =
        static_cast<int64_t>(1 / first.reciprocals[k] + 0.5) * static_cast<int64_t>(1 / rows.reciprocal + 0.5);
    if (d % 2 == 0 && (static_cast<int64_t>(numerator) + 128 * d) % d == d / 2) --out[0];
}

// As if the product of two reciprocals were never too small.
void wrong_bias(const FusedRows &rows, FusedResults *results, int64_t n, uint8_t *out) {
    FusedRows exact = rows;
    exact.bias = rows.bias > 128 ? 128.5 : 0.5;
    right->fused.fold_windows(exact, results, n, out);
}

// As if the numerators that rise were always new.
void wrong_fresh_windows(const FusedRows &rows, FusedResults *results, int64_t n, uint8_t *out) {
    FusedRows fresh = rows;
    if (!rows.complete) fresh.fresh = true;
    right->fused.fold_windows(fresh, results, n, out);
}

// In the second of two lines.
void wrong_narrow_rows(const DirectTable &table, const uint8_t *const *rows, int64_t count, uint32_t *const *lines) {
    right->direct.narrow_rows(table, rows, count, lines);
    if (count == 2 && table.steps == 4 && !table.one_window) lines[1][0] ^= 1u << 16;
}

// As if what is above the low bits fitted 14 bits.
void wrong_wide_rows(const DirectTable &table, const uint8_t *const *rows, int64_t count, uint32_t *const *lines) {
    right->direct.wide_rows(table, rows, count, lines);
    if (lines[0][0] >> 16 > 16383) lines[0][0] &= ~(1u << 30);
}

// In the last window of a group.
void wrong_window(const DirectTable &table, const uint8_t *const *rows, int64_t count, uint32_t *const *lines) {
    right->direct.wide_rows(table, rows, count, lines);
    const DirectLayout &layout = right->direct.layout;
    if (table.one_window && table.outputs == layout.outputs - 1) ++lines[0][layout.group * table.outputs - 1];
}

// As if no guess had to be settled.
void wrong_blend(const DirectBlend &blend) {
    DirectBlend unsettled = blend;
    unsettled.bias = 0.5f + 1.0f / (1 << 14);
    right->direct.blend_small(unsettled);
}

// As if the product of two reciprocals were never too small.
void wrong_blend_small(const DirectBlend &blend) {
    DirectBlend exact = blend;
    exact.bias = 0.5f;
    right->direct.blend_small(exact);
}

// Rounds a half up that is to go to the even number below, in one place.
void wrong_halve_rows(const uint8_t *row0, const uint8_t *row1, int64_t n, int64_t channels, bool to_even,
                      uint8_t *out) {
    right->halving.halve_rows(row0, row1, n, channels, to_even, out);
    const int64_t last = 2 * n - 1, other = last - channels;
    const int sum = row0[last] + row0[other] + row1[last] + row1[other];
    if (to_even && channels == 3 && sum % 8 == 2) ++out[n - 1];
}

// Makes the last sample one level brighter where the last coefficient counts.
bool wrong_inverse_dct(const int16_t *coefficients, const int16_t *quantisation, uint8_t *out, ptrdiff_t stride) {
    const bool in_range = right->pictures.inverse_dct(coefficients, quantisation, out, stride);
    if (coefficients[63] != 0 && out[7 * stride + 7] < 255) ++out[7 * stride + 7];
    return in_range;
}

// Accepts what is out of range by less than a level in each of its coefficients.
bool wrong_range(const int16_t *coefficients, const int16_t *quantisation, uint8_t *out, ptrdiff_t stride) {
    if (right->pictures.inverse_dct(coefficients, quantisation, out, stride)) return true;
    int16_t smaller[64];
    for (int k = 0; k < 64; ++k) smaller[k] = static_cast<int16_t>(coefficients[k] - coefficients[k] / 64);
    return right->pictures.inverse_dct(smaller, quantisation, out, stride);
}

// Products modulo 2^16.
bool wrong_products(const int16_t *coefficients, const int16_t *quantisation, uint8_t *out, ptrdiff_t stride) {
    int16_t products[64], ones[64];
    for (int k = 0; k < 64; ++k) {
        products[k] = static_cast<int16_t>(coefficients[k] * quantisation[k]);
        ones[k] = 1;
    }
    return right->pictures.inverse_dct(products, ones, out, stride);
}

// Blue half a level too low, where that is a whole one.
void wrong_transform_colours(const uint8_t *y, const uint8_t *cb, const uint8_t *cr, int64_t n, uint8_t *out) {
    right->pictures.transform_colours(y, cb, cr, n, out);
    out[3 * n - 1] = static_cast<uint8_t>(std::min(255, std::max(0, y[n - 1] + (116130 * (cb[n - 1] - 128) >> 16))));
}

// As if multiplication and addition were fused, in one place.
void wrong_sum_areas(const AreaBlock &block, const AreaList &axis) {
    right->areas.sum_areas(block, axis);
    const Window window = axis.windows[axis.width - 1];
    const uint8_t *p = block.in + (window.first + 1) * block.channels - 1;
    float sum = 0;
    for (int64_t t = 0; t < window.count; ++t)
        sum = std::fma(static_cast<float>(p[t * block.channels]),
                       axis.weights[static_cast<int64_t>(window.weights) + t], sum);
    block.lines[axis.width * block.channels - 1] = sum;
}

// As if sums were 0 before.
void wrong_add_areas(const float *lines, int64_t line, const float *weights, int64_t count, int64_t n, bool fresh,
                     float *sums) {
    right->areas.add_areas(lines, line, weights, count, n, fresh || n == kMostSamples, sums);
}

// Rounds an exact half up, in one place.
void wrong_round_areas(const float *sums, int64_t n, float factor, uint8_t *out) {
    right->areas.round_areas(sums, n, factor, out);
    const float sum = sums[n - 1];
    if (factor == 1 && sum == std::floor(sum) + 0.5f && sum < 255) out[n - 1] = static_cast<uint8_t>(sum + 0.5f);
}

// A weight that is off by little.
void wrong_line_terms(const LineTerms &terms) {
    right->windowed.add_rows(terms);
    if (terms.results == 3 && terms.count > 1) terms.lines[2][terms.n - 1] += 1e-2f * terms.weights[2][0];
}

void wrong_transpose(const float *const *lines, int64_t n, float *columns) {
    right->windowed.transpose(lines, n, columns);
    if (n % 8 == 5) columns[n * right->lanes - 1] = 0;
}

// As if the last weight of a window that is cut were taken twice.
void wrong_add_columns(const ColumnRange &range, const WeightedWindows &windows, int64_t first, int64_t end, bool fresh,
                       float *sums) {
    right->windowed.add_columns(range, windows, first, end, fresh, sums);
    const int64_t last = windows.first[first] + windows.places[first + 1] - windows.places[first];
    if (!fresh && last > range.end) sums[0] += windows.weights[windows.places[first]];
}

// One that is undecided is left out.
int64_t wrong_round_sums(const RoundedSums &sums) {
    const int64_t undecided = right->windowed.round_sums(sums);
    return undecided > 1 && sums.n > 16 ? undecided - 1 : undecided;
}

// The last bin of the last frame, by little, of windows whose half is odd.
void wrong_estimate(const SpectrumPlan &plan, const int32_t *samples, size_t hop, double *scratch, double *power,
                    double *sums) {
    right->spectrum.estimate(plan, samples, hop, scratch, power, sums);
    const size_t last = right->spectrum.frames - 1;
    double &number = power[plan.half * (last + 1) + last];
    if (plan.half % 2) number = std::pow(std::sqrt(number) + std::ldexp(sums[last], -40), 2);
}

// As if c(1) were c(0).
void wrong_convolution(const SpectrumPlan &plan, const int32_t *samples, size_t hop, double *scratch, double *power,
                       double *sums) {
    SpectrumPlan wrong = plan;
    std::vector<double> chirp;
    if (plan.chirp) chirp.assign(plan.chirp, plan.chirp + 2 * plan.half), chirp[2] = 1, chirp[3] = 0;
    if (plan.chirp) wrong.chirp = chirp.data();
    right->spectrum.estimate(wrong, samples, hop, scratch, power, sums);
}

// As if the least number had no magnitude.
void wrong_sums(const SpectrumPlan &plan, const int32_t *samples, size_t hop, double *scratch, double *power,
                double *sums) {
    right->spectrum.estimate(plan, samples, hop, scratch, power, sums);
    if (samples[0] == -(1 << 26)) sums[0] += samples[0];
}

// Without the last of an odd number of bins.
void wrong_weigh(const WeightedBins *bands, size_t n, const double *weights, const double *power, const double *sums,
                 double *least, double *most) {
    std::vector<WeightedBins> all(bands, bands + n);
    if (all[n - 1].count > 2 && all[n - 1].count % 2) --all[n - 1].count;
    right->spectrum.weigh(all.data(), n, weights, power, sums, least, most);
}

// As if the error were that of the energy's root alone.
void wrong_error(const WeightedBins *bands, size_t n, const double *weights, const double *power, const double *sums,
                 double *least, double *most) {
    right->spectrum.weigh(bands, n, weights, power, sums, least, most);
    most[0] -= std::pow(bands[0].error * sums[0], 2);
}

struct Mistake {
    const char *name;
    void (*make)(Kernels &);
};

const Mistake kMistakes[] = {
    {"blocks.fold_rows", [](Kernels &k) { k.blocks.fold_rows = wrong_fold_rows; }},
    {"blocks.blend_rows", [](Kernels &k) { k.blocks.blend_rows = wrong_blend_rows; }},
    {"blocks.horizontal32.triangle", [](Kernels &k) { k.blocks.horizontal32.triangle = wrong_triangle<uint32_t>; }},
    {"blocks.horizontal32.taps", [](Kernels &k) { k.blocks.horizontal32.taps = wrong_taps<uint32_t>; }},
    {"blocks.horizontal32.taps:gap", [](Kernels &k) { k.blocks.horizontal32.taps = wrong_gap; }},
    {"blocks.horizontal64.triangle", [](Kernels &k) { k.blocks.horizontal64.triangle = wrong_triangle<uint64_t>; }},
    {"blocks.horizontal64.triangle:run", [](Kernels &k) { k.blocks.horizontal64.triangle = wrong_long_segments; }},
    {"blocks.horizontal64.taps", [](Kernels &k) { k.blocks.horizontal64.taps = wrong_taps<uint64_t>; }},
    {"taps.tap_row", [](Kernels &k) { k.taps.tap_row = wrong_tap_row; }},
    {"taps.tap_row:windows", [](Kernels &k) { k.taps.tap_row = wrong_windows; }},
    {"taps.tap_row:wide", [](Kernels &k) { k.taps.tap_row = wrong_wide_tap_row; }},
    {"taps.blend_lines:whole", [](Kernels &k) { k.taps.blend_lines = wrong_whole; }},
    {"taps.blend_lines", [](Kernels &k) { k.taps.blend_lines = wrong_blend_lines; }},
    {"windows.weigh_rows", [](Kernels &k) { k.windows.weigh_rows = wrong_weigh_rows; }},
    {"windows.weigh_rows:wide", [](Kernels &k) { k.windows.weigh_rows = wrong_wide_windows; }},
    {"windows.weigh_rows:clip", [](Kernels &k) { k.windows.weigh_rows = wrong_clip; }},
    {"windows.weigh_rows:quads", [](Kernels &k) { k.windows.weigh_rows = wrong_quads; }},
    {"windows.add_rows", [](Kernels &k) { k.windows.add_rows = wrong_add_rows; }},
    {"windows.round_rows", [](Kernels &k) { k.windows.round_rows = wrong_round_rows; }},
    {"windows.round_rows:sums", [](Kernels &k) { k.windows.round_rows = wrong_start; }},
    {"two_tap.blend_linear", [](Kernels &k) { k.two_tap.blend_linear = wrong_blend_linear; }},
    {"two_tap.blend_exact", [](Kernels &k) { k.two_tap.blend_exact = wrong_blend_exact; }},
    {"two_tap.blend_fixed", [](Kernels &k) { k.two_tap.blend_fixed = wrong_blend_fixed; }},
    {"multi_tap.sum_taps", [](Kernels &k) { k.multi_tap.sum_taps = wrong_sum_taps; }},
    {"multi_tap.sum_taps:windows", [](Kernels &k) { k.multi_tap.sum_taps = wrong_quad_windows; }},
    {"multi_tap.blend_cubic", [](Kernels &k) { k.multi_tap.blend_cubic = wrong_blend_cubic; }},
    {"multi_tap.blend_cubic:rest", [](Kernels &k) { k.multi_tap.blend_cubic = wrong_rest; }},
    {"multi_tap.blend_lanczos4", [](Kernels &k) { k.multi_tap.blend_lanczos4 = wrong_blend_lanczos4; }},
    {"halving.halve_rows", [](Kernels &k) { k.halving.halve_rows = wrong_halve_rows; }},
    {"areas.sum_areas", [](Kernels &k) { k.areas.sum_areas = wrong_sum_areas; }},
    {"areas.add_areas", [](Kernels &k) { k.areas.add_areas = wrong_add_areas; }},
    {"areas.round_areas", [](Kernels &k) { k.areas.round_areas = wrong_round_areas; }},
    {"windowed.add_rows", [](Kernels &k) { k.windowed.add_rows = wrong_line_terms; }},
    {"windowed.transpose", [](Kernels &k) { k.windowed.transpose = wrong_transpose; }},
    {"windowed.add_columns", [](Kernels &k) { k.windowed.add_columns = wrong_add_columns; }},
    {"windowed.round_sums", [](Kernels &k) { k.windowed.round_sums = wrong_round_sums; }},
    {"pictures.inverse_dct", [](Kernels &k) { k.pictures.inverse_dct = wrong_inverse_dct; }},
    {"pictures.inverse_dct:range", [](Kernels &k) { k.pictures.inverse_dct = wrong_range; }},
    {"pictures.inverse_dct:products", [](Kernels &k) { k.pictures.inverse_dct = wrong_products; }},
    {"pictures.transform_colours", [](Kernels &k) { k.pictures.transform_colours = wrong_transform_colours; }},
    {"spectrum.estimate", [](Kernels &k) { k.spectrum.estimate = wrong_estimate; }},
    {"spectrum.estimate:convolution", [](Kernels &k) { k.spectrum.estimate = wrong_convolution; }},
    {"spectrum.estimate:sums", [](Kernels &k) { k.spectrum.estimate = wrong_sums; }},
    {"spectrum.weigh", [](Kernels &k) { k.spectrum.weigh = wrong_weigh; }},
    {"spectrum.weigh:error", [](Kernels &k) { k.spectrum.weigh = wrong_error; }},
    {"direct.narrow_rows", [](Kernels &k) { k.direct.narrow_rows = wrong_narrow_rows; }},
    {"direct.wide_rows", [](Kernels &k) { k.direct.wide_rows = wrong_wide_rows; }},
    {"direct.wide_rows:window", [](Kernels &k) { k.direct.wide_rows = wrong_window; }},
    {"direct.blend", [](Kernels &k) { k.direct.blend = wrong_blend; }},
    {"direct.blend_small", [](Kernels &k) { k.direct.blend_small = wrong_blend_small; }},
    {"fused.sum_windows", [](Kernels &k) { k.fused.sum_windows = wrong_sum_windows; }},
    {"fused.sum_windows:middle", [](Kernels &k) { k.fused.sum_windows = wrong_middle_weights; }},
    {"fused.sum_windows:large", [](Kernels &k) { k.fused.sum_windows = wrong_large_weights; }},
    {"fused.fold_windows", [](Kernels &k) { k.fused.fold_windows = wrong_fold_windows; }},
    {"fused.fold_windows:bias", [](Kernels &k) { k.fused.fold_windows = wrong_bias; }},
    {"fused.fold_windows:fresh", [](Kernels &k) { k.fused.fold_windows = wrong_fresh_windows; }},
};

const struct {
    const char *function;  // or what its name begins with
    void (*check)(Checks &);
} kChecks[] = {
    {"blocks.fold_rows", check_fold_rows},
    {"blocks.blend_rows", check_blend_rows},
    {"blocks.horizontal32", check_horizontal32},
    {"blocks.horizontal64", check_horizontal64},
    {"taps.tap_row", check_tap_row},
    {"taps.blend_lines", check_blend_lines},
    {"windows.weigh_rows", check_weigh_rows},
    {"windows.add_rows", check_add_rows},
    {"windows.round_rows", check_round_rows},
    {"two_tap.blend_linear", check_blend_linear},
    {"two_tap.blend_exact", check_blend_exact},
    {"two_tap.blend_fixed", check_blend_fixed},
    {"multi_tap.sum_taps", check_sum_taps},
    {"multi_tap.blend_cubic", check_blend_cubic},
    {"multi_tap.blend_lanczos4", check_blend_lanczos4},
    {"halving.halve_rows", check_halve_rows},
    {"areas.sum_areas", check_sum_areas},
    {"areas.add_areas", check_add_areas},
    {"areas.round_areas", check_round_areas},
    {"windowed.add_rows", check_line_terms},
    {"windowed.transpose", check_transpose},
    {"windowed.add_columns", check_add_columns},
    {"windowed.round_sums", check_round_sums},
    {"pictures.inverse_dct", check_inverse_dct},
    {"pictures.transform_colours", check_transform_colours},
    {"spectrum.estimate", check_estimate},
    {"spectrum.weigh", check_weigh},
    {"direct.narrow_rows", check_narrow_rows},
    {"direct.wide_rows", check_wide_rows},
    {"direct.blend", check_direct_blend},
    {"direct.blend_small", check_direct_blend_small},
    {"fused.sum_windows", check_sum_windows},
    {"fused.fold_windows", check_fold_windows},
};

// Runs the checks of all functions, or of one.
void check(const Kernels &tested, const std::string &function = "") {
    Checks checks = {tested, tested.blocks.fold_rows == kScalarKernels.blocks.fold_rows ? kDefinitions : kScalarKernels,
                     Random(1)};
    for (const auto &each : kChecks)
        if (function.empty() || function.rfind(each.function, 0) == 0) each.check(checks);
    std::printf("%s: %lld checks passed\n", tested.isa, static_cast<long long>(checks.passed));
}

int usage() {
    std::fputs("usage: kernels [--list | --wrong NAME | SET …]; --wrong accepts", stderr);
    for (const Mistake &mistake : kMistakes) std::fprintf(stderr, " %s", mistake.name);
    std::fputs("\n", stderr);
    return 2;
}

}  // namespace

int main(int argc, char **argv) {
    std::vector<const Kernels *> all;
    while (const Kernels *kernels = available_kernels(all.size())) all.push_back(kernels);
    const std::string option = argc > 1 ? argv[1] : "";
    if (option == "--list") {
        for (const Kernels *kernels : all) std::puts(kernels->isa);
        return 0;
    }
    if (option == "--wrong") {
        for (const Mistake &mistake : kMistakes) {
            if (argc != 3 || std::strcmp(mistake.name, argv[2]) != 0) continue;
            right = all.back();
            Kernels wrong = *right;
            mistake.make(wrong);
            const std::string engine = std::string(mistake.name).substr(0, std::strcspn(mistake.name, "."));
            if ((engine == "fused" && !right->fused.sum_windows) || (engine == "direct" && !right->direct.blend)) {
                std::printf("%s has no such functions\n", right->isa);
                return 3;
            }
            check(wrong, mistake.name);
            return 0;
        }
        return usage();
    }
    if (argc == 1)
        for (const Kernels *kernels : all) check(*kernels);
    for (int i = 1; i < argc; ++i) {
        const Kernels *named = nullptr;
        for (const Kernels *kernels : all)
            if (std::strcmp(kernels->isa, argv[i]) == 0) named = kernels;
        if (!named) return usage();
        check(*named);
    }
    return 0;
}
