// SPDX-License-Identifier: MIT
// The kernels of areas: means of 2 × 2 pixels, and those of any areas, whose sums in binary32 hang on the order of the
// operations.
#include <cmath>
#include <vector>

#include "kernel_checks.h"

using namespace isopixel;

namespace {

// Weights as those of an area, and any others up to 1.
float any_weight(Random &random) {
    const int64_t n = random.between(1, 20);
    return random.pick<float>({1.0f, 1.0f / static_cast<float>(n),
                               static_cast<float>(random.between(1, 1 << 24)) / static_cast<float>(1 << 24)});
}

void fill_floats(Random &random, Fenced<float> &numbers, float most) {
    for (int64_t i = 0; i < numbers.size(); ++i)
        numbers[i] = most * static_cast<float>(random.between(0, 1 << 24)) / static_cast<float>(1 << 24);
}

void check_sum_areas_of(Checks &checks, int64_t width, int64_t channels) {
    Random &random = checks.random;
    std::vector<Window> windows;
    std::vector<float> weights;
    const int64_t most_count = random.pick<int64_t>({1, 2, 5, 40});
    int64_t first = random.between(0, 2), end = 0, longest = 0;
    for (int64_t k = 0; k < width; ++k) {
        const int64_t count = random.between(1, most_count);
        windows.push_back({static_cast<int32_t>(first), static_cast<int32_t>(count), weights.size()});
        for (int64_t t = 0; t < count; ++t) weights.push_back(any_weight(random));
        end = first + count;
        longest = std::max(longest, count);
        first = end - random.between(0, 1) * (count > 1);
    }
    const int64_t lanes = checks.tested.lanes, samples = (end + random.pick<int64_t>({0, 1, 9})) * channels;
    const int64_t apart = samples + random.pick<int64_t>({0, 1, 37});
    Fenced<uint8_t> in((lanes - 1) * apart + samples, random);
    random.fill(in.data(), in.size(), UINT8_MAX);
    const bool upwards = random.one_in(4);
    const uint8_t *rows = in.data() + (upwards ? (lanes - 1) * apart : 0);
    const ptrdiff_t stride = static_cast<ptrdiff_t>(upwards ? -apart : apart);
    const int64_t n = width * channels, line = n + kSpareSamples;
    const int64_t n_columns = longest * channels + AreaBlock::kSpareColumns + random.pick<int64_t>({0, 1, 100});
    Fenced<float> columns(n_columns * lanes, random), sums(line * lanes, random);
    Fenced<float> lines(line * lanes, random), expected(line * lanes, random);
    const AreaList list = {windows.data(), weights.data(), width};

    checks.tested.areas.sum_areas(
        {rows, stride, samples, channels, columns.data(), n_columns, sums.data(), lines.data(), line}, list);
    Call call(checks, "areas.sum_areas");
    call.with("channels", channels).with("samples", samples).with("width", width).with("n_columns", n_columns);
    for (int64_t l = 0; l < lanes; ++l) {
        checks.expected.areas.sum_areas(
            {rows + l * stride, 0, samples, channels, nullptr, 0, nullptr, expected.data() + l * line, line}, list);
        call.same("line", lines.data() + l * line, expected.data() + l * line, n);
    }
    call.intact("columns", columns);
    call.intact("sums", sums);
    call.intact("lines", lines);
    call.pass();
}

void check_add_areas_of(Checks &checks, int64_t n) {
    Random &random = checks.random;
    const int64_t count = random.between(1, 20), line = n + kSpareSamples;
    Fenced<float> lines(count * line, random), sums(line, random), expected(line, random);
    fill_floats(random, lines, 255);
    fill_floats(random, sums, 255);
    std::copy_n(sums.data(), line, expected.data());
    std::vector<float> weights;
    for (int64_t t = 0; t < count; ++t) weights.push_back(any_weight(random));
    const bool fresh = random.one_in(2);

    checks.tested.areas.add_areas(lines.data(), line, weights.data(), count, n, fresh, sums.data());
    checks.expected.areas.add_areas(lines.data(), line, weights.data(), count, n, fresh, expected.data());
    Call call(checks, "areas.add_areas");
    call.with("n", n).with("count", count).with("fresh", fresh);
    call.same("sums", sums.data(), expected.data(), n);
    call.intact("sums", sums);
    call.pass();
}

void check_round_areas_of(Checks &checks, int64_t n) {
    Random &random = checks.random;
    Fenced<float> sums(n + kSpareSamples, random);
    fill_floats(random, sums, 256);
    const float factor = random.pick<float>({1.0f, 0.25f, 1.0f / static_cast<float>(random.between(1, 100))});
    for (int64_t x = 0; x < n; ++x) {  // halves, and their neighbours
        if (random.one_in(3)) continue;
        const float half = (static_cast<float>(random.between(0, 255)) + 0.5f) / factor;
        sums[x] = random.pick({half, std::nextafter(half, 0.0f), std::nextafter(half, 256.0f / factor)});
    }
    Fenced<uint8_t> out(n, random), expected(n, random);

    checks.tested.areas.round_areas(sums.data(), n, factor, out.data());
    checks.expected.areas.round_areas(sums.data(), n, factor, expected.data());
    Call call(checks, "areas.round_areas");
    call.with("n", n).with("factor", factor);
    call.same("out", out.data(), expected.data(), n);
    call.intact("out", out);
    call.pass();
}

void check_halve_rows_of(Checks &checks, int64_t n, int64_t channels) {
    Random &random = checks.random;
    Fenced<uint8_t> row0(2 * n, random), row1(2 * n, random), out(n, random), expected(n, random);
    random.fill(row0.data(), row0.size(), UINT8_MAX);
    random.fill(row1.data(), row1.size(), UINT8_MAX);
    const bool to_even = random.one_in(2);

    checks.tested.halving.halve_rows(row0.data(), row1.data(), n, channels, to_even, out.data());
    checks.expected.halving.halve_rows(row0.data(), row1.data(), n, channels, to_even, expected.data());
    Call call(checks, "halving.halve_rows");
    call.with("n", n).with("channels", channels).with("to_even", to_even);
    call.same("out", out.data(), expected.data(), n);
    call.intact("out", out);
    call.pass();
}

}  // namespace

void check_halve_rows(Checks &checks) {
    for (const int64_t n : lengths())
        for (int64_t channels = 1; channels <= 9; ++channels)
            for (int i = 0; i < 8 && n % channels == 0; ++i) check_halve_rows_of(checks, n, channels);
}

void check_sum_areas(Checks &checks) {
    for (int64_t width = 1; width <= kMostSamples; ++width)
        for (int64_t channels = 1; channels <= 4; ++channels)
            for (int i = 0; i < 4; ++i) check_sum_areas_of(checks, width, channels);
}

void check_add_areas(Checks &checks) {
    for (const int64_t n : lengths())
        for (int i = 0; i < 20; ++i) check_add_areas_of(checks, n);
}

void check_round_areas(Checks &checks) {
    for (const int64_t n : lengths())
        for (int i = 0; i < 20; ++i) check_round_areas_of(checks, n);
}
