// SPDX-License-Identifier: MIT
// The kernels of four and eight taps.
#include <memory>
#include <vector>

#include "frozen/multi_tap_table.h"
#include "kernel_checks.h"

using namespace isopixel;

namespace {

// What the weights of a result above 0 sum to at most, and those below.
constexpr int64_t kMostAbove = 2788, kMostBelow = 740;

// Weights of `taps` taps: any, one alone, or as much as all may have on both sides of 0.
std::vector<int16_t> make_weights(Random &random, int64_t taps) {
    std::vector<int16_t> weights(static_cast<size_t>(taps), 0);
    const auto any_of = [&]() -> int16_t & { return weights[static_cast<size_t>(random.between(0, taps - 1))]; };
    if (random.one_in(4)) {
        any_of() = random.pick<int16_t>({1, 2047, 2048, -1, -kMostBelow});
        return weights;
    }
    int64_t above = kMostAbove, below = kMostBelow;
    for (int16_t &weight : weights) {
        int64_t &rest = random.one_in(2) ? above : below;
        const int64_t size = std::min(rest, random.pick<int64_t>({0, 1, rest / 2, rest, random.between(0, rest)}));
        weight = static_cast<int16_t>(&rest == &above ? size : -size);
        rest -= size;
    }
    return weights;
}

frozen::MultiTapAxis make_axis(Random &random, int64_t width) {
    frozen::MultiTapAxis axis{random.pick<int64_t>({4, 8}), {}, {}};
    const int64_t most_step = random.pick<int64_t>({0, 1, 2, 3, 5, 20});
    int64_t first = random.between(-axis.taps, 2);
    for (int64_t k = 0; k < width; ++k, first += random.between(0, most_step)) {
        axis.first.push_back(static_cast<int32_t>(first));
        const std::vector<int16_t> weights = make_weights(random, axis.taps);
        axis.weights.insert(axis.weights.end(), weights.begin(), weights.end());
    }
    return axis;
}

void check_sum_taps_of(Checks &checks, int64_t width, int64_t channels) {
    Random &random = checks.random;
    const frozen::MultiTapAxis axis = make_axis(random, width);
    const int64_t in_width = std::max<int64_t>(1, axis.first.back() + random.between(-1, axis.taps + 2));
    const frozen::MultiTapTables tables(axis, in_width, channels);
    const MultiTapTable &table = tables.table();
    Fenced<uint8_t> row(tables.in_samples(), random);
    random.fill(row.data(), row.size(), UINT8_MAX);
    const int64_t n = width * channels;
    Fenced<uint32_t> line(n + kSpareSamples, random), expected(line.size(), random);

    checks.tested.multi_tap.sum_taps(table, row.data(), line.data());
    checks.expected.multi_tap.sum_taps(table, row.data(), expected.data());
    Call call(checks, "multi_tap.sum_taps");
    call.with("width", width).with("channels", channels).with("in_width", in_width).with("taps", table.taps);
    call.with("n_windows", table.n_windows);
    call.same("line", line.data(), expected.data(), n);
    call.intact("line", line);
    call.pass();
}

// A line for each tap, with room for kSpareSamples more.
class Lines {
  public:
    Lines(Random &random, const std::vector<int16_t> &weights, int64_t n) : weights_(weights) {
        for (const int16_t weight : weights) {
            memory_.push_back(std::make_unique<Fenced<uint32_t>>(n + kSpareSamples, random));
            lines_.push_back(memory_.back()->data());
            fill(random, weight);
        }
        // A line may be that of more taps than one, at an edge.
        if (random.one_in(4)) lines_[0] = lines_[1];
        else if (random.one_in(2))
            for (int64_t x = 0; x < n; ++x) halve(x);
    }

    const uint32_t *const *data() const { return lines_.data(); }

  private:
    static constexpr int64_t kLeast = -255 * kMostBelow, kMost = 255 * kMostAbove;

    // Any numbers, or those that make the sum the largest or the smallest.
    void fill(Random &random, int16_t weight) {
        Fenced<uint32_t> &line = *memory_.back();
        const int64_t kind = random.between(0, 3);
        for (int64_t x = 0; x < line.size(); ++x) {
            const int64_t number = kind == 0   ? random.between(kLeast, kMost)
                                   : kind == 1 ? random.between(0, 255) * 2048
                                   : kind == 2 ? (weight > 0 ? kMost : kLeast)
                                               : (weight > 0 ? kLeast : kMost);
            line[x] = static_cast<uint32_t>(number);
        }
    }

    // Makes the sum an exact half, or about that, by the number of the tap that has the least weight.
    void halve(int64_t x) {
        size_t least = 0;
        int64_t sum = 0;
        for (size_t t = 0; t < weights_.size(); ++t) {
            sum += int64_t{weights_[t]} * static_cast<int32_t>((*memory_[t])[x]);
            if (weights_[t] != 0 && (weights_[least] == 0 || std::abs(weights_[t]) < std::abs(weights_[least])))
                least = t;
        }
        if (weights_[least] == 0) return;
        uint32_t &number = (*memory_[least])[x];
        const int64_t half = (sum >> 22) * (1 << 22) + (1 << 21);
        const int64_t nearer = static_cast<int32_t>(number) + (half - sum) / weights_[least];
        if (nearer >= kLeast && nearer <= kMost) number = static_cast<uint32_t>(nearer);
    }

    const std::vector<int16_t> &weights_;
    std::vector<std::unique_ptr<Fenced<uint32_t>>> memory_;
    std::vector<const uint32_t *> lines_;
};

void check_blend_of(Checks &checks, const char *name, MultiTapKernels::Blend MultiTapKernels::*blend, int64_t taps) {
    Random &random = checks.random;
    for (const int64_t n : lengths()) {
        for (int i = 0; i < 60; ++i) {
            const std::vector<int16_t> weights = make_weights(random, taps);
            const Lines lines(random, weights, n);
            Fenced<uint8_t> out(n, random), expected(n, random);

            (checks.tested.multi_tap.*blend)(lines.data(), weights.data(), n, out.data());
            (checks.expected.multi_tap.*blend)(lines.data(), weights.data(), n, expected.data());
            Call call(checks, name);
            call.with("n", n);
            for (const int16_t weight : weights) call.with("weight", weight);
            call.same("out", out.data(), expected.data(), n);
            call.intact("out", out);
            call.pass();
        }
    }
}

}  // namespace

void check_sum_taps(Checks &checks) {
    for (int64_t width = 1; width <= kMostSamples; ++width)
        for (const int64_t channels : {1, 2, 3, 4})
            for (int i = 0; i < 12; ++i) check_sum_taps_of(checks, width, channels);
}

void check_blend_cubic(Checks &checks) {
    check_blend_of(checks, "multi_tap.blend_cubic", &MultiTapKernels::blend_cubic, 4);
}
void check_blend_lanczos4(Checks &checks) {
    check_blend_of(checks, "multi_tap.blend_lanczos4", &MultiTapKernels::blend_lanczos4, 8);
}
