// SPDX-License-Identifier: MIT
// Windows that are summed over the rows of a vertical segment, and the division by doubles.
#include <vector>

#include "kernel_checks.h"

using namespace isopixel;

namespace {

struct alignas(64) Bytes {
    uint8_t bytes[64];
};

// The units of a row, with any places and weights.
class Units {
  public:
    Units(Random &random, int64_t n, int dwords, int64_t steps, ByteWeights weights, int64_t step_bytes, int64_t row)
        : units_(static_cast<size_t>(n)) {
        const bool large = weights == ByteWeights::kLarge;
        const int64_t size = 1 + steps * (large ? 2 : 1);
        tables_.resize(static_cast<size_t>(n * size));
        const int64_t last = row - 64 - (steps - 1) * step_bytes;
        for (int64_t u = 0; u < n; ++u) {
            Bytes *table = &tables_[static_cast<size_t>(u * size)];
            units_[static_cast<size_t>(u)] = {random.pick<int64_t>({0, last, random.between(0, last)}), table->bytes};
            for (uint8_t &place : table->bytes) place = static_cast<uint8_t>(random.between(0, 63));
            for (int64_t q = 1; q < size; ++q)
                random.fill(table[q].bytes, 64, weights == ByteWeights::kMiddle ? 255 : 127);
        }
        axis = {units_.data(), n, dwords, static_cast<int>(steps), step_bytes, weights};
    }
    Units(const Units &) = delete;

    FusedAxis axis;

