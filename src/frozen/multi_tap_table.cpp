// SPDX-License-Identifier: MIT
#include "frozen/multi_tap_table.h"

#include <algorithm>

#include "base/sizes.h"

namespace isopixel::frozen {

namespace {

constexpr int64_t kWindow = 16;

}  // namespace

MultiTapTables::MultiTapTables(const MultiTapAxis &axis, int64_t in_width, int64_t channels)
    : in_samples_(std::max(channels * std::max(in_width, axis.taps), kWindow)) {
    table_.samples = static_cast<int64_t>(axis.first.size()) * channels;
    table_.channels = channels;
    table_.taps = axis.taps;
    make_weights(axis, in_width);
    if (channels <= 4) make_quads();
}

void MultiTapTables::make_weights(const MultiTapAxis &axis, int64_t in_width) {
    const int64_t last = std::max<int64_t>(0, in_width - axis.taps);
    first_.resize(axis.first.size());
    weights_.resize(axis.weights.size());
    for (size_t k = 0; k < first_.size(); ++k) {
        const int64_t first = std::clamp<int64_t>(axis.first[k], 0, last);
        const size_t weights = k * static_cast<size_t>(axis.taps);
        for (int64_t t = 0; t < axis.taps; ++t) {
            const int64_t tap = std::clamp<int64_t>(axis.first[k] + t, 0, in_width - 1);
            int16_t &weight = weights_[weights + static_cast<size_t>(tap - first)];
            weight = static_cast<int16_t>(weight + axis.weights[weights + static_cast<size_t>(t)]);
        }
        first_[k] = static_cast<int32_t>(first);
    }
    table_.first = first_.data();
    table_.weights = weights_.data();
}

void MultiTapTables::make_quads() {
    table_.groups = (table_.samples + kSpareSamples) / kQuad;
    const int64_t n_quads = table_.taps / kQuad;
    even_.assign(allocation_size(n_quads * table_.groups * 2 * kQuad), 0);
    odd_ = even_;
    for (int64_t q = 0; q < n_quads; ++q) {
        for (int64_t x = 0; x < table_.samples; ++x) {
            const int16_t *from = table_.weights + x / table_.channels * table_.taps + q * kQuad;
            const size_t to = static_cast<size_t>(2 * (q * table_.groups * kQuad + x));
            even_[to] = from[0];
            even_[to + 1] = from[2];
            odd_[to] = from[1];
            odd_[to + 1] = from[3];
        }
    }
    table_.even = even_.data();
    table_.odd = odd_.data();
    for (const int64_t n_windows : {1, 2, 4})
        if (make_windows(n_windows)) break;
}

// A window begins at the first pixel that the one before it does not hold whole, or as late as the row allows. False if
// a quad needs more than n windows; 4 suffice, one for each sample of a group.
bool MultiTapTables::make_windows(int64_t n) {
    const int64_t channels = table_.channels, groups = table_.groups, n_quads = table_.taps / kQuad;
    windows_.assign(allocation_size(n_quads * n * groups), 0);
    shuffles_.assign(allocation_size(n_quads * n * groups * kWindow), kNoPlace);
    for (int64_t q = 0; q < n_quads; ++q) {
        int64_t used = 0, window = 0;
        for (int64_t x = 0; x < table_.samples; ++x) {
            const int64_t pixel = (first_[static_cast<size_t>(x / channels)] + q * kQuad) * channels;
            const int64_t tap = pixel + x % channels, group = x / kQuad;
            const auto place = [&] { return static_cast<size_t>((q * n + used - 1) * groups + group); };
            if (x % kQuad == 0) used = 0;
            if (used == 0 || tap + (kQuad - 1) * channels >= window + kWindow) {
                if (used++ == n) return false;
                window = std::min(pixel, in_samples_ - kWindow);
                windows_[place()] = static_cast<int32_t>(window);
            }
            uint8_t *places = &shuffles_[place() * size_t{kWindow} + static_cast<size_t>(x % kQuad * kQuad)];
            for (int64_t t = 0; t < kQuad; ++t) places[t] = static_cast<uint8_t>(tap + t * channels - window);
        }
    }
    table_.n_windows = n;
    table_.windows = windows_.data();
    table_.shuffles = shuffles_.data();
    return true;
}

}  // namespace isopixel::frozen
