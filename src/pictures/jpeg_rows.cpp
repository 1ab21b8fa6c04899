// SPDX-License-Identifier: MIT
#include "pictures/jpeg_rows.h"

#include <algorithm>
#include <cstring>

#include "pictures/colour.h"
#include "pictures/inverse_dct.h"
#include "pictures/upsampling.h"

namespace isopixel {

JpegRows::JpegRows(const JpegFrame &frame, bool is_transformed, uint8_t *out)
    : frame_(frame), is_transformed_(is_transformed), out_(out) {
    for (const JpegComponent &c : frame.components) {
        const int64_t stride = 8 * c.blocks_x, kept = 2 * 8 * c.v;
        planes_.push_back({c, static_cast<ptrdiff_t>(stride), kept,
                           std::vector<uint8_t>(static_cast<size_t>(stride * kept)),
                           std::vector<uint8_t>(static_cast<size_t>(c.fx * c.columns))});
    }
}

bool JpegRows::put(size_t component, int64_t y, int64_t x, const int16_t *coefficients, int reach) {
    Plane &plane = planes_[component];
    const JpegComponent &c = plane.component;
    if (y >= c.blocks_y || x >= c.blocks_x) return true;
    return inverse_dct(coefficients, c.quantisation, reach, plane.at(8 * y) + 8 * x, plane.stride);
}

const uint8_t *JpegRows::Plane::upsampled(int64_t y) {
    const JpegComponent &c = component;
    const int64_t j = y / c.fy;
    const bool is_wide = c.columns > 2;
    if (c.fy == 2 && (c.fx == 1 || (c.fx == 2 && is_wide))) {
        const bool is_below = y % 2 != 0;
        const uint8_t *other = at(is_below ? std::min(j + 1, c.rows - 1) : std::max<int64_t>(j - 1, 0));
        if (c.fx == 1) blend_rows_3_1(at(j), other, c.columns, is_below ? 2 : 1, row.data());
        else widen_blended_rows(at(j), other, c.columns, row.data());
    } else if (c.fx == 1) {
        return at(j);
    } else if (c.fx == 2 && c.fy == 1 && is_wide) {
        widen_row(at(j), c.columns, row.data());
    } else {
        repeat_columns(at(j), c.columns, c.fx, row.data());
    }
    return row.data();
}

// The last row of the image of a row of MCUs may need the next row of MCUs.
void JpegRows::finish_mcus() {
    ++mcus_done_;
    const int64_t rows = 8 * frame_.most_v * mcus_done_;
    const size_t row_bytes = static_cast<size_t>(frame_.width) * planes_.size();
    for (const int64_t end = mcus_done_ == frame_.mcus_y ? frame_.height : rows - 1; rows_done_ < end; ++rows_done_) {
        const uint8_t *first = planes_[0].upsampled(rows_done_);
        if (planes_.size() == 1) {
            std::memcpy(out_, first, row_bytes);
        } else {
            const auto make = is_transformed_ ? transform_colours : interleave_colours;
            make(first, planes_[1].upsampled(rows_done_), planes_[2].upsampled(rows_done_), frame_.width, out_);
        }
        out_ += row_bytes;
    }
}

}  // namespace isopixel
