// SPDX-License-Identifier: MIT
#include "grammar.h"

namespace {

template <size_t N>
std::string one_of(Input &input, const char *const (&words)[N]) {
    return input.PickValueInArray(words);
}

// The text, or one with a character too few, too many, or another one.
std::string with_a_slip(Input &input, std::string text) {
    static const char characters[] = "0123456789 .,-+eE|:=\r\nx";
    if (pick(input, 0, 7) > 0) return text;
    const size_t place = input.ConsumeIntegralInRange<size_t>(0, text.size());
    const char character = characters[input.ConsumeIntegralInRange<size_t>(0, sizeof characters - 2)];
    switch (pick(input, 0, 2)) {
        case 0:
            return text.erase(place, 1);
        case 1:
            return text.insert(place, 1, character);
        default:
            if (place < text.size()) text[place] = character;
            return text;
    }
}

std::string whole_number(Input &input) {
    static const char *const bounds[] = {"0", "1", "255", "256", "2147483647", "2147483648", "99999999999", "007"};
    return input.ConsumeBool() ? one_of(input, bounds) : std::to_string(pick(input, 0, 300));
}

std::string option(Input &input) {
    static const char *const options[] = {"unit=1000",  "unit=1024",  "edge=le",    "edge=lt",      "rows=ceil",
                                          "rows=extra", "rows=floor", "channels=1", "channels=3",   "scale=log",
                                          "scale=2",    "pad",        "",           "scale=linear", "x=1",
                                          "offset=7",   "length=50",  "unknown=9",  "unknown=drop", "offset=39"};
    if (pick(input, 0, 2) == 0) return (input.ConsumeBool() ? "width=" : "pad=") + whole_number(input);
    return one_of(input, options);
}

// So many digits as there are a few of, or far too many, most of them zeros.
std::string digits(Input &input) {
    static const size_t zeros[] = {0, 0, 0, 1, 8, 30, 5000};
    const std::string before(input.PickValueInArray(zeros), '0'), after(input.PickValueInArray(zeros), '0');
    const int64_t n = pick(input, 0, 12);
    return before + (n > 10 ? "" : std::to_string(pick(input, 0, n > 9 ? 9999999999 : n))) + after;
}

std::string decimal(Input &input) {
    static const char *const exponents[] = {"e0",  "e-1",   "E+2",    "e9",    "e-9",
                                            "e17", "e4999", "e-4999", "e5001", "e-10000"};
    std::string text = input.ConsumeBool() ? "" : "-";
    text += digits(input);
    if (input.ConsumeBool()) text += "." + digits(input);
    if (pick(input, 0, 2) == 0) text += one_of(input, exponents);
    return with_a_slip(input, text);
}

// A step after the layout.
std::string step(Input &input) {
    const std::string blank(static_cast<size_t>(pick(input, 0, 2)), ' ');
    if (input.ConsumeBool()) {
        const std::string mean = "mean=" + decimals_text(input), deviation = "std=" + decimals_text(input);
        return blank + "normalize " + (pick(input, 0, 7) ? mean + " " + deviation : deviation + " " + mean) + blank;
    }
    const std::string method = pick(input, 0, 7) ? pick_method(input) : "cubic";
    if (pick(input, 0, 15) == 0) return method;
    return blank + method + " " + blank + whole_number(input) + "," + whole_number(input);
}

// An image as a source.
std::string image_text(Input &input) {
    static const char *const modes[] = {"rgb", "bgr", "gray", "rgba", "rgb", "rbg"};
    static const char *const options[] = {"orientation=apply", "orientation=ignore", "alpha=drop",   "luma=pillow-7",
                                          "luma=opencv-3.4",   "luma=opencv-4",      "alpha=refuse", "luma=x"};
    std::string text = std::string("image ") + one_of(input, modes);
    for (int64_t n = pick(input, 0, 3); n > 0; --n) text += std::string(" ") + one_of(input, options);
    return text;
}

std::string side(Input &input) { return pick(input, 0, 7) ? std::to_string(pick(input, 1, 50)) : whole_number(input); }

// A step of an image.
std::string image_step(Input &input) {
    static const char *const crops[] = {"", " round=even", " round=down", " round=up"};
    static const char *const pads[] = {"", " value=114", " value=1,2,3", " at=corner", " at=corner value=7"};
    static const char *const fits[] = {"", " round=down", " round=half-up", " round=even"};
    static const char *const ends[] = {
        "", " range=255", " rounding=steps", " rounding=fused", " range=1 rounding=exact", " rounding=reciprocal"};
    const std::string sides = side(input) + "," + side(input);
    switch (pick(input, 0, 6)) {
        case 0:
            return " crop " + (pick(input, 0, 2) ? sides : "square") + one_of(input, crops);
        case 1:
            return " pad " + (pick(input, 0, 2) ? sides : "square") + one_of(input, pads);
        case 2:
            return " normalize mean=" + decimals_text(input) + " std=" + decimals_text(input) + one_of(input, ends);
        case 3:
            return std::string(" ") + pick_method(input) + " short=" + side(input);
        case 4:
            return std::string(" ") + pick_method(input) + " fit=" + sides + one_of(input, fits);
        default:
            return std::string(" ") + pick_method(input) + " " + sides;
    }
}

}  // namespace

