// SPDX-License-Identifier: MIT
#include "recipe/image_source.h"

#include "base/choices.h"
#include "base/text.h"
#include "recipe/options.h"

namespace isopixel {
namespace {

const std::vector<std::string> kModes = {"rgb", "bgr", "gray", "rgba"};

enum { kOrientation, kAlpha, kLuma };
const std::vector<OptionRow> kOptionsOfImage = {
    {"orientation", {"refuse", "apply", "ignore"}},
    {"alpha", {"refuse", "drop"}},
    {"luma", {"refuse", "pillow-7", "opencv-3.4", "opencv-4"}},
};

}  // namespace

const char *ImageSource::mode_name() const { return kModes[static_cast<size_t>(mode)].c_str(); }

bool ImageSource::parse(const std::string &text, ImageSource *made, std::string *problem) {
    const std::vector<std::string> parts = words(text);
    const std::string name = parts.size() > 1 ? parts[1] : "";
    size_t mode = 0;
    while (mode < kModes.size() && name != kModes[mode]) ++mode;
    if (mode == kModes.size())
        return refuse(problem, "after image a recipe has the mode of the images, such as 'image rgb', not " +
                                   quoted(name) + choices(name, kModes));
    Options options;
    if (!Options::parse("image", parts, 2, kOptionsOfImage, &options, problem)) return false;
    *made = {static_cast<Mode>(mode), static_cast<Orientation>(options.word(kOrientation)), options.word(kAlpha) == 1,
             static_cast<Luma>(options.word(kLuma))};
    if (made->mode == Mode::kRgba && made->drops_alpha)
        return refuse(problem, "image rgba has alpha: leave out alpha=drop, or say rgb");
    if (made->mode != Mode::kGray && made->luma != Luma::kRefuse)
        return refuse(problem, "luma= says how colours become gray: it goes with 'image gray' alone");
    return true;
}

std::string ImageSource::text() const {
    return std::string("image ") + mode_name() +
           text_of_options(kOptionsOfImage, {static_cast<size_t>(orientation), drops_alpha, static_cast<size_t>(luma)});
}

}  // namespace isopixel
