// SPDX-License-Identifier: MIT
#include "base/choices.h"

#include <algorithm>
#include <numeric>
#include <utility>

namespace isopixel {
namespace {

constexpr size_t kMostListed = 12;
constexpr size_t kMostNear = 3;
constexpr size_t kMostRead = 100;  // characters of a word: no name is so long
constexpr size_t kMostDistance = 2;

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

// How many characters to insert, leave out or replace, or neighbours to swap, make the one of the other; letters of
// either case are equal.
size_t distance(const std::string &a, const std::string &b) {
    const auto same = [&](size_t i, size_t j) { return lower(a[i]) == lower(b[j]); };
    std::vector<size_t> before(b.size() + 1), above(before), row(before);  // of i - 2, i - 1 and i characters of a
    std::iota(row.begin(), row.end(), size_t{0});
    for (size_t i = 1; i <= a.size(); ++i) {
        std::swap(before, above);
        std::swap(above, row);
        row[0] = i;
        for (size_t j = 1; j <= b.size(); ++j) {
            row[j] = std::min({above[j - 1] + !same(i - 1, j - 1), above[j] + 1, row[j - 1] + 1});
            if (i > 1 && j > 1 && same(i - 1, j - 2) && same(i - 2, j - 1))
                row[j] = std::min(row[j], before[j - 2] + 1);
        }
    }
    return row.back();
}

// Is a name known by its last words, as 'pillow-13-lanczos' by 'lanczos'?
bool ends_with(const std::string &name, const std::string &word) {
    if (word.empty() || name.size() <= word.size() || name[name.size() - word.size() - 1] != '-') return false;
    return std::equal(word.rbegin(), word.rend(), name.rbegin(), [](char a, char b) { return lower(a) == lower(b); });
}

struct Near {
    size_t distance, index;
    bool operator<(const Near &other) const {
        return std::pair(distance, index) < std::pair(other.distance, other.index);
    }
};

// All known words, from the nearest on.
std::vector<Near> by_distance(const std::string &word, const std::vector<std::string> &known) {
    const std::string read = word.substr(0, kMostRead);
    std::vector<Near> order;
    for (size_t i = 0; i < known.size(); ++i)
        order.push_back({ends_with(known[i], read) ? 1 : distance(read, known[i]), i});
    std::sort(order.begin(), order.end());
    return order;
}

std::string join(const std::vector<std::string> &words, const char *quote, const char *last) {
    std::string text;
    for (size_t i = 0; i < words.size(); ++i)
        text += (i == 0 ? "" : i + 1 < words.size() ? ", " : last) + (quote + words[i]) + quote;
    return text;
}

}  // namespace

std::string did_you_mean(const std::string &word, const std::vector<std::string> &known) {
    std::vector<std::string> near;
    for (const Near &found : by_distance(word, known)) {
        // With half of its letters replaced, a short name is another word.
        if (found.distance > kMostDistance || near.size() == kMostNear) break;
        if (2 * found.distance < known[found.index].size()) near.push_back(known[found.index]);
    }
    return near.empty() ? "" : "; did you mean " + join(near, "'", " or ") + "?";
}

std::string choices(const std::string &word, const std::vector<std::string> &known, const std::string &lists_all) {
    const std::string meant = did_you_mean(word, known);
    if (known.size() <= kMostListed || lists_all.empty())
        return meant + (meant.empty() ? "; " : " ") + "known: " + join(known, "", ", ");
    if (!meant.empty()) return meant + " " + lists_all;
    std::vector<std::string> nearest;
    for (const Near &found : by_distance(word, known))
        if (nearest.size() < kMostNear) nearest.push_back(known[found.index]);
    return "; the nearest are " + join(nearest, "'", " and ") + "; " + lists_all;
}

}  // namespace isopixel
