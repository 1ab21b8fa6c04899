// SPDX-License-Identifier: MIT
// Estimates of spectra (spectrum.h), of vectors V whose lanes are frames.
#pragma once

#include "kernels/spectrum.h"

namespace isopixel {
namespace {

template <class V>
struct Complex {
    V re, im;

    friend Complex operator+(Complex a, Complex b) { return {a.re + b.re, a.im + b.im}; }
    friend Complex operator-(Complex a, Complex b) { return {a.re - b.re, a.im - b.im}; }
    friend Complex operator*(Complex a, V c) { return {a.re * c, a.im * c}; }
    Complex plus_product(Complex a, V c) const { return {re.plus_product(a.re, c), im.plus_product(a.im, c)}; }
    Complex turned(V cosine, V sine) const {
        return {(re * cosine).minus_product(im, sine), (re * sine).plus_product(im, cosine)};
    }
    Complex turned(const double *turn) const { return turned(V::all(turn[0]), V::all(turn[1])); }
    Complex times_minus_i() const { return {im, V::all(0) - re}; }
    Complex swapped() const { return {im, re}; }
};

// --- Transforms of few numbers, in place ---

template <class V>
inline void transform(Complex<V> (&x)[2]) {
    const Complex<V> other = x[1];
    x[1] = x[0] - other;
    x[0] = x[0] + other;
}

template <class V>
inline void transform(Complex<V> (&x)[3]) {
    constexpr double kSine = 0.86602540378443864676;
    const Complex<V> sum = x[1] + x[2], middle = x[0].plus_product(sum, V::all(-0.5));
    const Complex<V> turned = (x[1] - x[2]).times_minus_i();
    x[0] = x[0] + sum;
    x[1] = middle.plus_product(turned, V::all(kSine));
    x[2] = middle.plus_product(turned, V::all(-kSine));
}

template <class V>
inline void transform(Complex<V> (&x)[4]) {
    const Complex<V> sum = x[0] + x[2], difference = x[0] - x[2];
    const Complex<V> other = x[1] + x[3], turned = x[1] - x[3];
    x[0] = sum + other;
    x[1] = {difference.re + turned.im, difference.im - turned.re};
    x[2] = sum - other;
    x[3] = {difference.re - turned.im, difference.im + turned.re};
}

template <class V>
inline void transform(Complex<V> (&x)[5]) {
    const V cosine = V::all(0.30901699437494742410), cosine_twice = V::all(-0.80901699437494742410);
    const V sine = V::all(0.95105651629515357212), sine_twice = V::all(0.58778525229247312917);
    const Complex<V> s1 = x[1] + x[4], s2 = x[2] + x[3], d1 = x[1] - x[4], d2 = x[2] - x[3];
    const Complex<V> m1 = x[0].plus_product(s1, cosine).plus_product(s2, cosine_twice);
    const Complex<V> m2 = x[0].plus_product(s1, cosine_twice).plus_product(s2, cosine);
    const Complex<V> t1 = (d1 * sine).plus_product(d2, sine_twice);
    const Complex<V> t2 = {(d1.re * sine_twice).minus_product(d2.re, sine),
                           (d1.im * sine_twice).minus_product(d2.im, sine)};
    x[0] = x[0] + s1 + s2;
    x[1] = {m1.re + t1.im, m1.im - t1.re};
    x[2] = {m2.re + t2.im, m2.im - t2.re};
    x[3] = {m2.re - t2.im, m2.im + t2.re};
    x[4] = {m1.re - t1.im, m1.im + t1.re};
}

template <class V>
inline void transform(Complex<V> (&x)[8]) {
    const V root = V::all(0.70710678118654752440);
    Complex<V> even[4] = {x[0], x[2], x[4], x[6]}, odd[4] = {x[1], x[3], x[5], x[7]};
    transform(even);
    transform(odd);
    odd[1] = Complex<V>{odd[1].re + odd[1].im, odd[1].im - odd[1].re} * root;
    odd[2] = odd[2].times_minus_i();
    odd[3] = Complex<V>{odd[3].im - odd[3].re, V::all(0) - (odd[3].re + odd[3].im)} * root;
    for (size_t j = 0; j < 4; ++j) {
        x[j] = even[j] + odd[j];
        x[j + 4] = even[j] - odd[j];
    }
}

// --- Steps ---

template <size_t kRadix, bool kTurns, class V>
inline void run_radix(const SpectrumPass &pass, const Complex<V> *in, Complex<V> *out) {
    const size_t stride = pass.stride, step = pass.parts * stride;
    const double *turns = pass.turns;
    for (size_t p = 0; p < pass.parts; ++p, in += stride, out += kRadix * stride, turns += 2 * (kRadix - 1)) {
        V w[2 * kRadix - 2];
        if constexpr (kTurns)
            for (size_t j = 0; j < 2 * kRadix - 2; ++j) w[j] = V::all(turns[j]);
        for (size_t i = 0; i < stride; ++i) {
            Complex<V> x[kRadix];
            for (size_t j = 0; j < kRadix; ++j) x[j] = in[i + j * step];
            transform(x);
            out[i] = x[0];
            for (size_t j = 1; j < kRadix; ++j) {
                if constexpr (kTurns) x[j] = x[j].turned(w[2 * j - 2], w[2 * j - 1]);
                out[i + j * stride] = x[j];
            }
        }
    }
}

template <class V>
inline void run_any_radix(const SpectrumPass &pass, const Complex<V> *in, Complex<V> *out) {
    const size_t radix = pass.radix, stride = pass.stride, step = pass.parts * stride;
    const double *turns = pass.turns;
    for (size_t p = 0; p < pass.parts; ++p, in += stride, out += radix * stride, turns += 2 * (radix - 1)) {
        for (size_t i = 0; i < stride; ++i) {
            for (size_t j = 0; j < radix; ++j) {
                Complex<V> sum = in[i];
                for (size_t k = 1, at = j; k < radix; ++k, at += at + j < radix ? j : j - radix)
                    sum = sum + in[i + k * step].turned(pass.roots + 2 * at);
                out[i + j * stride] = j == 0 ? sum : sum.turned(turns + 2 * (j - 1));
            }
        }
    }
}

template <size_t kRadix, class V>
inline void run_steps(const SpectrumPass &pass, const Complex<V> *in, Complex<V> *out) {
    if (pass.parts > 1) run_radix<kRadix, true>(pass, in, out);
    else run_radix<kRadix, false>(pass, in, out);
}

// Returns which of the two has the result.
template <class V>
inline Complex<V> *run_passes(const SpectrumPlan &plan, Complex<V> *x, Complex<V> *y) {
    for (const SpectrumPass *pass = plan.passes; pass < plan.passes + plan.n_passes; ++pass) {
        switch (pass->radix) {
            case 2:
                run_steps<2>(*pass, x, y);
                break;
            case 3:
                run_steps<3>(*pass, x, y);
                break;
            case 4:
                run_steps<4>(*pass, x, y);
                break;
            case 5:
                run_steps<5>(*pass, x, y);
                break;
            case 8:
                run_steps<8>(*pass, x, y);
                break;
            default:
                run_any_radix(*pass, x, y);
        }
        Complex<V> *other = x;
        x = y;
        y = other;
    }
    return x;
}

// --- Frames ---

// The even samples of a frame are the real parts, the odd ones the imaginary.
template <class V>
inline void load_frames(const SpectrumPlan &plan, const int32_t *samples, size_t hop, Complex<V> *x, double *sums) {
    V even_sum = V::all(0), odd_sum = V::all(0);
    for (size_t t = 0; t < plan.half; ++t) {
        Complex<V> pair;
        V::load_pairs(samples + 2 * t, hop, &pair.re, &pair.im);
        even_sum = even_sum + pair.re.magnitude();
        odd_sum = odd_sum + pair.im.magnitude();
        x[t] = {pair.re * V::all(plan.window[2 * t]), pair.im * V::all(plan.window[2 * t + 1])};
    }
    (even_sum + odd_sum).store(sums);  // whole numbers below 2^39
}

// Bluestein's transform: since tk = (t² + k² - (k - t)²)/2, Z(k) = c(k)·Σ_t z(t)·c(t)/c(k - t), a convolution, which is
// a product of transforms. (To swap the parts of numbers before and after a transform inverts it.)
template <class V>
inline Complex<V> *run_convolution(const SpectrumPlan &plan, Complex<V> *x, Complex<V> *y) {
    for (size_t t = 0; t < plan.half; ++t) x[t] = x[t].turned(plan.chirp + 2 * t);
    for (size_t t = plan.half; t < plan.size; ++t) x[t] = {V::all(0), V::all(0)};
    Complex<V> *const z = run_passes(plan, x, y);
    for (size_t k = 0; k < plan.size; ++k) z[k] = z[k].turned(plan.response + 2 * k).swapped();
    Complex<V> *const made = run_passes(plan, z, z == x ? y : x);
    for (size_t k = 0; k < plan.half; ++k) made[k] = made[k].swapped().turned(plan.chirp + 2 * k);
    return made;
}

// X(k) = (Z(k) + Z*(h - k))/2 - i·e^(-2πik/N)·(Z(k) - Z*(h - k))/2, h = N/2, and X*(h - k) is the difference of the
// two.
template <class V>
inline void write_power(const SpectrumPlan &plan, const Complex<V> *z, double *power) {
    const size_t half = plan.half;
    const V quarter = V::all(0.25);
    for (size_t k = 0; 2 * k <= half; ++k) {
        const Complex<V> x = z[k], y = z[k > 0 ? half - k : 0];
        const Complex<V> even = {x.re + y.re, x.im - y.im}, odd = {x.im + y.im, y.re - x.re};
        const V cosine = V::all(plan.turns[2 * k]), sine = V::all(plan.turns[2 * k + 1]);
        const Complex<V> turned = odd.turned(cosine, sine), up = even + turned, down = even - turned;
        ((up.re * up.re).plus_product(up.im, up.im) * quarter).store(power + k * V::kLanes);
        ((down.re * down.re).plus_product(down.im, down.im) * quarter).store(power + (half - k) * V::kLanes);
    }
}

template <class V>
void estimate_power_of(const SpectrumPlan &plan, const int32_t *samples, size_t hop, double *scratch, double *power,
                       double *sums) {
    auto *const x = reinterpret_cast<Complex<V> *>(scratch), *const y = x + plan.size;
    load_frames(plan, samples, hop, x, sums);
    write_power(plan, plan.chirp ? run_convolution(plan, x, y) : run_passes(plan, x, y), power);
}

// With X̂ off by less than ε = kSpectrumError·Σ|y| at each bin, the root of the energy, a norm of it with the weights w,
// is off by less than r = ε·√Σw: E lies between (√Ê - r)² and (√Ê + r)².
template <class V>
void weigh_bands_of(const WeightedBins *bands, size_t n, const double *weights, const double *power, const double *sums,
                    double *least, double *most) {
    const V sum = V::load(sums);
    for (const WeightedBins *band = bands; band < bands + n; ++band, least += V::kLanes, most += V::kLanes) {
        const double *bins = power + band->first * V::kLanes, *weight = weights + band->weights;
        V even = V::all(0), odd = V::all(0);
        for (size_t i = band->count / 2; i > 0; --i, bins += 2 * V::kLanes, weight += 2) {
            even = even.plus_product(V::load(bins), V::all(weight[0]));
            odd = odd.plus_product(V::load(bins + V::kLanes), V::all(weight[1]));
        }
        if (band->count % 2) even = even.plus_product(V::load(bins), V::all(weight[0]));
        const V energy = even + odd, error = sum * V::all(band->error);
        const V twice = energy.root() * V::all(2),
                off = (energy * V::all(kSumError)).plus_product(error, twice + error);
        (energy - off).store(least);
        (energy + off).store(most);
    }
}

template <class V>
constexpr SpectrumKernels make_spectrum() {
    return {V::kLanes, estimate_power_of<V>, weigh_bands_of<V>};
}

}  // namespace
}  // namespace isopixel
