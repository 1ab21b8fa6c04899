// SPDX-License-Identifier: MIT
// The levels of a sound that comes in pieces (SPEC ).
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/aligned.h"
#include "kernels/spectrum.h"
#include "sound/bands.h"
#include "sound/exact_frame.h"
#include "sound/levels.h"
#include "sound/samples.h"
#include "sound/settings.h"
#include "sound/spectrum.h"

namespace isopixel {

// What estimates are compared with, and what decides where they do not. Never changes.
struct Analysis {
    Bands bands;
    Spectrum spectrum;
    Cosines cosines;
    Levels levels;
    std::vector<WeightedBins> bins;  // of the bands
    std::vector<double> weights;
};

// The number of frames of a sound. -1, having said in *problem why, if there is none.
int64_t count_frames(const SoundSettings &settings, const isopixel_sound &sound, std::string *problem);

// What takes levels: of `frames` frames one after another, each from the lowest row to the highest.
class LevelSink {
  public:
    virtual ~LevelSink() = default;
    virtual void take(const uint8_t *levels, size_t frames) = 0;
};

class Spectrogram {
  public:
    // Of settings whose bands have bins and a sound that count_frames has accepted. Throws std::bad_alloc.
    Spectrogram(const SoundSettings &settings, const isopixel_sound &sound, LevelSink *sink);

    // Takes the next bytes, n in all calls together no more than the sound has. False if a sample is not finite, from
    // then on.
    bool push(const uint8_t *bytes, uint64_t n);
    // Once all bytes have come.
    void finish();

  private:
    void take_blocks(const uint8_t *blocks, size_t n);
    int32_t *room();
    void take_samples(size_t n);
    void take_frames(const int32_t *samples, size_t frames);

    const SoundSettings settings_;
    const isopixel_sound sound_;
    LevelSink *const sink_;
    const std::shared_ptr<const Analysis> analysis_;
    const SpectrumPlan plan_;  // of the analysis
    const SpectrumKernels kernels_;
    ExactFrame exact_;
    const bool is_exact_;
    int64_t frames_left_;
    bool is_finite_ = true;
    uint8_t block_[kMostBlock];
    size_t block_bytes_ = 0;
    const size_t span_;             // of the samples of the frames that kernels take together
    std::vector<int32_t> samples_;  // those of the next frames, from first_ on and before end_
    size_t first_ = 0, end_ = 0;
    size_t passed_over_ = 0;                               // samples between two frames that are still to come
    AlignedArray<double> scratch_, power_, least_, most_;  // of the kernels
    std::vector<uint8_t> levels_;
};

}  // namespace isopixel
