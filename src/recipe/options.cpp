// SPDX-License-Identifier: MIT
#include "recipe/options.h"

#include "base/choices.h"
#include "base/text.h"

namespace isopixel {
namespace {

std::string joined(const std::vector<std::string> &words) {
    std::string text;
    for (const std::string &word : words) text += (text.empty() ? "" : " ") + word;
    return text;
}

std::vector<std::string> texts(const std::vector<const char *> &words) { return {words.begin(), words.end()}; }

}  // namespace

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

bool parse_sides(const std::string &text, int64_t *height, int64_t *width, std::string *problem) {
    const std::vector<std::string> sides = split(text, ',');
    *height = *width = -1;
    if (sides.size() == 2) {
        *height = number(sides[0], 1, kMostSide);
        *width = number(sides[1], 1, kMostSide);
    }
    if (*height > 0 && *width > 0) return true;
    return refuse(problem, "a recipe's size is H,W, such as 224,224, each from 1 to 2147483647, not " + quoted(text));
}

bool Options::parse(const std::string &owner, const std::vector<std::string> &settings, size_t first,
                    const std::vector<OptionRow> &table, Options *made, std::string *problem) {
    std::vector<std::string> known;
    for (const OptionRow &row : table) known.emplace_back(row.name);
    made->table_ = &table;
    made->texts_.assign(table.size(), "");
    for (size_t i = first; i < settings.size(); ++i) {
        const size_t equals = settings[i].find('=');
        const std::string name = settings[i].substr(0, equals);
        size_t option = 0;
        while (option < table.size() && name != known[option]) ++option;
        if (option == table.size())
            return refuse(problem, owner + " has no option " + quoted(name) +
                                       (known.empty() ? "; it has none" : choices(name, known)));
        if (equals == std::string::npos)
            return refuse(problem, "option " + name + " of " + owner + " has no value: write " + name + "=...");
        if (!made->texts_[option].empty())
            return refuse(problem, name + " is given twice in " + quoted(joined(settings)));
        const std::string value = settings[i].substr(equals + 1);
        const std::vector<std::string> accepted = texts(table[option].words);
        bool is_accepted = accepted.empty() && !value.empty();
        for (const std::string &word : accepted) is_accepted |= value == word;
        if (!is_accepted)
            return refuse(problem, "option " + name + " of " + owner + " cannot be " + quoted(value) +
                                       (accepted.empty() ? "" : choices(value, accepted)));
        made->texts_[option] = value;
    }
    for (size_t option = 0; option < table.size(); ++option)
        if (made->texts_[option].empty() && !table[option].words.empty()) made->texts_[option] = table[option].words[0];
    return true;
}

size_t Options::word(size_t option) const {
    size_t i = 0;
    while (texts_[option] != (*table_)[option].words[i]) ++i;
    return i;
}

std::string text_of_options(const std::vector<OptionRow> &table, const std::vector<size_t> &words) {
    std::string text;
    auto word = words.begin();
    for (const OptionRow &row : table) {
        if (row.words.empty()) continue;
        if (*word > 0) text += std::string(" ") + row.name + "=" + row.words[*word];
        ++word;
    }
    return text;
}

}  // namespace isopixel
