// SPDX-License-Identifier: MIT
#include "sound/spectrogram.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "base/recent.h"
#include "base/text.h"
#include "base/threads.h"
#include "kernels/dispatch.h"
#include "sound/level_probe.h"

namespace isopixel {
namespace {

constexpr size_t kAtOnce = 4096;  // samples

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
                         {},
                         {}};
        for (const Band &band : made.bands.bands)
            made.bins.push_back(
                {band.first, band.count, band.at, kSpectrumError * std::sqrt(static_cast<double>(band.sum))});
        made.weights.assign(made.bands.weights.begin(), made.bands.weights.end());
        return made;
    };
    if (!kKeepsPerThread || is_destroyed) return std::make_shared<const Analysis>(make());
    return recent.kept.get(key, make);
}

const SpectrumKernels &kernels_in_use() {
    const SpectrumKernels *probed = level_probe.kernels.load(std::memory_order_relaxed);
    return probed ? *probed : current_kernels()->spectrum;
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
      plan_(analysis_->spectrum.plan()),
      kernels_(kernels_in_use()),
      exact_(analysis_->cosines),
      is_exact_(level_probe.forces_exact.load(std::memory_order_relaxed)),
      span_(2 * plan_.half + (kernels_.frames - 1) * static_cast<size_t>(settings.hop)),
      scratch_(static_cast<int64_t>(4 * plan_.size * kernels_.frames)),
      power_(static_cast<int64_t>((plan_.half + 1) * kernels_.frames)),
      least_(static_cast<int64_t>(settings.rows() * kernels_.frames)),
      most_(static_cast<int64_t>(settings.rows() * kernels_.frames)) {
    std::string problem;
    frames_left_ = count_frames(settings, sound, &problem);
    samples_.resize(2 * span_ + kAtOnce);
    levels_.resize(kernels_.frames * settings.rows());
    if (!settings.cuts_ends) end_ = plan_.half;  // zeros before the sound
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
        const auto frames = static_cast<size_t>(std::min<int64_t>(frames_left_, static_cast<int64_t>(kernels_.frames)));
        take_frames(samples_.data() + first_, frames);
        sink_->take(levels_.data(), frames);
        frames_left_ -= static_cast<int64_t>(frames);
        const size_t step = kernels_.frames * static_cast<size_t>(settings_.hop), there = std::min(step, end_ - first_);
        first_ += there;
        passed_over_ = step - there;
    }
    if (frames_left_ == 0) first_ = end_;  // what follows is looked at, but has no frame
}

// The levels of some frames, in integers where the estimates do not decide.
void Spectrogram::take_frames(const int32_t *samples, size_t frames) {
    const auto hop = static_cast<size_t>(settings_.hop);
    const size_t rows = settings_.rows();
    alignas(64) double sums[kMostFrames];
    kernels_.estimate(plan_, samples, hop, scratch_.data(), power_.data(), sums);
    kernels_.weigh(analysis_->bins.data(), rows, analysis_->weights.data(), power_.data(), sums, least_.data(),
                   most_.data());
    for (size_t l = 0; l < frames; ++l) {
        const double *least = least_.data() + l, *most = most_.data() + l;
        bool is_loaded = false;
        for (size_t b = 0; b < rows; ++b, least += kernels_.frames, most += kernels_.frames) {
            uint8_t &level = levels_[l * rows + b];
            if (analysis_->levels.decide(*least, *most, &level) && !is_exact_) continue;
            if (!is_loaded) exact_.load(samples + l * hop);
            is_loaded = true;
            level = analysis_->levels.level(exact_.energy(analysis_->bands, analysis_->bands.bands[b]));
            level_probe.settled.fetch_add(1, std::memory_order_relaxed);
        }
    }
}

}  // namespace isopixel
