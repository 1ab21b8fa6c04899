// SPDX-License-Identifier: MIT
// Direct taps: rows to lines, by any places and weights, and lines to rows of the result, by any divisors, in each
// rounding mode. The definitions depend on the layout that a set reads tables by, and therefore stand here.
#include <cstring>
#include <memory>
#include <vector>

#include "bilinear/direct_tables.h"
#include "kernel_checks.h"

using namespace isopixel;

namespace {

// A horizontal axis with any places and weights.
class AnyAxis {
  public:
    AnyAxis(Random &random, const DirectLayout &layout, bool narrow) : layout_(layout), narrow_(narrow) {
        const int64_t taps = narrow ? layout.narrow_taps : layout.wide_taps;
        table.steps = random.between(1, kMostDirectSteps);
        table.step_bytes = taps * random.between(1, 8);
        table.outputs = random.one_in(2) ? layout.outputs : random.between(1, layout.outputs);
        table.groups = random.pick<int64_t>({1, 2, random.between(1, 40)});
        table.one_window = random.one_in(2);
        table.low_bits = narrow ? 0 : static_cast<int>(random.between(1, 15));
        const int64_t span = layout.bytes + (table.one_window ? 0 : (table.steps - 1) * table.step_bytes);
        row_bytes = span + random.pick<int64_t>({0, 1, 63, random.between(0, 2000)});
        for (int64_t w = 0; w < table.groups * layout.group; ++w) {
            const int64_t last = row_bytes - span;
            windows_.push_back(static_cast<int32_t>(random.pick<int64_t>({0, last, random.between(0, last)})));
        }
        places_ = layout.group * layout.outputs * taps;
        taps_ = taps;
        words_ = !narrow && !layout.split_weights;
        split_ = !narrow && layout.split_weights;
        order_bytes_ = places_ << words_;
        weight_bytes_ = places_ << (words_ || split_);
        entries_.resize(static_cast<size_t>(table.groups * (order_bytes_ + table.steps * weight_bytes_)));
        for (int64_t g = 0; g < table.groups; ++g) fill_group(random, g);
        table.windows = windows_.data();
        table.entries = entries_.data();
    }
    AnyAxis(const AnyAxis &) = delete;

    int64_t results() const { return table.groups * layout_.group * table.outputs; }

    // The sum of result x.
    int64_t sum(const uint8_t *row, int64_t x) const {
        const int64_t window = x / table.outputs, group = window / layout_.group;
        const int64_t first = (window % layout_.group * layout_.outputs + x % table.outputs) * taps_;
        int64_t sum = 0;
        for (int64_t step = 0; step < table.steps; ++step) {
            for (int64_t place = first; place < first + taps_; ++place) {
                const int64_t byte =
                    windows_[static_cast<size_t>(window)] + step * table.step_bytes + entry(group)[place << words_];
                const int64_t w = weight(group, step, place);
                if (w != 0) sum += w * row[byte];
            }
        }
        return sum;
    }

    DirectTable table{};
    int64_t row_bytes;

  private:
    const uint8_t *entry(int64_t group) const {
        return entries_.data() + group * (order_bytes_ + table.steps * weight_bytes_);
    }
    int64_t weight(int64_t group, int64_t step, int64_t place) const {
        const uint8_t *of_step = entry(group) + order_bytes_ + step * weight_bytes_;
        if (split_) return of_step[place] + of_step[place + places_] * 128;
        if (!words_) return of_step[place];
        uint16_t number;
        std::memcpy(&number, of_step + 2 * place, sizeof number);
        return number;
    }

