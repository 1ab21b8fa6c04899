// SPDX-License-Identifier: MIT
// The kernels that work on lines.
#include <cstring>
#include <vector>

#include "kernel_checks.h"

using namespace isopixel;

std::vector<int64_t> lengths() {
    std::vector<int64_t> all = {255, 256, 257, 511, 512, 515, 1000};
    for (int64_t n = 1; n <= kMostSamples; ++n) all.push_back(n);
    return all;
}

namespace {

// `count` weights and the step between them within ±kMostWeight. (The step after a single weight means nothing.)
Ramp random_ramp(Random &random, int64_t count) {
    const auto weight = [&] {
        return random.pick<int64_t>({0, 1, kMostWeight, -kMostWeight, random.between(-kMostWeight, kMostWeight)});
    };
    const int64_t first = weight(), last = weight();
    return {first, std::min(kMostWeight, std::max(-kMostWeight, (last - first) / std::max<int64_t>(1, count - 1)))};
}

void check_fold_rows_of(Checks &checks, int64_t n, int64_t count) {
    Random &random = checks.random;
    const int64_t apart = random.pick<int64_t>({0, n, n + 1, n + random.between(0, 100)});
    const ptrdiff_t stride = static_cast<ptrdiff_t>(random.one_in(2) ? -apart : apart);
    const Ramp rising = random_ramp(random, count), falling = random_ramp(random, count);
    const bool fresh = random.one_in(2);
    Fenced<uint8_t> rows(apart * (count - 1) + n, random);
    random.fill(rows.data(), rows.size(), 255);
    const uint8_t *first = rows.data() + (stride < 0 ? apart * (count - 1) : 0);
    Fenced<uint32_t> up(checks.rounded(n), random), down(up.size(), random);
    Fenced<uint32_t> expected_up(up.size(), random), expected_down(up.size(), random);
    random.fill(up.data(), up.size(), UINT32_MAX);
    random.fill(down.data(), up.size(), UINT32_MAX);
    std::copy_n(up.data(), up.size(), expected_up.data());
    std::copy_n(down.data(), up.size(), expected_down.data());

    checks.tested.blocks.fold_rows(first, stride, count, n, rising, falling, fresh, up.data(), down.data());
    checks.expected.blocks.fold_rows(first, stride, count, n, rising, falling, fresh, expected_up.data(),
                                     expected_down.data());
    Call call(checks, "blocks.fold_rows");
    call.with("n", n).with("count", count).with("stride", stride).with("fresh", fresh);
    call.with("rising.first", rising.first).with("rising.step", rising.step);
    call.with("falling.first", falling.first).with("falling.step", falling.step);
    call.same("rising_line", up.data(), expected_up.data(), n);
    call.same("falling_line", down.data(), expected_down.data(), n);
    call.intact("rising_line", up);
    call.intact("falling_line", down);
    call.pass();
}

void check_blend_rows_of(Checks &checks, int64_t n) {
    Random &random = checks.random;
    const auto weight = [&] { return random.pick<int64_t>({0, 1, kMostWeight, random.between(0, kMostWeight)}); };
    const int64_t weight0 = weight(), weight1 = weight();
    Fenced<uint8_t> row0(n, random), other(n, random);
    random.fill(row0.data(), n, 255);
    random.fill(other.data(), n, 255);
    const uint8_t *row1 = random.one_in(4) ? row0.data() : other.data();
    Fenced<uint32_t> line(checks.rounded(n), random), expected(line.size(), random);

    checks.tested.blocks.blend_rows(row0.data(), row1, n, weight0, weight1, line.data());
    checks.expected.blocks.blend_rows(row0.data(), row1, n, weight0, weight1, expected.data());
    Call call(checks, "blocks.blend_rows");
    call.with("n", n).with("weight0", weight0).with("weight1", weight1);
    call.same("line", line.data(), expected.data(), n);
    call.intact("line", line);
    call.pass();
}

// What the two weights of a tap table sum to, and how the sums are rounded.
struct TapScale {
    bool wide;
    int64_t least, most;
    int64_t half_sum;
    int32_t bias;
    int shift;
};

TapScale narrow_scale(Random &random) {
    const int64_t half_sum = random.pick<int64_t>({1, 63, random.between(1, 63)});  // weights fit 7 bits
    return {false, 2 * half_sum, 2 * half_sum, half_sum, 0, 0};
}

// Those of OpenCV's two methods, of an axis that torch keeps, and of one that it resizes.
TapScale wide_scale(Random &random) {
    const int shift = static_cast<int>(random.pick<int64_t>({14, 22, random.between(14, 22)}));
    const TapScale fixed = {true, 0, 2 * kMostWeight, 0, 1 << (shift - 1), shift};
    return random.pick<TapScale>(
        {{true, 2047, 2049, 0, 0, 4}, {true, 256, 256, 0, 0, 0}, {true, 2, 2, 0, 1, 1}, fixed});
}

// A source row and the table of its taps.
class TapCase {
  public:
    TapCase(Checks &checks, const TapScale &scale, int64_t samples, int64_t channels)
        : random_(checks.random),
          scale_(scale),
          first_(samples / channels, random_),
          in_pixels_(make_first(channels)),
          row_(in_pixels_ * channels, random_),
          weights_(scale.wide ? 0 : 2 * (samples + kSpareSamples), random_),
          wide_weights_(scale.wide ? 2 * (samples + kSpareSamples) : 0, random_),
          n_windows_(random_.pick<int64_t>({1, 2, 4})),
          groups_((samples + kSpareSamples) / kWindowSamples),
          windows_(n_windows_ * groups_, random_),
          shuffles_(kWindow * windows_.size(), random_) {
        random_.fill(row_.data(), row_.size(), 255);
        random_.fill(weights_.data(), weights_.size(), 127);
        random_.fill(wide_weights_.data(), wide_weights_.size(), kMostWeight);
        table_.samples = samples;
        table_.channels = channels;
        table_.in_samples = row_.size();
        table_.first = first_.data();
        table_.half_sum = static_cast<uint16_t>(scale.half_sum);
        table_.bias = scale.bias;
        table_.shift = scale.shift;
        if (scale.wide) table_.wide_weights = wide_weights_.data();
        else table_.weights = weights_.data();
        for (int64_t k = 0; k < first_.size(); ++k) {
            table_.near += first_[k] + 8 <= row_.size();
            set_weights(k, first_[k] + channels == row_.size());
        }
        if (!make_windows() || random_.one_in(2)) return;
        table_.n_windows = n_windows_;
        table_.groups = groups_;
        table_.windows = windows_.data();
        table_.shuffles = shuffles_.data();
    }

