// SPDX-License-Identifier: MIT
#include "bilinear/fused_table.h"

#include <cstdlib>
#include <numeric>

#include "base/sizes.h"

namespace isopixel {
namespace {

// The most results of a unit whose windows begin within 64 bytes, so that a step of each ends there too.
int64_t most_results(const Axis &axis, int64_t channels, int dwords, int64_t most) {
    const auto fits = [&](int64_t results) {
        // Results from the first of a pixel on, or from any.
        const int64_t pixels = results % channels == 0 ? results / channels - 1 : (results + channels - 2) / channels;
        return (quotient_up(pixels * axis.w, axis.v) + 4 * dwords) * channels <= 64;
    };
    while (most > 0 && !fits(most)) --most;
    return most;
}

ByteWeights weights_for(int64_t most) {
    return most <= 127 ? ByteWeights::kSmall : most <= 255 ? ByteWeights::kMiddle : ByteWeights::kLarge;
}

// The result, of those of a unit, and the dword of it, that sum i of 16 is part of (add_pairs and add_fives have this
// order); no sum of a unit has result 3 of 5 dwords.
struct Sum {
    int64_t result, dword;
};
Sum sum_of(int dwords, int64_t i) {
    if (dwords == 2) return {i % 8, i / 8};
    return i % 4 < 3 ? Sum{i % 4, i / 4} : Sum{i / 4, 4};
}

}  // namespace

FusedLayout fused_layout(const Axis &axis, int64_t channels) {
    const auto layout = [&](int dwords, int64_t most) -> FusedLayout {
        // A window is the pixels at less than 2w/v from a centre, on both sides together.
        return {dwords, most_results(axis, channels, dwords, most), quotient_up(2 * axis.w, 4 * dwords * axis.v)};
    };
    // Longer windows are better shared by fewer results.
    const FusedLayout fives = layout(5, 3);
    return axis.w >= 9 * axis.v && fives.results > 0 ? fives : layout(2, 8);
}

FusedTable::FusedTable(const Axis &axis, int64_t channels)
    : axis_(axis),
      channels_(channels),
      layout_(fused_layout(axis, channels)),
      weights_(weights_for(most_fused_weight(axis))) {
    const std::vector<int64_t> segments = axis.all_segments();
    const int64_t samples = axis.out * channels, results = layout_.results;
    const int64_t n_units = quotient_up(quotient_up(samples, results), kFusedUnits) * kFusedUnits;
    const int64_t most_first = axis.in * channels - layout_.bytes(channels);
    const size_t size = static_cast<size_t>(1 + layout_.steps * (weights_ == ByteWeights::kLarge ? 2 : 1));
    units_.resize(allocation_size(n_units));
    // Pixels v apart have the same weights, and so have units this far apart, but for those at an edge.
    const int64_t period = std::lcm(results, axis.v * channels) / results;
    std::vector<size_t> made(allocation_size(std::min(period, n_units)), SIZE_MAX), tables(units_.size());
    int64_t pixel = 0, channel = 0, place = 0;
    for (size_t u = 0; u < units_.size(); ++u) {
        const bool some = pixel < axis.out;
        const int64_t first = some ? std::min(window(segments, pixel) * channels, most_first) : 0;
        const int64_t last = pixel + (channel + results - 1) / channels;
        const bool inner = pixel > 0 && last < axis.out && first < most_first &&
                           window(segments, last) == segments[static_cast<size_t>(last)];
        size_t &same = made[static_cast<size_t>(place)];
        if (inner && same != SIZE_MAX) {
            tables[u] = same;
        } else {
            tables[u] = tables_.size();
            if (inner) same = tables[u];
            tables_.resize(tables_.size() + size);
            if (some) fill_table(segments, pixel, channel, first, &tables_[tables[u]]);
        }
        units_[u].first = first;
        for (channel += results; channel >= channels; channel -= channels) ++pixel;
        if (++place == static_cast<int64_t>(made.size())) place = 0;
    }
    for (size_t u = 0; u < units_.size(); ++u) units_[u].table = tables_[tables[u]].bytes;
}

void FusedTable::fill_table(const std::vector<int64_t> &segments, int64_t pixel, int64_t channel, int64_t first_byte,
                            Bytes *table) const {
    struct {
        int64_t pixel, channel, window;
    } results[8];
    for (int64_t r = 0; r < layout_.results; ++r) {
        results[r] = {pixel, channel, pixel < axis_.out ? window(segments, pixel) : 0};
        if (++channel == channels_) channel = 0, ++pixel;
    }
    const int64_t step = 2 * axis_.v;
    const int shift = axis_.halvings();
    for (int64_t i = 0; i < 16; ++i) {
        const Sum sum = sum_of(layout_.dwords, i);
        if (sum.result >= layout_.results || results[sum.result].pixel >= axis_.out) continue;
        const auto &result = results[sum.result];
        const int64_t first = result.window + 4 * sum.dword;
        for (int64_t t = 0; t < 4; ++t) {
            table[0].bytes[4 * i + t] = static_cast<uint8_t>((first + t) * channels_ + result.channel - first_byte);
            int64_t distance = (2 * (first + t) + 1) * axis_.v - (2 * result.pixel + 1) * axis_.w;
            for (int64_t q = 0; q < layout_.steps; ++q, distance += 4 * layout_.dwords * step) {
                const int64_t weight = std::max<int64_t>(0, axis_.half_width - std::abs(distance)) >> shift;
                uint8_t &low = table[1 + q].bytes[4 * i + t];
                if (weights_ == ByteWeights::kLarge) {
                    low = static_cast<uint8_t>(weight & 127);
                    table[1 + layout_.steps + q].bytes[4 * i + t] = static_cast<uint8_t>(weight >> 7);
                } else {
                    low = static_cast<uint8_t>(weight);
                }
            }
        }
    }
}

FusedAxis FusedTable::axis() const {
    return {units_.data(),
            static_cast<int64_t>(units_.size()),
            layout_.dwords,
            static_cast<int>(layout_.steps),
            layout_.step_bytes(channels_),
            weights_};
}

}  // namespace isopixel
