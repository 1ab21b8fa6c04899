// SPDX-License-Identifier: MIT
// Layouts: their texts, and the shape of the image that n bytes become (SPEC ).
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace isopixel {

enum class Rule { kFixed, kSquare, kNataraj, kWide, kPow2, kHilbert, kBigram, kLine };

// The options of R-10, in its order.
enum Option { kWidth, kUnit, kEdge, kRows, kPad, kChannels, kScale, kOptions };

struct Layout {
    Rule rule = Rule::kNataraj;
    // By option: a number, or the index of the word in the table of R-10, where the default stands first.
    int64_t values[kOptions] = {};

    int64_t width() const { return values[kWidth]; }  // pixels; of kFixed alone
    int64_t unit() const { return values[kUnit] ? 1000 : 1024; }
    bool limit_is_inside() const { return values[kEdge] != 0; }  // edge=le
    bool drops_part_of_row() const { return values[kRows] == 1; }
    bool has_extra_row() const { return values[kRows] == 2; }
    uint8_t pad() const { return static_cast<uint8_t>(values[kPad]); }
    int64_t channels() const { return values[kChannels] ? 3 : 1; }
    bool is_logarithmic() const { return values[kScale] != 0; }

    // Returns false for another text, having said in *problem what is wrong; *layout is then anything.
    static bool parse(const std::string &text, Layout *layout, std::string *problem);
    // the text with the options that differ from their defaults, in order.
    std::string text() const;
};

// The name of rule number `index`, and null after the last.
const char *rule_name(size_t index);

// An option of a rule, the words that it accepts, or one text about its numbers; and its default, "" if it has to be
// given.
struct OptionText {
    std::string name;
    std::vector<std::string> values;
    std::string by_default;
};

// The options of a rule, in the order of R-10.
std::vector<OptionText> options_of(Rule rule);

struct ImageShape {
    int64_t height, width, channels;
};

// The shape of the image that n bytes become; n >= 1. Height 0: rows=floor leaves no row.
ImageShape image_shape(const Layout &layout, int64_t n);

// Are the samples of that image the first of the bytes, in order?
bool is_view(const Layout &layout, const ImageShape &image, int64_t n);

}  // namespace isopixel
