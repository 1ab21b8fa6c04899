// SPDX-License-Identifier: MIT
// The kernels of the frozen peers: axes of whole weights of a fixed scale, and rows of two lines.
#include <memory>
#include <vector>

#include "frozen/window_table.h"
#include "kernel_checks.h"

using namespace isopixel;

namespace {

constexpr int64_t kMostOfScale = INT64_C(1) << 23;  // of a weight of 32 bits, on either side of 0
constexpr int64_t kMostCount = 20;                  // of a window here

// A weight on one of the two sides of 0.
int64_t with_sign(Random &random, int64_t weight) { return random.one_in(3) ? -weight : weight; }

// As few bits as `most` has, with a sign.
int64_t limited(int64_t weight, int64_t most) { return std::clamp(weight, -most - (most == kMostWeight), most); }

// Windows that begin and end in order, with sums of bytes within ±2^31, and within ±2^15 when shifted.
class WindowCase {
  public:
    WindowCase(Random &random, int64_t width)
        : random_(random),
          shift_(static_cast<int>(random.pick<int64_t>({14, 22, random.between(14, 22)}))),
          most_(random.pick({kMostWeight, kMostOfScale})) {
        const int64_t most_step = random.pick<int64_t>({0, 1, 2, kMostCount + 3});
        const int64_t most_count = random.pick<int64_t>({1, 2, kMostCount, random.between(1, kMostCount)});
        const int64_t least_count = random.one_in(2) ? most_count : 1;
        int64_t first = random.between(0, 2);
        for (int64_t k = 0; k < width; ++k, first += random.between(0, most_step)) {
            end_ = std::max(end_, first + random.between(least_count, most_count));
            add_window(first, end_ - first);
        }
    }

    frozen::WindowTable table() const { return frozen::WindowTable({windows_, weights_, shift_}); }
    int64_t end() const { return end_; }

  private:
    // Weights that sum to 2^shift, as they do, and perhaps with more that sum to nothing; one weight of that; 255 times
    // which is near an exact half; or any.
    void add_window(int64_t first, int64_t count) {
        // Weights that are not to be read stand between those of some windows.
        for (int64_t i = random_.pick<int64_t>({0, 0, 1, 5}); i > 0; --i) weights_.push_back(-1);
        windows_.push_back({static_cast<int32_t>(first), static_cast<int32_t>(count), weights_.size()});
        std::vector<int64_t> weights(static_cast<size_t>(count), 0);
        const int64_t one = INT64_C(1) << shift_;
        const auto any_of = [&]() -> int64_t & { return weights[static_cast<size_t>(random_.between(0, count - 1))]; };
        const int64_t kind = random_.between(0, 3);
        if (kind == 0) {
            for (int64_t rest = one, part = 0; rest > 0; rest -= part)
                any_of() += part = std::min(rest, random_.between(1, 1 + 2 * one / count));
            for (int64_t i = random_.pick<int64_t>({0, 1, 2 * count}); i > 0; --i) {
                const int64_t part = random_.between(0, one / 4);
                any_of() += part;
                any_of() -= part;
            }
        } else if (kind == 1) {
            any_of() = with_sign(random_, random_.pick<int64_t>({one, one / 2, one + 1, one - 1, kMostOfScale}));
        } else if (kind == 2) {
            any_of() += one / 2 - 1;
            any_of() += 1;
        } else {
            for (int64_t &weight : weights)
                weight = with_sign(random_, random_.pick<int64_t>({0, kMostOfScale, random_.between(0, kMostOfScale)}));
        }
        // What is left to the weights above 0, and to those below.
        int64_t above = (std::min<int64_t>(INT32_MAX, (INT64_C(1) << (15 + shift_)) - 1) - one / 2) / 255;
        int64_t below = -above;
        for (int64_t weight : weights) {
            weight = std::clamp(limited(weight, most_), below, above);
            (weight > 0 ? above : below) -= weight;
            weights_.push_back(static_cast<int32_t>(weight));
        }
    }

