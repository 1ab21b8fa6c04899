// SPDX-License-Identifier: MIT
// The horizontal axis, with its tables, which each row uses again.
#pragma once

#include <algorithm>
#include <vector>

#include "base/held_bytes.h"
#include "kernels/kernels.h"
#include "resizer/axis.h"

namespace isopixel {

class HorizontalAxis {
  public:
    // For samples up to `most`.
    HorizontalAxis(const Axis &axis, uint64_t most) : axis(axis) {
        if (!axis.triangle) {
            taps_ = axis.all_taps();
            return;
        }
        segments_ = axis.all_segments();
        int64_t run = 4096;
        // Σ p = run·most and Σ t·p = run·(run - 1)/2·most; both are below run²·most.
        while (run > 1 && (static_cast<uint64_t>(run * run) * most) >> 32 != 0) run /= 2;
        triangle_ = {
            segments_.data(), axis.out, axis.w, axis.v, axis.half_width, axis.half_width - axis.w + axis.v, run};
    }
    HorizontalAxis(const HorizontalAxis &) = delete;

    // Adds `count` pixels of `samples` samples, the first being number `first` of its row, to the results at `line`, by
    // the functions of kernels/scalar.h.
    template <class AddTriangle, class AddTaps, class P, class T>
    void add(AddTriangle add_triangle, AddTaps add_taps, P pixels, int64_t first, int64_t count, int64_t samples,
             T *line) const {
        if (!axis.triangle) return this->add_taps(add_taps, pixels, first, count, samples, line);
        const auto next = std::upper_bound(segments_.begin(), segments_.end(), first);
        add_triangle(triangle_, next - segments_.begin() - 1, pixels, first, count, samples, line);
    }

    // The same, of an axis with two taps.
    template <class AddTaps, class P, class T>
    void add_taps(AddTaps add_taps, P pixels, int64_t first, int64_t count, int64_t samples, T *line) const {
        const auto taps = std::lower_bound(taps_.begin(), taps_.end(), first - 1,
                                           [](const Taps &t, int64_t sample) { return t.first < sample; });
        const int64_t result = taps - taps_.begin();
        add_taps(taps_.data() + result, taps_.data() + taps_.size(), pixels, first, count, samples,
                 line + result * samples);
    }

    // The pixels of the longest segment, or the two of two taps.
    int64_t longest() const {
        int64_t longest = 2;
        for (size_t s = 1; s < segments_.size(); ++s) longest = std::max(longest, segments_[s] - segments_[s - 1]);
        return longest;
    }
    const Triangle &triangle() const { return triangle_; }
    TapList taps() const { return {taps_.data(), axis.out}; }
    size_t bytes() const { return held_bytes(segments_, taps_); }

    const Axis axis;

  private:
    std::vector<int64_t> segments_;
    std::vector<Taps> taps_;
    Triangle triangle_{};
};

}  // namespace isopixel
