// SPDX-License-Identifier: MIT
#include "recipe/steps.h"

#include <algorithm>

#include "base/choices.h"
#include "base/text.h"
#include "frozen/fit.h"
#include "recipe/options.h"

namespace isopixel {
namespace {

using Words = std::vector<std::string>;

constexpr const char *kCrop = "crop", *kPad = "pad", *kSquare = "square", *kShort = "short", *kFit = "fit";

const std::vector<OptionRow> kOptionsOfSize = {};
const std::vector<OptionRow> kOptionsOfFit = {{"round", {"even", "down", "half-up"}}};
const std::vector<OptionRow> kOptionsOfCrop = {{"round", {"down", "even"}}};
enum { kValue, kAt };
const std::vector<OptionRow> kOptionsOfPad = {{"value", {}}, {"at", {"center", "corner"}}};

// As in FitRounding.
constexpr int64_t (*kFitRoundings[])(double) = {nearest_even, downwards, half_up};

std::string size_text(int64_t height, int64_t width) { return std::to_string(height) + "," + std::to_string(width); }

std::string pixels_text(int64_t height, int64_t width) {
    return std::to_string(height) + " × " + std::to_string(width);
}

// The second word of a resize, which is a size or "name=value".
bool parse_size_of_resize(const std::string &size, ResizeStep *made, std::string *problem) {
    const size_t equals = size.find('=');
    const std::string name = size.substr(0, equals);
    if (equals == std::string::npos) return parse_sides(size, &made->height, &made->width, problem);
    const std::string value = size.substr(equals + 1);
    if (name == kFit) {
        made->sizing = Sizing::kFit;
        return parse_sides(value, &made->height, &made->width, problem);
    }
    if (name != kShort)
        return refuse(problem, "a size is H,W, short=S or fit=H,W, not " + quoted(size) +
                                   did_you_mean(name + "=", {"short=", "fit="}));
    made->sizing = Sizing::kShort;
    made->height = made->width = number(value, 1, kMostSide);
    if (made->height > 0) return true;
    return refuse(problem, "short= is the shorter side, such as short=256, from 1 to 2147483647, not " + quoted(size));
}

bool parse_resize(const std::string &step, const Words &parts, Step *made, std::string *problem) {
    ResizeStep resize{};
    resize.method = find_method(parts[0]);
    if (!resize.method) {
        Words known = {kCrop, kPad, kNormalize};
        for (size_t i = 0; const Method *method = method_at(i); ++i) known.emplace_back(method->info.name);
        return refuse(problem, "unknown step or method " + quoted(parts[0]) +
                                   choices(parts[0], known, "`isopixel methods` lists all methods"));
    }
    if (parts.size() < 2)
        return refuse(
            problem, "a method has a size behind it, such as '" + parts[0] + " 224,224', not " + quoted(trimmed(step)));
    if (!parse_size_of_resize(parts[1], &resize, problem)) return false;
    Options options;
    const bool is_fit = resize.sizing == Sizing::kFit;
    if (!Options::parse("'" + parts[0] + " " + parts[1] + "'", parts, 2, is_fit ? kOptionsOfFit : kOptionsOfSize,
                        &options, problem))
        return false;
    if (is_fit) resize.rounding = static_cast<FitRounding>(options.word(0));
    *made = resize;
    return true;
}

// The size of a crop or pad.
bool parse_size(const Words &parts, int64_t *height, int64_t *width, std::string *problem) {
    if (parts.size() < 2)
        return refuse(problem, parts[0] + " has a size behind it, H,W or square, such as '" + parts[0] + " 224,224'");
    *height = *width = 0;
    return parts[1] == kSquare || parse_sides(parts[1], height, width, problem);
}

bool parse_crop(const Words &parts, Step *made, std::string *problem) {
    CropStep crop{};
    Options options;
    if (!parse_size(parts, &crop.height, &crop.width, problem) ||
        !Options::parse(kCrop, parts, 2, kOptionsOfCrop, &options, problem))
        return false;
    crop.rounds_to_even = options.word(0) == 1;
    *made = crop;
    return true;
}

bool parse_values(const std::string &text, int64_t channels, std::vector<uint8_t> *values, std::string *problem) {
    for (const std::string &part : split(text, ',')) {
        const int64_t value = number(part, 0, 255);
        if (value < 0) return refuse(problem, "a value of pad is a whole number from 0 to 255, not " + quoted(part));
        values->push_back(static_cast<uint8_t>(value));
    }
    if (values->size() != 1 && static_cast<int64_t>(values->size()) != channels)
        return refuse(problem,
                      "pad has " + std::to_string(values->size()) + " values, and the image " +
                          std::to_string(channels) +
                          (channels == 1 ? " channel: give one" : " channels: give one for all, or one for each"));
    if (std::count(values->begin(), values->end(), values->front()) == static_cast<ptrdiff_t>(values->size()))
        values->resize(1);
    return true;
}

bool parse_pad(const Words &parts, int64_t channels, Step *made, std::string *problem) {
    PadStep pad{};
    Options options;
    if (!parse_size(parts, &pad.height, &pad.width, problem) ||
        !Options::parse(kPad, parts, 2, kOptionsOfPad, &options, problem))
        return false;
    const std::string &values = options.text(kValue);
    if (!parse_values(values.empty() ? "0" : values, channels, &pad.values, problem)) return false;
    pad.is_at_corner = options.word(kAt) == 1;
    *made = pad;
    return true;
}

struct TextOf {
    std::string operator()(const ResizeStep &step) const {
        const std::string name = std::string(step.method->info.name) + " ";
        if (step.sizing == Sizing::kSides) return name + size_text(step.height, step.width);
        if (step.sizing == Sizing::kShort) return name + kShort + "=" + std::to_string(step.height);
        return name + kFit + "=" + size_text(step.height, step.width) +
               text_of_options(kOptionsOfFit, {static_cast<size_t>(step.rounding)});
    }
    std::string operator()(const CropStep &step) const {
        return sized(kCrop, step.height, step.width) + text_of_options(kOptionsOfCrop, {step.rounds_to_even});
    }
    std::string operator()(const PadStep &step) const {
        std::string values;
        for (const uint8_t value : step.values) values += (values.empty() ? "" : ",") + std::to_string(value);
        return sized(kPad, step.height, step.width) + (values == "0" ? "" : " value=" + values) +
               text_of_options(kOptionsOfPad, {step.is_at_corner});
    }

