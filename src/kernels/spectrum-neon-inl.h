// SPDX-License-Identifier: MIT
// Vectors of 2 doubles (spectrum.cpp says what they have to be), of NEON.
#pragma once

#include <arm_neon.h>

#include "kernels/spectrum-inl.h"

namespace isopixel {
namespace {

struct DoublesNeon {
    static constexpr size_t kLanes = 2;
    float64x2_t v;

    static DoublesNeon all(double value) { return {vdupq_n_f64(value)}; }
    static DoublesNeon load(const double *p) { return {vld1q_f64(p)}; }
    void store(double *p) const { vst1q_f64(p, v); }
    friend DoublesNeon operator+(DoublesNeon a, DoublesNeon b) { return {vaddq_f64(a.v, b.v)}; }
    friend DoublesNeon operator-(DoublesNeon a, DoublesNeon b) { return {vsubq_f64(a.v, b.v)}; }
    friend DoublesNeon operator*(DoublesNeon a, DoublesNeon b) { return {vmulq_f64(a.v, b.v)}; }
    DoublesNeon plus_product(DoublesNeon a, DoublesNeon b) const { return {vfmaq_f64(v, a.v, b.v)}; }
    DoublesNeon minus_product(DoublesNeon a, DoublesNeon b) const { return {vfmsq_f64(v, a.v, b.v)}; }
    DoublesNeon magnitude() const { return {vabsq_f64(v)}; }
    DoublesNeon root() const { return {vsqrtq_f64(v)}; }
    static void load_pairs(const int32_t *p, size_t stride, DoublesNeon *first, DoublesNeon *second) {
        const int32x2_t a = vld1_s32(p), b = vld1_s32(p + stride);
        first->v = vcvtq_f64_s64(vmovl_s32(vzip1_s32(a, b)));
        second->v = vcvtq_f64_s64(vmovl_s32(vzip2_s32(a, b)));
    }
};

}  // namespace
}  // namespace isopixel
