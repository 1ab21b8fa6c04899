// SPDX-License-Identifier: MIT
#include "pictures/jpeg_rows.h"

#include <algorithm>
#include <cstring>

#include "base/sizes.h"
#include "pictures/upsampling.h"

namespace isopixel {
namespace {

// A block whose first coefficient alone is not 0, as the passes of R-58 make it.
bool put_flat_block(int32_t first, uint8_t *out, ptrdiff_t stride) {
    const int32_t result = (first + 4) >> 3;
    if (result < -512 || result > 511) return false;
    for (int y = 0; y < 8; ++y) std::memset(out + y * stride, std::clamp(result + 128, 0, 255), 8);
    return true;
}

void interleave_colours(const uint8_t *red, const uint8_t *green, const uint8_t *blue, int64_t n, uint8_t *out) {
    for (int64_t x = 0; x < n; ++x, out += 3) {
        out[0] = red[x];
        out[1] = green[x];
        out[2] = blue[x];
    }
}

}  // namespace

JpegRows::JpegRows(const JpegFrame &frame, bool is_transformed, const PictureKernels &kernels, uint8_t *out)
    : frame_(frame), is_transformed_(is_transformed), kernels_(kernels), out_(out) {
    for (const JpegComponent &c : frame.components) {
        const int64_t stride = 8 * c.blocks_x, kept = 2 * 8 * c.v;
        planes_.push_back({c, static_cast<ptrdiff_t>(stride), kept,
                           std::vector<uint8_t>(allocation_size(stride * kept)),
                           std::vector<uint8_t>(allocation_size(c.fx * c.columns))});
    }
}

bool JpegRows::put(size_t component, int64_t y, int64_t x, const int16_t *coefficients, int reach) {
    Plane &plane = planes_[component];
    const JpegComponent &c = plane.component;
    if (y >= c.blocks_y || x >= c.blocks_x) return true;
    uint8_t *out = plane.at(8 * y) + 8 * x;
    if (reach <= 1) return put_flat_block(coefficients[0] * c.quantisation[0], out, plane.stride);
    return kernels_.inverse_dct(coefficients, c.quantisation, out, plane.stride);
}

//
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
            const auto make = is_transformed_ ? kernels_.transform_colours : interleave_colours;
            make(first, planes_[1].upsampled(rows_done_), planes_[2].upsampled(rows_done_), frame_.width, out_);
        }
        out_ += row_bytes;
    }
}

}  // namespace isopixel
