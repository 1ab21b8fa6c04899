// SPDX-License-Identifier: MIT
// Estimates in binary32 against sums in binary64, in every rounding mode: that they are as near to these as
// windowed/estimate.cpp says.
#include <cmath>
#include <memory>
#include <vector>

#include "kernel_checks.h"

using namespace isopixel;

namespace {

constexpr double kRounding = 1.01 / (1 << 23);  // the share of one

using Floats = std::vector<float>;

// Weights with signs, of which few are as large as the others together.
float random_weight(Random &random) {
    const float weight = static_cast<float>(random.between(-1000, 3000)) / 4096;
    return random.one_in(4) ? weight / 1000 : weight;
}

void fill(Random &random, float *numbers, int64_t n, int64_t most) {
    for (int64_t i = 0; i < n; ++i)
        numbers[i] = static_cast<float>(random.between(-1000 * most, 1000 * most)) / 1000.0f;
}

// A sum that is to be near to an exact one.
class NearSum {
  public:
    // A term with this many roundings on its way.
    void add(double term, int64_t roundings) {
        sum_ += term;
        error_ += kRounding * static_cast<double>(roundings) * std::abs(term);
    }
    bool has(float sum) const { return std::abs(static_cast<double>(sum) - sum_) <= error_ + 1e-12; }

  private:
    double sum_ = 0, error_ = 0;
};

}  // namespace

void check_line_terms(Checks &checks) {
    Random &random = checks.random;
    for (const int64_t n : lengths()) {
        const int64_t count = random.between(1, 20), first = random.between(0, 9);
        const int64_t readable = n + random.pick<int64_t>({0, 0, 1, 40, 200});
        std::vector<std::unique_ptr<Fenced<uint8_t>>> memory;
        std::vector<const uint8_t *> rows;
        for (int64_t t = 0; t < count; ++t) {
            memory.push_back(std::make_unique<Fenced<uint8_t>>(first + readable, random));
            random.fill(memory.back()->data(), first + readable, 255);
            rows.push_back(memory.back()->data());
        }
        LineTerms terms{rows.data(), count, first, n, readable, random.between(1, kLineResults), {}, {}};
        std::vector<Floats> weights, lines, before;
        for (int64_t r = 0; r < terms.results; ++r) {
            weights.emplace_back();
            for (int64_t t = 0; t < count; ++t) weights.back().push_back(random_weight(random));
            lines.emplace_back(static_cast<size_t>(n + kSpareSamples));
            if (random.one_in(2)) fill(random, lines.back().data(), n + kSpareSamples, 200);
        }
        before = lines;
        for (int64_t r = 0; r < terms.results; ++r) {
            terms.weights[r] = weights[static_cast<size_t>(r)].data();
            terms.lines[r] = lines[static_cast<size_t>(r)].data();
        }
        const RoundingMode rounding(random);
        checks.tested.windowed.add_rows(terms);
        Call call(checks, "windowed.add_rows");
        call.with("n", n).with("count", count).with("results", terms.results).with("readable", readable);
        call.with("rounding", rounding.mode());
        for (int64_t r = 0; r < terms.results; ++r) {
            for (int64_t x = 0; x < n; ++x) {
                NearSum sum;
                sum.add(before[static_cast<size_t>(r)][static_cast<size_t>(x)], count);
                for (int64_t t = 0; t < count; ++t)
                    sum.add(static_cast<double>(terms.weights[r][t]) * (rows[static_cast<size_t>(t)][first + x] - 128),
                            1 + count - t);
                if (!sum.has(terms.lines[r][x])) call.with("x", x).fail("a sum is too far off");
            }
        }
        call.pass();
    }
}

void check_transpose(Checks &checks) {
    const int64_t lanes = checks.tested.lanes;
    for (const int64_t n : lengths()) {
        std::vector<Floats> lines;
        std::vector<const float *> places;
        for (int64_t l = 0; l < lanes; ++l) {
            lines.emplace_back(static_cast<size_t>(n + lanes));
            fill(checks.random, lines.back().data(), n + lanes, 200);
        }
        for (const Floats &line : lines) places.push_back(line.data());
        Fenced<float> columns((n + lanes - 1) * lanes, checks.random);
        checks.tested.windowed.transpose(places.data(), n, columns.data());
        Call call(checks, "windowed.transpose");
        call.with("n", n);
        for (int64_t x = 0; x < n; ++x)
            for (int64_t l = 0; l < lanes; ++l)
                call.same("number", &columns[x * lanes + l], &lines[static_cast<size_t>(l)][static_cast<size_t>(x)], 1);
        call.intact("columns", columns);
        call.pass();
    }
}

