// SPDX-License-Identifier: MIT
// The options of a layout of sounds (SPEC R-74).
#pragma once

#include <cstddef>
#include <cstdint>

namespace isopixel {

struct BandSettings {
    int64_t rate, window;  // samples of a second, and of a frame
    int64_t bands;         // 0: each bin is one
    int64_t low, high;     // Hz; not of bins
};

struct SoundSettings {
    BandSettings bands;
    int64_t hop;
    bool cuts_ends;
    int64_t channel;  // 0: all of them, mixed
    int64_t gain;

    size_t rows() const { return static_cast<size_t>(bands.bands > 0 ? bands.bands : bands.window / 2 + 1); }
};

}  // namespace isopixel
