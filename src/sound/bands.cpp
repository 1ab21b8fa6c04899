// SPDX-License-Identifier: MIT
#include "sound/bands.h"

#include <algorithm>
#include <cmath>

#include "base/text.h"
#include "base/wide.h"

namespace isopixel {
namespace {

constexpr int64_t kUnit = 65536;  // of edges, in a hertz
constexpr int64_t kMostWindow = 4096;
// (384000 + 700)·2^16 < 2^34.6, of which R-76 has at most the power 513, below 2^17920.
using Power = Wide<280>;

// An approximation from below: mantissa·2^exponent, the highest bit of the mantissa set. Each product is off by a share
// below 2^-63, so that a product of n whole numbers is by less than n·2^-63: by less than 2n units of the mantissa.
struct Floor {
    uint64_t mantissa = uint64_t{1} << 63;
    int64_t exponent = -63;

    Floor() = default;
    explicit Floor(uint64_t value) : mantissa(value), exponent(0) {
        for (; mantissa >> 63 == 0; mantissa *= 2) --exponent;
    }

    friend Floor operator*(Floor a, Floor b) {
        U128 product = product_of_words(a.mantissa, b.mantissa);
        Floor result;
        result.exponent = a.exponent + b.exponent + 64;
        if (product.hi >> 63 == 0) product = product << 1, --result.exponent;
        result.mantissa = product.hi;
        return result;
    }

    friend Floor power(Floor base, unsigned exponent) {
        Floor result;
        for (; exponent; exponent >>= 1, base = base * base)
            if (exponent & 1) result = result * base;
        return result;
    }

    // Whether a is the smaller one even if the mantissas of both are up to `error` too small.
    friend bool is_surely_below(Floor a, Floor b, uint64_t error) {
        if (a.exponent != b.exponent)
            return a.exponent < b.exponent && (a.mantissa < 0 - error || b.exponent - a.exponent > 1);
        return a.mantissa < b.mantissa && b.mantissa - a.mantissa > error;
    }
};

// The geometric means of R-76: root(i)^n <= first^(n-i)·last^i < (root(i) + 1)^n.
class Roots {
  public:
    Roots(uint64_t first, uint64_t last, unsigned n) : first_(first), last_(last), n_(n) {}

    uint64_t root(unsigned i) const {
        if (i == 0 || i == n_) return i == 0 ? first_ : last_;  // exactly, which only the longest integers would tell
        const Floor most = power(Floor(first_), n_ - i) * power(Floor(last_), i);
        // A guess, if it is right; else the interval is halved: least^n <= most < beyond^n
        const double ratio = static_cast<double>(last_) / static_cast<double>(first_);
        const auto guess = static_cast<uint64_t>(static_cast<double>(first_) * std::pow(ratio, double(i) / n_));
        if (is_at_most(guess, most, i) && !is_at_most(guess + 1, most, i)) return guess;
        uint64_t least = first_, beyond = last_ + 1;
        while (beyond - least > 1) {
            const uint64_t middle = least + (beyond - least) / 2;
            (is_at_most(middle, most, i) ? least : beyond) = middle;
        }
        return least;
    }

  private:
    bool is_at_most(uint64_t value, Floor most, unsigned i) const {
        const Floor made = power(Floor(value), n_);
        const uint64_t error = 4 * n_;
        if (is_surely_below(made, most, error)) return true;
        if (is_surely_below(most, made, error)) return false;
        return !(power(Power(first_), n_ - i) * power(Power(last_), i) < power(Power(value), n_));
    }

    const uint64_t first_, last_;
    const unsigned n_;
};

// ⌊(2·2^24·part + whole) / (2·whole)⌋, 0 < part <= whole < 2^62: with q = ⌊2^25·part / whole⌋, ⌊(q + 1) / 2⌋.
uint32_t rounded_share(int64_t part, int64_t whole) {
    uint32_t q = 0;
    for (int i = 0; i <= kWeightBits; ++i) {
        part *= 2;
        q = 2 * q + (part >= whole);  // of part = whole each bit is 1
        if (part >= whole) part -= whole;
    }
    return (q + 1) / 2;
}

// p, l, m and r are below 2^47.
struct Triangle {
    int64_t left, middle, right;