void check_add_columns(Checks &checks) {
    Random &random = checks.random;
    const int64_t lanes = checks.tested.lanes;
    for (int64_t repeat = 0; repeat < 300; ++repeat) {
        const int64_t channels = random.between(1, 9), pixels = random.between(1, 40), width = random.between(1, 6);
        ColumnRange range{nullptr, random.between(0, 9), 0, channels};
        range.end = range.first + pixels;
        std::vector<int64_t> first, places{0};
        Floats weights;
        for (int64_t k = 0; k < width; ++k) {
            first.push_back(random.between(std::max<int64_t>(0, range.first - 5), range.end - 1));
            const int64_t least = std::max<int64_t>(1, range.first + 1 - first.back());
            places.push_back(places.back() + random.between(least, least + 2 * pixels));
        }
        for (int64_t i = 0; i < places.back(); ++i) weights.push_back(random_weight(random));
        Floats columns(static_cast<size_t>(pixels * channels * lanes));
        fill(random, columns.data(), static_cast<int64_t>(columns.size()), 200);
        range.columns = columns.data();
        const bool fresh = random.one_in(2);
        const int64_t from = random.between(0, width - 1);
        Fenced<float> sums((width - from) * channels * lanes, random);
        fill(random, sums.data(), sums.size(), 200);
        const Floats before(sums.data(), sums.data() + sums.size());
        const RoundingMode rounding(random);
        checks.tested.windowed.add_columns(range, {first.data(), places.data(), weights.data()}, from, width, fresh,
                                           sums.data());
        Call call(checks, "windowed.add_columns");
        call.with("channels", channels).with("fresh", fresh).with("rounding", rounding.mode());
        for (int64_t i = 0; i < sums.size(); ++i) {
            const int64_t k = from + i / (channels * lanes);
            const int64_t begin = std::max(first[static_cast<size_t>(k)], range.first);
            const int64_t window = first[static_cast<size_t>(k)], place = places[static_cast<size_t>(k)];
            const int64_t end = std::min(window + places[static_cast<size_t>(k + 1)] - place, range.end);
            NearSum sum;
            if (!fresh) sum.add(before[static_cast<size_t>(i)], 1);
            for (int64_t j = begin; j < end; ++j)
                sum.add(static_cast<double>(weights[static_cast<size_t>(place + j - window)]) *
                            columns[static_cast<size_t>((j - range.first) * channels * lanes + i % (channels * lanes))],
                        1 + (end - j - 1) / kColumnSums + 1 + 2 + (fresh ? 0 : 1));
            if (!sum.has(sums[i])) call.with("i", i).fail("a sum is too far off");
        }
        call.intact("sums", sums);
        call.pass();
    }
}

void check_round_sums(Checks &checks) {
    Random &random = checks.random;
    const int64_t lanes = checks.tested.lanes;
    for (const int64_t n : lengths()) {
        const int64_t rows = random.between(1, lanes), stride = n + random.between(0, 9);
        Floats sums(static_cast<size_t>((n + 16) * lanes));
        // Near whole numbers and a half, and any, from far below 0 to far above 255 (with 128 less).
        for (float &sum : sums) {
            sum = static_cast<float>(random.between(-200, 200)) + 0.5f;
            if (random.one_in(2)) sum += static_cast<float>(random.between(-1000, 1000)) / 200000;
            else if (random.one_in(2)) sum += static_cast<float>(random.between(-1000, 1000)) / 2000;
        }
        const float error = random.pick({0.0f, 1e-4f, 3e-3f, 1000.0f});
        Fenced<uint8_t> out(stride * (rows - 1) + n, random);
        std::vector<Undecided> actual(static_cast<size_t>(n * rows)), expected;
        const RoundingMode rounding(random);
        const RoundedSums rounded = {
            sums.data(),  n, rows, 128.5f - error, 128.5f + error, out.data(), static_cast<ptrdiff_t>(stride),
            actual.data()};
        actual.resize(static_cast<size_t>(checks.tested.windowed.round_sums(rounded)));
        Call call(checks, "windowed.round_sums");
        call.with("n", n).with("rows", rows).with("error", error).with("rounding", rounding.mode());
        for (int64_t x = 0; x < n; ++x) {
            for (int64_t l = 0; l < rows; ++l) {
                const auto byte = [&](float bias) {
                    const volatile float sum = sums[static_cast<size_t>(x * lanes + l)] + bias;
                    return static_cast<uint8_t>(sum < 0 ? 0.0f : sum < 255 ? sum : 255.0f);
                };
                const uint8_t low = byte(rounded.low);
                call.same("out", &out[l * stride + x], &low, 1);
                if (byte(rounded.high) != low) expected.push_back({x, l});
            }
        }
        if (actual.size() != expected.size()) call.fail("other samples are undecided");
        for (size_t i = 0; i < actual.size(); ++i)
            if (actual[i].sample != expected[i].sample || actual[i].lane != expected[i].lane)
                call.fail("another sample is undecided");
        call.intact("out", out);
        call.pass();
    }
}
