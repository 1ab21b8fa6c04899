// SPDX-License-Identifier: MIT
#include "sound/spectrum.h"

#include <cmath>
#include <utility>

#include "sound/cosines.h"

// Says of a loop that its steps do not depend on one another, which compilers cannot see of numbers `out` apart.
#if defined(__clang__)
#define ISOPIXEL_INDEPENDENT _Pragma("clang loop vectorize(assume_safety)")
#pragma clang diagnostic ignored "-Wpass-failed"  // that it was not, as in builds that are not optimised
#elif defined(__GNUC__)
#define ISOPIXEL_INDEPENDENT _Pragma("GCC ivdep")
#else
#define ISOPIXEL_INDEPENDENT
#endif

namespace isopixel {
namespace {

// The real and the imaginary parts of numbers, in arrays of their own.
struct Numbers {
    const double *re, *im;
};
struct Results {
    double *re, *im;
};

double scaled(int64_t value_62) { return std::ldexp(static_cast<double>(value_62), -62); }

void add_turn(int64_t j, int64_t n, std::vector<double> *turns) {
    turns->push_back(scaled(cosine_62(j, n)));
    turns->push_back(-scaled(sine_62(j, n)));
}

struct Complex {
    double re, im;

    friend Complex operator+(Complex a, Complex b) { return {a.re + b.re, a.im + b.im}; }
    friend Complex operator-(Complex a, Complex b) { return {a.re - b.re, a.im - b.im}; }
    friend Complex operator*(Complex a, double c) { return {a.re * c, a.im * c}; }
    Complex turned(const double *turn) const { return {re * turn[0] - im * turn[1], re * turn[1] + im * turn[0]}; }
    Complex times_minus_i() const { return {im, -re}; }
};

// One butterfly for each of `count` numbers in a row: its inputs lie `in` apart, its outputs `out`.
template <size_t kRadix, class Butterfly>
void butterflies(const double *__restrict re, const double *__restrict im, size_t in, double *__restrict out_re,
                 double *__restrict out_im, size_t out, size_t count, Butterfly butterfly) {
    ISOPIXEL_INDEPENDENT for (size_t i = 0; i < count; ++i) {
        Complex x[kRadix], y[kRadix];
        for (size_t j = 0; j < kRadix; ++j) x[j] = {re[i + j * in], im[i + j * in]};
        butterfly(x, y);
        for (size_t j = 0; j < kRadix; ++j) out_re[i + j * out] = y[j].re, out_im[i + j * out] = y[j].im;
    }
}

constexpr double kSine3 = 0.86602540378443864676;
constexpr double kCosine5 = 0.30901699437494742410, kCosine5Twice = -0.80901699437494742410;
constexpr double kSine5 = 0.95105651629515357212, kSine5Twice = 0.58778525229247312917;

// A prime factor that has no butterfly of its own.
void any_butterflies(size_t radix, Numbers x, size_t in, Results y, size_t out, size_t count, const double *turns,
                     const std::vector<double> &roots) {
    for (size_t j = 0; j < radix; ++j)
        for (size_t i = 0; i < count; ++i) {
            Complex sum = {x.re[i], x.im[i]};
            for (size_t k = 1; k < radix; ++k)
                sum = sum + Complex{x.re[i + k * in], x.im[i + k * in]}.turned(&roots[2 * (j * k % radix)]);
            if (j > 0) sum = sum.turned(turns + 2 * (j - 1));
            y.re[i + j * out] = sum.re, y.im[i + j * out] = sum.im;
        }
}

size_t factor_of(size_t n) {
    for (const size_t radix : {size_t{4}, size_t{2}, size_t{3}, size_t{5}})
        if (n % radix == 0) return radix;
    size_t radix = 7;
    while (n % radix != 0) radix += 2;
    return radix;
}

}  // namespace

Spectrum::Spectrum(int64_t window) : half_(static_cast<size_t>(window / 2)) {
    for (int64_t t = 0; t < window; ++t) window_.push_back(0.5 - 0.5 * scaled(cosine_62(t, window)));
    for (int64_t k = 0; k <= window / 2; ++k) add_turn(k, window, &turns_);
    for (size_t rest = half_, stride = 1; rest > 1;) {
        Pass pass = {factor_of(rest), 0, stride, {}, {}};
        const auto n = static_cast<int64_t>(rest);
        rest /= pass.radix;
        pass.parts = rest;
        for (size_t p = 0; p < pass.parts; ++p)
            for (size_t j = 1; j < pass.radix; ++j)
                add_turn(static_cast<int64_t>(p * j % static_cast<size_t>(n)), n, &pass.twiddles);
        if (pass.radix > 5)
            for (size_t j = 0; j < pass.radix; ++j)
                add_turn(static_cast<int64_t>(j), static_cast<int64_t>(pass.radix), &pass.roots);
        stride *= pass.radix;
        passes_.push_back(std::move(pass));
    }
}

void Spectrum::estimate(const int32_t *samples, size_t hop, double *scratch, double *power, double *sums) const {
    const size_t size = half_ * kLanes;
    Results x = {scratch, scratch + size}, y = {scratch + 2 * size, scratch + 3 * size};
    load(samples, hop, x.re, x.im, sums);
    for (const Pass &pass : passes_) {
        const size_t count = pass.stride * kLanes, in = count * pass.parts;
        const double *turns = pass.twiddles.data();
        for (size_t p = 0; p < pass.parts; ++p, turns += 2 * (pass.radix - 1)) {
            const double *re = x.re + p * count, *im = x.im + p * count;
            double *out_re = y.re + p * count * pass.radix, *out_im = y.im + p * count * pass.radix;
            switch (pass.radix) {
                case 4: {
                    const double w[] = {turns[0], turns[1], turns[2], turns[3], turns[4], turns[5]};
                    butterflies<4>(re, im, in, out_re, out_im, count, count, [&w](const Complex *a, Complex *b) {
                        const Complex sum = a[0] + a[2], difference = a[0] - a[2], other = a[1] + a[3];
                        const Complex turned = (a[1] - a[3]).times_minus_i();
                        b[0] = sum + other;
                        b[1] = (difference + turned).turned(w);
                        b[2] = (sum - other).turned(w + 2);
                        b[3] = (difference - turned).turned(w + 4);
                    });
                    break;
                }
                case 2: {
                    const double w[] = {turns[0], turns[1]};
                    butterflies<2>(re, im, in, out_re, out_im, count, count, [&w](const Complex *a, Complex *b) {
                        b[0] = a[0] + a[1];
                        b[1] = (a[0] - a[1]).turned(w);
                    });
                    break;
                }
                case 3: {
                    const double w[] = {turns[0], turns[1], turns[2], turns[3]};
                    butterflies<3>(re, im, in, out_re, out_im, count, count, [&w](const Complex *a, Complex *b) {
                        const Complex sum = a[1] + a[2], middle = a[0] - sum * 0.5;
                        const Complex turned = ((a[1] - a[2]) * kSine3).times_minus_i();
                        b[0] = a[0] + sum;
                        b[1] = (middle + turned).turned(w);
                        b[2] = (middle - turned).turned(w + 2);
                    });
                    break;
                }
                case 5: {
                    const double w[] = {turns[0], turns[1], turns[2], turns[3], turns[4], turns[5], turns[6], turns[7]};
                    butterflies<5>(re, im, in, out_re, out_im, count, count, [&w](const Complex *a, Complex *b) {
                        const Complex s1 = a[1] + a[4], s2 = a[2] + a[3], d1 = a[1] - a[4], d2 = a[2] - a[3];
                        const Complex m1 = a[0] + s1 * kCosine5 + s2 * kCosine5Twice;
                        const Complex m2 = a[0] + s1 * kCosine5Twice + s2 * kCosine5;
                        const Complex t1 = (d1 * kSine5 + d2 * kSine5Twice).times_minus_i();
                        const Complex t2 = (d1 * kSine5Twice - d2 * kSine5).times_minus_i();
                        b[0] = a[0] + s1 + s2;
                        b[1] = (m1 + t1).turned(w);
                        b[2] = (m2 + t2).turned(w + 2);
                        b[3] = (m2 - t2).turned(w + 4);
                        b[4] = (m1 - t1).turned(w + 6);
                    });
                    break;
                }
                default:
                    any_butterflies(pass.radix, {re, im}, in, {out_re, out_im}, count, count, turns, pass.roots);
            }
        }
        std::swap(x, y);
    }
    split(x.re, x.im, power);
}

// The even samples of a frame are the real parts, the odd ones the imaginary.
void Spectrum::load(const int32_t *samples, size_t hop, double *re, double *im, double *sums) const {
    for (size_t l = 0; l < kLanes; ++l) {
        const int32_t *frame = samples + l * hop;
        double even_sum = 0, odd_sum = 0;
        for (size_t t = 0; t < half_; ++t) {
            const double even = frame[2 * t], odd = frame[2 * t + 1];
            even_sum += std::fabs(even);
            odd_sum += std::fabs(odd);
            re[t * kLanes + l] = even * window_[2 * t];
            im[t * kLanes + l] = odd * window_[2 * t + 1];
        }
        sums[l] = even_sum + odd_sum;  // whole numbers below 2^39
    }
}

// With Z of the complex transform, X(k) = (Z(k) + Z*(h - k))/2 - i·e^(-2πik/N)·(Z(k) - Z*(h - k))/2, h = N/2.
void Spectrum::split(const double *__restrict re, const double *__restrict im, double *__restrict power) const {
    for (size_t k = 0; 2 * k <= half_; ++k) {
        const size_t a = k * kLanes, b = (k > 0 ? half_ - k : 0) * kLanes, mirrored = (half_ - k) * kLanes;
        const double c = turns_[2 * k], s = turns_[2 * k + 1];
        for (size_t l = 0; l < kLanes; ++l) {
            const Complex x = {re[a + l], im[a + l]}, y = {re[b + l], -im[b + l]};
            const Complex even = x + y, difference = (x - y).times_minus_i();
            const Complex odd = {difference.re * c - difference.im * s, difference.re * s + difference.im * c};
            const Complex up = even + odd, down = even - odd;
            power[a + l] = (up.re * up.re + up.im * up.im) * 0.25;
            power[mirrored + l] = (down.re * down.re + down.im * down.im) * 0.25;
        }
    }
}

}  // namespace isopixel
