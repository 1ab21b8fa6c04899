// SPDX-License-Identifier: MIT
// Estimates of spectra and energies against sums of products, in every rounding mode.
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

#include "base/aligned.h"
#include "base/u128.h"
#include "kernel_checks.h"
#include "sound/spectrum.h"

using namespace isopixel;

namespace {

// |X(k)|, of sums of products.
std::vector<double> magnitudes(const int32_t *samples, size_t n) {
    std::vector<double> cosines, sines, made;
    for (size_t j = 0; j < n; ++j) {
        const double angle = 6.28318530717958647693 * static_cast<double>(j) / static_cast<double>(n);
        cosines.push_back(std::cos(angle));
        sines.push_back(std::sin(angle));
    }
    for (size_t k = 0; k <= n / 2; ++k) {
        double re = 0, im = 0;
        for (size_t t = 0; t < n; ++t) {
            const double y = samples[t] * (0.5 - 0.5 * cosines[t]);
            re += y * cosines[k * t % n];
            im += y * sines[k * t % n];
        }
        made.push_back(std::hypot(re, im));
    }
    return made;
}

int64_t as_signed(size_t n) { return static_cast<int64_t>(n); }

// Of 0 <= value < 2^128.
U128 floor_of(double value) {
    const double high = std::floor(std::ldexp(value, -64));
    return {static_cast<uint64_t>(value - std::ldexp(high, 64)), static_cast<uint64_t>(high)};
}

// Bands of many whole numbers, without an error of theirs: between what is written lies the sum, in integers.
void check_sums(Checks &checks) {
    Random &random = checks.random;
    const SpectrumKernels &tested = checks.tested.spectrum;
    const int64_t frames = as_signed(tested.frames), n = random.pick({1, 2, 3, 40, 2049});
    Fenced<double> power(n * frames, random), sums(frames, random), least(frames, random), most(frames, random);
    std::vector<double> weights;
    for (int64_t i = 0; i < power.size(); ++i) power[i] = static_cast<double>(random.between(0, int64_t{1} << 53));
    for (int64_t i = 0; i < n; ++i) weights.push_back(static_cast<double>(random.between(1, 1 << 24)));
    for (int64_t l = 0; l < frames; ++l) sums[l] = 0;
    const WeightedBins band = {0, static_cast<size_t>(n), 0, 1};
    const RoundingMode rounding(random);
    tested.weigh(&band, 1, weights.data(), power.data(), sums.data(), least.data(), most.data());
    Call call(checks, "spectrum.weigh");
    call.with("whole numbers", n).with("rounding", rounding.mode());
    for (int64_t l = 0; l < frames; ++l) {
        U128 energy;
        for (int64_t i = 0; i < n; ++i)
            energy += U128(static_cast<uint64_t>(power[i * frames + l])) *
                      U128(static_cast<uint64_t>(weights[static_cast<size_t>(i)]));
        // (least <= energy <= most, of which the energy is whole.)
        if (energy < floor_of(least[l])) call.with("frame", l).fail("the energy is below the least one");
        if (floor_of(most[l]) < energy) call.with("frame", l).fail("the energy is above the largest one");
    }
    call.pass();
}

}  // namespace

