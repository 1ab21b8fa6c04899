// SPDX-License-Identifier: MIT
// the rounded division of numerators by D, in each lane.
#pragma once

#include "kernels/lanes-inl.h"

namespace isopixel {
namespace {

// the quotients n / (sum_y·sum_x) for each lane, rounded. Reciprocals, each a little too small, guess the quotient
// or one less (kernels.h: Divisors); the rest decides which.
template <class T>
class RoundedDivision;

template <>
class RoundedDivision<uint32_t> {
  public:
    explicit RoundedDivision(const Divisors<uint32_t> &divisors)
        : divisors_(divisors),
          sum_y_(Simd::load_u32(divisors.sums_y)),
          reciprocal_y_(Simd::load_f32(divisors.reciprocals_y)) {}

    // For pixel k from now on.
    void set_pixel(int64_t k) {
        d_ = Simd::mul_u32(sum_y_, Simd::set_u32(divisors_.sums_x[k]));
        half_d_ = Simd::half_u32(d_);
        reciprocal_ = Simd::scale_f32(reciprocal_y_, divisors_.reciprocals_x[k]);
    }
    U32 operator()(Lanes<uint32_t> numerators) const {
        const U32 n = Simd::add_u32(numerators.all, half_d_);
        const U32 guess = Simd::quotient_u32(Simd::half_u32(n), reciprocal_);
        const U32 rest = Simd::sub_u32(n, Simd::mul_u32(guess, d_));  // below 2d < 2^25
        return Simd::increment_if_ge_u32(guess, rest, d_);
    }

  private:
    const Divisors<uint32_t> divisors_;
    const U32 sum_y_;
    const Simd::F32 reciprocal_y_;
    U32 d_{}, half_d_{};
    Simd::F32 reciprocal_{};
};

template <>
class RoundedDivision<uint64_t> {
  public:
    explicit RoundedDivision(const Divisors<uint64_t> &divisors)
        : divisors_(divisors),
          sum_y_(Lanes<uint64_t>::load(divisors.sums_y)),
          reciprocal_y_(Simd::load_f32(divisors.reciprocals_y)) {}

    void set_pixel(int64_t k) {
        sum_x_ = Simd::set_u64(static_cast<int64_t>(divisors_.sums_x[k]));
        for (int i = 0; i < 2; ++i) d_[i] = Simd::mul_low_halves_u64(sum_y_.half[i], sum_x_);
        reciprocal_ = Simd::scale_f32(reciprocal_y_, divisors_.reciprocals_x[k]);
    }
    U32 operator()(Lanes<uint64_t> n) const {
        U64 shifted[2], quotient[2];
        for (int i = 0; i < 2; ++i) {
            n.half[i] = Simd::add_u64(n.half[i], Simd::shift_right_u64(d_[i], 1));
            shifted[i] = Simd::shift_right_u64(n.half[i], divisors_.shift);
        }
        const U32 guess = Simd::quotient_u32(Simd::narrow_u64(shifted[0], shifted[1]), reciprocal_);
        for (int i = 0; i < 2; ++i) {
            // Both sums are below 2^32, and so is a quotient times sum_y.
            const U64 q = Simd::widen_u32(guess, i);
            const U64 rest =
                Simd::sub_u64(n.half[i], Simd::mul_low_halves_u64(Simd::mul_low_halves_u64(q, sum_y_.half[i]), sum_x_));
            quotient[i] = Simd::increment_if_ge_u64(q, rest, d_[i]);
        }
        return Simd::narrow_u64(quotient[0], quotient[1]);
    }

  private:
    const Divisors<uint64_t> divisors_;
    const Lanes<uint64_t> sum_y_;
    const Simd::F32 reciprocal_y_;
    U64 sum_x_{}, d_[2] = {};
    Simd::F32 reciprocal_{};
};

}  // namespace
}  // namespace isopixel
