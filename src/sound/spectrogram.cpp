// SPDX-License-Identifier: MIT
#include "sound/spectrogram.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "base/recent.h"
#include "base/text.h"
#include "base/threads.h"
#include "sound/level_probe.h"

namespace isopixel {
namespace {

constexpr size_t kAtOnce = 4096;  // samples

// Beside the spectrum's error: that of the sum over a band, of at most 2049 terms, of its squares and weights, and of
// the comparison itself, all together less than 2^-40.
constexpr double kShare = 0x1p-36;

// What decides an analysis.
using Key = std::array<int64_t, 8>;

// Of a thread: no lock, which a fork could leave locked for ever.
struct RecentAnalyses {
    ~RecentAnalyses();

    Recent<Key, Analysis, 4> kept;
};
ISOPIXEL_PER_THREAD RecentAnalyses recent;

// At the end of a thread, or of the process, a host may come when `recent` has been destroyed. A bool never is.
ISOPIXEL_PER_THREAD bool is_destroyed = false;
RecentAnalyses::~RecentAnalyses() { is_destroyed = true; }

std::shared_ptr<const Analysis> analysis_of(const SoundSettings &settings, const isopixel_sound &sound) {
    const BandSettings &bands = settings.bands;
    const int64_t mixed = settings.channel == 0 ? sound.channels : 1;
    const Key key = {bands.rate, bands.window,  bands.bands, bands.low,
                     bands.high, settings.gain, mixed,       scale_of(sound)};
    const auto make = [&] {
        Analysis made = {bands_of(bands),
                         Spectrum(bands.window),
                         Cosines(bands.window),
                         Levels(bands.window, mixed, scale_of(sound), settings.gain),
                         {}};
        for (const Band &band : made.bands.bands)
            made.errors.push_back(kSpectrumError * std::sqrt(static_cast<double>(band.sum)));
        return made;
    };
    if (!kKeepsPerThread || is_destroyed) return std::make_shared<const Analysis>(make());
    return recent.kept.get(key, make);
}

}  // namespace

LevelProbe level_probe;

int64_t count_frames(const SoundSettings &settings, const isopixel_sound &sound, std::string *problem) {
    const auto no_frame = [&](const std::string &what) { return refuse(problem, what), -1; };
    if (!check_sound(sound, problem)) return -1;
    const size_t block = block_of(sound);
    if (sound.n_bytes == 0 || sound.n_bytes % block != 0)
        return no_frame("its " + std::to_string(sound.n_bytes) + " bytes are not one or more samples of " +
                        std::to_string(block) + " bytes");
    if (sound.rate != settings.bands.rate)
        return no_frame("its rate is " + std::to_string(sound.rate) + " Hz, and the layout has rate=" +
                        std::to_string(settings.bands.rate) + ": resample it, or use a layout of its rate");
    if (settings.channel > sound.channels)
        return no_frame("it has " + std::to_string(sound.channels) + " channel" + (sound.channels > 1 ? "s" : "") +
                        ", and the layout has channel=" + std::to_string(settings.channel));
    const uint64_t n = sound.n_bytes / block;
    if (n > INT64_MAX / 4) return no_frame("it is too long");
    const auto count = static_cast<int64_t>(n);
    if (!settings.cuts_ends) return 1 + count / settings.hop;
    if (count < settings.bands.window)
        return no_frame("it has " + std::to_string(count) + " samples, fewer than window=" +
                        std::to_string(settings.bands.window) + ", and ends=cut makes no frame of them");
    return 1 + (count - settings.bands.window) / settings.hop;
}

Spectrogram::Spectrogram(const SoundSettings &settings, const isopixel_sound &sound, LevelSink *sink)
    : settings_(settings),
      sound_(sound),
      sink_(sink),
      analysis_(analysis_of(settings, sound)),
      exact_(analysis_->cosines),
      is_exact_(level_probe.forces_exact.load(std::memory_order_relaxed)) {
    std::string problem;
    frames_left_ = count_frames(settings, sound, &problem);
    const auto window = static_cast<size_t>(settings.bands.window);
    span_ = window + (kLanes - 1) * static_cast<size_t>(settings.hop);
    samples_.resize(2 * span_ + kAtOnce);
    scratch_.resize(analysis_->spectrum.scratch_size());
    power_.resize(analysis_->spectrum.bins() * kLanes);
    levels_.resize(kLanes * settings.rows());
    is_decided_.resize(levels_.size());
    if (!settings.cuts_ends) end_ = window / 2;  // zeros before the sound
}

bool Spectrogram::push(const uint8_t *bytes, uint64_t n) {
    const size_t block = block_of(sound_);
    while (n > 0 && is_finite_) {
        if (block_bytes_ > 0 || n < block) {
            const auto part = static_cast<size_t>(std::min<uint64_t>(n, block - block_bytes_));
            std::copy_n(bytes, part, block_ + block_bytes_);
            block_bytes_ += part;
            bytes += part;
            n -= part;
            if (block_bytes_ < block) break;
            take_blocks(block_, 1);
            block_bytes_ = 0;
        } else {
            const auto blocks = static_cast<size_t>(std::min<uint64_t>(n / block, kAtOnce));
            take_blocks(bytes, blocks);
            bytes += blocks * block;
            n -= blocks * block;
        }
    }
    return is_finite_;
}

void Spectrogram::finish() {
    while (frames_left_ > 0) {
        std::fill_n(room(), kAtOnce, 0);
        take_samples(kAtOnce);
    }
}

void Spectrogram::take_blocks(const uint8_t *blocks, size_t n) {
    is_finite_ = read_samples(sound_, settings_.channel, blocks, n, room());
    if (is_finite_) take_samples(n);
}

// Where the next samples are to lie, up to kAtOnce of them.
int32_t *Spectrogram::room() {
    if (samples_.size() - end_ < kAtOnce) {
        std::copy(samples_.data() + first_, samples_.data() + end_, samples_.data());
        end_ -= first_;
        first_ = 0;
    }
    return samples_.data() + end_;
}

// Takes the n samples that lie in the room.
void Spectrogram::take_samples(size_t n) {
    const size_t left_out = std::min(n, passed_over_);
    std::copy(samples_.data() + end_ + left_out, samples_.data() + end_ + n, samples_.data() + end_);
    passed_over_ -= left_out;
    end_ += n - left_out;
    while (end_ - first_ >= span_ && frames_left_ > 0) {
        const auto frames = static_cast<size_t>(std::min<int64_t>(frames_left_, kLanes));
        take_frames(samples_.data() + first_, frames);
        sink_->take(levels_.data(), frames);
        frames_left_ -= static_cast<int64_t>(frames);
        const size_t step = kLanes * static_cast<size_t>(settings_.hop), there = std::min(step, end_ - first_);
        first_ += there;
        passed_over_ = step - there;
    }
    if (frames_left_ == 0) first_ = end_;  // what follows is looked at, but has no frame
}

// The levels of up to kLanes frames. With X̂ off by less than ε = kSpectrumError·Σ|y| at each bin, the root of the
// energy, a norm of it with the weights w, is off by less than r = ε·√Σw: E lies between (√Ê - r)² and (√Ê + r)².
void Spectrogram::take_frames(const int32_t *samples, size_t frames) {
    const std::vector<Band> &bands = analysis_->bands.bands;
    const auto hop = static_cast<size_t>(settings_.hop);
    double sums[kLanes];
    analysis_->spectrum.estimate(samples, hop, scratch_.data(), power_.data(), sums);
    for (size_t b = 0; b < bands.size(); ++b) {
        double energies[kLanes] = {};
        const double *power = power_.data() + bands[b].first * kLanes;
        for (size_t i = 0; i < bands[b].count; ++i, power += kLanes) {
            const double weight = analysis_->bands.weights[bands[b].at + i];
            for (size_t l = 0; l < kLanes; ++l) energies[l] += weight * power[l];
        }
        for (size_t l = 0; l < kLanes; ++l) {
            const double energy = energies[l], error = analysis_->errors[b] * sums[l];
            const double off = error * (2 * std::sqrt(energy) + error) + energy * kShare;
            const uint8_t level = analysis_->levels.guess(energy);
            levels_[l * bands.size() + b] = level;
            is_decided_[l * bands.size() + b] = analysis_->levels.is_level(level, energy - off, energy + off);
        }
    }
    for (size_t l = 0; l < frames; ++l) settle(samples + l * hop, l * bands.size());
}

// Decides in integers what the estimate did not, of the frame whose levels lie from `at` on.
void Spectrogram::settle(const int32_t *frame, size_t at) {
    const std::vector<Band> &bands = analysis_->bands.bands;
    bool is_loaded = false;
    for (size_t b = 0; b < bands.size(); ++b) {
        if (is_decided_[at + b] && !is_exact_) continue;
        if (!is_loaded) exact_.load(frame);
        is_loaded = true;
        levels_[at + b] = analysis_->levels.level(exact_.energy(analysis_->bands, bands[b]));
        level_probe.settled.fetch_add(1, std::memory_order_relaxed);
    }
}

}  // namespace isopixel
