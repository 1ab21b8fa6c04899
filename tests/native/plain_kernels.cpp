// SPDX-License-Identifier: MIT
// The definitions that csrc/kernels.h gives, one for each function, in integers that hold everything.
#include "kernel_checks.h"

using namespace isopix;

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
void finish_triangle(const Block<T> &block, const Triangle &axis) {
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
void finish_taps(const Block<T> &block, const TapList &axis) {
    for (int64_t i = 0; i < axis.width * block.channels; ++i) {
        const Taps taps = axis.taps[i / block.channels];
        const uint32_t *sample = *block.lines + taps.first * block.channels + i % block.channels;
        Wide sum = static_cast<Wide>(taps.weight0) * *sample;
        if (taps.weight1 != 0) sum += static_cast<Wide>(taps.weight1) * sample[block.channels];
        block.out[i] = quotient(sum, block, i / block.channels);
    }
}

void tap_row(const TapTable &table, const uint8_t *row, uint16_t *line) {
    for (int64_t x = 0; x < table.samples; ++x) {
        const uint8_t *sample = row + table.first[x / table.channels] + x % table.channels;
        int sum = table.half_sum + table.weights[2 * x] * *sample;
        if (table.weights[2 * x + 1] != 0) sum += table.weights[2 * x + 1] * sample[table.channels];
        line[x] = static_cast<uint16_t>(sum);
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

}  // namespace

const Kernels kPlainKernels = {
    "plain",
    1,
    fold_rows,
    blend_rows,
    {finish_triangle<uint32_t>, finish_taps<uint32_t>},
    {finish_triangle<uint64_t>, finish_taps<uint64_t>},
    tap_row,
    blend_lines,
};