    Random &random_;
    const int shift_;
    const int64_t most_;
    std::vector<Window> windows_;
    std::vector<int32_t> weights_;
    int64_t end_ = 0;
};

void check_weigh_rows_of(Checks &checks, int64_t width, int64_t channels) {
    Random &random = checks.random;
    const WindowCase windows(random, width);
    const frozen::WindowTable table = windows.table();
    const int64_t lanes = checks.tested.lanes, rows = random.one_in(2) ? lanes : random.between(1, lanes);
    const int64_t samples = (windows.end() + random.pick<int64_t>({0, 1, 9})) * channels;
    const int64_t apart = samples + random.pick<int64_t>({0, 1, 37});
    Fenced<uint8_t> in((lanes - 1) * apart + samples, random);
    random.fill(in.data(), in.size(), UINT8_MAX);
    const bool upwards = random.one_in(4);
    const uint8_t *first = in.data() + (upwards ? (lanes - 1) * apart : 0);
    const ptrdiff_t in_stride = static_cast<ptrdiff_t>(upwards ? -apart : apart);
    const int64_t row = width * channels, stride = row + random.pick<int64_t>({0, 1, 37});
    Fenced<uint8_t> out((rows - 1) * stride + row, random), expected(out.size(), random);
    std::fill_n(out.data(), out.size(), uint8_t{0x5A});
    std::fill_n(expected.data(), out.size(), uint8_t{0x5A});
    const int64_t n_quads = table.most_quads() + random.pick<int64_t>({0, 1, 100});
    Fenced<uint32_t> columns((n_quads + RowBlock::kSpareQuads) * 2 * channels * lanes, random);
    Fenced<uint32_t> quotients((kQuotientPixels + 1) * channels * lanes, random);

    checks.tested.windows.weigh_rows({first, in_stride, samples, rows, channels, out.data(),
                                      static_cast<ptrdiff_t>(stride), columns.data(), n_quads, quotients.data()},
                                     table.list());
    for (int64_t l = 0; l < rows; ++l)  // the other table has blocks of one row, and needs no scratch memory
        checks.expected.windows.weigh_rows(
            {first + l * in_stride, 0, samples, 1, channels, expected.data() + l * stride, 0, nullptr, 0, nullptr},
            table.list());
    Call call(checks, "windows.weigh_rows");
    call.with("channels", channels).with("samples", samples).with("width", width).with("rows", rows);
    call.with("wide", table.list().wide).with("shift", table.list().shift).with("n_quads", n_quads);
    call.same("out", out.data(), expected.data(), out.size());
    call.intact("out", out);
    call.intact("columns", columns);
    call.intact("quotients", quotients);
    call.pass();
}

// Rows of a vertical axis, with weights of either size.
class RowsCase {
  public:
    RowsCase(Random &random, int64_t n) {
        const int64_t count = random.pick<int64_t>({1, 2, 3, kMostWeightedRows, random.between(1, kMostWeightedRows)});
        const int64_t most = random.pick({kMostWeight, kMostOfScale});
        for (int64_t t = 0; t < count; ++t) {
            const int64_t any =
                random.pick<int64_t>({0, 1, 2047, 2048, kMostWeight + 1, kMostOfScale - 1, kMostOfScale,
                                      random.between(0, kMostOfScale), static_cast<int64_t>(random.of_any_length(23))});
            weights_.push_back(static_cast<int32_t>(limited(with_sign(random, any), most)));
            memory_.push_back(std::make_unique<Fenced<uint8_t>>(n + kSpareSamples, random));
            random.fill(memory_.back()->data(), memory_.back()->size(), 255);
            rows_.push_back(memory_.back()->data());
        }
    }

    WeightedRows rows() const { return {rows_.data(), weights_.data(), static_cast<int64_t>(rows_.size())}; }

