// SPDX-License-Identifier: MIT
// Sounds as bytes: what a WAV file says of itself, and its samples (SPEC ).
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "isopixel.h"

namespace isopixel {

constexpr int kMostSoundChannels = 8;
constexpr size_t kMostBlock = 64;  // bytes of a sample of each channel

// the header of a WAV file of n_bytes, by the few of its bytes that count, in their order.
class WavHeader {
  public:
    explicit WavHeader(uint64_t n_bytes) : n_bytes_(n_bytes) {}

    // The bytes to be taken next: `needed()` from `at()` on, all of which the file has.
    uint64_t at() const { return at_; }
    size_t needed() const;

    // Takes them. ISOPIXEL_INCOMPLETE if more are to come; ISOPIXEL_BAD_SOUND, having said in *problem what is wrong.
    isopixel_status take(const uint8_t *bytes, isopixel_sound *sound, std::string *problem);

  private:
    enum class Part { kFile, kChunk, kFormat };

    isopixel_status take_chunk(const uint8_t *bytes, isopixel_sound *sound, std::string *problem);
    isopixel_status skip(std::string *problem);

    const uint64_t n_bytes_;
    uint64_t at_ = 0;
    Part part_ = Part::kFile;
    uint64_t length_ = 0;        // of the chunk
    isopixel_sound found_ = {};  // once it has channels, there was a format
    bool is_data_first_ = false;
};

// The same of a file whose bytes come in pieces of any size, from the first one on.
class WavReader {
  public:
    explicit WavReader(uint64_t n_bytes) : header_(n_bytes) {}

    // Takes the next n bytes. ISOPIXEL_OK and *sound once the header has come: the samples begin in this piece, or
    // behind it. ISOPIXEL_INCOMPLETE before; ISOPIXEL_BAD_SOUND, from then on, and *problem says what is wrong.
    isopixel_status push(const uint8_t *bytes, size_t n, isopixel_sound *sound, std::string *problem);

  private:
    WavHeader header_;
    uint64_t end_ = 0;           // of what has come
    std::vector<uint8_t> part_;  // of what the header needs next
    std::string problem_;
};

// R-71, of the first n bytes of a file of n_bytes. ISOPIXEL_INCOMPLETE if they are too few: sound->offset is then how
// many are needed, or more later. ISOPIXEL_BAD_SOUND, having said in *problem what is wrong.
isopixel_status read_wav(const uint8_t *head, size_t n, uint64_t n_bytes, isopixel_sound *sound, std::string *problem);

// Whether a sound is one that R-71 describes, of at least one block; else what is wrong is said in *problem.
bool check_sound(const isopixel_sound &sound, std::string *problem);

// The bytes of a sample of each channel; and R-72: the bits of a sample.
inline size_t block_of(const isopixel_sound &sound) {
    return static_cast<size_t>(sound.channels) * static_cast<size_t>(sound.bits / 8);
}
inline int scale_of(const isopixel_sound &sound) { return !sound.is_float && sound.bits <= 16 ? 15 : 23; }

// the x(i) of n blocks; channel 0 is their sum. False if a sample is infinite, or no number.
bool read_samples(const isopixel_sound &sound, int64_t channel, const uint8_t *blocks, size_t n, int32_t *samples);

}  // namespace isopixel
