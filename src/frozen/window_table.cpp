// SPDX-License-Identifier: MIT
#include "frozen/window_table.h"

#include <algorithm>
#include <utility>

namespace isopixel::frozen {
namespace {

bool has_wide(const FixedAxis &axis) {
    return std::any_of(axis.weights.begin(), axis.weights.end(),
                       [](int32_t weight) { return weight != static_cast<int16_t>(weight); });
}

}  // namespace

WindowTable::WindowTable(FixedAxis axis) : axis_(std::move(axis)), wide_(has_wide(axis_)) {
    for (const Window &window : axis_.windows) {
        const int32_t end = window.first + window.count;
        const QuadWindow quads = {window.first / 4, end / 4 + (end % 4 != 0)};
        quads_.push_back(quads);
        most_quads_ = std::max<int64_t>(most_quads_, quads.end - quads.first);
        for (int32_t q = quads.first; q < quads.end; ++q) {
            const auto weight = [&](int32_t pixel) {
                const int32_t t = 4 * q + pixel - window.first;
                return t < 0 || t >= window.count ? 0 : axis_.weights[window.weights + static_cast<size_t>(t)];
            };
            const int32_t weights[4] = {weight(0), weight(2), weight(1), weight(3)};
            constexpr int32_t kLow = (1 << kLowBits) - 1;
            for (const int32_t w : weights) weights_.push_back(static_cast<int16_t>(wide_ ? w & kLow : w));
            if (!wide_) continue;
            for (const int32_t w : weights) weights_.push_back(static_cast<int16_t>(w >> kLowBits));
        }
    }
}

WindowList WindowTable::list() const {
    return {axis_.windows.data(),
            axis_.weights.data(),
            static_cast<int64_t>(axis_.windows.size()),
            axis_.shift,
            quads_.data(),
            weights_.data(),
            wide_};
}

}  // namespace isopixel::frozen