    void fill_group(Random &random, int64_t g) {
        uint8_t *order = const_cast<uint8_t *>(entry(g));
        for (int64_t place = 0; place < places_; ++place) {
            order[place << words_] = static_cast<uint8_t>(random.between(0, layout_.bytes - 1));
            if (words_) order[2 * place + 1] = kNoPlace;
        }
        for (int64_t result = 0; result < places_ / taps_; ++result) {
            // What is left for the weights of a result: 255 times their sum is to fit.
            int64_t left = narrow_ ? kMostHalf / 255 : ((kMostHalf << table.low_bits) + 1) / 255 - 1;
            for (int64_t i = 0; i < table.steps * taps_; ++i) {
                const int64_t step = i / taps_, place = result * taps_ + i % taps_;
                if (table.one_window && order[place << words_] + step * table.step_bytes >= layout_.bytes) continue;
                const int64_t most = std::min(left, narrow_ ? kMostNarrowWeight : kMostWideWeight);
                const int64_t weight = random.pick<int64_t>({0, most, random.between(0, most)});
                left -= weight;
                uint8_t *to = order + order_bytes_ + step * weight_bytes_ + (place << words_);
                const uint16_t number = static_cast<uint16_t>(weight);
                if (words_) std::memcpy(to, &number, sizeof number);
                else if (split_) to[0] = weight & 127, to[places_] = static_cast<uint8_t>(weight >> 7);
                else to[0] = static_cast<uint8_t>(weight);
            }
        }
    }