    const TapTable &table() const { return table_; }
    const uint8_t *row() { return row_.data(); }

  private:
    static constexpr int64_t kWindow = 16;

    // Those of pixel k. A tap that is `alone` does not have a second one.
    void set_weights(int64_t k, bool alone) {
        const int64_t least = scale_.least, most = scale_.most;
        const int64_t sum = random_.pick<int64_t>({least, most, random_.between(least, most)});
        const int64_t any = random_.between(0, sum), second = random_.pick<int64_t>({0, 1, sum / 2, sum, any});
        const int64_t weight1 = alone ? 0 : std::min({second, sum, kMostWeight});
        const int64_t weight0 = std::min(sum - weight1, kMostWeight);
        for (int64_t x = k * table_.channels; x < (k + 1) * table_.channels; ++x) {
            if (scale_.wide) {
                wide_weights_[2 * x] = static_cast<int16_t>(weight0);
                wide_weights_[2 * x + 1] = static_cast<int16_t>(weight1);
            } else {
                weights_[2 * x] = static_cast<uint8_t>(weight0);
                weights_[2 * x + 1] = static_cast<uint8_t>(weight1);
            }
        }
    }

    // Returns how many pixels the source row has: that of the last tap, and perhaps more.
    int64_t make_first(int64_t channels) {
        const int64_t most_step = random_.pick<int64_t>({0, 1, 1, 2, 9});
        int64_t pixel = random_.between(0, 2);
        for (int64_t k = 0; k < first_.size(); ++k, pixel += random_.between(0, most_step))
            first_[k] = static_cast<int32_t>(pixel * channels);
        return first_[first_.size() - 1] / channels + random_.pick<int64_t>({1, 2, 3, 9, 20});
    }

