// SPDX-License-Identifier: MIT
#include "recipe/image_source.h"

#include <cstddef>

#include "base/choices.h"
#include "base/text.h"
#include "recipe/options.h"

namespace isopixel {
namespace {

const std::vector<std::string> kModes = {"rgb", "bgr", "gray", "rgba"};

enum { kOrientation, kAlpha, kLuma };
// The last one is of gray alone, and the last two are not of rgba.
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
    made->mode = static_cast<Mode>(mode);
    const ptrdiff_t count = made->mode == Mode::kGray ? 3 : made->mode == Mode::kRgba ? 1 : 2;
    const std::vector<OptionRow> table(kOptionsOfImage.begin(), kOptionsOfImage.begin() + count);
    Options options;
    if (!Options::parse("image " + name, parts, 2, table, &options, problem)) return false;
    made->orientation = static_cast<Orientation>(options.word(kOrientation));
    made->drops_alpha = count > kAlpha && options.word(kAlpha) == 1;
    made->luma = count > kLuma ? static_cast<Luma>(options.word(kLuma)) : Luma::kRefuse;
    return true;
}

std::string ImageSource::text() const {
    return std::string("image ") + mode_name() +
           text_of_options(kOptionsOfImage, {static_cast<size_t>(orientation), drops_alpha, static_cast<size_t>(luma)});
}

}  // namespace isopixel
