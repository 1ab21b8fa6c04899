// SPDX-License-Identifier: MIT
// Every engine of `bilinear` that suits a shape, with every instruction set of this CPU, against the sums of 128 bits,
// and the one of `nearest` against R-32 as it is written: random images, which arrive as views, in pieces of any size,
// and in parts as threads take them; and the bounds of the engines that need an instruction set.
//   engines [COUNT [SEED]]    COUNT random shapes
// With the address sanitizer, a read beside a row is an error.
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <iterator>
#include <memory>
#include <string>
#include <vector>

#include "kernels/dispatch.h"
#include "plan.h"
#include "views.h"

using namespace isopixel;

namespace {

// In the order of Engine.
const char *const kEngines[] = {"copy", "taps", "direct", "fused", "blocks", "sums", "nearest", "halving"};

Bytes resize_simply(Plan plan, const Bytes &image) {
    plan.engine = Engine::kSums;
    plan.bits = 128;
    const int64_t row = plan.shape.out_width * plan.shape.channels;
    Bytes out(static_cast<size_t>(plan.shape.out_height * row));
    const auto resizer = make_resizer(plan);
    resizer->begin(out.data(), row, 0, plan.shape.out_height);
    resizer->push_rows(image.data(), plan.shape.in_height, plan.shape.in_width * plan.shape.channels);
    return out;
}

[[noreturn]] void fail(const char *isa, const ResizeShape &shape, const std::string &what) {
    const auto number = [](int64_t n) { return static_cast<long long>(n); };
    std::printf("%s, %lldx%lldx%lld -> %lldx%lld: %s\n", isa, number(shape.in_height), number(shape.in_width),
                number(shape.channels), number(shape.out_height), number(shape.out_width), what.c_str());
    std::exit(1);
}

const Method &kBilinear = *find_method("bilinear"), &kBilinearTwoTap = *find_method("bilinear-two-tap");

// Compares all engines that suit; adds to what each of them has passed.
void check(const ResizeShape &shape, const Method &method, Random &random, int64_t *passed) {
    Bytes image(static_cast<size_t>(shape.in_height * shape.in_width * shape.channels));
    random.fill(image.data(), static_cast<int64_t>(image.size()), 255);
    const View view(shape, image, random);
    set_kernels("scalar");
    const Bytes expected = resize_simply(*plan_resize(shape, method), image);
    for (size_t i = 0; const Kernels *kernels = available_kernels(i); ++i) {
        set_kernels(kernels->isa);
        Plan plan = *plan_resize(shape, method);
        for (const Engine engine :
             {Engine::kTaps, Engine::kDirect, Engine::kFused, Engine::kBlocks, Engine::kSums, Engine::kHalving}) {
            if (!suits(engine, plan)) continue;
            plan.engine = engine;
            const char *name = kEngines[static_cast<size_t>(engine)];
            if (resize_in_parts(*make_resizer(plan), plan, view, random) != expected)
                fail(kernels->isa, shape, std::string(name) + " differs");
            ++passed[static_cast<size_t>(engine)];
        }
    }
}

void check_nearest(const ResizeShape &shape, Random &random, int64_t *passed) {
    Bytes image(static_cast<size_t>(shape.in_height * shape.in_width * shape.channels)), expected;
    random.fill(image.data(), static_cast<int64_t>(image.size()), 255);
    for (int64_t y = 0; y < shape.out_height; ++y) {
        for (int64_t x = 0; x < shape.out_width; ++x) {
            const int64_t row = (2 * y + 1) * shape.in_height / (2 * shape.out_height);
            const int64_t column = (2 * x + 1) * shape.in_width / (2 * shape.out_width);
            const uint8_t *pixel = image.data() + (row * shape.in_width + column) * shape.channels;
            expected.insert(expected.end(), pixel, pixel + shape.channels);
        }
    }
    const View view(shape, image, random);
    Plan plan = *plan_resize(shape, *find_method("nearest"));
    plan.engine = Engine::kNearest;  // equal sizes too
    if (resize_in_parts(*make_resizer(plan), plan, view, random) != expected) fail("all", shape, "nearest differs");
    ++passed[static_cast<size_t>(Engine::kNearest)];
}

int64_t random_size(Random &random, double most_bits) {
    return static_cast<int64_t>(std::exp2(most_bits * static_cast<double>(random.between(0, 1000)) / 1000));
}

// Small results of sources that are up to 100 times as large, up to 5 times, or any.
ResizeShape random_shape(Random &random) {
    ResizeShape shape{};
    shape.channels = random.one_in(2) ? random.between(1, 9) : random.pick<int64_t>({1, 3, 4});
    shape.out_height = random_size(random, 4.5);
    shape.out_width = random_size(random, 6);
    const bool is_near = random.one_in(2);
    do {
        const double most_times = is_near ? 2.3 : 6.7;
        shape.in_height =
            random.one_in(4) ? random_size(random, 7) : shape.out_height * random_size(random, most_times);
        shape.in_width = random.one_in(4) ? random_size(random, 10) : shape.out_width * random_size(random, most_times);
        if (random.one_in(2)) shape.in_width += random.between(0, shape.out_width);
        if (random.one_in(2)) shape.in_height += random.between(0, shape.out_height);
    } while (shape.in_height * shape.in_width * shape.channels > 200000);
    if (random.one_in(5)) shape.in_height = 2 * shape.out_height, shape.in_width = 2 * shape.out_width;
    return shape;
}

// On both sides of a bound: a shape that suits, and another.
struct Bound {
    ResizeShape inside, outside;
};

const Bound kDirectBounds[] = {
    {{95, 16, 1, 10, 8}, {100, 16, 1, 10, 8}},                 // ten narrow lines
    {{50, 65, 1, 10, 64}, {51, 65, 1, 10, 64}},                // ten wide lines
    {{4095, 201, 1, 4094, 200}, {4096, 201, 1, 4095, 200}},    // vertical weights times 2^2 up to 32,767
    {{16383, 50, 1, 9104, 49}, {16383, 50, 1, 7802, 49}},      // 255·D < 2^31
    {{20, 8190, 1, 19, 8189}, {20, 8192, 1, 19, 8191}},        // weights up to 16,383
    {{50, 50, 1, 10, 49}, {16382, 16382, 1, 1, 1}},            // sums of weights beyond 2^28
    {{20, 20, 1, 19, 19}, {20, 20, 1, 20, 19}},                // fewer rows
    {{50, 50, 3, 49, 49}, {20, 20, 1, 19, 20}},                // fewer columns; two rows to a line
    {{52, 52, 3, 51, 51}, {20, 32768 + 3, 1, 19, 32768 + 2}},  // one row to a line; a long row
};

const Bound kFusedBounds[] = {
    {{20, 80, 8, 5, 10}, {20, 80, 9, 5, 10}},                // channels
    {{20, 64, 1, 5, 16}, {20, 63, 1, 5, 16}},                // a row of 64 bytes
    {{20, 500, 3, 5, 10}, {20, 501, 3, 5, 10}},              // five steps of 20 pixels
    {{20, 200, 4, 5, 10}, {20, 201, 4, 5, 10}},              // five steps of 8 pixels
    {{20, 8191, 1, 5, 8190}, {20, 8193, 1, 5, 8192}},        // weights up to 16,383
    {{75673, 64, 1, 1, 16}, {75674, 64, 1, 1, 16}},          // D < 2^39
    {{524288, 64, 1, 2049, 16}, {524289, 64, 1, 2048, 16}},  // vertical weights up to 2^20
    {{20, 64, 1, 19, 16}, {20, 64, 1, 20, 16}},              // fewer rows
    {{20, 65, 1, 5, 64}, {20, 65, 1, 5, 65}},                // fewer columns
};

void check_bounds(const Kernels &kernels, Engine engine, const Bound &bound, Random &random, int64_t *passed) {
    set_kernels(kernels.isa);
    if (!suits(engine, *plan_resize(bound.inside, kBilinear)))
        fail(kernels.isa, bound.inside, std::string(kEngines[static_cast<size_t>(engine)]) + " should suit");
    if (suits(engine, *plan_resize(bound.outside, kBilinear)))
        fail(kernels.isa, bound.outside, std::string(kEngines[static_cast<size_t>(engine)]) + " should not suit");
    for (const ResizeShape &shape : {bound.inside, bound.outside})
        if (shape.in_height * shape.in_width < 10000000) check(shape, kBilinear, random, passed);
}

void check_all_bounds(Random &random, int64_t *passed) {
    for (size_t i = 0; const Kernels *kernels = available_kernels(i); ++i) {
        if (kernels->direct.blend)
            for (const Bound &bound : kDirectBounds) check_bounds(*kernels, Engine::kDirect, bound, random, passed);
        if (kernels->fused.sum_windows)
            for (const Bound &bound : kFusedBounds) check_bounds(*kernels, Engine::kFused, bound, random, passed);
    }
}

}  // namespace

int main(int argc, char **argv) {
    const int64_t count = argc > 1 ? std::atoll(argv[1]) : 300;
    Random random(argc > 2 ? static_cast<uint64_t>(std::atoll(argv[2])) : 1);
    int64_t passed[std::size(kEngines)] = {};
    check_all_bounds(random, passed);
    for (int64_t i = 0; i < count; ++i) {
        check(random_shape(random), random.one_in(5) ? kBilinearTwoTap : kBilinear, random, passed);
        check_nearest(random_shape(random), random, passed);
    }
    for (size_t e = 1; e < std::size(kEngines); ++e)
        std::printf("%s %lld\n", kEngines[e], static_cast<long long>(passed[e]));
    return 0;
}
