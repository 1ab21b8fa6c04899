// SPDX-License-Identifier: MIT
// Levels of sounds as every host has them: in each rounding mode, with numbers below the normal ones taken for 0, and
// with estimates that are as far off as sound/spectrum.h allows, by each set of kernels; against those that integers
// decide.
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <thread>
#include <vector>

#include "fenced.h"
#include "kernels/dispatch.h"
#include "rounding_modes.h"
#include "sound/level_probe.h"
#include "sound/spectrogram.h"
#if defined(__SSE2__)
#include <immintrin.h>
#endif

using namespace isopixel;

namespace {

int64_t passed = 0;

class Frames : public LevelSink {
  public:
    explicit Frames(size_t rows) : rows_(rows) {}
    void take(const uint8_t *levels, size_t frames) override { all.insert(all.end(), levels, levels + frames * rows_); }
    std::vector<uint8_t> all;

  private:
    size_t rows_;
};

struct Case {
    SoundSettings settings;
    std::vector<int16_t> samples;

    std::vector<uint8_t> levels() const {
        const isopixel_sound sound = {settings.bands.rate, 1, 16, 0, 0, 2 * samples.size()};
        std::vector<uint8_t> bytes;
        for (const int16_t sample : samples) {
            bytes.push_back(static_cast<uint8_t>(sample & 0xFF));
            bytes.push_back(static_cast<uint8_t>(sample >> 8 & 0xFF));
        }
        Frames frames(settings.rows());
        Spectrogram spectrogram(settings, sound, &frames);
        spectrogram.push(bytes.data(), bytes.size());
        spectrogram.finish();
        return frames.all;
    }
    std::vector<uint8_t> exact_levels() const {
        level_probe.forces_exact = true;
        std::vector<uint8_t> made = levels();
        level_probe.forces_exact = false;
        return made;
    }
};

// Strong tones, beside which the error of the estimate is large, with weak noise; noise; and next to nothing.
std::vector<Case> cases() {
    Random random(1);
    std::vector<Case> made;
    for (const int64_t window : {64, 94, 150, 256, 400}) {
        for (const int64_t bands : {0, 9}) {
            Case each = {{{8000, window, bands, 0, 4000}, 37, false, 0, 64}, {}};
            for (int t = 0; t < 2500; ++t) {
                const double tone =
                    0.95 * 32768 * std::cos(6.28318530717958647693 * 5 * t / static_cast<double>(window));
                const auto noise = static_cast<double>(random.between(-9000, 9000));
                const double sample = t < 1700 ? tone + noise / 3000 : t < 2200 ? noise : t % 50 == 0;
                each.samples.push_back(static_cast<int16_t>(std::lrint(sample)));
            }
            made.push_back(each);
        }
    }
    return made;
}

void set_flushing(bool is_flushing) {
#if defined(__SSE2__)
    _mm_setcsr((_mm_getcsr() & ~0x8040u) | (is_flushing ? 0x8040u : 0));
#elif defined(__aarch64__)
    uint64_t state;
    __asm__ volatile("mrs %0, fpcr" : "=r"(state));
    state = (state & ~(uint64_t{1} << 24)) | uint64_t{is_flushing} << 24;
    __asm__ volatile("msr fpcr, %0" : : "r"(state));
#else
    (void)is_flushing;
#endif
}

void expect(bool is_right, const char *isa, const std::string &what) {
    if (!is_right) {
        std::printf("%s: %s\n", isa, what.c_str());
        std::exit(1);
    }
    ++passed;
}

size_t differences(const std::vector<uint8_t> &a, const std::vector<uint8_t> &b) {
    size_t count = a.size() == b.size() ? 0 : 1;
    for (size_t i = 0; i < std::min(a.size(), b.size()); ++i) count += a[i] != b[i];
    return count;
}

// In a thread of its own, which makes its own tables too.
std::vector<uint8_t> levels_of_host(const Case &each, int rounding, bool is_flushing) {
    std::vector<uint8_t> made;
    std::thread([&] {
        std::fesetround(rounding);
        set_flushing(is_flushing);
        made = each.levels();
    }).join();
    return made;
}

SpectrumKernels right;  // what wrong_estimate calls
double share;           // of 2^-32·Σ|y|
int direction;          // 0: either, at random

void wrong_estimate(const SpectrumPlan &plan, const int32_t *samples, size_t hop, double *scratch, double *power,
                    double *sums) {
    static Random random(2);
    right.estimate(plan, samples, hop, scratch, power, sums);
    for (size_t i = 0; i < (plan.half + 1) * right.frames; ++i) {
        const double sign = direction ? direction : random.one_in(2) ? 1 : -1;
        power[i] = std::pow(std::sqrt(power[i]) + sign * share * 0x1p-32 * sums[i % right.frames], 2);
    }
}

}  // namespace

int main() {
    for (const Case &each : cases()) {
        const std::vector<uint8_t> expected = each.exact_levels();
        const std::string what = "window " + std::to_string(each.settings.bands.window) + ", bands " +
                                 std::to_string(each.settings.bands.bands);
        for (size_t i = 0; const Kernels *kernels = available_kernels(i); ++i) {
            set_kernels(kernels->isa);
            for (const int rounding : kRoundingModes)
                for (const bool is_flushing : {false, true})
                    expect(levels_of_host(each, rounding, is_flushing) == expected, kernels->isa,
                           what + ", rounding " + std::to_string(rounding) + (is_flushing ? ", flushing" : ""));
            right = kernels->spectrum;
            const SpectrumKernels wrong = {right.frames, wrong_estimate, right.weigh};
            level_probe.kernels = &wrong;
            for (direction = -1; direction <= 1; ++direction) {
                share = 0.29;  // what the table leaves: 2 - √2, halved
                expect(differences(each.levels(), expected) == 0, kernels->isa, what + ", errors within the bound");
                share = 40;
                expect(each.settings.bands.bands > 0 || differences(each.levels(), expected) > 5, kernels->isa,
                       what + ", errors beyond the bound change nothing");
            }
            level_probe.kernels = nullptr;
        }
    }
    std::printf("%lld passed\n", static_cast<long long>(passed));
    return 0;
}