    // False if the taps of a group are not within its windows.
    bool make_windows() {
        const int64_t last = row_.size() - kWindow;
        if (last < 0) return false;
        for (int64_t i = 0; i < windows_.size(); ++i) windows_[i] = static_cast<int32_t>(random_.between(0, last));
        std::fill_n(shuffles_.data(), shuffles_.size(), kNoPlace);
        int64_t used = 0;
        for (int64_t x = 0; x < table_.samples; ++x) {
            const int64_t pixel = first_[x / table_.channels], tap = pixel + x % table_.channels;
            const bool weightless = (scale_.wide ? wide_weights_[2 * x + 1] : weights_[2 * x + 1]) == 0;
            const int64_t end = tap + (weightless ? 1 : table_.channels + 1);
            const auto window = [&]() -> int32_t & { return windows_[(used - 1) * groups_ + x / kWindowSamples]; };
            if (x % kWindowSamples == 0) used = 0;
            if (used == 0 || end > window() + kWindow || (used < n_windows_ && random_.one_in(8))) {
                if (++used > n_windows_) return false;
                window() = static_cast<int32_t>(std::min(pixel, last));
            }
            uint8_t *places = shuffles_.data() + 2 * ((used - 1) * groups_ * kWindowSamples + x);
            places[0] = static_cast<uint8_t>(tap - window());
            places[1] = weightless ? places[0] : static_cast<uint8_t>(tap + table_.channels - window());
        }
        return true;
    }