  private:
    std::vector<FusedUnit> units_;
    std::vector<Bytes> tables_;
};

void check_sums(Checks &checks, int dwords, int64_t steps, ByteWeights weights) {
    Random &random = checks.random;
    const int64_t channels = random.between(1, 8), step_bytes = 4 * dwords * channels;
    const int64_t row = 64 + (steps - 1) * step_bytes + random.pick<int64_t>({0, 1, 63, random.between(0, 3000)});
    const int64_t n = kFusedUnits * random.pick<int64_t>({1, 2, random.between(1, 20)});
    const Units units(random, n, dwords, steps, weights, step_bytes, row);
    // A result has at most 5·4·5 weights: of kLarge, Σ (count - 1 - t)·255·16,383·100 is below 2^31 for 3 rows.
    const int64_t count = random.between(1, weights == ByteWeights::kLarge ? 3 : 16);
    const int64_t stride = (row + random.pick<int64_t>({0, 1, 100})) * random.pick<int64_t>({1, -1});
    Fenced<uint8_t> memory(std::abs(stride) * (count - 1) + row, random);
    random.fill(memory.data(), memory.size(), 255);
    const uint8_t *rows = stride < 0 ? memory.data() - stride * (count - 1) : memory.data();

    const int64_t places = dwords == 5 ? 4 : 8;
    std::vector<FusedResults> actual(static_cast<size_t>(n * places / kFusedResults)), expected(actual.size());
    checks.tested.fused.sum_windows(units.axis, rows, stride, count, actual.data());
    kDefinitions.fused.sum_windows(units.axis, rows, stride, count, expected.data());
    Call call(checks, "fused.sum_windows");
    call.with("n_units", n).with("dwords", dwords).with("steps", steps).with("weights", static_cast<int>(weights));
    call.with("stride", stride).with("count", count).with("row", row);
    for (size_t i = 0; i < actual.size(); ++i) {
        // Of 5 dwords, each fourth place means nothing.
        for (int64_t place = 0; place < kFusedResults; place += places) {
            const int64_t used = dwords == 5 ? 3 : 8;
            call.same("s0", actual[i].s0 + place, expected[i].s0 + place, used);
            call.same("s1", actual[i].s1 + place, expected[i].s1 + place, used);
        }
    }
    call.intact("rows", memory);
    call.pass();
}

// Rounded as the mode says that is set.
double reciprocal_of(int64_t sum) {
    const volatile double d = static_cast<double>(sum);
    return 1 / d;
}

void check_fold(Checks &checks, int rounding) {
    Random &random = checks.random;
    std::fesetround(rounding);
    const int64_t n = random.between(1, 9);
    const bool middle = random.one_in(3);
    const int64_t sum_y = std::max<int64_t>(1, static_cast<int64_t>(random.of_any_length(39)));
    const int64_t most_x = ((INT64_C(1) << 39) - 1) / sum_y;
    const int64_t half_width = 1 + static_cast<int64_t>(random.of_any_length(20));
    const int64_t last_weight = random.between(0, half_width), step = random.between(0, half_width);
    uint8_t order[kFusedResults] = {};
    const int64_t stored = random.between(1, kFusedResults);
    for (int64_t i = 0; i < stored; ++i) order[i] = static_cast<uint8_t>(random.between(0, kFusedResults - 1));
    FusedRows rows = {static_cast<double>(last_weight),
                      static_cast<double>(step),
                      static_cast<double>(half_width),
                      static_cast<int>(random.between(0, 1)),
                      random.one_in(2),
                      random.one_in(2),
                      reciprocal_of(sum_y),
                      (middle ? 128.5 : 0.5) + 0x1p-41,
                      order,
                      stored};
    std::vector<FusedResults> actual(static_cast<size_t>(n));
    for (FusedResults &results : actual) {
        for (int64_t i = 0; i < kFusedResults; ++i) {
            const int64_t sign = middle ? random.pick<int64_t>({-1, 1}) : 1;
            const int64_t s0 = sign * static_cast<int64_t>(random.of_any_length(31));
            const int64_t s1 = sign * static_cast<int64_t>(random.of_any_length(31));
            const int64_t sum_x = random.one_in(2) ? most_x : random.between(1, most_x);
            // The numerator that the results are to have: near an exact half, or a whole number, or any.
            const int64_t d = sum_x * sum_y, q = random.between(0, 254) - (middle ? 128 : 0);
            const int64_t half = q * d + (d + 1) / 2;
            const int64_t numerator = random.pick<int64_t>(
                {half, half - 1, half - 2, q * d, (q + 1) * d, (q + 1) * d - 1, q * d + random.between(0, d)});
            const int64_t gain = last_weight * s0 - step * s1;
            results.s0[i] = static_cast<int32_t>(s0);
            results.s1[i] = static_cast<int32_t>(s1);
            results.reciprocals[i] = reciprocal_of(sum_x);
            results.numerators[rows.rising][i] = static_cast<double>(random.of_any_length(47));
            results.numerators[1 - rows.rising][i] = static_cast<double>(numerator - (half_width * s0 - gain));
        }
    }
    std::vector<FusedResults> expected = actual;
    Fenced<uint8_t> out(n * stored + kFusedResults, random);
    std::vector<uint8_t> right(static_cast<size_t>(out.size()));
    checks.tested.fused.fold_windows(rows, actual.data(), n, out.data());
    std::fesetround(FE_TONEAREST);
    kDefinitions.fused.fold_windows(rows, expected.data(), n, right.data());
    Call call(checks, "fused.fold_windows");
    call.with("rounding", rounding)
        .with("n", n)
        .with("last_weight", last_weight)
        .with("step", step)
        .with("half_width", half_width);
    call.with("fresh", rows.fresh).with("complete", rows.complete).with("sum_y", sum_y).with("middle", middle);
    for (size_t i = 0; i < actual.size(); ++i) {
        call.same("rising", actual[i].numerators[rows.rising], expected[i].numerators[rows.rising], kFusedResults);
        if (!rows.complete)
            call.same("falling", actual[i].numerators[1 - rows.rising], expected[i].numerators[1 - rows.rising],
                      kFusedResults);
    }
    if (rows.complete) call.same("out", out.data(), right.data(), n * stored);
    call.intact("out", out);
    call.pass();
}

}  // namespace

void check_sum_windows(Checks &checks) {
    if (!checks.tested.fused.sum_windows) return;
    for (int i = 0; i < 40; ++i)
        for (const int dwords : {2, 5})
            for (int64_t steps = 1; steps <= kMostFusedSteps; ++steps)
                for (const ByteWeights weights : {ByteWeights::kSmall, ByteWeights::kMiddle, ByteWeights::kLarge})
                    check_sums(checks, dwords, steps, weights);
}

void check_fold_windows(Checks &checks) {
    if (!checks.tested.fused.fold_windows) return;
    for (int i = 0; i < 2000; ++i)
        for (const int rounding : kRoundingModes) check_fold(checks, rounding);
}
