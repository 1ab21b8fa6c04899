// SPDX-License-Identifier: MIT
// The kernels that make pixels of a picture's coefficients.
#include <cmath>
#include <cstring>

#include "kernel_checks.h"

using namespace isopixel;

namespace {

// Coefficients of a block whose results lie within ±`most` or a little beyond: dense, and near both ends.
void fill_by_transform(Random &random, double most, const int16_t *quantisation, int16_t *coefficients) {
    double samples[64];
    const int64_t kind = random.between(0, 2);
    for (double &sample : samples) {
        const double share = static_cast<double>(random.between(-1000, 1000)) / 1000;
        sample = most * (kind == 0 ? share : kind == 1 ? (share < 0 ? -1 : 1) : share / 8 + 0.875);
    }
    for (int v = 0; v < 8; ++v)
        for (int u = 0; u < 8; ++u) {
            double sum = 0;
            for (int y = 0; y < 8; ++y)
                for (int x = 0; x < 8; ++x)
                    sum += samples[8 * y + x] * std::cos((2 * y + 1) * v * 0.19634954084936207) *
                           std::cos((2 * x + 1) * u * 0.19634954084936207);
            const double c = sum / 4 * (v ? 1 : 0.70710678118654752) * (u ? 1 : 0.70710678118654752);
            coefficients[8 * v + u] = static_cast<int16_t>(std::lround(c / quantisation[8 * v + u]));
        }
}

void check_inverse_dct_of(Checks &checks, int64_t kind) {
    Random &random = checks.random;
    Fenced<int16_t> coefficients(64, random), quantisation(64, random);
    const int64_t most_q = random.pick<int64_t>({1, 1, 8, 255, 32767});
    for (int i = 0; i < 64; ++i) quantisation[i] = static_cast<int16_t>(random.between(1, most_q));
    if (kind == 0) {  // any, of 16 bits
        for (int i = 0; i < 64; ++i) coefficients[i] = static_cast<int16_t>(random.word());
    } else if (kind == 1) {  // one or two, about as large as they may be
        std::fill_n(coefficients.data(), 64, int16_t{0});
        for (int64_t n = random.between(1, 2); n > 0; --n) {
            const int64_t at = random.between(0, 63), most = 4200 / quantisation[at];
            coefficients[at] = static_cast<int16_t>(random.one_in(2) ? random.between(-most, most) : -most);
        }
    } else if (kind == 2) {  // a row or column of the passes near the ends of 16 bits
        const int64_t line = random.between(0, 7), step = random.pick<int64_t>({1, 8});
        std::fill_n(coefficients.data(), 64, int16_t{0});
        for (int64_t i = 0; i < 8; ++i) {
            const int64_t at = line * (9 - step) + i * step, most = 32767 / quantisation[at] + 1;
            coefficients[at] = static_cast<int16_t>(random.between(-most, most) / random.pick<int64_t>({1, 2, 4, 8}));
        }
    } else if (kind == 3) {  // one, whose product is beyond 16 bits, with a small number in these
        std::fill_n(coefficients.data(), 64, int16_t{0});
        const int64_t at = random.between(0, 63), bits = random.between(2, 14);
        quantisation[at] = static_cast<int16_t>(1 << bits);
        const int64_t beyond = random.one_in(2) ? 1 << (16 - bits) : -(1 << (16 - bits));
        coefficients[at] = static_cast<int16_t>(beyond + random.between(-1, 1));
    } else {
        const double most = random.pick<double>({127, 300, 505, 511, 513});
        fill_by_transform(random, most, quantisation.data(), coefficients.data());
    }
    const ptrdiff_t stride = static_cast<ptrdiff_t>(random.between(8, 40));
    Fenced<uint8_t> out(7 * stride + 8, random), expected(out.size(), random);
    random.fill(out.data(), out.size(), UINT8_MAX);
    std::copy_n(out.data(), out.size(), expected.data());

    const bool ok = checks.tested.pictures.inverse_dct(coefficients.data(), quantisation.data(), out.data(), stride);
    const bool expected_ok =
        checks.expected.pictures.inverse_dct(coefficients.data(), quantisation.data(), expected.data(), stride);
    Call call(checks, "pictures.inverse_dct");
    call.with("kind", kind).with("most_q", most_q).with("stride", stride);
    for (int i = 0; i < 64; ++i)
        if (coefficients[i] != 0) call.with(std::to_string(i).c_str(), coefficients[i] * quantisation[i]);
    if (ok != expected_ok) call.fail(ok ? "a block out of range is accepted" : "a block in range is refused");
    if (ok) call.same("out", out.data(), expected.data(), out.size());
    call.intact("out", out);
    call.pass();
}

void check_transform_colours_of(Checks &checks, int64_t n) {
    Random &random = checks.random;
    Fenced<uint8_t> y(n, random), cb(n, random), cr(n, random), out(3 * n, random), expected(3 * n, random);
    for (Fenced<uint8_t> *samples : {&y, &cb, &cr}) random.fill(samples->data(), n, UINT8_MAX);
    checks.tested.pictures.transform_colours(y.data(), cb.data(), cr.data(), n, out.data());
    checks.expected.pictures.transform_colours(y.data(), cb.data(), cr.data(), n, expected.data());
    Call call(checks, "pictures.transform_colours");
    call.with("n", n);
    call.same("out", out.data(), expected.data(), 3 * n);
    call.intact("out", out);
    call.pass();
}

}  // namespace

void check_inverse_dct(Checks &checks) {
    for (int64_t i = 0; i < 5000; ++i) check_inverse_dct_of(checks, i % 5);
}

void check_transform_colours(Checks &checks) {
    for (const int64_t n : lengths()) check_transform_colours_of(checks, n);
    check_transform_colours_of(checks, 100000);
}