    Random &random_;
    const TapScale scale_;
    Fenced<int32_t> first_;
    const int64_t in_pixels_;
    Fenced<uint8_t> row_, weights_;
    Fenced<int16_t> wide_weights_;
    const int64_t n_windows_, groups_;
    Fenced<int32_t> windows_;
    Fenced<uint8_t> shuffles_;
    TapTable table_{};
};

void check_tap_row_of(Checks &checks, const TapScale &scale, int64_t samples, int64_t channels) {
    TapCase tap_case(checks, scale, samples, channels);
    const TapTable &table = tap_case.table();
    Fenced<uint16_t> line(samples + kSpareSamples, checks.random), expected(line.size(), checks.random);

    checks.tested.taps.tap_row(table, tap_case.row(), line.data());
    checks.expected.taps.tap_row(table, tap_case.row(), expected.data());
    Call call(checks, "taps.tap_row");
    call.with("samples", samples).with("channels", channels).with("in_samples", table.in_samples);
    call.with("half_sum", table.half_sum).with("near", table.near).with("n_windows", table.n_windows);
    call.with("wide", scale.wide).with("bias", table.bias).with("shift", table.shift);
    call.same("line", line.data(), expected.data(), samples);
    call.intact("line", line);
    call.pass();
}

// A reciprocal of D = 2^before·d, for n below 256·D, with d = D or d odd: found by trial, with all n at which the
// quotient changes. False if there is none.
bool find_reciprocal(int64_t divisor, bool is_odd, Reciprocal *found) {
    int before = 0;
    int64_t d = divisor;
    for (; is_odd && d % 2 == 0; d /= 2) ++before;
    *found = {before, 0, 0};
    if (d == 1) return true;
    for (int after = 0; after < 8; ++after) {
        const int64_t multiplier = ((INT64_C(1) << (16 + after)) - 1) / d + 1;
        const auto is_right = [&](int64_t n) { return (n * multiplier >> 16) >> after == n / d; };
        bool right = multiplier <= UINT16_MAX && d < 256;
        for (int64_t q = 1; q <= 256 && right; ++q) right = is_right(q * d - 1) && (q == 256 || is_right(q * d));
        *found = {before, after, static_cast<uint16_t>(multiplier)};
        if (right) return true;
    }
    return false;
}

struct BlendCase {
    int64_t weight0, weight1, divisor;
    bool narrow;
};

// As the two axes give them: weights that sum to 2v, and lines of half_sum + Σ weight·p, of which the weights sum to
// 2·half_sum. Quotients change if both numbers are a multiple of that.
BlendCase natural_case(Random &random, int64_t n, uint16_t *line0, uint16_t *line1) {
    const int64_t half_sum = random.pick<int64_t>({1, 63, random.between(1, 63)});
    const int64_t v = random.pick<int64_t>({1, 2, 16383, random.between(1, 64), random.between(1, 16383)});
    const int64_t weight1 = random.pick<int64_t>({0, 1, v, 2 * v, random.between(0, 2 * v)});
    const bool multiples = random.one_in(2);
    for (int64_t x = 0; x < n; ++x) {
        for (uint16_t *line : {line0, line1}) {
            const int64_t any = random.between(half_sum, 511 * half_sum);
            line[x] = static_cast<uint16_t>(random.pick<int64_t>({half_sum, 511 * half_sum, any, any}));
        }
        if (!multiples) continue;
        line0[x] = static_cast<uint16_t>(random.between(1, 255) * 2 * half_sum);
        line1[x] = static_cast<uint16_t>(line0[x] - random.between(0, 1));
    }
    const int64_t divisor = 4 * v * half_sum;
    return {2 * v - weight1, weight1, divisor, divisor <= 256};
}

// Sums up to the last that is narrow, 2^16 - 1.
BlendCase narrow_case(Random &random, int64_t n, uint16_t *line0, uint16_t *line1) {
    const int64_t weight0 = random.pick<int64_t>({1, 2, 3, kMostWeight, random.between(1, kMostWeight)});
    const int64_t weight1 = random.pick<int64_t>({0, 1, 2, kMostWeight, random.between(0, kMostWeight)});
    for (int64_t x = 0; x < n; ++x) {
        const int64_t number0 = std::min(kMostWeight, UINT16_MAX / weight0 - random.between(0, 1));
        const int64_t rest = UINT16_MAX - weight0 * number0;
        line0[x] = static_cast<uint16_t>(number0);
        line1[x] = static_cast<uint16_t>(std::min(kMostWeight, weight1 ? rest / weight1 : random.between(0, 32767)));
    }
    return {weight0, weight1, random.between(256, 400), true};
}

// The largest weights and numbers.
BlendCase wide_case(Random &random, int64_t n, uint16_t *line0, uint16_t *line1) {
    random.fill(line0, n, kMostWeight);
    random.fill(line1, n, kMostWeight);
    const int64_t divisor = random.pick<int64_t>({1 << 23, random.between(128, 255) << 16});
    return {kMostWeight - random.between(0, 2), kMostWeight, divisor, false};
}

void check_blend_lines_of(Checks &checks, int64_t n) {
    Random &random = checks.random;
    Fenced<uint16_t> line0(n + kSpareSamples, random), line1(line0.size(), random);
    BlendCase blend{};
    Reciprocal reciprocal{};
    do {
        const auto make = random.pick({natural_case, natural_case, narrow_case, wide_case});
        blend = make(random, n, line0.data(), line1.data());
    } while (!find_reciprocal(blend.divisor, !blend.narrow || random.one_in(2), &reciprocal));
    Fenced<uint8_t> out(n, random), expected(n, random);

    checks.tested.taps.blend_lines(line0.data(), line1.data(), n, blend.weight0, blend.weight1, blend.narrow,
                                   reciprocal, out.data());
    checks.expected.taps.blend_lines(line0.data(), line1.data(), n, blend.weight0, blend.weight1, blend.narrow,
                                     reciprocal, expected.data());
    Call call(checks, "taps.blend_lines");
    call.with("n", n).with("weight0", blend.weight0).with("weight1", blend.weight1).with("narrow", blend.narrow);
    call.with("D", blend.divisor).with("before", reciprocal.before).with("after", reciprocal.after);
    call.with("multiplier", reciprocal.multiplier);
    call.same("out", out.data(), expected.data(), n);
    for (int64_t x = 0; x < n; ++x) {
        const int64_t sum = blend.weight0 * line0[x] + blend.weight1 * line1[x];
        if (out[x] != sum / blend.divisor) call.fail("the quotient is wrong");
    }
    call.intact("out", out);
    call.pass();
}

}  // namespace

void check_fold_rows(Checks &checks) {
    for (const int64_t n : lengths())
        for (int64_t count = 1; count <= kBlockRows; ++count)
            for (int i = 0; i < 4; ++i) check_fold_rows_of(checks, n, count);
}

void check_blend_rows(Checks &checks) {
    for (const int64_t n : lengths())
        for (int i = 0; i < 50; ++i) check_blend_rows_of(checks, n);
}

void check_tap_row(Checks &checks) {
    for (const int64_t n : lengths())
        for (int64_t channels = 1; channels <= 4; ++channels)
            for (int i = 0; i < 30 && n % channels == 0; ++i) {
                check_tap_row_of(checks, narrow_scale(checks.random), n, channels);
                check_tap_row_of(checks, wide_scale(checks.random), n, channels);
            }
}

void check_blend_lines(Checks &checks) {
    for (const int64_t n : lengths())
        for (int i = 0; i < 100; ++i) check_blend_lines_of(checks, n);
}
