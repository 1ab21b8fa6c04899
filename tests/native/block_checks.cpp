// SPDX-License-Identifier: MIT
// The horizontal axis of a block and the rounded division, with sums of 32 and of 64 bits.
#include <cmath>
#include <limits>
#include <vector>

#include "bilinear/horizontal_axis.h"
#include "block_case.h"

using namespace isopixel;

namespace {

constexpr int64_t kMostOfAxis = INT32_MAX;  // of a weight of the horizontal axis

int bit_length_of(uint64_t number) {
    int bits = 0;
    for (; number != 0; number >>= 1) ++bits;
    return bits;
}

// The denominators of the lanes and pixels, with reciprocals at both ends of the share that Divisors allows.
template <class T>
struct Sums {
    Sums(Random &random, std::vector<T> of_lanes, std::vector<T> of_pixels) : y(of_lanes), x(of_pixels) {
        const T most_y = *std::max_element(y.begin(), y.end()), most_x = *std::max_element(x.begin(), x.end());
        // Numerators are below 256·D.
        shift = sizeof(T) == 4 ? 1 : std::max(0, bit_length_of(static_cast<uint64_t>(most_y * most_x)) - 23);
        for (const T sum : y)
            reciprocals_y.push_back(reciprocal(random, sum, static_cast<double>(INT64_C(1) << shift)));
        for (const T sum : x) reciprocals_x.push_back(reciprocal(random, sum, 1));
    }

    Divisors<T> divisors(int64_t lane) const {
        return {y.data() + lane, x.data(), reciprocals_y.data() + lane, reciprocals_x.data(), shift};
    }

    void describe(Call &call) const { call.with("shift", shift).with("sums_y[0]", y[0]).with("sums_x[0]", x[0]); }

    std::vector<T> y, x;
    std::vector<float> reciprocals_y, reciprocals_x;
    int shift;

