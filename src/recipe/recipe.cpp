// SPDX-License-Identifier: MIT
#include "recipe/recipe.h"

#include <algorithm>
#include <vector>

#include "base/choices.h"
#include "base/text.h"
#include "resizer/method.h"

namespace isopixel {
namespace {

constexpr int kVersion = 1;
constexpr int64_t kMostSide = INT32_MAX;
constexpr const char *kNormalize = "normalize";
constexpr const char *kMean = "mean";
constexpr const char *kStd = "std";
constexpr uint32_t kMostScaled = 4;

// The words between blanks.
std::vector<std::string> words(const std::string &text) {
    std::vector<std::string> found;
    for (std::string &part : split(text, ' '))
        if (!part.empty()) found.push_back(std::move(part));
    return found;
}

std::string first_word(const std::string &step) {
    const std::vector<std::string> parts = words(step);
    return parts.empty() ? "" : parts[0];
}

std::string trimmed(const std::string &text) {
    const size_t first = text.find_first_not_of(' ');
    return first == std::string::npos ? "" : text.substr(first, text.find_last_not_of(' ') - first + 1);
}

// Without one LF or CR LF at the end.
std::string without_line_end(std::string text) {
    if (text.empty() || text.back() != '\n') return text;
    text.pop_back();
    if (!text.empty() && text.back() == '\r') text.pop_back();
    return text;
}

bool check_version(const std::string &head, std::string *problem) {
    const std::vector<std::string> named = words(head);
    if (named.size() != 2 || named[0] != "isopixel" || number(named[1], 1, INT32_MAX) < 0)
        return refuse(problem, "a recipe begins with 'isopixel 1:', not with " + quoted(head));
    if (number(named[1], 1, INT32_MAX) != kVersion)
        return refuse(problem, "the recipe is of version " + named[1] + ", and this isopixel knows version " +
                                   std::to_string(kVersion) + ": it needs a newer isopixel");
    return true;
}

bool set_method(const std::string &name, Recipe *recipe, std::string *problem) {
    const Method *named = find_method(name);
    if (named) {
        recipe->method = named;
        return true;
    }
    std::vector<std::string> known;
    for (size_t i = 0; const Method *method = method_at(i); ++i) known.emplace_back(method->info.name);
    return refuse(problem, "unknown method " + quoted(name) + choices(name, known, "`isopixel methods` lists all"));
}

bool parse_resize(const std::string &step, Recipe *recipe, std::string *problem) {
    const std::vector<std::string> parts = words(step);
    if (parts.size() != 2)
        return refuse(problem, "after | a recipe has a method and H,W, such as 'bilinear 224,224', not " +
                                   quoted(trimmed(step)) + did_you_mean(first_word(step), {kNormalize}));
    if (!set_method(parts[0], recipe, problem)) return false;
    const std::vector<std::string> sides = split(parts[1], ',');
    if (sides.size() == 2) {
        recipe->height = number(sides[0], 1, kMostSide);
        recipe->width = number(sides[1], 1, kMostSide);
    }
    if (recipe->height < 1 || recipe->width < 1)
        return refuse(problem,
                      "a recipe's size is H,W, such as 224,224, each from 1 to 2147483647, not " + quoted(parts[1]));
    return true;
}

bool is_normalize(const std::string &step) { return first_word(step) == kNormalize; }

// `name` is that of the argument.
bool check_scale(const std::string &name, const std::vector<Decimal> &decimals, std::string *problem) {
    for (const Decimal &decimal : decimals)
        if (decimal.is_above(kMostScaled))
            return refuse(problem, name + " '" + decimal.text() +
                                       "' is beyond 4: a recipe's mean and std are those of samples from 0 to 1; " +
                                       "divide those of samples from 0 to 255 by 255");
    return true;
}

bool set_normalization(const std::string &mean, const std::string &deviation, Recipe *recipe, std::string *problem) {
    Normalization &made = recipe->normalization.emplace();
    return Normalization::parse(mean, deviation, recipe->layout.channels(), &made, problem) &&
           check_scale(kMean, made.mean, problem) && check_scale(kStd, made.deviation, problem);
}

bool parse_normalize(const std::string &step, Recipe *recipe, std::string *problem) {
    const std::string malformed =
        "a recipe's last step can be normalize with mean and std, such as 'normalize mean=0.5 std=0.25', not " +
        quoted(trimmed(step));
    const std::vector<std::string> parts = words(step);
    std::optional<std::string> mean, deviation;
    for (size_t i = 1; i < parts.size(); ++i) {
        const size_t equals = parts[i].find('=');
        const std::string name = parts[i].substr(0, equals);
        if (equals == std::string::npos || (name != kMean && name != kStd))
            return refuse(problem,
                          malformed + did_you_mean(name + "=", {std::string(kMean) + "=", std::string(kStd) + "="}));
        std::optional<std::string> &value = name == kMean ? mean : deviation;
        if (value) return refuse(problem, name + " is given twice in " + quoted(trimmed(step)));
        value = parts[i].substr(equals + 1);
    }
    if (!mean || !deviation) return refuse(problem, malformed);
    return set_normalization(*mean, *deviation, recipe, problem);
}

}  // namespace

bool Recipe::parse(const std::string &text, Recipe *recipe, std::string *problem) {
    const std::string line = without_line_end(text);
    const size_t colon = line.find(':');
    *recipe = {};
    if (!check_version(line.substr(0, colon), problem)) return false;
    if (colon == std::string::npos) return refuse(problem, "a recipe begins with 'isopixel 1:'; the colon is missing");
    const std::vector<std::string> steps = split(line.substr(colon + 1), '|');
    if (!Layout::parse(trimmed(steps[0]), &recipe->layout, problem)) return false;
    size_t done = 1;
    if (done < steps.size() && !is_normalize(steps[done]) && !parse_resize(steps[done++], recipe, problem))
        return false;
    if (done < steps.size() && is_normalize(steps[done]) && !parse_normalize(steps[done++], recipe, problem))
        return false;
    if (done < steps.size())
        return refuse(problem, "unknown step " + quoted(trimmed(steps[done])) + " in a recipe" +
                                   did_you_mean(first_word(steps[done]), {kNormalize}));
    return true;
}

bool Recipe::make(const char *layout, const char *method, int64_t height, int64_t width, const char *mean,
                  const char *deviation, Recipe *recipe, std::string *problem) {
    *recipe = {};
    if (!Layout::parse(layout, &recipe->layout, problem)) return false;
    const bool is_sized = height != 0 || width != 0;
    if (is_sized != (method != nullptr))
        return refuse(problem, "a method and a size go together: give both, or neither");
    if (method) {
        if (!set_method(method, recipe, problem)) return false;
        if (std::min(height, width) < 1 || std::max(height, width) > kMostSide)
            return refuse(problem, "a recipe's height and width are each from 1 to 2147483647, not " +
                                       std::to_string(height) + " and " + std::to_string(width));
        recipe->height = height;
        recipe->width = width;
    }
    if ((mean == nullptr) != (deviation == nullptr))
        return refuse(problem, "mean and std go together: give both, or neither");
    if (!mean) return true;
    return set_normalization(mean, deviation, recipe, problem);
}

std::string Recipe::text() const {
    std::string text = "isopixel " + std::to_string(kVersion) + ": " + layout.text();
    if (is_resized())
        text += std::string(" | ") + method->info.name + " " + std::to_string(height) + "," + std::to_string(width);
    if (normalization)
        text += std::string(" | ") + kNormalize + " " + kMean + "=" + text_of(normalization->mean) + " " + kStd + "=" +
                text_of(normalization->deviation);
    return text;
}

}  // namespace isopixel
