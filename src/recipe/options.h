// SPDX-License-Identifier: MIT
// What the sources and steps of a recipe are written with: words, sides and options (SPEC R-16).
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace isopixel {

constexpr int64_t kMostSide = INT32_MAX;

// The words between blanks.
std::vector<std::string> words(const std::string &text);

// Without the blanks at its ends.
std::string trimmed(const std::string &text);

// "224,224". Returns false for another text, having said in *problem what is wrong.
bool parse_sides(const std::string &text, int64_t *height, int64_t *width, std::string *problem);

// An option, and the words that it accepts, the default first; none if it accepts other texts.
struct OptionRow {
    const char *name;
    std::vector<const char *> words;
};

// The values of a table of options.
class Options {
  public:
    // From words "name=value", those from number `first` on. Returns false for others, having said in *problem, by the
    // name of their owner, what is wrong.
    static bool parse(const std::string &owner, const std::vector<std::string> &settings, size_t first,
                      const std::vector<OptionRow> &table, Options *made, std::string *problem);

    // Of option number `option` of the table: its text, "" if it was not given and has no default; of those with words,
    // the number of its word.
    const std::string &text(size_t option) const { return texts_[option]; }
    size_t word(size_t option) const;

  private:
    const std::vector<OptionRow> *table_ = nullptr;
    std::vector<std::string> texts_;
};

// " name=word" of each option with words, whose numbers are given, but for those whose word is their first one.
std::string text_of_options(const std::vector<OptionRow> &table, const std::vector<size_t> &words);

}  // namespace isopixel
