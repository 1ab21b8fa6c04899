// SPDX-License-Identifier: MIT
// The definitions that src/kernels/kernels.h gives, one for each function, in integers that hold everything.
#include <cmath>
#include <cstring>

#include "kernel_checks.h"

using namespace isopixel;

namespace {

__extension__ typedef __int128 Wide;

void fold_rows(const uint8_t *rows, ptrdiff_t stride, int64_t count, int64_t n, Ramp rising, Ramp falling, bool fresh,
               uint32_t *rising_line, uint32_t *falling_line) {
    for (int64_t x = 0; x < n; ++x) {
        int64_t up = fresh ? 0 : rising_line[x], down = falling_line[x];
        for (int64_t t = 0; t < count; ++t) {
            up += (rising.first + rising.step * t) * rows[t * stride + x];
            down += (falling.first + falling.step * t) * rows[t * stride + x];
        }
        rising_line[x] = static_cast<uint32_t>(up);
        falling_line[x] = static_cast<uint32_t>(down);
    }
}

void blend_rows(const uint8_t *row0, const uint8_t *row1, int64_t n, int64_t weight0, int64_t weight1, uint32_t *line) {
    for (int64_t x = 0; x < n; ++x) line[x] = static_cast<uint32_t>(weight0 * row0[x] + weight1 * row1[x]);
}

// R-4, by its first form.
template <class T>
uint8_t quotient(Wide numerator, const Block<T> &block, int64_t k) {
    const Wide d = static_cast<Wide>(*block.divisors.sums_y) * static_cast<Wide>(block.divisors.sums_x[k]);
    return static_cast<uint8_t>((2 * numerator + d) / (2 * d));
}

template <class T>
void block_triangle(const Block<T> &block, const Triangle &axis) {
    const auto rise = [&](int64_t s, int64_t j) { return axis.rise + 2 * (axis.v * j - axis.w * s); };
    for (int64_t i = 0; i < axis.width * block.channels; ++i) {
        const int64_t k = i / block.channels;
        const uint32_t *samples = *block.lines + i % block.channels;
        Wide sum = 0;
        for (int64_t j = axis.segments[k]; j < axis.segments[k + 2]; ++j) {
            const int64_t weight = j < axis.segments[k + 1] ? rise(k, j) : axis.half_width - rise(k + 1, j);
            sum += static_cast<Wide>(weight) * samples[j * block.channels];
        }
        block.out[i] = quotient(sum, block, k);
    }
}

template <class T>
void block_taps(const Block<T> &block, const TapList &axis) {
    for (int64_t i = 0; i < axis.width * block.channels; ++i) {
        const Taps taps = axis.taps[i / block.channels];
        const uint32_t *sample = *block.lines + taps.first * block.channels + i % block.channels;
        Wide sum = static_cast<Wide>(taps.weight0) * *sample;
        if (taps.weight1 != 0) sum += static_cast<Wide>(taps.weight1) * sample[block.channels];
        block.out[i] = quotient(sum, block, i / block.channels);
    }
}

// The floor of sum/2^shift as a byte.
uint8_t clipped(Wide sum, int shift) { return static_cast<uint8_t>(std::clamp<Wide>(sum >> shift, 0, 255)); }

// halves upwards.
uint8_t rounded(Wide sum, int shift) { return clipped((Wide{1} << shift) / 2 + sum, shift); }

void weigh_rows(const RowBlock &block, const WindowList &axis) {
    for (int64_t i = 0; i < axis.width * block.channels; ++i) {
        const Window window = axis.windows[i / block.channels];
        const uint8_t *sample = block.in + window.first * block.channels + i % block.channels;
        Wide sum = 0;
        for (int64_t t = 0; t < window.count; ++t)
            sum +=
                static_cast<Wide>(axis.weights[static_cast<int64_t>(window.weights) + t]) * sample[t * block.channels];
        block.out[i] = rounded(sum, axis.shift);
    }
}

uint32_t weighted_sum(const WeightedRows &rows, int64_t x, uint32_t start) {
    int64_t sum = start;
    for (int64_t t = 0; t < rows.count; ++t) sum += int64_t{rows.weights[t]} * rows.rows[t][x];
    return static_cast<uint32_t>(sum);
}

void add_rows(const WeightedRows &rows, int64_t n, uint32_t *sums) {
    for (int64_t x = 0; x < n; ++x) sums[x] = weighted_sum(rows, x, sums[x]);
}

void round_rows(const WeightedRows &rows, int64_t n, const uint32_t *sums, int shift, uint8_t *out) {
    for (int64_t x = 0; x < n; ++x) {
        const uint32_t sum = weighted_sum(rows, x, sums ? sums[x] : uint32_t{1} << (shift - 1));
        out[x] = clipped(static_cast<int32_t>(sum), shift);
    }
}

void tap_row(const TapTable &table, const uint8_t *row, uint16_t *line) {
    const bool wide = table.weights == nullptr;
    for (int64_t x = 0; x < table.samples; ++x) {
        const uint8_t *sample = row + table.first[x / table.channels] + x % table.channels;
        const auto weight = [&](int64_t i) -> int64_t { return wide ? table.wide_weights[i] : table.weights[i]; };
        int64_t sum = weight(2 * x) * *sample;
        if (weight(2 * x + 1) != 0) sum += weight(2 * x + 1) * sample[table.channels];
        line[x] = static_cast<uint16_t>(wide ? (table.bias + sum) >> table.shift : table.half_sum + sum);
    }
}

void blend_lines(const uint16_t *line0, const uint16_t *line1, int64_t n, int64_t weight0, int64_t weight1, bool,
                 Reciprocal reciprocal, uint8_t *out) {
    for (int64_t x = 0; x < n; ++x) {
        int64_t quotient = (weight0 * line0[x] + weight1 * line1[x]) >> reciprocal.before;
        if (reciprocal.multiplier != 0) quotient = (quotient * reciprocal.multiplier >> 16) >> reciprocal.after;
        out[x] = static_cast<uint8_t>(quotient);
    }
}

//
void blend_linear(const uint16_t *line0, const uint16_t *line1, int64_t n, int64_t weight0, int64_t weight1, int,
                  uint8_t *out) {
    for (int64_t x = 0; x < n; ++x)
        out[x] = static_cast<uint8_t>((weight0 * line0[x] / 65536 + weight1 * line1[x] / 65536 + 2) / 4);
}

//
void blend_exact(const uint16_t *line0, const uint16_t *line1, int64_t n, int64_t weight0, int64_t weight1, int,
                 uint8_t *out) {
    for (int64_t x = 0; x < n; ++x)
        out[x] = static_cast<uint8_t>((weight0 * line0[x] + weight1 * line1[x] + 32768) / 65536);
}

void blend_fixed(const uint16_t *line0, const uint16_t *line1, int64_t n, int64_t weight0, int64_t weight1, int shift,
                 uint8_t *out) {
    for (int64_t x = 0; x < n; ++x) out[x] = rounded(weight0 * line0[x] + weight1 * line1[x], shift);
}

void sum_taps(const MultiTapTable &table, const uint8_t *row, uint32_t *line) {
    for (int64_t x = 0; x < table.samples; ++x) {
        const int64_t k = x / table.channels;
        int64_t sum = 0;
        for (int64_t t = 0; t < table.taps; ++t)
            sum += int64_t{table.weights[k * table.taps + t]} *
                   row[(table.first[k] + t) * table.channels + x % table.channels];
        line[x] = static_cast<uint32_t>(sum);
    }
}

uint8_t clipped(int64_t number) { return static_cast<uint8_t>(std::min<int64_t>(255, std::max<int64_t>(0, number))); }

uint8_t blended(const uint32_t *const *lines, const int16_t *weights, int64_t taps, int64_t x) {
    int64_t sum = 0;
    for (int64_t t = 0; t < taps; ++t) sum += int64_t{weights[t]} * static_cast<int32_t>(lines[t][x]);
    return clipped((sum + (1 << 21)) >> 22);
}

// A product of two of binary32, or a sum of two, is rounded to binary64 first, which changes nothing: 53 bits are
// more than twice 24 and 1.
void blend_cubic(const uint32_t *const *lines, const int16_t *weights, int64_t n, uint8_t *out) {
    for (int64_t x = 0; x < n; ++x) {
        if (x >= n / 8 * 8) {
            out[x] = blended(lines, weights, 4, x);
            continue;
        }
        double sum = 0;
        for (int t = 3; t >= 0; --t) {
            const float product = static_cast<float>(weights[t] / 4194304.0 * static_cast<int32_t>(lines[t][x]));
            sum = t == 3 ? product : static_cast<float>(product + sum);
        }
        const double below = std::floor(sum), rest = sum - below;
        const bool up = rest > 0.5 || (rest == 0.5 && std::fmod(below, 2) != 0);
        out[x] = clipped(static_cast<int64_t>(below) + up);
    }
}

//
void blend_lanczos4(const uint32_t *const *lines, const int16_t *weights, int64_t n, uint8_t *out) {
    for (int64_t x = 0; x < n; ++x) out[x] = blended(lines, weights, 8, x);
}

// The sums of 16 results, one row after the other.
void sum_windows(const FusedAxis &axis, const uint8_t *rows, ptrdiff_t stride, int64_t count, FusedResults *results) {
    const int64_t units = axis.dwords == 5 ? 4 : 2;  // of 16 places
    for (int64_t i = 0; i < axis.n_units * 16; ++i) {
        const FusedUnit unit = axis.units[i / 16];
        const int64_t sum = i % 16;
        FusedResults &to = results[i / 16 / units];
        int64_t place = i / 16 % units * 16 / units;
        if (axis.dwords == 2) place += sum % 8;
        else place += sum % 4 < 3 ? sum % 4 : sum / 4;
        if (sum < 8 && (axis.dwords == 2 || sum < 3)) to.s0[place] = to.s1[place] = 0;
        Wide s0 = 0, s1 = 0;
        for (int64_t t = 0; t < count; ++t) {
            s1 += s0;
            for (int64_t q = 0; q < axis.steps; ++q) {
                for (int64_t byte = 4 * sum; byte < 4 * sum + 4; ++byte) {
                    const Wide sample = rows[t * stride + unit.first + q * axis.step_bytes + unit.table[byte]];
                    const Wide weight = unit.table[64 * (1 + q) + byte];
                    if (axis.weights == ByteWeights::kMiddle) s0 += weight * (sample - 128);
                    else s0 += weight * sample;
                    if (axis.weights == ByteWeights::kLarge)
                        s0 += 128 * sample * unit.table[64 * (1 + axis.steps + q) + byte];
                }
            }
        }
        to.s0[place] += static_cast<int32_t>(s0);
        to.s1[place] += static_cast<int32_t>(s1);
    }
}

// R-4, with denominators that are the nearest whole numbers to what has the reciprocals.
void fold_windows(const FusedRows &rows, FusedResults *results, int64_t n, uint8_t *out) {
    const auto whole = [](double number) { return static_cast<Wide>(number); };
    for (int64_t i = 0; i < n; ++i) {
        uint8_t quotients[kFusedResults];
        for (int64_t k = 0; k < kFusedResults; ++k) {
            double &rising = results[i].numerators[rows.rising][k],
                   &falling = results[i].numerators[1 - rows.rising][k];
            const Wide gain = whole(rows.last_weight) * results[i].s0[k] - whole(rows.step) * results[i].s1[k];
            rising = static_cast<double>((rows.fresh ? 0 : whole(rising)) + gain);
            falling = static_cast<double>(whole(falling) + whole(rows.half_width) * results[i].s0[k] - gain);
            const Wide d = whole(1 / results[i].reciprocals[k] + 0.5) * whole(1 / rows.reciprocal + 0.5);
            const Wide of_128 = rows.bias > 128 ? 128 : 0;
            quotients[k] = static_cast<uint8_t>((2 * (whole(falling) + of_128 * d) + d) / (2 * d));
        }
        if (!rows.complete) continue;
        for (int64_t k = 0; k < rows.stored; ++k) *out++ = quotients[rows.order[k]];
    }
}

// Operations of binary32 by those of binary64, which hold a product, and whose second rounding changes no sum: 53 bits
// are more than twice 24 and two.
float product(float a, float b) { return static_cast<float>(static_cast<double>(a) * static_cast<double>(b)); }
float sum_of(float a, float b) { return static_cast<float>(static_cast<double>(a) + static_cast<double>(b)); }

void sum_areas(const AreaBlock &block, const AreaList &axis) {
    for (int64_t i = 0; i < axis.width * block.channels; ++i) {
        const Window &window = axis.windows[i / block.channels];
        float sum = 0;
        for (int64_t t = 0; t < window.count; ++t) {
            const float p = block.in[(window.first + t) * block.channels + i % block.channels];
            sum = sum_of(sum, product(p, axis.weights[static_cast<int64_t>(window.weights) + t]));
        }
        block.lines[i] = sum;
    }
}

void add_areas(const float *lines, int64_t line, const float *weights, int64_t count, int64_t n, bool fresh,
               float *sums) {
    for (int64_t x = 0; x < n; ++x) {
        float sum = fresh ? 0.0f : sums[x];
        for (int64_t t = 0; t < count; ++t) sum = sum_of(sum, product(weights[t], lines[t * line + x]));
        sums[x] = sum;
    }
}

// The nearest integer, of two the even one.
void round_areas(const float *sums, int64_t n, float factor, uint8_t *out) {
    for (int64_t x = 0; x < n; ++x) {
        const double mean = static_cast<double>(product(factor, sums[x]));
        const int64_t below = static_cast<int64_t>(mean);
        const double rest = mean - static_cast<double>(below);
        const int64_t nearest = below + (rest > 0.5 || (rest == 0.5 && below % 2 == 1));
        out[x] = static_cast<uint8_t>(std::min<int64_t>(255, nearest));
    }
}

void halve_rows(const uint8_t *row0, const uint8_t *row1, int64_t n, int64_t channels, bool to_even, uint8_t *out) {
    for (int64_t i = 0; i < n; ++i) {
        const int64_t x = 2 * i - i % channels, next = x + channels;
        const double mean = (row0[x] + row0[next] + row1[x] + row1[next]) / 4.0;
        out[i] = static_cast<uint8_t>(to_even ? std::nearbyint(mean) : std::floor(mean + 0.5));
    }
}

// R-58, in numbers of 64 bits.
void inverse_pass(int64_t *n, int step, int shift) {
    int64_t i[8];
    for (int k = 0; k < 8; ++k) i[k] = n[k * step];
    const int64_t a = (i[2] + i[6]) * 4433, e2 = a - 15137 * i[6], e3 = a + 6270 * i[2];
    const int64_t e0 = (i[0] + i[4]) * 8192, e1 = (i[0] - i[4]) * 8192;
    const int64_t b = (i[1] + i[3] + i[5] + i[7]) * 9633, p = -7373 * (i[1] + i[7]), q = -20995 * (i[3] + i[5]);
    const int64_t r = b - 16069 * (i[3] + i[7]), t = b - 3196 * (i[1] + i[5]), half = int64_t{1} << (shift - 1);
    const int64_t even[] = {e0 + e3, e1 + e2, e1 - e2, e0 - e3};
    const int64_t odd[] = {12299 * i[1] + p + t, 25172 * i[3] + q + r, 16819 * i[5] + q + t, 2446 * i[7] + p + r};
    for (int k = 0; k < 4; ++k) {
        n[k * step] = (even[k] + odd[k] + half) >> shift;
        n[(7 - k) * step] = (even[k] - odd[k] + half) >> shift;
    }
}

bool inverse_dct(const int16_t *coefficients, const int16_t *quantisation, uint8_t *out, ptrdiff_t stride) {
    int64_t block[64];
    for (int k = 0; k < 64; ++k) block[k] = int64_t{coefficients[k]} * quantisation[k];
    for (int x = 0; x < 8; ++x) inverse_pass(block + x, 8, 11);
    for (int y = 0; y < 8; ++y) inverse_pass(block + 8 * y, 1, 18);
    for (int k = 0; k < 64; ++k)
        out[k / 8 * stride + k % 8] = static_cast<uint8_t>(std::clamp<int64_t>(block[k] + 128, 0, 255));
    return std::all_of(block, block + 64, [](int64_t o) { return o >= -512 && o <= 511; });
}

// R-60, by division.
void transform_colours(const uint8_t *y, const uint8_t *cb, const uint8_t *cr, int64_t n, uint8_t *out) {
    for (int64_t x = 0; x < n; ++x) {
        const double b = cb[x] - 128, r = cr[x] - 128;
        const double weighted[] = {91881 * r, -22554 * b - 46802 * r, 116130 * b};
        for (const double sum : weighted)
            *out++ = static_cast<uint8_t>(std::clamp(y[x] + std::floor((sum + 32768) / 65536), 0.0, 255.0));
    }
}

}  // namespace

const Kernels kDefinitions = {
    "definitions",
    1,
    {fold_rows,
     blend_rows,
     {block_triangle<uint32_t>, block_taps<uint32_t>},
     {block_triangle<uint64_t>, block_taps<uint64_t>}},
    {tap_row, blend_lines},
    {weigh_rows, add_rows, round_rows},
    {blend_linear, blend_exact, blend_fixed},
    {halve_rows},
    {sum_areas, add_areas, round_areas},
    {sum_taps, blend_cubic, blend_lanczos4},
    {},
    {inverse_dct, transform_colours},
    {},
    {},
    {sum_windows, fold_windows},
};