std::string layout_text(Input &input) {
    static const char *const usual[] = {
        "bigram,scale=log",       "hilbert,pad=255", "fixed,width=13,channels=3", "fixed,width=7,rows=floor",
        "wide,unit=1000,edge=le", "square,pad=9",    "square,rows=extra,pad=255", "nataraj,rows=floor"};
    if (pick(input, 0, 2) == 0) return with_a_slip(input, one_of(input, usual));
    size_t count = 0;
    while (isopixel_layout_name(count)) ++count;
    std::string layout = isopixel_layout_name(input.ConsumeIntegralInRange<size_t>(0, count - 1));
    for (int64_t n = pick(input, 0, 3); n > 0; --n) layout += "," + option(input);
    return with_a_slip(input, layout);
}

std::string sound_layout_text(Input &input) {
    static const char *const rates[] = {"8000", "8000", "8000", "16000", "1", "768000"};
    static const char *const options[] = {"ends=cut",    "ends=zero", "channel=1", "channel=2", "channel=8",
                                          "channel=mix", "gain=64",   "gain=9",    "low=700",   "high=2100",
                                          "high=4000",   "low=3999",  "offset=1",  "ends=x"};
    const bool has_bands = input.ConsumeBool();
    std::string layout = has_bands ? "logmel" : "logfft";
    layout += std::string(",rate=") + one_of(input, rates) + ",window=" + std::to_string(2 * pick(input, 2, 50));
    const int64_t hop = pick(input, 1, 90);
    layout += ",hop=" + std::to_string(hop < 90 ? hop : 65536);
    if (has_bands) layout += ",bands=" + std::to_string(pick(input, 1, 9));
    for (int64_t n = pick(input, 0, 3); n > 0; --n) layout += std::string(",") + one_of(input, options);
    return with_a_slip(input, layout);
}

std::string decimals_text(Input &input) {
    static const char *const usual[] = {
        "0", "0.5", "0.25", "1", "0.485,0.456,0.406", "0.229,0.224,0.225", "123.675,116.28,103.53", "1e-9"};
    if (input.ConsumeBool()) return one_of(input, usual);
    std::string decimals = decimal(input);
    for (int64_t n = pick(input, 0, 5); n > 2; --n) decimals += "," + decimal(input);
    return decimals;
}

std::string recipe_text(Input &input) {
    static const char *const heads[] = {"isopixel 1:", "isopixel 2:",   "isopixel 1",
                                        "isopixel:",   "isopixel  1 :", "bytes:"};
    static const char *const ends[] = {"", "\n", "\r\n", "\r", "\n\n"};
    std::string line = pick(input, 0, 3) ? heads[0] : one_of(input, heads);
    const bool is_of_images = pick(input, 0, 2) > 0;
    line += " " + (is_of_images ? image_text(input) : layout_text(input));
    for (int64_t n = pick(input, 0, is_of_images ? 6 : 3); n > 0; --n)
        line += " |" + (is_of_images && pick(input, 0, 15) ? image_step(input) : step(input));
    return with_a_slip(input, line) + one_of(input, ends);
}