  private:
    static float reciprocal(Random &random, T sum, double scale) {
        const double one = scale / static_cast<double>(sum);
        const double least = one * (1 - 0x1p-20), most = one * (1 - 0x1p-22);
        float f = static_cast<float>(random.one_in(2) ? least : most);
        // To the inside, if the conversion has rounded to the outside.
        if (static_cast<double>(f) < least) f = std::nextafterf(f, std::numeric_limits<float>::max());
        if (static_cast<double>(f) > most) f = std::nextafterf(f, 0);
        return f;
    }
};

// The sums of the weights of the lanes: up to `most`, and for 64 bits not below a share of it, since all denominators
// have one shift.
template <class T>
std::vector<T> random_sums_y(Checks &checks, int64_t most) {
    Random &random = checks.random;
    std::vector<T> sums;
    for (int64_t l = 0; l < checks.tested.lanes; ++l) {
        const int64_t least = sizeof(T) == 4 ? 1 : (most + 15) / 16;
        const int64_t any = random.between(least, most);
        const int64_t small = static_cast<int64_t>(random.of_any_length(bit_length_of(uint64_t(most))));
        sums.push_back(static_cast<T>(random.pick<int64_t>({most, any, std::max(least, std::min(small, most))})));
    }
    return sums;
}

// Numbers up to 255·sum, or near those that make an exact half of every quotient.
template <class T>
void fill_lines(Random &random, const std::vector<T> &sums_y, BlockCase<T> &block) {
    for (int64_t l = 0; l < block.rows(); ++l) {
        const int64_t sum = static_cast<int64_t>(sums_y[static_cast<size_t>(l)]), n = block.samples();
        uint32_t *line = block.line(l);
        if (random.one_in(3)) {
            random.fill(line, n, static_cast<uint64_t>(255 * sum));
            continue;
        }
        std::fill_n(line, n, static_cast<uint32_t>(random.between(0, 254) * sum + sum / 2));
        uint32_t &one = line[random.between(0, n - 1)];
        one -= one > 0 && random.one_in(2);  // the least that is less
    }
}

// The largest sum of the other axis for which D < 2^(bits - 8), and 255 times which is below 2^32.
template <class T>
int64_t most_beside(int64_t sum) {
    const int64_t most = ((INT64_C(1) << (sizeof(T) * 8 - 8)) - 1) / sum;
    return std::min(most, (INT64_C(1) << 24) - 1);
}

template <class T>
std::string name_of(const char *function) {
    return (sizeof(T) == 4 ? "blocks.horizontal32." : "blocks.horizontal64.") + std::string(function);
}

// A real axis, from `in` pixels to `width`.
template <class T>
void check_axis(Checks &checks, int64_t in, int64_t width, bool antialias, int64_t channels) {
    Random &random = checks.random;
    const Axis axis(in, width, antialias ? Weighting::kTriangle : Weighting::kTwoTap);
    std::vector<T> sums_x;
    sums_x.resize(static_cast<size_t>(width));
    axis.weight_sums(0, width, sums_x.data());
    const int64_t most = most_beside<T>(static_cast<int64_t>(*std::max_element(sums_x.begin(), sums_x.end())));
    if (most < 1) return;
    const int64_t most_y = random.one_in(2) ? most : random.between(1, most);
    const HorizontalAxis horizontal(axis, static_cast<uint64_t>(255 * most_y));
    int64_t longest = 2;
    const std::vector<int64_t> segments = axis.triangle ? axis.all_segments() : std::vector<int64_t>();
    for (size_t s = 1; s < segments.size(); ++s) longest = std::max(longest, segments[s] - segments[s - 1]);

    BlockCase<T> block(checks, channels, in, width, longest);
    const Sums<T> sums(random, random_sums_y<T>(checks, most_y), sums_x);
    fill_lines(random, sums.y, block);
    const HorizontalKernels<T> &tested = checks.tested.blocks.horizontal(T());
    const HorizontalKernels<T> &expected = checks.expected.blocks.horizontal(T());
    if (!axis.triangle) {
        block.compare(name_of<T>("taps"), horizontal.taps(), sums, tested.taps, expected.taps);
        return;
    }
    Triangle triangle = horizontal.triangle();
    if (random.one_in(4)) triangle.run = random.between(1, triangle.run);
    block.compare(name_of<T>("triangle"), triangle, sums, tested.triangle, expected.triangle);
}

// Numerators of any value, from two pixels for each result; denominators of any size.
template <class T>
void check_division(Checks &checks, int64_t width, int64_t channels) {
    Random &random = checks.random;
    // With these weights two numbers of 32 bits are every numerator.
    const int64_t weight0 = sizeof(T) == 4 ? 3 : kMostOfAxis, weight1 = 1;
    const uint64_t representable = static_cast<uint64_t>(weight0) * UINT32_MAX;
    std::vector<Taps> taps;
    std::vector<T> sums_x;
    const int x_bits = static_cast<int>(random.between(1, sizeof(T) == 4 ? 23 : 32));
    const int64_t most_x = std::max(INT64_C(2), static_cast<int64_t>(random.of_any_length(x_bits)));
    for (int64_t k = 0; k < width; ++k) {
        taps.push_back({2 * k, weight0, weight1});
        const int64_t least = sizeof(T) == 4 ? 2 : std::max(INT64_C(2), most_x / 16);
        sums_x.push_back(static_cast<T>(random.one_in(2) ? most_x : random.between(least, most_x)));
    }
    BlockCase<T> block(checks, channels, 2 * width, width, 2);
    const Sums<T> sums(random, random_sums_y<T>(checks, most_beside<T>(most_x)), sums_x);
    for (int64_t l = 0; l < block.rows(); ++l) {
        for (int64_t i = 0; i < width * channels; ++i) {
            const int64_t k = i / channels;
            const uint64_t d = static_cast<uint64_t>(sums.y[static_cast<size_t>(l)]) *
                               static_cast<uint64_t>(sums.x[static_cast<size_t>(k)]);
            const uint64_t most = std::min(representable, 255 * d + d - d / 2 - 1);  // N + D/2 < 256·D
            const uint64_t q = random.word() % (most / d + 1);
            const uint64_t half = q * d + d - d / 2;  // an exact half, if D is even
            const uint64_t any = random.word() % (most + 1);
            const uint64_t numerator = random.pick<uint64_t>({half, half - 1, half - 2, q * d, q * d + 1, most, any});
            const uint64_t n = std::min(numerator, most);
            uint32_t *pixels = block.line(l) + 2 * k * channels + i % channels;
            pixels[0] = static_cast<uint32_t>(n / static_cast<uint64_t>(weight0));
            pixels[channels] = static_cast<uint32_t>(n % static_cast<uint64_t>(weight0));
        }
    }
    block.compare(name_of<T>("taps"), TapList{taps.data(), width}, sums, checks.tested.blocks.horizontal(T()).taps,
                  checks.expected.blocks.horizontal(T()).taps);
}

template <class T>
void check_horizontal(Checks &checks) {
    Random &random = checks.random;
    for (int64_t width = 1; width <= kMostSamples; ++width) {
        for (int64_t channels : {1, 2, 3, 4, 5, 17}) {
            const int64_t in = width + random.pick<int64_t>({1, 2, width, random.between(1, 3 * width), 200});
            check_axis<T>(checks, in, width, true, channels);
            check_axis<T>(checks, random.between(1, 2 * width), width, false, channels);
            check_division<T>(checks, width, channels);
        }
    }
    for (int i = 0; i < 40; ++i) {  // long segments
        check_axis<T>(checks, random.between(300, 3000), random.between(1, 5), true, random.between(1, 4));
        check_division<T>(checks, random.between(1, 40), 40);
    }
    if (sizeof(T) == 8) {
        check_axis<T>(checks, 32768, 3, true, 1);
        check_axis<T>(checks, 32768, 1, true, 1);
        check_axis<T>(checks, 32767, 5, true, 1);
    }
}

}  // namespace

void check_horizontal32(Checks &checks) { check_horizontal<uint32_t>(checks); }
void check_horizontal64(Checks &checks) { check_horizontal<uint64_t>(checks); }
