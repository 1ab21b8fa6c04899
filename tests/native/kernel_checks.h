// SPDX-License-Identifier: MIT
// The functions of one table of kernels against those of another, on random numbers that lean to the extremes of what
// src/kernels/kernels.h allows.
#pragma once

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <sstream>
#include <string>
#include <vector>

#include "fenced.h"
#include "kernels/kernels.h"
#include "rounding_modes.h"

// The definitions of src/kernels/kernels.h, in integers that hold everything: what the scalar kernels are compared
// with.
extern const isopixel::Kernels kDefinitions;

// Every function of the table has its check. (Where pointers are shorter, there is padding among them.)
static_assert(sizeof(void *) < sizeof(int64_t) ||
              sizeof(isopixel::Kernels) == sizeof(const char *) + sizeof(int64_t) + sizeof(isopixel::DirectLayout) +
                                               sizeof(isopixel::Costs) + 33 * sizeof(void (*)()) +
                                               sizeof(isopixel::SpectrumKernels));

// Twice the samples of the widest vector, and one more.
constexpr int64_t kMostSamples = 2 * 64 + 1;
// 1 … kMostSamples, and some beside the tiles and cache lines that loops may have.
std::vector<int64_t> lengths();

// The largest weight in 16 bits.
constexpr int64_t kMostWeight = 32767;

struct Checks {
    const isopixel::Kernels &tested, &expected;
    Random random;
    int64_t passed = 0;

    int64_t rounded(int64_t n) const { return (n + 2 * tested.lanes - 1) / (2 * tested.lanes) * (2 * tested.lanes); }
};

void check_fold_rows(Checks &checks);
void check_blend_rows(Checks &checks);
void check_horizontal32(Checks &checks);
void check_horizontal64(Checks &checks);
void check_tap_row(Checks &checks);
void check_blend_lines(Checks &checks);
void check_weigh_rows(Checks &checks);
void check_add_rows(Checks &checks);
void check_round_rows(Checks &checks);
void check_blend_linear(Checks &checks);
void check_blend_exact(Checks &checks);
void check_blend_fixed(Checks &checks);
void check_halve_rows(Checks &checks);
void check_sum_areas(Checks &checks);
void check_add_areas(Checks &checks);
void check_round_areas(Checks &checks);
void check_sum_taps(Checks &checks);
void check_blend_cubic(Checks &checks);
void check_blend_lanczos4(Checks &checks);
void check_line_terms(Checks &checks);
void check_transpose(Checks &checks);
void check_add_columns(Checks &checks);
void check_round_sums(Checks &checks);
void check_inverse_dct(Checks &checks);
void check_transform_colours(Checks &checks);
void check_estimate(Checks &checks);
void check_weigh(Checks &checks);
void check_narrow_rows(Checks &checks);
void check_wide_rows(Checks &checks);
void check_direct_blend(Checks &checks);
void check_direct_blend_small(Checks &checks);
void check_sum_windows(Checks &checks);
void check_fold_windows(Checks &checks);

// One that is in use until it ends.
class RoundingMode {
  public:
    explicit RoundingMode(Random &random) : mode_(random.pick(kRoundingModes)) { std::fesetround(mode_); }
    ~RoundingMode() { std::fesetround(FE_TONEAREST); }
    int mode() const { return mode_; }

  private:
    const int mode_;
};

// One call: the function's name and parameters, for the message of a failure.
class Call {
  public:
    Call(Checks &checks, const std::string &function) : checks_(checks), function_(function) {}

    template <class T>
    Call &with(const char *name, const T &value) {
        parameters_ << (parameters_.tellp() > 0 ? ", " : "") << name << "=" << value;
        return *this;
    }

    [[noreturn]] void fail(const std::string &what) const {
        std::printf("%s: %s(%s): %s\n", checks_.tested.isa, function_.c_str(), parameters_.str().c_str(), what.c_str());
        std::exit(1);
    }

    // The first n numbers of both.
    template <class T>
    void same(const char *name, const T *actual, const T *expected, int64_t n) const {
        for (int64_t i = 0; i < n; ++i) {
            if (actual[i] == expected[i]) continue;
            std::ostringstream what;
            what << name << "[" << i << "] is " << +actual[i] << ", not " << +expected[i];
            fail(what.str());
        }
    }

    template <class T>
    void intact(const char *name, Fenced<T> &memory) const {
        if (!memory.intact()) fail(std::string("memory beside ") + name + " was written");
    }

    void pass() const { ++checks_.passed; }

  private:
    Checks &checks_;
    const std::string function_;
    std::ostringstream parameters_;
};