// (Nearer to it than the error that sound/spectrum.h proves, so that a wrong digit of a constant shows.)
void check_estimate(Checks &checks) {
    Random &random = checks.random;
    const SpectrumKernels &tested = checks.tested.spectrum;
    std::vector<int64_t> windows = {400, 512, 882, 1024, 1102, 2 * 419};
    for (int64_t window = 4; window <= 200; window += 2) windows.push_back(window);
    for (const int64_t window : windows) {
        const auto n = static_cast<size_t>(window), hop = static_cast<size_t>(random.between(1, 300));
        const Spectrum spectrum(window);
        const SpectrumPlan plan = spectrum.plan();
        Fenced<int32_t> samples(as_signed(n + (tested.frames - 1) * hop), random);
        const int64_t most = random.pick({1, 32768, 1 << 23, 1 << 26});
        for (int64_t i = 0; i < samples.size(); ++i)
            samples[i] = static_cast<int32_t>(random.one_in(20) ? -most : random.between(-most, most));
        if (random.one_in(2)) samples[0] = -(1 << 26);
        AlignedArray<double> scratch(as_signed(4 * plan.size * tested.frames));
        Fenced<double> power(as_signed((plan.half + 1) * tested.frames), random),
            sums(as_signed(tested.frames), random);
        std::vector<std::vector<double>> expected;
        for (size_t l = 0; l < tested.frames; ++l) expected.push_back(magnitudes(samples.data() + l * hop, n));
        const RoundingMode rounding(random);
        tested.estimate(plan, samples.data(), hop, scratch.data(), power.data(), sums.data());
        Call call(checks, "spectrum.estimate");
        call.with("window", window).with("hop", hop).with("most", most).with("rounding", rounding.mode());
        for (size_t l = 0; l < tested.frames; ++l) {
            double sum = 0;
            for (size_t t = 0; t < n; ++t) sum += std::abs(static_cast<double>(samples[as_signed(l * hop + t)]));
            call.same("sums", &sums[as_signed(l)], &sum, 1);
            for (size_t k = 0; k <= plan.half; ++k) {
                const double made = std::sqrt(power[as_signed(k * tested.frames + l)]);
                if (!(std::abs(made - expected[l][k]) <= std::ldexp(sum, -42)))
                    call.with("frame", l).with("bin", k).fail("a magnitude is too far off");
            }
        }
        call.intact("samples", samples);
        call.intact("power", power);
        call.intact("sums", sums);
        call.pass();
    }
}

void check_weigh(Checks &checks) {
    for (int repeat = 0; repeat < 100; ++repeat) check_sums(checks);
    Random &random = checks.random;
    const SpectrumKernels &tested = checks.tested.spectrum;
    for (int64_t repeat = 0; repeat < 300; ++repeat) {
        const int64_t frames = as_signed(tested.frames), n_bins = random.between(1, 60), n = random.between(1, 20);
        Fenced<double> power(n_bins * frames, random), sums(frames, random), least(n * frames, random),
            most(n * frames, random);
        for (int64_t i = 0; i < power.size(); ++i)
            power[i] = random.one_in(9) ? 0
                                        : std::ldexp(static_cast<double>(random.between(1, 1 << 20)),
                                                     static_cast<int>(random.between(-40, 40)));
        for (int64_t l = 0; l < frames; ++l) sums[l] = static_cast<double>(random.between(0, int64_t{1} << 38));
        std::vector<WeightedBins> bands;
        std::vector<double> weights;
        for (int64_t b = 0; b < n; ++b) {
            const int64_t first = random.between(0, n_bins - 1), count = random.between(1, n_bins - first);
            bands.push_back(
                {static_cast<size_t>(first), static_cast<size_t>(count), weights.size(),
                 std::ldexp(static_cast<double>(random.between(1, 1000)), -static_cast<int>(random.between(10, 40)))});
            for (int64_t i = 0; i < count; ++i) weights.push_back(static_cast<double>(random.between(0, 1 << 24)));
        }
        const RoundingMode rounding(random);
        tested.weigh(bands.data(), bands.size(), weights.data(), power.data(), sums.data(), least.data(), most.data());
        Call call(checks, "spectrum.weigh");
        call.with("bands", n).with("bins", n_bins).with("rounding", rounding.mode());
        for (int64_t at = 0; at < n * frames; ++at) {
            const WeightedBins &band = bands[static_cast<size_t>(at / frames)];
            double energy = 0;
            for (size_t i = 0; i < band.count; ++i)
                energy += weights[band.weights + i] * power[as_signed(band.first + i) * frames + at % frames];
            const double error = band.error * sums[at % frames];
            const double low = energy - 2 * std::sqrt(energy) * error - error * error;
            const double high = (std::sqrt(energy) + error) * (std::sqrt(energy) + error);
            // Beyond these by kSumError of the energy, and by less than twice that.
            const double share = kSumError * energy, rest = std::ldexp(energy + error * error, -40);
            if (least[at] > low - share + rest || least[at] < low - 2 * share - rest)
                call.with("at", at).fail("the least energy is another one");
            if (most[at] < high + share - rest || most[at] > high + 2 * share + rest)
                call.with("at", at).fail("the largest energy is another one");
        }
        call.intact("least", least);
        call.intact("most", most);
        call.pass();
    }
}