  private:
    std::vector<std::unique_ptr<Fenced<uint8_t>>> memory_;
    std::vector<const uint8_t *> rows_;
    std::vector<int32_t> weights_;
};

// Sums are seen as bytes of round_rows, since their order is the set's own.
void check_add_rows_of(Checks &checks, int64_t n) {
    Random &random = checks.random;
    Fenced<uint32_t> sums(n + kSpareSamples, random), expected_sums(sums.size(), random);
    const uint32_t start = random.pick<uint32_t>({0, 1 << 21, UINT32_MAX, static_cast<uint32_t>(random.word())});
    std::fill_n(sums.data(), sums.size(), start);
    std::fill_n(expected_sums.data(), sums.size(), start);
    const int times = random.one_in(4) ? 2 : 1;
    Call call(checks, "windows.add_rows");
    call.with("n", n).with("start", start).with("times", times);
    for (int i = 0; i < times; ++i) {
        const RowsCase rows(random, n);
        checks.tested.windows.add_rows(rows.rows(), n, sums.data());
        checks.expected.windows.add_rows(rows.rows(), n, expected_sums.data());
        call.with("count", rows.rows().count);
    }
    call.intact("sums", sums);
    const RowsCase last(random, n);
    const int32_t nothing = 0;
    const WeightedRows weightless = {last.rows().rows, &nothing, 1};
    Fenced<uint8_t> out(n, random), expected(n, random);
    for (int shift = 1; shift <= 24; shift += random.one_in(2) ? 1 : 7) {
        checks.tested.windows.round_rows(weightless, n, sums.data(), shift, out.data());
        checks.expected.windows.round_rows(weightless, n, expected_sums.data(), shift, expected.data());
        call.with("shift", shift).same("out", out.data(), expected.data(), n);
    }
    call.pass();
}

void check_round_rows_of(Checks &checks, int64_t n) {
    Random &random = checks.random;
    const RowsCase rows(random, n);
    const int shift = static_cast<int>(random.pick<int64_t>({1, 14, 22, random.between(1, 22)}));
    Fenced<uint32_t> sums(n + kSpareSamples, random), expected_sums(sums.size(), random);
    const bool has_sums = random.one_in(2);
    const uint32_t start = static_cast<uint32_t>(random.of_any_length(32));
    std::fill_n(sums.data(), sums.size(), start);
    std::fill_n(expected_sums.data(), sums.size(), start);
    Fenced<uint8_t> out(n, random), expected(n, random);

    checks.tested.windows.round_rows(rows.rows(), n, has_sums ? sums.data() : nullptr, shift, out.data());
    checks.expected.windows.round_rows(rows.rows(), n, has_sums ? expected_sums.data() : nullptr, shift,
                                       expected.data());
    Call call(checks, "windows.round_rows");
    call.with("n", n).with("count", rows.rows().count).with("shift", shift).with("sums", has_sums).with("start", start);
    call.same("out", out.data(), expected.data(), n);
    call.intact("out", out);
    call.pass();
}

// The functions that make bytes of two lines.
using Blend = TwoTapKernels::Blend;

struct Weights {
    int64_t weight0, weight1;
    int shift;
};
using MakeLines = Weights (*)(Random &random, int64_t n, uint16_t *line0, uint16_t *line1);

void check_blend_of(Checks &checks, const char *name, Blend TwoTapKernels::*blend, MakeLines make) {
    for (const int64_t n : lengths()) {
        for (int i = 0; i < 100; ++i) {
            Random &random = checks.random;
            Fenced<uint16_t> line0(n + kSpareSamples, random), line1(line0.size(), random);
            const Weights weights = make(random, n, line0.data(), line1.data());
            const uint16_t *second = random.one_in(8) ? line0.data() : line1.data();
            Fenced<uint8_t> out(n, random), expected(n, random);

            (checks.tested.two_tap.*blend)(line0.data(), second, n, weights.weight0, weights.weight1, weights.shift,
                                           out.data());
            (checks.expected.two_tap.*blend)(line0.data(), second, n, weights.weight0, weights.weight1, weights.shift,
                                             expected.data());
            Call call(checks, name);
            call.with("n", n).with("weight0", weights.weight0).with("weight1", weights.weight1);
            call.with("shift", weights.shift);
            call.same("out", out.data(), expected.data(), n);
            call.intact("out", out);
            call.pass();
        }
    }
}

// Two weights of a sum, those at its ends above all.
Weights split(Random &random, int64_t sum) {
    const int64_t weight1 = random.pick<int64_t>({0, 1, sum / 2, sum - 1, sum, random.between(0, sum)});
    return {sum - weight1, weight1, 0};
}

// Rounded to whole numbers, the weights of R-25 sum to 2048, or one more or less.
Weights linear_lines(Random &random, int64_t n, uint16_t *line0, uint16_t *line1) {
    constexpr uint64_t kMostNumber = 255 * 2049 >> 4;
    random.fill(line0, n, kMostNumber);
    random.fill(line1, n, kMostNumber);
    return split(random, random.between(2047, 2049));
}

// Any numbers, or about the same in both lines, and near an exact half.
Weights exact_lines(Random &random, int64_t n, uint16_t *line0, uint16_t *line1) {
    constexpr uint64_t kMostNumber = 255 * 256;
    random.fill(line0, n, kMostNumber);
    random.fill(line1, n, kMostNumber);
    if (random.one_in(2)) {
        for (int64_t x = 0; x < n; ++x) {
            line0[x] = static_cast<uint16_t>(random.between(0, 254) * 256 + 128);
            line1[x] = static_cast<uint16_t>(line0[x] - random.between(0, 1));
        }
    }
    return split(random, 256);
}

// The largest weights and numbers; and those of an axis that torch keeps.
Weights any_fixed_lines(Random &random, int64_t n, uint16_t *line0, uint16_t *line1) {
    const auto weight = [&] { return random.pick<int64_t>({0, 1, kMostWeight, random.between(0, kMostWeight)}); };
    random.fill(line0, n, 255);
    random.fill(line1, n, 255);
    if (random.one_in(8)) return {2, 0, 1};
    return {weight(), weight(), static_cast<int>(random.between(14, 22))};
}

// Odd multiples of 2^(shift - 1), and a little less.
Weights half_fixed_lines(Random &random, int64_t n, uint16_t *line0, uint16_t *line1) {
    const int shift = static_cast<int>(random.between(14, 22));
    const int64_t half = INT64_C(1) << (shift - 1), weight = std::min(half, INT64_C(1) << 14), step = half / weight;
    for (int64_t x = 0; x < n; ++x) {
        line0[x] = static_cast<uint16_t>(step * (2 * random.between(0, (255 / step - 1) / 2) + 1));
        line1[x] = static_cast<uint16_t>(line0[x] - random.between(0, 1));
    }
    return {weight - 1, 1, shift};
}

// About 255 and a half, the least that is more than 255.
Weights last_fixed_lines(Random &random, int64_t n, uint16_t *line0, uint16_t *line1) {
    const int shift = static_cast<int>(random.between(14, 15));
    const int64_t weight0 = std::min(INT64_C(1) << shift, kMostWeight);
    const int64_t weight1 = (INT64_C(511) << (shift - 1)) - 255 * weight0;
    std::fill_n(line0, n, uint16_t{255});
    random.fill(line1, n, 1);
    return {weight0, weight1 - random.between(0, 1), shift};
}

Weights fixed_lines(Random &random, int64_t n, uint16_t *line0, uint16_t *line1) {
    return random.pick({any_fixed_lines, half_fixed_lines, last_fixed_lines})(random, n, line0, line1);
}

}  // namespace

void check_weigh_rows(Checks &checks) {
    for (int64_t width = 1; width <= kMostSamples; ++width)
        for (const int64_t channels : {1, 2, 3, 4, 5, 8, 9})
            for (int i = 0; i < 4; ++i) check_weigh_rows_of(checks, width, channels);
}

void check_add_rows(Checks &checks) {
    for (const int64_t n : lengths())
        for (int i = 0; i < 30; ++i) check_add_rows_of(checks, n);
}

void check_round_rows(Checks &checks) {
    for (const int64_t n : lengths())
        for (int i = 0; i < 50; ++i) check_round_rows_of(checks, n);
}

void check_blend_linear(Checks &checks) {
    check_blend_of(checks, "two_tap.blend_linear", &TwoTapKernels::blend_linear, linear_lines);
}
void check_blend_exact(Checks &checks) {
    check_blend_of(checks, "two_tap.blend_exact", &TwoTapKernels::blend_exact, exact_lines);
}
void check_blend_fixed(Checks &checks) {
    check_blend_of(checks, "two_tap.blend_fixed", &TwoTapKernels::blend_fixed, fixed_lines);
}
