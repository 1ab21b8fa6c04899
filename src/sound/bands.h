// SPDX-License-Identifier: MIT
// Bands of bins (SPEC ).
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "sound/settings.h"

namespace isopixel {

constexpr int kWeightBits = 24;

struct Band {
    size_t first, count;  // bins: those from the first that has a weight to the last
    size_t at;            // of its weights
    uint64_t sum;         // of its weights
};

struct Bands {
    std::vector<Band> bands;
    std::vector<uint32_t> weights;  // those of a band follow each other, and those of its successor them
};

// Has each band a bin? If not, says in *problem what would do. Throws std::bad_alloc.
bool check_bands(const BandSettings &settings, std::string *problem);

// Of settings that check_bands accepts. Throws std::bad_alloc.
Bands bands_of(const BandSettings &settings);

// the edges of `bands` bands.
std::vector<int64_t> mel_edges(int64_t bands, int64_t low, int64_t high);

}  // namespace isopixel
