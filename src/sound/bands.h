// SPDX-License-Identifier: MIT
// Bands of bins (SPEC ).
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
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

// Those of this thread that were asked for last are kept. Null, having said in *problem what would do, if a band has no
// bin. Throws std::bad_alloc.
std::shared_ptr<const Bands> bands_of(const BandSettings &settings, std::string *problem);

// the edges of `bands` bands.
std::vector<int64_t> mel_edges(int64_t bands, int64_t low, int64_t high);

}  // namespace isopixel
