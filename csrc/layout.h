// SPDX-License-Identifier: MIT
// Layouts: their texts, and the shape of the image that n bytes become (SPEC ).
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

namespace isopix {

enum class Rule { kFixed, kSquare, kNataraj, kWide, kHilbert, kBigram, kLine };

enum class Rows { kCeil, kFloor, kExtra };

struct Layout {
    Rule rule = Rule::kNataraj;
    int64_t width = 0;  // pixels; of kFixed alone
    int64_t unit = 1024;
    bool inclusive = false;  // edge=le
    Rows rows = Rows::kCeil;
    uint8_t pad = 0;
    int64_t channels = 1;
    bool log = false;  // scale=log

    // Throws std::invalid_argument with a message that says what is wrong.
    static Layout parse(const std::string &text);
    // the text with the options that differ from their defaults, in order.
    std::string text() const;
};

// The name of rule number `index`, and null after the last.
const char *rule_name(size_t index);

struct ImageShape {
    int64_t height, width, channels;
};

// The shape of the image that n bytes become; n >= 1. Height 0: rows=floor leaves no row.
ImageShape image_shape(const Layout &layout, int64_t n);

// Are the samples of that image the first of the bytes, in order?
bool is_view(const Layout &layout, const ImageShape &image, int64_t n);

}  // namespace isopix