    const DirectLayout layout_;
    const bool narrow_;
    std::vector<int32_t> windows_;
    std::vector<uint8_t> entries_;
    int64_t places_, taps_, order_bytes_, weight_bytes_;
    bool words_, split_;
};

void check_rows(Checks &checks, bool narrow) {
    Random &random = checks.random;
    const AnyAxis axis(random, checks.tested.direct.layout, narrow);
    const int64_t n = axis.results(), count = random.between(1, kDirectPair), rows_of_line = narrow ? 2 : 1;
    std::vector<std::unique_ptr<Fenced<uint8_t>>> memory;
    const uint8_t *rows[2 * kDirectPair];
    for (int64_t r = 0; r < count * rows_of_line; ++r) {
        memory.push_back(std::make_unique<Fenced<uint8_t>>(axis.row_bytes, random));
        random.fill(memory.back()->data(), axis.row_bytes, 255);
        rows[r] = memory.back()->data();
    }
    std::vector<std::unique_ptr<Fenced<uint32_t>>> lines;
    uint32_t *to[kDirectPair];
    for (int64_t l = 0; l < kDirectPair; ++l) {
        lines.push_back(std::make_unique<Fenced<uint32_t>>(n + kSpareNumbers, random));
        to[l] = lines.back()->data();
    }
    (narrow ? checks.tested.direct.narrow_rows : checks.tested.direct.wide_rows)(axis.table, rows, count, to);
    Call call(checks, narrow ? "direct.narrow_rows" : "direct.wide_rows");
    call.with("groups", axis.table.groups).with("steps", axis.table.steps).with("step_bytes", axis.table.step_bytes);
    call.with("outputs", axis.table.outputs).with("one_window", axis.table.one_window).with("count", count);
    call.with("low_bits", axis.table.low_bits);
    for (int64_t l = 0; l < count; ++l) {
        std::vector<uint32_t> expected;
        for (int64_t x = 0; x < n; ++x) {
            const int64_t sum = axis.sum(rows[l * rows_of_line], x), one = INT64_C(1) << axis.table.low_bits;
            const int64_t high = narrow ? axis.sum(rows[2 * l + 1], x) : sum / one;
            expected.push_back(static_cast<uint32_t>((narrow ? sum : sum % one) + high * 65536));
        }
        call.same("line", to[l], expected.data(), n);
        call.intact("line", *lines[static_cast<size_t>(l)]);
    }
    for (const auto &row : memory) call.intact("row", *row);
    call.pass();
}

// Lines with any sums of the first two, whose weights are 1 and 32,767, and any numbers of others.
void check_blend(Checks &checks, bool small, int rounding) {
    Random &random = checks.random;
    const int64_t n = random.pick<int64_t>({1, 63, 64, 65, random.between(1, 300)});
    const int64_t count = random.between(2, kMostDirectLines);
    const int64_t most_d = small ? random.pick<int64_t>({kMostSmallDivisor, random.between(1, kMostSmallDivisor)})
                                 : random.pick<int64_t>({INT32_MAX / 255, random.between(1, INT32_MAX / 255)});
    const int64_t sum_y = 1 + static_cast<int64_t>(random.of_any_length(22)) % most_d, most_x = most_d / sum_y;
    std::vector<uint32_t> sums_x(static_cast<size_t>(n + kSpareNumbers));
    std::vector<float> reciprocals(sums_x.size());
    std::vector<std::vector<uint32_t>> lines(static_cast<size_t>(count), std::vector<uint32_t>(sums_x.size()));
    uint32_t weights[kMostDirectLines];
    const uint32_t *of_lines[kMostDirectLines];
    std::vector<uint8_t> expected;
    for (size_t l = 0; l < lines.size(); ++l) {
        weights[l] =
            l < 2 ? 1 | 32767u << 16 : static_cast<uint32_t>(random.between(0, 3) | random.between(0, 3) << 16);
        of_lines[l] = lines[l].data();
    }
    for (int64_t x = 0; x < n; ++x) {
        const int64_t sum_x = random.one_in(2) ? most_x : random.between(1, most_x), d = sum_x * sum_y;
        const int64_t q = random.between(0, 254), half = q * d + (d + 1) / 2;
        const int64_t any = random.pick<int64_t>({half, half - 1, std::max<int64_t>(0, half - 2), q * d, 255 * d,
                                                  (q + 1) * d - 1, q * d + random.between(0, d)});
        const int64_t numerator = std::min<int64_t>(any, 2 * kMostHalf * (kMostHalf + 1));  // what two lines can be;
        sums_x[static_cast<size_t>(x)] = static_cast<uint32_t>(sum_x);
        int64_t left = numerator;
        for (size_t l = lines.size() - 1; l >= 2; --l) {
            const int64_t low = random.between(0, 9), high = random.between(0, 9);
            const int64_t sum = low * (weights[l] & 0xFFFF) + high * (weights[l] >> 16);
            if (sum > left) continue;
            left -= sum;
            lines[l][static_cast<size_t>(x)] = static_cast<uint32_t>(low | high << 16);
        }
        for (size_t l = 0; l < 2; ++l) {
            const int64_t high = std::min<int64_t>(left / 32767, 32767), low = std::min(left - high * 32767, kMostHalf);
            left -= low + high * 32767;
            lines[l][static_cast<size_t>(x)] = static_cast<uint32_t>(low | high << 16);
        }
        if (left != 0) std::abort();
        expected.push_back(static_cast<uint8_t>((2 * numerator + d) / (2 * d)));
    }
    Fenced<uint8_t> out(n, random);
    std::fesetround(rounding);
    for (size_t x = 0; x < static_cast<size_t>(n); ++x) reciprocals[x] = reciprocal_f32(sums_x[x]);
    const float bias = 0.5f + 0.25f / static_cast<float>(most_d);
    const DirectBlend blend = {of_lines,
                               weights,
                               count,
                               n,
                               sums_x.data(),
                               static_cast<uint32_t>(sum_y),
                               reciprocals.data(),
                               reciprocal_f32(static_cast<uint32_t>(sum_y)),
                               bias,
                               out.data()};
    (small ? checks.tested.direct.blend_small : checks.tested.direct.blend)(blend);
    std::fesetround(FE_TONEAREST);
    Call call(checks, small ? "direct.blend_small" : "direct.blend");
    call.with("rounding", rounding).with("n", n).with("count", count).with("sum_y", sum_y).with("most_d", most_d);
    call.same("out", out.data(), expected.data(), n);
    call.intact("out", out);
    call.pass();
}

void check_blends(Checks &checks, bool small) {
    if (!checks.tested.direct.blend) return;
    for (int i = 0; i < 3000; ++i)
        for (const int rounding : kRoundingModes) check_blend(checks, small, rounding);
}

}  // namespace

void check_narrow_rows(Checks &checks) {
    for (int i = 0; checks.tested.direct.narrow_rows && i < 3000; ++i) check_rows(checks, true);
}
void check_wide_rows(Checks &checks) {
    for (int i = 0; checks.tested.direct.wide_rows && i < 3000; ++i) check_rows(checks, false);
}
void check_direct_blend(Checks &checks) { check_blends(checks, false); }
void check_direct_blend_small(Checks &checks) { check_blends(checks, true); }
