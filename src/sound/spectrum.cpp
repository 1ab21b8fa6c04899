// SPDX-License-Identifier: MIT
#include "sound/spectrum.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "base/aligned.h"
#include "sound/cosines.h"

namespace isopixel {
namespace {

double scaled(int64_t value_62) { return std::ldexp(static_cast<double>(value_62), -62); }

// Of e^(-2πij/n).
void add_turn(size_t j, size_t n, std::vector<double> *turns) {
    turns->push_back(scaled(cosine_62(static_cast<int64_t>(j % n), static_cast<int64_t>(n))));
    turns->push_back(-scaled(sine_62(static_cast<int64_t>(j % n), static_cast<int64_t>(n))));
}

// The radix of the first step for n numbers.
size_t radix_of(size_t n) {
    if (n % 8 == 0 && n != 16) return 8;
    for (const size_t radix : {size_t{4}, size_t{2}, size_t{3}, size_t{5}})
        if (n % radix == 0) return radix;
    size_t radix = 7;
    while (n % radix != 0) radix += 2;
    return radix;
}

size_t most_radix(size_t n) {
    size_t most = 1;
    for (size_t radix; n > 1; n /= radix) most = std::max(most, radix = radix_of(n));
    return most;
}

}  // namespace

Spectrum::Spectrum(int64_t window) : half_(static_cast<size_t>(window / 2)), size_(half_) {
    for (int64_t t = 0; t < window; ++t) window_.push_back(0.5 - 0.5 * scaled(cosine_62(t, window)));
    for (size_t k = 0; k <= half_; ++k) add_turn(k, 2 * half_, &turns_);
    const bool is_convolution = most_radix(half_) > kMostRadix;
    if (is_convolution) {
        size_ = (2 * half_ + 6) / 8 * 8;  // 2·half_ - 1 or more
        while (most_radix(size_) > 8) size_ += 8;
    }
    add_passes();
    if (is_convolution) add_convolution();
}

void Spectrum::add_passes() {
    for (size_t rest = size_, stride = 1; rest > 1;) {
        Pass pass = {radix_of(rest), 0, stride, {}, {}};
        pass.parts = rest / pass.radix;
        for (size_t p = 0; p < pass.parts; ++p)
            for (size_t j = 1; j < pass.radix; ++j) add_turn(p * j, rest, &pass.turns);
        for (size_t j = 0; j < pass.radix; ++j) add_turn(j, pass.radix, &pass.roots);
        stride *= pass.radix;
        rest = pass.parts;
        tables_.push_back(std::move(pass));
    }
    for (const Pass &pass : tables_)
        passes_.push_back({pass.radix, pass.parts, pass.stride, pass.turns.data(), pass.roots.data()});
}

void Spectrum::add_convolution() {
    for (size_t t = 0; t < half_; ++t) add_turn(t * t, 2 * half_, &chirp_);
    constexpr size_t kLanes = kScalarSpectrum.frames;
    AlignedArray<double> x(static_cast<int64_t>(2 * kLanes * size_)), y(static_cast<int64_t>(2 * kLanes * size_));
    for (size_t t = 0; t < half_; ++t)
        for (const size_t at : {t, (size_ - t) % size_}) {
            double *number = x.data() + 2 * kLanes * at;
            number[0] = chirp_[2 * t] / static_cast<double>(size_);
            number[kLanes] = -chirp_[2 * t + 1] / static_cast<double>(size_);
        }
    const double *made = scalar::transform(plan(), x.data(), y.data());
    for (size_t k = 0; k < size_; ++k) {
        response_.push_back(made[2 * kLanes * k]);
        response_.push_back(made[2 * kLanes * k + kLanes]);
    }
}

SpectrumPlan Spectrum::plan() const {
    return {half_,
            window_.data(),
            turns_.data(),
            passes_.data(),
            passes_.size(),
            size_,
            chirp_.empty() ? nullptr : chirp_.data(),
            response_.data()};
}

}  // namespace isopixel
