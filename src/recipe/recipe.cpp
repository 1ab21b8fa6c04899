// SPDX-License-Identifier: MIT
#include "recipe/recipe.h"

#include "base/choices.h"
#include "base/sizes.h"
#include "base/text.h"
#include "recipe/options.h"

namespace isopixel {
namespace {

constexpr int kVersion = 1;
constexpr size_t kMostSteps = 16;
constexpr const char *kImage = "image";
constexpr uint32_t kMostScaled = 4;

enum { kMean, kStd, kRange, kRounding };
const std::vector<OptionRow> kOptionsOfNormalize = {
    {"mean", {}}, {"std", {}}, {"range", {"1", "255"}}, {"rounding", {"exact", "steps", "fused", "reciprocal"}}};

std::string first_word(const std::string &step) {
    const std::vector<std::string> parts = words(step);
    return parts.empty() ? "" : parts[0];
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

bool parse_source(const std::string &text, Recipe *recipe, std::string *problem) {
    if (first_word(text) == kImage) return ImageSource::parse(text, &recipe->source.emplace<ImageSource>(), problem);
    return Layout::parse(trimmed(text), &recipe->source.emplace<Layout>(), problem);
}

// `name` is that of the argument.
bool check_scale(const std::string &name, const std::vector<Decimal> &decimals, std::string *problem) {
    for (const Decimal &decimal : decimals)
        if (decimal.is_above(kMostScaled))
            return refuse(problem, name + " '" + decimal.text() +
                                       "' is beyond 4: a recipe's mean and std are those of samples from 0 to 1; " +
                                       "for those of samples from 0 to 255 say range=255");
    return true;
}

bool parse_normalize(const std::string &step, Recipe *recipe, std::string *problem) {
    Options options;
    if (!Options::parse(kNormalize, words(step), 1, kOptionsOfNormalize, &options, problem)) return false;
    if (options.text(kMean).empty() || options.text(kStd).empty())
        return refuse(
            problem, "normalize has mean and std, such as 'normalize mean=0.5 std=0.25', not " + quoted(trimmed(step)));
    Normalization &made = recipe->normalization.emplace();
    if (!Normalization::parse(options.text(kMean), options.text(kStd), recipe->channels(), &made, problem))
        return false;
    made.has_range_255 = options.word(kRange) == 1;
    made.rounding = static_cast<Rounding>(options.word(kRounding));
    if (made.has_range_255 && (made.rounding == Rounding::kFused || made.rounding == Rounding::kReciprocal))
        return refuse(problem, "rounding=" + options.text(kRounding) +
                                   " is of samples from 0 to 1: it does not go with range=255");
    return made.has_range_255 ||
           (check_scale("mean", made.mean, problem) && check_scale("std", made.deviation, problem));
}

std::string text_of(const Normalization &normalization) {
    return std::string(kNormalize) + " mean=" + text_of(normalization.mean) +
           " std=" + text_of(normalization.deviation) +
           text_of_options(kOptionsOfNormalize,
                           {normalization.has_range_255, static_cast<size_t>(normalization.rounding)});
}

// What R-16 says of a step among the others.
bool check_step(const Recipe &recipe, const Step &step, std::string *problem) {
    const auto *resize = std::get_if<ResizeStep>(&step);
    if (recipe.layout()) {
        if (resize && resize->sizing == Sizing::kSides && recipe.steps.empty()) return true;
        return refuse(problem,
                      "a layout's image is resized to H,W at most once, and has no other step than normalize: " +
                          quoted(text_of(step)) + " is for images, as in 'image rgb'");
    }
    if (recipe.steps.size() == kMostSteps) return refuse(problem, "a recipe has at most 16 steps beside normalize");
    if (resize && resize->method->function == Function::kPillow && !resize->method->pillow.is_alpha &&
        recipe.image()->mode == Mode::kRgba)
        return refuse(problem, "the fourth channel of rgba is alpha, by which Pillow multiplies: the method is " +
                                   quoted(std::string(resize->method->info.name) + "-alpha"));
    return true;
}

}  // namespace

bool Recipe::parse(const std::string &text, Recipe *recipe, std::string *problem) {
    const std::string line = without_line_end(text);
    const size_t colon = line.find(':');
    *recipe = {};
    if (!check_version(line.substr(0, colon), problem)) return false;
    if (colon == std::string::npos) return refuse(problem, "a recipe begins with 'isopixel 1:'; the colon is missing");
    const std::vector<std::string> parts = split(line.substr(colon + 1), '|');
    if (!parse_source(parts[0], recipe, problem)) return false;
    for (size_t i = 1; i < parts.size(); ++i) {
        if (recipe->normalization)
            return refuse(problem,
                          "normalize is the last step of a recipe: " + quoted(trimmed(parts[i])) + " cannot follow it");
        if (first_word(parts[i]) == kNormalize) {
            if (!parse_normalize(parts[i], recipe, problem)) return false;
            continue;
        }
        Step step;
        if (!parse_step(parts[i], recipe->channels(), &step, problem) || !check_step(*recipe, step, problem))
            return false;
        recipe->steps.push_back(std::move(step));
    }
    if (recipe->normalization) {
        recipe->table.resize(allocation_size(256 * recipe->channels()));
        recipe->normalization->fill(recipe->channels(), recipe->table.data());
    }
    return true;
}

std::string Recipe::text() const {
    std::string text = "isopixel " + std::to_string(kVersion) + ": " + (layout() ? layout()->text() : image()->text());
    for (const Step &step : steps) text += " | " + text_of(step);
    if (normalization) text += " | " + text_of(*normalization);
    return text;
}

}  // namespace isopixel
