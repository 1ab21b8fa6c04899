// SPDX-License-Identifier: MIT
#include "bytes/listing.h"

#include <algorithm>
#include <string_view>

#include "base/text.h"
#include "bytes/layout.h"

namespace isopixel {
namespace {

constexpr size_t kMostInLine = 1000;  // bytes of a line, with its end
constexpr size_t kLeastDigits = 8, kMostDigits = 16;
constexpr size_t kMostWords = 32;
constexpr std::string_view kMark = "\xEF\xBB\xBF";

// The value of a hexadecimal digit; -1 of another character.
int digit(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

void drop_end(std::string *line) {
    if (!line->empty() && line->back() == '\n') {
        line->pop_back();
        if (!line->empty() && line->back() == '\r') line->pop_back();
    }
    line->erase(line->find_last_not_of(" \t") + 1);
}

// A line as messages show it, of any bytes: what is not printable in hexadecimal digits, a long one cut.
std::string shown(const std::string &line) {
    constexpr size_t kMostShown = 60;
    static const char digits[] = "0123456789abcdef";
    std::string text;
    for (const char c : line.substr(0, kMostShown)) {
        const auto byte = static_cast<uint8_t>(c);
        if (c >= ' ' && c <= '~') text += c;
        else text += {'\\', 'x', digits[byte / 16], digits[byte % 16]};
    }
    return "'" + text + (line.size() > kMostShown ? "...'" : "'");
}

bool refuse_line(size_t number, const std::string &line, std::string *problem) {
    return refuse(problem, "line " + std::to_string(number) + ": not an address and up to 32 bytes: " + shown(line));
}

}  // namespace

bool ListingReader::push(const uint8_t *text, size_t n, std::string *problem) {
    const uint8_t *const end = text + n;
    while (text != end) {
        const uint8_t *const next = std::find(text, end, '\n');
        const uint8_t *const line_end = next == end ? end : next + 1;
        // Of a line that is too long, so much that this shows.
        const size_t room = kMark.size() + kMostInLine + 1 - line_.size();
        line_.append(reinterpret_cast<const char *>(text), std::min(room, static_cast<size_t>(line_end - text)));
        text = line_end;
        const bool is_too_long = line_.size() > kMark.size() + kMostInLine;
        if ((is_too_long || line_.back() == '\n') && !end_line(problem)) return false;
    }
    return true;
}

bool ListingReader::finish(std::string *problem) { return line_.empty() || end_line(problem); }

bool ListingReader::end_line(std::string *problem) {
    if (is_last_) return refuse_line(number_, "", problem);
    if (++number_ == 1 && line_.compare(0, kMark.size(), kMark) == 0) line_.erase(0, kMark.size());
    const bool is_too_long = line_.size() > kMostInLine;
    drop_end(&line_);
    is_last_ = line_.empty();
    if (is_too_long || !(is_last_ || read_words(line_))) return refuse_line(number_, line_, problem);
    line_.clear();
    return true;
}

bool ListingReader::read_words(const std::string &words) {
    size_t at = 0;
    while (at < words.size() && digit(words[at]) >= 0) ++at;
    const size_t rest = words.size() - at;
    if (at < kLeastDigits || at > kMostDigits || rest == 0 || rest % 3 != 0 || rest / 3 > kMostWords) return false;
    for (; at < words.size(); at += 3) {
        const int high = digit(words[at + 1]), low = digit(words[at + 2]);
        const bool is_unknown = words[at + 1] == '?' && words[at + 2] == '?';
        if (words[at] != ' ' || (std::min(high, low) < 0 && !is_unknown)) return false;
        if (!is_unknown) bytes_.push_back(static_cast<uint8_t>(16 * high + low));
        else if (unknown_ != kDropUnknown) bytes_.push_back(static_cast<uint8_t>(unknown_));
    }
    return true;
}

}  // namespace isopixel