  private:
    static std::string sized(const char *name, int64_t height, int64_t width) {
        return std::string(name) + " " + (height == 0 ? kSquare : size_text(height, width));
    }
};

struct Place {
    int64_t h, w;
    Placement *made;
    std::string *problem;

    bool operator()(const ResizeStep &step) const {
        *made = {step.height, step.width, 0, 0};
        if (step.sizing == Sizing::kFit) {
            const FittedSize size =
                fit(h, w, step.height, step.width, kFitRoundings[static_cast<size_t>(step.rounding)]);
            made->height = size.height, made->width = size.width;
        } else if (step.sizing == Sizing::kShort) {
            (w <= h ? made->height : made->width) = step.height * std::max(h, w) / std::min(h, w);  // below 2^62
        }
        if (std::max(made->height, made->width) <= kMostSide) return true;
        return refuse(problem, "an image of " + pixels_text(h, w) + " pixels (height × width) would be resized to " +
                                   pixels_text(made->height, made->width) + ", and a side is 2147483647 at most");
    }
    bool operator()(const CropStep &step) const {
        const int64_t side = std::min(h, w);
        *made = step.height == 0 ? Placement{side, side, 0, 0} : Placement{step.height, step.width, 0, 0};
        if (made->height > h || made->width > w)
            return refuse(problem, "the image has " + pixels_text(h, w) + " pixels (height × width), and the crop " +
                                       pixels_text(made->height, made->width) +
                                       " does not lie in it: resize it first, or pad it");
        made->top = begin(h - made->height, step.rounds_to_even);
        made->left = begin(w - made->width, step.rounds_to_even);
        return true;
    }
    bool operator()(const PadStep &step) const {
        const int64_t side = std::max(h, w);
        *made = step.height == 0 ? Placement{side, side, 0, 0} : Placement{step.height, step.width, 0, 0};
        if (made->height < h || made->width < w)
            return refuse(problem, "the image has " + pixels_text(h, w) + " pixels (height × width), more than the " +
                                       pixels_text(made->height, made->width) +
                                       " that it is padded to: resize it first, with fit=" +
                                       size_text(made->height, made->width));
        if (step.is_at_corner) return true;
        made->top = (made->height - h) / 2;
        made->left = (made->width - w) / 2;
        return true;
    }

  private:
    // half of the difference of two sides.
    static int64_t begin(int64_t d, bool rounds_to_even) { return d / 2 + (rounds_to_even && d % 4 == 3); }
};

}  // namespace

bool parse_step(const std::string &text, int64_t channels, Step *step, std::string *problem) {
    const Words parts = words(text);
    if (parts.empty()) return refuse(problem, "a step of the recipe is empty: leave out its |");
    if (parts[0] == kCrop) return parse_crop(parts, step, problem);
    if (parts[0] == kPad) return parse_pad(parts, channels, step, problem);
    return parse_resize(text, parts, step, problem);
}

std::string text_of(const Step &step) { return std::visit(TextOf(), step); }

bool place(const Step &step, int64_t height, int64_t width, Placement *placement, std::string *problem) {
    return std::visit(Place{height, width, placement, problem}, step);
}

}  // namespace isopixel
