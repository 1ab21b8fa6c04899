// SPDX-License-Identifier: MIT
#include "bytes/layout.h"

#include <algorithm>

#include "base/choices.h"
#include "base/text.h"
#include "sound/bands.h"

namespace isopixel {
namespace {

// As in enum Rule.
constexpr const char *kRuleNames[] = {"fixed",   "square", "nataraj", "wide",   "pow2",
                                      "hilbert", "bigram", "line",    "logmel", "logfft"};

constexpr unsigned mask(Rule rule) { return 1u << static_cast<unsigned>(rule); }
constexpr unsigned kFixedOnly = mask(Rule::kFixed);
constexpr unsigned kTabled = mask(Rule::kNataraj) | mask(Rule::kWide);
constexpr unsigned kPixelWise = kFixedOnly | mask(Rule::kSquare) | kTabled;
constexpr unsigned kRowWise = kPixelWise | mask(Rule::kPow2);
constexpr unsigned kPadded = kRowWise | mask(Rule::kHilbert);
constexpr unsigned kBigramOnly = mask(Rule::kBigram);
constexpr unsigned kAll = kPadded | kBigramOnly | mask(Rule::kLine);
constexpr unsigned kLogmelOnly = mask(Rule::kLogmel);
constexpr unsigned kSounds = kLogmelOnly | mask(Rule::kLogfft);
constexpr int64_t kMostRate = 768000;
constexpr int64_t kNone = -1;  // the largest number of an option that has words alone

// as in enum Option: which rules have an option, its default or what it means that it is left out, the
// range of its numbers, and its words.
struct OptionRow {
    const char *name;
    unsigned rules;
    const char *by_default, *left_out;
    int64_t least, most;
    const char *words[3];
    bool is_even = false;  // the numbers

