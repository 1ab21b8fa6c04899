// SPDX-License-Identifier: MIT
// The source of a recipe of images (SPEC R-50), and what it makes of a picture's channels and orientation.
#pragma once

#include <cstdint>
#include <string>

namespace isopixel {

// Each as in its table in image_source.cpp.
enum class Mode { kRgb, kBgr, kGray, kRgba };
enum class Orientation { kRefuse, kApply, kIgnore };
enum class Luma { kRefuse, kPillow7, kOpencv34, kOpencv4 };

struct ImageSource {
    Mode mode = Mode::kRgb;
    Orientation orientation = Orientation::kRefuse;
    bool drops_alpha = false;
    Luma luma = Luma::kRefuse;

    int64_t channels() const { return mode == Mode::kGray ? 1 : mode == Mode::kRgba ? 4 : 3; }
    const char *mode_name() const;

    // From "image rgb alpha=drop". Returns false for another text, having said in *problem what is wrong.
    static bool parse(const std::string &text, ImageSource *made, std::string *problem);
    // The canonical text.
    std::string text() const;
};

}  // namespace isopixel
