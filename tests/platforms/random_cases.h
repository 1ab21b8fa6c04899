// SPDX-License-Identifier: MIT
// Random cases: number n is the same on every machine, and in random_cases.py. (Integers alone; each draw is a
// statement of its own, so that the order is that of the text.)
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

// SplitMix64 (Steele, Lea, Flood 2014, doi 10.1145/2660193.2660195).
class Random {
  public:
    explicit Random(uint64_t seed) : state_(seed) {}

    // A number from 0 to n - 1.
    uint64_t below(uint64_t n) {
        state_ += UINT64_C(0x9E3779B97F4A7C15);
        uint64_t z = state_;
        z = (z ^ z >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
        z = (z ^ z >> 27) * UINT64_C(0x94D049BB133111EB);
        return (z ^ z >> 31) % n;
    }

    template <size_t n>
    std::string one_of(const char *const (&words)[n]) {
        return words[below(n)];
    }

  private:
    uint64_t state_;
};

namespace random_cases {

inline constexpr const char *kExact[] = {"bilinear", "bilinear-two-tap", "nearest",
                                         "area",     "bicubic",          "bicubic-four-tap"};
inline constexpr const char *kFrozen[] = {"pillow-4-bilinear",
                                          "pillow-12.2-bilinear",
                                          "pillow-13-bilinear",
                                          "opencv-3.4-linear",
                                          "opencv-3.4-linear-exact",
                                          "torch-2.0-bilinear-antialias",
                                          "torch-2.3-bilinear",
                                          "pillow-4-bicubic",
                                          "pillow-12.2-bicubic",
                                          "pillow-13-bicubic",
                                          "pillow-4-lanczos",
                                          "pillow-12.2-lanczos",
                                          "pillow-13-lanczos",
                                          "pillow-4-hamming",
                                          "pillow-12.2-hamming",
                                          "pillow-13-hamming",
                                          "pillow-7-box",
                                          "pillow-12.2-box",
                                          "pillow-13-box",
                                          "pillow-4-nearest",
                                          "opencv-3.4-nearest",
                                          "opencv-3.4-area",
                                          "opencv-3.4-cubic",
                                          "opencv-3.4-lanczos4",
                                          "torch-2.1-bicubic-antialias",
                                          "torch-2.3-bicubic",
                                          "torch-2.0-nearest"};
inline constexpr const char *kAlpha[] = {
    "pillow-4-bilinear-alpha",   "pillow-12.2-bilinear-alpha", "pillow-13-bilinear-alpha",  "pillow-4-bicubic-alpha",
    "pillow-12.2-bicubic-alpha", "pillow-13-bicubic-alpha",    "pillow-4-lanczos-alpha",    "pillow-12.2-lanczos-alpha",
    "pillow-13-lanczos-alpha",   "pillow-4-hamming-alpha",     "pillow-12.2-hamming-alpha", "pillow-13-hamming-alpha",
    "pillow-7-box-alpha",        "pillow-12.2-box-alpha",      "pillow-13-box-alpha"};
inline constexpr const char *kFormulas[] = {"noise", "noise", "extremes", "extremes", "ramp", "constant"};
inline constexpr const char *kLayouts[] = {"nataraj",
                                           "nataraj,unit=1000,edge=le,rows=extra,pad=255",
                                           "nataraj,rows=floor",
                                           "wide,channels=3",
                                           "fixed,width=7",
                                           "fixed,width=40,rows=floor,channels=3",
                                           "fixed,width=100,pad=9",
                                           "square",
                                           "square,rows=extra,channels=3",
                                           "hilbert",
                                           "hilbert,pad=3",
                                           "bigram",
                                           "bigram,scale=log",
                                           "line"};

inline std::string formula(Random &random) {
    const std::string name = random.one_of(kFormulas);
    return name + " " + std::to_string(random.below(256));
}

inline uint64_t side(Random &random) {
    constexpr uint64_t kMost[] = {8, 40, 40, 160};
    const uint64_t most = kMost[random.below(4)];
    return 1 + random.below(most);
}

inline std::string resize(Random &random) {
    const uint64_t kind = random.below(8);
    std::string method, channels = "12345";
    if (kind < 4) method = random.one_of(kExact);
    else if (kind < 7) method = random.one_of(kFrozen);
    else method = random.one_of(kAlpha), channels = "24";
    if (kind >= 4 && kind < 7 && method[0] == 'p') channels = "134";
    if (method == "opencv-3.4-area") channels = "1234";  // more are not covered where its axes shrink
    const std::string channel(1, channels[static_cast<size_t>(random.below(channels.size()))]);
    uint64_t height = side(random);
    uint64_t width = side(random);
    uint64_t out_height = side(random);
    uint64_t out_width = side(random);
    switch (random.below(12)) {
        case 0:  // tall
            height = 1 + random.below(20000);
            width = 1 + random.below(3);
            break;
        case 1:  // wide
            height = 1 + random.below(3);
            width = 1 + random.below(20000);
            break;
        case 2:
            out_height = height;
            break;
        case 3:
            out_width = width;
            break;
        case 4:  // exact halves
            height = 2 * out_height;
            width = 2 * out_width;
            break;
        default:
            break;
    }
    const std::string shape = std::to_string(height) + "x" + std::to_string(width) + "x" + channel;
    const std::string size = std::to_string(out_height) + "x" + std::to_string(out_width);
    return "resize " + method + " " + shape + " " + size + " " + formula(random);
}

// Numbers with a comma between two, with at most six significant digits.
inline std::string decimals(Random &random, size_t count, uint64_t most) {
    std::string text;
    for (size_t i = 0; i < count; ++i) {
        text += (i ? "," : "") + std::to_string(random.below(most)) + ".";
        text += std::to_string(1 + random.below(999));
    }
    return text;
}

inline std::string bytes(Random &random) {
    const uint64_t most = random.below(2) ? 3000 : 200;
    const uint64_t length = 120 + random.below(most);  // a row at least, where the last one is left out
    const std::string input = formula(random);
    const std::string layout = random.one_of(kLayouts);
    std::string recipe = "isopixel 1: " + layout;
    const uint64_t kind = random.below(5);
    if (kind > 0) {
        const std::string method = kind < 3 ? random.one_of(kExact) : random.one_of(kFrozen);
        const uint64_t height = 1 + random.below(40);
        const uint64_t width = 1 + random.below(40);
        recipe += " | " + method + " " + std::to_string(height) + "," + std::to_string(width);
    }
    const uint64_t normalized = random.below(4);  // 0: one mean and deviation; 1: one for each channel
    if (normalized < 2) {
        const size_t count = normalized == 1 && layout.find("channels=3") != std::string::npos ? 3 : 1;
        recipe += " | normalize mean=" + decimals(random, count, 4);
        recipe += " std=" + decimals(random, count, 3);
    }
    return "bytes " + std::to_string(length) + " " + input + " " + recipe;
}

inline constexpr const char *kModes[] = {"rgb", "bgr", "gray", "rgba"};
inline constexpr const char *kSizes[] = {"short=9", "short=20", "fit=24,30", "fit=17,9 round=down", "12,31"};
inline constexpr const char *kCrops[] = {"square", "square round=even", "5,4", "8,7 round=even"};
inline constexpr const char *kPads[] = {"square", "square value=114", "60,50 at=corner", "70,64 value=9"};
inline constexpr const char *kEnds[] = {"", " rounding=steps", " rounding=fused", " rounding=reciprocal", " range=255"};

inline std::string image(Random &random) {
    const std::string mode = random.one_of(kModes);
    const uint64_t height = side(random);
    const uint64_t width = side(random);
    const uint64_t orientation = 1 + random.below(8);
    const std::string input = formula(random);
    std::string recipe = "isopixel 1: image " + mode + " orientation=apply";
    for (uint64_t steps = random.below(4); steps > 0; --steps) {
        const uint64_t kind = random.below(6);
        if (kind == 0) {
            recipe += " | crop " + random.one_of(kCrops);
        } else if (kind == 1) {
            recipe += " | pad " + random.one_of(kPads);
        } else {
            const std::string method = kind < 4         ? random.one_of(kExact)
                                       : mode == "rgba" ? random.one_of(kAlpha)
                                                        : random.one_of(kFrozen);
            recipe += " | " + method + " " + random.one_of(kSizes);
        }
    }
    if (random.below(2)) {
        recipe += " | normalize mean=" + decimals(random, 1, 4);
        recipe += " std=" + decimals(random, 1, 3);
        recipe += random.one_of(kEnds);
    }
    const size_t channels = mode == "gray" ? 1 : mode.size();
    const std::string shape = std::to_string(height) + "x" + std::to_string(width) + "x" + std::to_string(channels);
    return "image " + shape + " " + std::to_string(orientation) + " " + input + " " + recipe;
}

}  // namespace random_cases

// Case number `number`, a line as runner.cpp reads it.
inline std::string random_case(uint64_t number) {
    Random random(number);
    const uint64_t kind = random.below(6);
    return kind < 3   ? random_cases::resize(random)
           : kind < 4 ? random_cases::bytes(random)
                      : random_cases::image(random);
}