    bool has_numbers() const { return most != kNone; }
};
constexpr OptionRow kTable[kOptions] = {
    {"width", kFixedOnly, "", "has to be given", 1, INT32_MAX, {}},
    {"unit", kTabled, "1024", "", 0, kNone, {"1024", "1000"}},
    {"edge", kTabled, "lt", "", 0, kNone, {"lt", "le"}},
    {"rows", kRowWise, "ceil", "", 0, kNone, {"ceil", "floor", "extra"}},
    {"pad", kPadded, "0", "", 0, 255, {}},
    {"channels", kPixelWise, "1", "", 0, kNone, {"1", "3"}},
    {"scale", kBigramOnly, "linear", "", 0, kNone, {"linear", "log"}},
    {"offset", kAll, "0", "", 0, INT64_MAX, {}},
    {"length", kAll, "", "to the end", 1, INT64_MAX, {}},
    {"unknown", kAll, "", "not a listing", 0, 255, {"drop"}},
    {"rate", kSounds, "", "has to be given", 1, kMostRate, {}},
    {"window", kSounds, "", "has to be given", 4, 4096, {}, true},
    {"hop", kSounds, "", "has to be given", 1, 65536, {}},
    {"bands", kLogmelOnly, "", "has to be given", 1, 512, {}},
    {"low", kLogmelOnly, "0", "", 0, kMostRate / 2 - 1, {}},
    {"high", kLogmelOnly, "", "half of rate", 1, kMostRate / 2, {}},
    {"ends", kSounds, "zero", "", 0, kNone, {"zero", "cut"}},
    {"channel", kSounds, "mix", "", 1, kMix - 1, {"mix"}},
    {"gain", kSounds, "0", "", 0, 64, {}},
};

// The value of an option's text; -1 if it has none.
int64_t value_of(const OptionRow &option, const std::string &text) {
    for (int64_t i = 0; i < 3 && option.words[i]; ++i)
        if (text == option.words[i]) return option.most + 1 + i;
    const int64_t value = number(text, option.least, option.most);
    return option.is_even && value % 2 != 0 ? kNone : value;
}

std::vector<std::string> words_of(const OptionRow &option) {
    std::vector<std::string> words;
    for (int i = 0; i < 3 && option.words[i]; ++i) words.emplace_back(option.words[i]);
    return words;
}

std::string range_of(const OptionRow &option) {
    return std::string(option.is_even ? "an even" : "a whole") + " number from " + std::to_string(option.least) +
           " to " + std::to_string(option.most);
}

std::string allowed(const OptionRow &option, const std::string &text) {
    if (!option.has_numbers()) return choices(text, words_of(option));
    return "; it accepts " + range_of(option) + (option.words[0] ? ", or " + std::string(option.words[0]) : "");
}

bool parse_rule(const std::string &name, Rule *rule, std::string *problem) {
    std::vector<std::string> known;
    for (size_t i = 0; rule_name(i); ++i) {
        if (name == kRuleNames[i]) return *rule = static_cast<Rule>(i), true;
        known.emplace_back(kRuleNames[i]);
    }
    return refuse(problem, "unknown layout " + quoted(name) + choices(name, known));
}

bool find_option(Rule rule, const std::string &name, Option *option, std::string *problem) {
    std::vector<std::string> known;
    for (int i = 0; i < kOptions; ++i) {
        if (!(kTable[i].rules & mask(rule))) continue;
        if (name == kTable[i].name) return *option = static_cast<Option>(i), true;
        known.emplace_back(kTable[i].name);
    }
    return refuse(problem, "layout " + std::string(kRuleNames[static_cast<size_t>(rule)]) + " has no option " +
                               quoted(name) + choices(name, known));
}

// Reads "name=value"; `given` holds which options have been read.
bool parse_option(const std::string &setting, Layout *layout, bool (&given)[kOptions], std::string *problem) {
    const size_t equals = setting.find('=');
    Option option = kOptions;
    if (!find_option(layout->rule, setting.substr(0, equals), &option, problem)) return false;
    const OptionRow &row = kTable[option];
    if (given[option]) return refuse(problem, "option " + std::string(row.name) + " is given twice");
    given[option] = true;
    const std::string text = equals == std::string::npos ? "" : setting.substr(equals + 1);
    const int64_t value = value_of(row, text);
    if (value < 0)
        return refuse(problem, "option " + std::string(row.name) + " cannot be " + quoted(text) + allowed(row, text));
    layout->values[option] = value;
    return true;
}

// do the options of a sound go together? Leaves out a `high` that is the default.
bool check_sound_options(Layout *layout, std::string *problem) {
    int64_t *values = layout->values;
    for (const Option option : {kRate, kWindow, kHop, kBands})
        if (values[option] == 0 && kTable[option].rules & mask(layout->rule))
            return refuse(problem, "layout " + std::string(kRuleNames[static_cast<size_t>(layout->rule)]) + " needs " +
                                       kTable[option].name + ", such as logmel,rate=16000,window=400,hop=160,bands=80");
    if (layout->rule == Rule::kLogfft) return true;
    const int64_t half = values[kRate] / 2;
    if (values[kHigh] == half) values[kHigh] = 0;
    const int64_t high = layout->sound().bands.high;
    if (high > half || values[kLow] >= high)
        return refuse(problem, "low=" + std::to_string(values[kLow]) + " and high=" + std::to_string(high) +
                                   " are no range: low is below high, and high at most half of rate, " +
                                   std::to_string(half));
    return check_bands(layout->sound().bands, problem);
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
    const int64_t inside = layout.limit_is_inside();
    while (c->limit != INT64_MAX && n >= c->limit * layout.unit() + inside) ++c;
    return c->width;
}

// The smallest root with root² >= n; 1 <= n < 2^62
int64_t ceil_sqrt(int64_t n) {
    uint64_t below = 0;  // the largest one with below² < n; a sum of bits under 2^32, so that its square fits
    for (uint64_t bit = uint64_t{1} << 31; bit; bit >>= 1)
        if ((below + bit) * (below + bit) < static_cast<uint64_t>(n)) below += bit;
    return static_cast<int64_t>(below) + 1;
}

// The smallest power of two whose square is above n, but at least 2: that above floor(sqrt(n)), since a power of two is
// above a root if it is above its floor.
int64_t power_above_root(int64_t n) {
    int64_t power = 2;
    while (power * power <= n) power *= 2;
    return power;
}

int64_t row_width(const Layout &layout, int64_t n) {
    switch (layout.rule) {
        case Rule::kFixed:
            return layout.width();
        case Rule::kSquare:
            return ceil_sqrt((n + layout.channels() - 1) / layout.channels());
        case Rule::kWide:
            return tabled_width(kWideClasses, layout, n);
        case Rule::kPow2:
            return power_above_root(n);
        default:
            return tabled_width(kNatarajClasses, layout, n);
    }
}

}  // namespace

std::vector<OptionText> options_of(Rule rule) {
    std::vector<OptionText> options;
    for (const OptionRow &row : kTable) {
        if (!(row.rules & mask(rule))) continue;
        options.push_back({row.name, words_of(row), row.by_default, row.left_out});
        std::vector<std::string> &values = options.back().values;
        if (row.has_numbers()) values.insert(values.begin(), range_of(row));
    }
    return options;
}

const char *rule_name(size_t index) {
    return index < sizeof kRuleNames / sizeof *kRuleNames ? kRuleNames[index] : nullptr;
}

bool Layout::parse(const std::string &text, Layout *layout, std::string *problem) {
    size_t comma = text.find(',');
    *layout = {};
    if (!parse_rule(text.substr(0, comma), &layout->rule, problem)) return false;
    bool given[kOptions] = {};
    while (comma != std::string::npos) {
        const size_t start = comma + 1;
        comma = text.find(',', start);
        const std::string setting = text.substr(start, comma == std::string::npos ? comma : comma - start);
        if (!parse_option(setting, layout, given, problem)) return false;
    }
    if (layout->rule == Rule::kFixed && layout->width() == 0)
        return refuse(problem, "layout fixed needs a width, such as fixed,width=256");
    if (layout->is_of_sound()) return check_sound_options(layout, problem);
    if (layout->drops_part_of_row() && given[kPad]) return refuse(problem, "rows=floor pads nothing: leave out pad");
    return true;
}

std::string Layout::text() const {
    std::string text = kRuleNames[static_cast<size_t>(rule)];
    const Layout defaults;
    for (int i = 0; i < kOptions; ++i) {
        if (values[i] == defaults.values[i]) continue;
        const int64_t most = kTable[i].most;
        const std::string value = values[i] > most ? kTable[i].words[values[i] - most - 1] : std::to_string(values[i]);
        text += "," + std::string(kTable[i].name) + "=" + value;
    }
    return text;
}

SoundSettings Layout::sound() const {
    const int64_t high = values[kHigh] > 0 ? values[kHigh] : values[kRate] / 2;
    return {{values[kRate], values[kWindow], values[kBands], values[kLow], rule == Rule::kLogmel ? high : 0},
            values[kHop],
            values[kEnds] == 1,
            values[kChannel] == kMix ? 0 : values[kChannel],
            values[kGain]};
}

Layout Layout::of_bytes() const {
    Layout layout = *this;
    layout.values[kUnknown] = Layout().values[kUnknown];
    return layout;
}

Layout Layout::of_part() const {
    Layout layout = of_bytes();
    layout.values[kOffset] = layout.values[kLength] = 0;
    return layout;
}

bool part_of_bytes(const Layout &layout, uint64_t n, Part *part, std::string *problem) {
    const auto offset = static_cast<uint64_t>(layout.values[kOffset]),
               length = static_cast<uint64_t>(layout.values[kLength]);
    if (n == 0)
        return refuse(problem, std::string("there are no ") + (layout.unknown() == kDropUnknown ? "known " : "") +
                                   "bytes: an image needs at least one");
    if (offset >= n)
        return refuse(problem,
                      "offset=" + std::to_string(offset) + " is not below the number of bytes, " + std::to_string(n));
    *part = {offset, length == 0 ? n - offset : std::min(length, n - offset)};
    return true;
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
    const int64_t row_bytes = width * layout.channels();
    const int64_t part = n % row_bytes != 0;
    const int64_t more = layout.has_extra_row() ? 1 : layout.drops_part_of_row() ? 0 : part;
    return {n / row_bytes + more, width, layout.channels()};
}

bool is_view(const Layout &layout, const ImageShape &image, int64_t n) {
    if (layout.rule >= Rule::kHilbert && layout.rule != Rule::kLine) return false;
    return image.height * image.width * image.channels <= n;
}

}  // namespace isopixel
