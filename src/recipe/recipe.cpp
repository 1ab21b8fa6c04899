// SPDX-License-Identifier: MIT
#include "recipe/recipe.h"

#include <algorithm>
#include <cstring>
#include <vector>

#include "base/text.h"
#include "resizer/method.h"

namespace isopixel {
namespace {

constexpr int kVersion = 1;
constexpr int64_t kMostSide = INT32_MAX;
constexpr const char *kNormalize = "normalize";
constexpr const char *kMean = "mean=";
constexpr const char *kStd = "std=";

// The words between blanks.
std::vector<std::string> words(const std::string &text) {
    std::vector<std::string> found;
    for (std::string &part : split(text, ' '))
        if (!part.empty()) found.push_back(std::move(part));
    return found;
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
        return refuse(problem, "a recipe begins with 'isopixel 1:', not with '" + head + "'");
    if (number(named[1], 1, INT32_MAX) != kVersion)
        return refuse(problem, "the recipe is of version " + named[1] + ", and this isopixel knows version " +
                                   std::to_string(kVersion) + ": it needs a newer isopixel");
    return true;
}

bool set_method(const std::string &name, Recipe *recipe, std::string *problem) {
    if (find_method(name, &recipe->method)) return true;
    std::string known;
    for (size_t i = 0; const isopixel_method *method = method_info(i); ++i)
        known += (i ? ", " : "") + std::string(method->name);
    return refuse(problem, "unknown method '" + name + "'; known: " + known);
}

bool parse_resize(const std::string &step, Recipe *recipe, std::string *problem) {
    const std::vector<std::string> parts = words(step);
    if (parts.size() != 2)
        return refuse(problem,
                      "after | a recipe has a method and H,W, such as 'bilinear 224,224', not '" + trimmed(step) + "'");
    if (!set_method(parts[0], recipe, problem)) return false;
    const std::vector<std::string> sides = split(parts[1], ',');
    if (sides.size() == 2) {
        recipe->height = number(sides[0], 1, kMostSide);
        recipe->width = number(sides[1], 1, kMostSide);
    }
    if (recipe->height < 1 || recipe->width < 1)
        return refuse(problem,
                      "a recipe's size is H,W, such as 224,224, each from 1 to 2147483647, not '" + parts[1] + "'");
    return true;
}

bool starts_with(const std::string &text, const std::string &start) {
    return text.compare(0, start.size(), start) == 0;
}

bool is_normalize(const std::string &step) {
    const std::vector<std::string> parts = words(step);
    return !parts.empty() && parts[0] == kNormalize;
}

bool parse_normalize(const std::string &step, Recipe *recipe, std::string *problem) {
    const std::vector<std::string> parts = words(step);
    if (parts.size() != 3 || !starts_with(parts[1], kMean) || !starts_with(parts[2], kStd))
        return refuse(
            problem,
            "a recipe's last step can be normalize with mean and std, such as 'normalize mean=0.5 std=0.25', not '" +
                trimmed(step) + "'");
    return Normalization::parse(parts[1].substr(std::strlen(kMean)), parts[2].substr(std::strlen(kStd)),
                                recipe->layout.channels(), &recipe->normalization.emplace(), problem);
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
    if (done < steps.size()) return refuse(problem, "unknown step '" + trimmed(steps[done]) + "' in a recipe");
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
    return Normalization::parse(mean, deviation, recipe->layout.channels(), &recipe->normalization.emplace(), problem);
}

std::string Recipe::text() const {
    std::string text = "isopixel " + std::to_string(kVersion) + ": " + layout.text();
    if (is_resized())
        text +=
            std::string(" | ") + method_info(method).name + " " + std::to_string(height) + "," + std::to_string(width);
    if (normalization)
        text += std::string(" | ") + kNormalize + " " + kMean + text_of(normalization->mean) + " " + kStd +
                text_of(normalization->deviation);
    return text;
}

}  // namespace isopixel
