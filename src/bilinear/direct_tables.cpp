// SPDX-License-Identifier: MIT
#include "bilinear/direct_tables.h"

#include <cstring>

#include "base/sizes.h"

namespace isopixel {
namespace {

// The weights of one result pixel, the first of which is that of sample `first`.
struct PixelTaps {
    PixelTaps(const Axis &axis, const std::vector<int64_t> &segments, int64_t k, int halvings) {
        const int64_t *segment = segments.data() + k, step = 2 * axis.v;
        first = segment[0];
        int64_t weight = axis.rise(k, first);
        if (weight == 0) ++first, weight = step;
        for (int64_t j = first; j < segment[1]; ++j, weight += step) add(weight >> halvings);
        weight = axis.half_width - axis.rise(k + 1, segment[1]);
        for (int64_t j = segment[1]; j < segment[2]; ++j, weight -= step) add(weight >> halvings);
    }

    int64_t first, count = 0;
    uint16_t weights[kMostDirectSteps * 4] = {};

  private:
    void add(int64_t weight) { weights[count++] = static_cast<uint16_t>(weight); }
};

}  // namespace

float reciprocal_f32(uint32_t n) {
    const double reciprocal = 1.0 / n;
    uint64_t bits;
    std::memcpy(&bits, &reciprocal, sizeof bits);
    // The exponent counts from another zero, and the fraction loses 29 bits.
    bits += UINT64_C(1) << 28;
    const uint32_t word = static_cast<uint32_t>(bits >> 29) - (static_cast<uint32_t>(1023 - 127) << 23);
    float number;
    std::memcpy(&number, &word, sizeof number);
    return number;
}

DirectTables::DirectTables(const Plan &plan, const DirectPlan &direct)
    : direct_(direct),
      channels_(plan.shape.channels),
      sums_x_(plan.shape.out_width * channels_ + kSpareNumbers),
      reciprocals_x_(plan.shape.out_width * channels_ + kSpareNumbers) {
    set_entries(plan.horizontal, plan.kernels->direct.layout);
    set_sums(plan.horizontal);
}

void DirectTables::set_entries(const Axis &axis, const DirectLayout &layout) {
    const int64_t taps = direct_.narrow ? layout.narrow_taps : layout.wide_taps;
    const int64_t windows = (axis.out * channels_ + direct_.outputs - 1) / direct_.outputs;
    table_.groups = (windows + layout.group - 1) / layout.group;
    table_.steps = direct_.steps;
    table_.step_bytes = taps * channels_;
    table_.outputs = direct_.outputs;
    table_.one_window = direct_.one_window;
    table_.low_bits = direct_.low_bits;
    const bool words = !direct_.narrow && !layout.split_weights, split = !direct_.narrow && layout.split_weights;
    const int64_t window_places = layout.outputs * taps, places = layout.group * window_places;
    const int64_t order_bytes = places << words, weight_bytes = places << (words || split);
    const int64_t entry_bytes = order_bytes + direct_.steps * weight_bytes;
    windows_.resize(allocation_size(table_.groups * layout.group));
    entries_ = AlignedArray<uint8_t>(table_.groups * entry_bytes);
    table_.windows = windows_.data();
    table_.entries = entries_.data();

    const std::vector<int64_t> segments = axis.all_segments();
    PixelTaps pixel(axis, segments, 0, direct_.horizontal.halvings);
    for (int64_t window = 0, k = 0, ch = 0; window < windows; ++window) {
        uint8_t *const order = entries_.data() + window / layout.group * entry_bytes;
        const int64_t begin = pixel.first * channels_ + ch;
        windows_[static_cast<size_t>(window)] = static_cast<int32_t>(begin);
        reach_ = begin + layout.bytes + (direct_.one_window ? 0 : (direct_.steps - 1) * table_.step_bytes);
        int64_t place = window % layout.group * window_places;
        for (int64_t o = 0; o < direct_.outputs && k < axis.out; ++o) {
            for (int64_t t = 0; t < taps; ++t, ++place) {
                order[place << words] = static_cast<uint8_t>((pixel.first + t) * channels_ + ch - begin);
                if (words) order[2 * place + 1] = kNoPlace;
                uint8_t *to = order + order_bytes + (place << words);
                for (int64_t tap = t; tap < pixel.count; tap += taps, to += weight_bytes) {
                    const uint16_t weight = pixel.weights[tap];
                    if (words) std::memcpy(to, &weight, sizeof weight);
                    else if (split) to[0] = weight & 127, to[places] = static_cast<uint8_t>(weight >> 7);
                    else to[0] = static_cast<uint8_t>(weight);
                }
            }
            if (++ch < channels_) continue;
            ch = 0;
            if (++k < axis.out) pixel = PixelTaps(axis, segments, k, direct_.horizontal.halvings);
        }
    }
}

void DirectTables::set_sums(const Axis &axis) {
    std::vector<uint32_t> sums(allocation_size(axis.out));
    axis.weight_sums(0, axis.out, sums.data());
    uint32_t *to = sums_x_.data();
    float *reciprocals = reciprocals_x_.data();
    for (const uint32_t doubled : sums) {
        const uint32_t sum = doubled >> direct_.horizontal.halvings;
        const float reciprocal = reciprocal_f32(sum);
        for (int64_t ch = 0; ch < channels_; ++ch) *to++ = sum, *reciprocals++ = reciprocal;
    }
}

}  // namespace isopixel