    Triangle(const int64_t *edges, int64_t window)
        : left(window * edges[0]), middle(window * edges[1]), right(window * edges[2]) {}

    uint32_t weight(int64_t p) const {
        if (p <= left || p >= right) return 0;
        return p <= middle ? rounded_share(p - left, middle - left) : rounded_share(right - p, right - middle);
    }
};

// Does each band have a bin?
bool suits(const std::vector<int64_t> &edges, int64_t rate, int64_t window) {
    for (size_t b = 0; b + 2 < edges.size(); ++b) {
        const Triangle triangle(&edges[b], window);
        int64_t p = (triangle.left / (rate * kUnit) + 1) * rate * kUnit;
        while (p < triangle.right && triangle.weight(p) == 0) p += rate * kUnit;
        if (p >= triangle.right) return false;
    }
    return true;
}

std::string advice(const BandSettings &settings, const std::vector<int64_t> &edges) {
    const std::string what = "bands=" + std::to_string(settings.bands) +
                             " are too many for window=" + std::to_string(settings.window) + ": a band has no bin; ";
    for (int64_t window = settings.window; window <= kMostWindow; window += 2)
        if (suits(edges, settings.rate, window)) return what + "window=" + std::to_string(window) + " would do";
    return what + "use fewer, or a wider range of frequencies";
}

Bands make_bands(const BandSettings &settings, const std::vector<int64_t> &edges) {
    Bands made;
    const int64_t bins = settings.window / 2 + 1;
    for (size_t b = 0; b + 2 < edges.size(); ++b) {
        const Triangle triangle(&edges[b], settings.window);
        Band band = {0, 0, made.weights.size(), 0};
        const int64_t bin = settings.rate * kUnit;
        for (int64_t k = triangle.left / bin; k < bins && k * bin < triangle.right; ++k) {
            const uint32_t weight = triangle.weight(k * bin);
            if (weight == 0) continue;  // of neighbours, only the outermost can be
            if (band.count++ == 0) band.first = static_cast<size_t>(k);
            band.sum += weight;
            made.weights.push_back(weight);
        }
        made.bands.push_back(band);
    }
    return made;
}

// R-78, for logfft.
Bands bins_as_bands(int64_t window) {
    Bands made;
    const auto bins = static_cast<size_t>(window / 2 + 1);
    for (size_t k = 0; k < bins; ++k) made.bands.push_back({k, 1, k, uint64_t{1} << kWeightBits});
    made.weights.assign(bins, uint32_t{1} << kWeightBits);
    return made;
}

}  // namespace

std::vector<int64_t> mel_edges(int64_t bands, int64_t low, int64_t high) {
    const auto n = static_cast<unsigned>(bands + 1);
    const Roots roots(static_cast<uint64_t>((low + 700) * kUnit), static_cast<uint64_t>((high + 700) * kUnit), n);
    std::vector<int64_t> edges;
    for (unsigned i = 0; i <= n; ++i) edges.push_back(static_cast<int64_t>(roots.root(i)) - 700 * kUnit);
    return edges;
}

bool check_bands(const BandSettings &settings, std::string *problem) {
    if (settings.bands == 0) return true;
    const std::vector<int64_t> edges = mel_edges(settings.bands, settings.low, settings.high);
    return suits(edges, settings.rate, settings.window) || refuse(problem, advice(settings, edges));
}

Bands bands_of(const BandSettings &settings) {
    if (settings.bands == 0) return bins_as_bands(settings.window);
    return make_bands(settings, mel_edges(settings.bands, settings.low, settings.high));
}

}  // namespace isopixel
