// SPDX-License-Identifier: MIT
// `area`, `bicubic` and `bicubic-four-tap` against as they are written: random images, by every
// instruction set, in every rounding mode, with what the estimate decides and with all settled in integers.
//   windowed [COUNT [SEED]]    COUNT random shapes
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <numeric>
#include <string>
#include <vector>

#include "base/u128.h"
#include "kernels/dispatch.h"
#include "rounding_modes.h"
#include "views.h"
#include "windowed/windowed.h"

using namespace isopixel;

namespace {

// The weights of the samples of an axis in result i; modulo 2^64, which holds those of the sizes here.
std::vector<uint64_t> weights_of(Function function, int64_t n_in, int64_t n_out, int64_t i) {
    const int64_t g = std::gcd(n_in, n_out), w = n_in / g, v = n_out / g;
    std::vector<uint64_t> weights(static_cast<size_t>(n_in));
    const auto add = [&](int64_t j, int64_t weight) {
        weights[static_cast<size_t>(std::clamp<int64_t>(j, 0, n_in - 1))] += static_cast<uint64_t>(weight);
    };
    for (int64_t j = 0; j < n_in && function == Function::kArea; ++j)
        add(j, std::max<int64_t>(0, std::min((i + 1) * w, (j + 1) * v) - std::max(i * w, j * v)));
    for (int64_t j = 0; j < n_in && function == Function::kBicubic; ++j) {
        const int64_t m = 2 * std::max(w, v), d = std::abs((2 * j + 1) * v - (2 * i + 1) * w);
        if (d < m) add(j, 3 * d * d * d - 5 * d * d * m + 2 * m * m * m);
        else if (d < 2 * m) add(j, -d * d * d + 5 * d * d * m - 8 * d * m * m + 4 * m * m * m);
    }
    if (function == Function::kBicubicFourTap) {
        const int64_t m = 2 * v, place = (2 * i + 1) * w - v;
        const int64_t j = place < 0 ? -1 : place / m, f = place - m * j;
        const int64_t distances[] = {m + f, f, m - f, 2 * m - f};
        for (int64_t t = 0; t < 4; ++t) {
            const int64_t d = distances[t];
            add(j - 1 + t, d < m ? 5 * d * d * d - 9 * d * d * m + 4 * m * m * m
                                 : -3 * d * d * d + 15 * d * d * m - 24 * d * m * m + 12 * m * m * m);
        }
    }
    return weights;
}

U128 widened(uint64_t n) { return {n, n >> 63 ? UINT64_MAX : 0}; }

uint8_t value(U128 numerator, U128 divisor) {
    if (numerator.hi >> 63) return 0;
    int q = 0;  // the largest with (2q - 1)·D <= 2N
    while (q < 255 && !(numerator + numerator < divisor * static_cast<uint64_t>(2 * q + 1))) ++q;
    return static_cast<uint8_t>(q);
}

Bytes resize_by_the_rules(const ResizeShape &shape, Function function, const Bytes &image) {
    Bytes out;
    const int64_t row = shape.in_width * shape.channels;
    for (int64_t i = 0; i < shape.out_height; ++i) {
        const auto tall = weights_of(function, shape.in_height, shape.out_height, i);
        const uint64_t sum_y = std::accumulate(tall.begin(), tall.end(), uint64_t{0});
        for (int64_t k = 0; k < shape.out_width; ++k) {
            const auto wide = weights_of(function, shape.in_width, shape.out_width, k);
            const uint64_t sum_x = std::accumulate(wide.begin(), wide.end(), uint64_t{0});
            for (int64_t ch = 0; ch < shape.channels; ++ch) {
                U128 numerator;
                for (int64_t y = 0; y < shape.in_height; ++y) {
                    uint64_t sum = 0;
                    for (int64_t x = 0; x < shape.in_width && tall[static_cast<size_t>(y)] != 0; ++x)
                        sum += wide[static_cast<size_t>(x)] *
                               image[static_cast<size_t>(y * row + x * shape.channels + ch)];
                    numerator += widened(tall[static_cast<size_t>(y)]) * widened(sum);
                }
                out.push_back(value(numerator, U128(sum_y) * sum_x));
            }
        }
    }
    return out;
}

[[noreturn]] void fail(const Plan &plan, int mode, const char *what) {
    const auto number = [](int64_t n) { return static_cast<long long>(n); };
    const ResizeShape &shape = plan.shape;
    std::printf("%s, %s, %lldx%lldx%lld -> %lldx%lld, rounding mode %d: %s\n", plan.kernels->isa,
                plan.method->info.name, number(shape.in_height), number(shape.in_width), number(shape.channels),
                number(shape.out_height), number(shape.out_width), mode, what);
    std::exit(1);
}

// Up to 2^bits, each length being as likely.
int64_t random_side(Random &random, double bits) {
    return static_cast<int64_t>(std::exp2(bits * static_cast<double>(random.between(0, 1000)) / 1000));
}

ResizeShape random_shape(Random &random) {
    ResizeShape shape{};
    shape.channels = random.one_in(2) ? random.between(1, 9) : random.pick<int64_t>({1, 3, 4});
    do {
        shape.out_height = random_side(random, 5);
        shape.out_width = random_side(random, 6);
        shape.in_height =
            random.one_in(3) ? random.between(1, 4) * shape.out_height + random.between(0, 1) : random_side(random, 7);
        shape.in_width =
            random.one_in(3) ? random.between(1, 4) * shape.out_width + random.between(0, 1) : random_side(random, 9);
        if (random.one_in(8)) shape.in_height = 2 * shape.out_height, shape.in_width = 2 * shape.out_width;
        if (random.one_in(8))
            shape.in_height = random.between(1, shape.out_height), shape.in_width = random.between(1, shape.out_width);
    } while (shape.in_height * shape.in_width * shape.out_height * shape.out_width * shape.channels > 2000000);
    return shape;
}

// Whose longest windows are made in parts, and others not: those inside the image, or all but the outermost.
const ResizeShape kInParts[] = {{1, 10000, 9, 1, 10}, {1, 12000, 9, 1, 10}, {2, 36000, 2, 1, 8}};

struct Counts {
    int64_t checked = 0, samples = 0, settled = 0;
};

void check(const ResizeShape &shape, const Method &method, Random &random, Counts &counts) {
    Bytes image(static_cast<size_t>(shape.in_height * shape.in_width * shape.channels));
    random.fill(image.data(), static_cast<int64_t>(image.size()), 255);
    const View view(shape, image, random);
    const Bytes expected = resize_by_the_rules(shape, method.function, image);
    for (size_t i = 0; const Kernels *kernels = available_kernels(i); ++i) {
        set_kernels(kernels->isa);
        Plan plan = *plan_resize(shape, method);
        if (plan.engine == Engine::kCopy) continue;
        if (plan.engine != Engine::kWindowed) {
            if (resize_in_parts(*make_resizer(plan), plan, view, random) != expected)
                fail(plan, FE_TONEAREST,
                     plan.engine == Engine::kHalving ? "what is halved differs" : "what has two taps differs");
            plan.engine = Engine::kWindowed;
        }
        for (const int mode : kRoundingModes) {
            SettlingProbe probe, all{true};
            std::fesetround(mode);
            const Bytes estimated = resize_in_parts(*make_windowed_resizer(plan, &probe), plan, view, random);
            const Bytes settled = resize_in_parts(*make_windowed_resizer(plan, &all), plan, view, random);
            std::fesetround(FE_TONEAREST);
            if (settled != expected) fail(plan, mode, "what is settled differs");
            if (estimated != expected) fail(plan, mode, "what is estimated differs");
            const int64_t samples = static_cast<int64_t>(expected.size());
            if (all.settled != samples) fail(plan, mode, "not all samples were settled");
            ++counts.checked;
            counts.samples += samples;
            counts.settled += probe.settled;
        }
    }
}

}  // namespace

int main(int argc, char **argv) {
    const int64_t count = argc > 1 ? std::atoll(argv[1]) : 200;
    Random random(argc > 2 ? static_cast<uint64_t>(std::atoll(argv[2])) : 1);
    Counts counts;
    for (const ResizeShape &shape : kInParts) check(shape, *find_method("bicubic"), random, counts);
    for (int64_t n = 0; n < count; ++n)
        check(random_shape(random), *find_method(random.pick({"area", "bicubic", "bicubic-four-tap"})), random, counts);
    std::printf("%lld resizes, %lld samples, %lld settled\n", static_cast<long long>(counts.checked),
                static_cast<long long>(counts.samples), static_cast<long long>(counts.settled));
    return 0;
}
