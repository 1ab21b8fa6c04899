// SPDX-License-Identifier: MIT
#include "recipe/view.h"

#include <algorithm>
#include <cstddef>
#include <cstring>

#include "base/sizes.h"

namespace isopixel {
namespace {

// What a block of an image that is turned spans on each axis: its rows stay in the cache while they are read crosswise.
constexpr int64_t kBlock = 64;

// R-51, 2: red, green and blue, and bits of the fraction.
struct LumaWeights {
    int r, g, b, bits;
};
constexpr LumaWeights kLumaWeights[] = {{}, {19595, 38470, 7471, 16}, {4899, 9617, 1868, 14}, {9798, 19235, 3735, 15}};

// Copies the view to rows of pixels, `out_row` bytes apart.
void copy_rows(const ImageView &view, uint8_t *out, int64_t out_row) {
    if (has_dense_rows(view)) {
        for (int64_t y = 0; y < view.height; ++y)
            std::memcpy(out + y * out_row, view.at(y, 0), static_cast<size_t>(view.width * view.channels));
        return;
    }
    for (int64_t top = 0; top < view.height; top += kBlock)
        for (int64_t left = 0; left < view.width; left += kBlock)
            for (int64_t y = top; y < std::min(view.height, top + kBlock); ++y) {
                uint8_t *to = out + y * out_row + left * view.channels;
                for (int64_t x = left; x < std::min(view.width, left + kBlock); ++x) {
                    const uint8_t *pixel = view.at(y, x);
                    for (int64_t c = 0; c < view.channels; ++c) *to++ = pixel[c * view.strides.channel];
                }
            }
}

}  // namespace

Samples make_samples(int64_t count) { return Samples(new uint8_t[allocation_size(count)]); }

ImageView contiguous_view(const uint8_t *samples, int64_t height, int64_t width, int64_t channels) {
    return {samples,
            height,
            width,
            channels,
            {0, 1, static_cast<ptrdiff_t>(width * channels), static_cast<ptrdiff_t>(channels)}};
}

bool has_dense_rows(const ImageView &view) {
    return (view.channels == 1 || view.strides.channel == 1) &&
           (view.width == 1 || view.strides.column == view.channels);
}

ImageView turned(const ImageView &view, int orientation) {
    ImageView made = view;
    const bool is_transposed = orientation >= 5;
    // Whether row 0 of the result is on the last row (or column) of the image, and column 0 on the last column (or
    // row).
    const bool flips_rows = orientation == 3 || orientation == 4 || orientation == 7 || orientation == 8;
    const bool flips_columns = orientation == 2 || orientation == 3 || orientation == 6 || orientation == 7;
    if (is_transposed) {
        std::swap(made.height, made.width);
        std::swap(made.strides.row, made.strides.column);
    }
    if (flips_rows) {
        made.samples = made.at(made.height - 1, 0);
        made.strides.row = -made.strides.row;
    }
    if (flips_columns) {
        made.samples = made.at(0, made.width - 1);
        made.strides.column = -made.strides.column;
    }
    return made;
}

ImageView with_channels_reversed(const ImageView &view) {
    ImageView made = view;
    made.samples += (made.channels - 1) * made.strides.channel;
    made.strides.channel = -made.strides.channel;
    return made;
}

ImageView part_of(const ImageView &view, const Placement &place) {
    return {view.at(place.top, place.left), place.height, place.width, view.channels, view.strides};
}

ImageView gray_of(const ImageView &view, Luma luma, Samples *held) {
    const LumaWeights weights = kLumaWeights[static_cast<size_t>(luma)];
    *held = make_samples(view.height * view.width);
    uint8_t *to = held->get();
    const ptrdiff_t channel = view.strides.channel;
    for (int64_t y = 0; y < view.height; ++y)
        for (int64_t x = 0; x < view.width; ++x) {
            const uint8_t *pixel = view.at(y, x);
            const int sum = weights.r * pixel[0] + weights.g * pixel[channel] + weights.b * pixel[2 * channel];
            *to++ = static_cast<uint8_t>((sum + (1 << (weights.bits - 1))) >> weights.bits);
        }
    return contiguous_view(held->get(), view.height, view.width, 1);
}

ImageView with_alpha(const ImageView &view, Samples *held) {
    *held = make_samples(4 * view.height * view.width);
    uint8_t *to = held->get();
    const ptrdiff_t colour = view.channels > 2 ? view.strides.channel : 0;
    for (int64_t y = 0; y < view.height; ++y)
        for (int64_t x = 0; x < view.width; ++x) {
            const uint8_t *pixel = view.at(y, x);
            for (int c = 0; c < 3; ++c) *to++ = pixel[c * colour];
            *to++ = view.channels == 2 ? pixel[view.strides.channel] : 255;
        }
    return contiguous_view(held->get(), view.height, view.width, 4);
}

void copy(const ImageView &view, uint8_t *out) { copy_rows(view, out, view.width * view.channels); }

void pad(const ImageView &view, const Placement &place, const std::vector<uint8_t> &values, uint8_t *out) {
    const int64_t row = place.width * view.channels;
    for (int64_t i = 0; i < row; ++i) out[i] = values[values.size() == 1 ? 0 : static_cast<size_t>(i % view.channels)];
    for (int64_t y = 1; y < place.height; ++y) std::memcpy(out + y * row, out, static_cast<size_t>(row));
    copy_rows(view, out + place.top * row + place.left * view.channels, row);
}

}  // namespace isopixel
