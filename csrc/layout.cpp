// SPDX-License-Identifier: MIT
#include "layout.h"

#include <set>
#include <stdexcept>
#include <vector>

namespace isopix {
namespace {

constexpr const char *kRules[] = {"fixed",   "square", "nataraj", "wide",
                                  "hilbert", "bigram", "line"};  // as in enum Rule

constexpr unsigned mask(Rule rule) { return 1u << static_cast<unsigned>(rule); }
constexpr unsigned kTabled = mask(Rule::kNataraj) | mask(Rule::kWide);
constexpr unsigned kRowWise = mask(Rule::kFixed) | mask(Rule::kSquare) | kTabled;

// an option has a list of words, of which the first is the default, or is a number up to `most`.
struct Option {
    const char *name;
    unsigned rules;
    std::vector<std::string> words;
    int64_t least, most;
    int64_t (*get)(const Layout &);  // the number, or the index of the word
    void (*set)(Layout &, int64_t);
};

const std::vector<Option> &options() {
    static const std::vector<Option> table = {
        {"width",
         mask(Rule::kFixed),
         {},
         1,
         INT32_MAX,  //
         [](const Layout &l) { return l.width; },
         [](Layout &l, int64_t v) { l.width = v; }},
        {"unit",
         kTabled,
         {"1024", "1000"},
         0,
         1,  //
         [](const Layout &l) { return int64_t{l.unit == 1000}; },
         [](Layout &l, int64_t v) { l.unit = v ? 1000 : 1024; }},
        {"edge",
         kTabled,
         {"lt", "le"},
         0,
         1,  //
         [](const Layout &l) { return int64_t{l.inclusive}; },
         [](Layout &l, int64_t v) { l.inclusive = v != 0; }},
        {"rows",
         kRowWise,
         {"ceil", "floor", "extra"},
         0,
         2,  //
         [](const Layout &l) { return static_cast<int64_t>(l.rows); },
         [](Layout &l, int64_t v) { l.rows = static_cast<Rows>(v); }},
        {"pad",
         kRowWise | mask(Rule::kHilbert),
         {},
         0,
         255,  //
         [](const Layout &l) { return int64_t{l.pad}; },
         [](Layout &l, int64_t v) { l.pad = static_cast<uint8_t>(v); }},
        {"channels",
         kRowWise,
         {"1", "3"},
         0,
         1,  //
         [](const Layout &l) { return int64_t{l.channels == 3}; },
         [](Layout &l, int64_t v) { l.channels = v ? 3 : 1; }},
        {"scale",
         mask(Rule::kBigram),
         {"linear", "log"},
         0,
         1,  //
         [](const Layout &l) { return int64_t{l.log}; },
         [](Layout &l, int64_t v) { l.log = v != 0; }},
    };
    return table;
}

// The value of an option's text; -1 where it has none.
int64_t value_of(const Option &option, const std::string &text) {
    for (size_t i = 0; i < option.words.size(); ++i)
        if (option.words[i] == text) return static_cast<int64_t>(i);
    if (!option.words.empty() || text.empty() || text.size() > 10) return -1;  // 10 digits stay below 2^63
    if (text.find_first_not_of("0123456789") != std::string::npos || (text[0] == '0' && text.size() > 1)) return -1;
    const int64_t value = std::stoll(text);
    return value < option.least || value > option.most ? -1 : value;
}

std::string text_of(const Option &option, int64_t value) {
    return option.words.empty() ? std::to_string(value) : option.words[static_cast<size_t>(value)];
}

std::string list(const std::vector<std::string> &names) {
    std::string joined;
    for (const std::string &name : names) joined += (joined.empty() ? "" : ", ") + name;
    return joined;
}

[[noreturn]] void refuse(const std::string &message) { throw std::invalid_argument(message); }

Rule parse_rule(const std::string &name) {
    std::vector<std::string> known;
    for (size_t i = 0; rule_name(i); ++i) {
        if (name == kRules[i]) return static_cast<Rule>(i);
        known.push_back(kRules[i]);
    }
    refuse("unknown layout '" + name + "'; known: " + list(known));
}

const Option &find_option(Rule rule, const std::string &name) {
    std::vector<std::string> known;
    for (const Option &option : options()) {
        if (!(option.rules & mask(rule))) continue;
        if (name == option.name) return option;
        known.push_back(option.name);
    }
    const std::string has = known.empty() ? "it has none" : "known: " + list(known);
    refuse("layout " + std::string(kRules[static_cast<size_t>(rule)]) + " has no option '" + name + "'; " + has);
}

void parse_option(Layout &layout, const std::string &setting, std::set<std::string> &given) {
    const size_t equals = setting.find('=');
    const Option &option = find_option(layout.rule, setting.substr(0, equals));
    const std::string text = equals == std::string::npos ? "" : setting.substr(equals + 1);
    if (!given.insert(option.name).second) refuse("option " + std::string(option.name) + " is given twice");
    const int64_t value = value_of(option, text);
    if (value < 0) {
        const std::string values = option.words.empty() ? "a whole number from " + std::to_string(option.least) +
                                                              " to " + std::to_string(option.most)
                                                        : list(option.words);
        refuse("option " + std::string(option.name) + " cannot be '" + text + "'; it takes " + values);
    }
    option.set(layout, value);
}

// the width beyond the table is in the class without a limit.
struct WidthClass {
    int64_t limit, width;
};
constexpr WidthClass kNatarajClasses[] = {{10, 32},   {30, 64},   {60, 128},   {100, 256},
                                          {200, 384}, {500, 512}, {1000, 768}, {INT64_MAX, 1024}};
constexpr WidthClass kWideClasses[] = {{10, 32},   {30, 64},    {60, 128},    {100, 256},
                                       {200, 384}, {1000, 512}, {1500, 1024}, {INT64_MAX, 2048}};

int64_t tabled_width(const WidthClass *c, const Layout &layout, int64_t n) {
    while (c->limit != INT64_MAX && !(n < c->limit * layout.unit || (layout.inclusive && n == c->limit * layout.unit)))
        ++c;
    return c->width;
}

// The smallest root with root² >= n; 1 <= n < 2^62
int64_t ceil_sqrt(int64_t n) {
    uint64_t below = 0;  // the largest one with below² < n; a sum of bits under 2^32, so that its square fits
    for (uint64_t bit = uint64_t{1} << 31; bit; bit >>= 1)
        if ((below + bit) * (below + bit) < static_cast<uint64_t>(n)) below += bit;
    return static_cast<int64_t>(below) + 1;
}

int64_t row_width(const Layout &layout, int64_t n) {
    switch (layout.rule) {
        case Rule::kFixed:
            return layout.width;
        case Rule::kSquare:
            return ceil_sqrt((n + layout.channels - 1) / layout.channels);
        case Rule::kWide:
            return tabled_width(kWideClasses, layout, n);
        default:
            return tabled_width(kNatarajClasses, layout, n);
    }
}

}  // namespace

const char *rule_name(size_t index) { return index < sizeof kRules / sizeof *kRules ? kRules[index] : nullptr; }

Layout Layout::parse(const std::string &text) {
    size_t comma = text.find(',');
    Layout layout;
    layout.rule = parse_rule(text.substr(0, comma));
    std::set<std::string> given;
    while (comma != std::string::npos) {
        const size_t start = comma + 1;
        comma = text.find(',', start);
        parse_option(layout, text.substr(start, comma == std::string::npos ? comma : comma - start), given);
    }
    if (layout.rule == Rule::kFixed && layout.width == 0) refuse("layout fixed needs a width, such as fixed,width=256");
    if (layout.rows == Rows::kFloor && given.count("pad")) refuse("rows=floor pads nothing: leave out pad");
    return layout;
}

std::string Layout::text() const {
    Layout defaults;
    defaults.rule = rule;
    std::string text = kRules[static_cast<size_t>(rule)];
    for (const Option &option : options())
        if (option.get(*this) != option.get(defaults))
            text += "," + std::string(option.name) + "=" + text_of(option, option.get(*this));
    return text;
}

ImageShape image_shape(const Layout &layout, int64_t n) {
    if (layout.rule == Rule::kBigram) return {256, 256, 1};
    if (layout.rule == Rule::kLine) return {1, n, 1};
    if (layout.rule == Rule::kHilbert) {
        int64_t side = 1;
        while (side * side < n) side *= 2;
        return {side, side, 1};
    }
    const int64_t width = row_width(layout, n);
    const int64_t row_bytes = width * layout.channels;
    const int64_t part = n % row_bytes != 0;
    const int64_t more = layout.rows == Rows::kCeil ? part : layout.rows == Rows::kExtra ? 1 : 0;
    return {n / row_bytes + more, width, layout.channels};
}

bool is_view(const Layout &layout, const ImageShape &image, int64_t n) {
    if (layout.rule == Rule::kHilbert || layout.rule == Rule::kBigram) return false;
    return image.height * image.width * image.channels <= n;
}

}  // namespace isopix
