// SPDX-License-Identifier: MIT
// Layouts: their texts, the part of the bytes that they are of, and the shape of the image that n bytes become (SPEC
//
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "sound/settings.h"

namespace isopixel {

enum class Rule { kFixed, kSquare, kNataraj, kWide, kPow2, kHilbert, kBigram, kLine, kLogmel, kLogfft };

// The options of, in their order.
enum Option {
    kWidth,
    kUnit,
    kEdge,
    kRows,
    kPad,
    kChannels,
    kScale,
    kOffset,
    kLength,
    kUnknown,
    kRate,
    kWindow,
    kHop,
    kBands,
    kLow,
    kHigh,
    kEnds,
    kChannel,
    kGain,
    kOptions
};

// The values of unknown=drop, behind those of a byte, and of channel=mix.
constexpr int kDropUnknown = 256, kMix = 9;

struct Layout {
    Rule rule = Rule::kNataraj;
    // By option: a number; or a word, as the number behind the largest number that the option accepts, plus the word's
    // index in the table of R-10. Without kUnknown: -1; without others that have no default, or another one for each
    // rate: 0.
    int64_t values[kOptions] = {0, 0, 0, 0, 0, 0, 0, 0, 0, -1, 0, 0, 0, 0, 0, 0, 0, kMix, 0};

    int64_t width() const { return values[kWidth]; }  // pixels; of kFixed alone
    int64_t unit() const { return values[kUnit] ? 1000 : 1024; }
    bool limit_is_inside() const { return values[kEdge] != 0; }  // edge=le
    bool drops_part_of_row() const { return values[kRows] == 1; }
    bool has_extra_row() const { return values[kRows] == 2; }
    uint8_t pad() const { return static_cast<uint8_t>(values[kPad]); }
    int64_t channels() const { return values[kChannels] ? 3 : 1; }
    bool is_logarithmic() const { return values[kScale] != 0; }
    bool is_of_listing() const { return values[kUnknown] >= 0; }
    int unknown() const { return static_cast<int>(values[kUnknown]); }  // of a listing: a byte, or kDropUnknown

    bool is_of_sound() const { return rule >= Rule::kLogmel; }
    SoundSettings sound() const;  // of a layout of sounds

    // The same of the bytes that a listing has; and of those of a part.
    Layout of_bytes() const;
    Layout of_part() const;

    // Returns false for another text, having said in *problem what is wrong; *layout is then anything.
    static bool parse(const std::string &text, Layout *layout, std::string *problem);
    // the text with the options that differ from their defaults, in order.
    std::string text() const;
};

// The name of rule number `index`, and null after the last.
const char *rule_name(size_t index);

// An option of a rule, the words that it accepts, behind one text about its numbers; and its default, or "" and what it
// means that the option is left out.
struct OptionText {
    std::string name;
    std::vector<std::string> values;
    std::string by_default, left_out;
};

// The options of a rule, in their order.
std::vector<OptionText> options_of(Rule rule);

struct ImageShape {
    int64_t height, width, channels;
};

// The part of some bytes that an image is of.
struct Part {
    uint64_t offset, n;
};

// the part of n bytes. Returns false if it is empty, having said in *problem why.
bool part_of_bytes(const Layout &layout, uint64_t n, Part *part, std::string *problem);

// The shape of the image that n bytes, those of the part, become, but for sounds; n >= 1. Height 0: rows=floor leaves
// no row.
ImageShape image_shape(const Layout &layout, int64_t n);

// Are the samples of that image the first of the bytes, in order?
bool is_view(const Layout &layout, const ImageShape &image, int64_t n);

}  // namespace isopixel
