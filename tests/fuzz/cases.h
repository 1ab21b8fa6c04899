// SPDX-License-Identifier: MIT
// What the cases of the fuzz target share. Each takes what it does from the input; a property that does not hold ends
// the program.
#pragma once

#include <fuzzer/FuzzedDataProvider.h>
#if __has_feature(memory_sanitizer)
#include <sanitizer/msan_interface.h>
#endif

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include "isopixel.h"

using Input = FuzzedDataProvider;
using Bytes = std::vector<uint8_t>;

void fuzz_texts(Input &input);      // layouts and recipes
void fuzz_listing(Input &input);    // texts that begin as listings do
void fuzz_sizes(Input &input);      // sizes, strides and counts of which hardly any are possible
void fuzz_pixels(Input &input);     // images: whole, in rows, in pieces, with each instruction set
void fuzz_bytes(Input &input);      // bytes in a layout
void fuzz_normalize(Input &input);  // tables, and samples at any strides
void fuzz_jpeg(Input &input);       // files that begin as JPEG files do
void fuzz_sound(Input &input);      // files that begin as WAV files do
void run_recipe_on_image(const isopixel_recipe *recipe, Input &input);  // of the texts that are recipes of images
void fuzz_arguments(Input &input);                                      // null pointers, and names

constexpr int64_t kMiB = 1 << 20;
constexpr uint8_t kGuard = 0xA5;

inline void require(bool holds, const char *what) {
    if (holds) return;
    std::fprintf(stderr, "a property does not hold: %s\n", what);
    std::abort();
}
#define REQUIRE(property) require(property, #property)

inline int64_t pick(Input &input, int64_t least, int64_t most) { return input.ConsumeIntegralInRange(least, most); }

inline const char *pick_method(Input &input) {
    size_t count = 0;
    while (isopixel_method_name(count)) ++count;
    return isopixel_method_name(input.ConsumeIntegralInRange<size_t>(0, count - 1));
}

// Does the method re-create another library's?
inline bool is_frozen(const char *method) { return std::string(isopixel_method_info(method)->library) != "isopixel"; }

// The exact ones are the first.
inline const char *pick_exact_method(Input &input) {
    size_t count = 0;
    while (!is_frozen(isopixel_method_name(count))) ++count;
    return isopixel_method_name(input.ConsumeIntegralInRange<size_t>(0, count - 1));
}

// Of a target that is built with small parts, so that small images are shared by as many.
inline int pick_threads(Input &input) { return static_cast<int>(pick(input, 1, 4)); }

inline void use_isa(const char *name) { REQUIRE(isopixel_set_isa(name) == ISOPIXEL_OK); }

inline const char *pick_isa(Input &input) {
    size_t count = 0;
    while (isopixel_isa_name(count)) ++count;
    return isopixel_isa_name(input.ConsumeIntegralInRange<size_t>(0, count - 1));
}

// Noise, 0 and 255 alone, nearly saturated, or of one value; so that inputs stay short.
inline Bytes samples(Input &input, int64_t n) {
    uint32_t state = input.ConsumeIntegral<uint16_t>() + 1u;
    const int64_t kind = pick(input, 0, 3);
    Bytes bytes(static_cast<size_t>(n));
    for (uint8_t &byte : bytes) {
        state = state * 1664525u + 1013904223u;
        const auto noise = static_cast<uint8_t>(state >> 24);
        byte = kind == 0 ? noise : kind == 1 ? (noise & 1) * 255 : kind == 2 ? 253 + noise % 3 : 255;
    }
    return bytes;
}

// A copy in an allocation of exactly its length, so that the address sanitizer sees any access beside it.
class Exact {
  public:
    explicit Exact(size_t n) : bytes_(static_cast<uint8_t *>(std::malloc(n ? n : 1))), n_(n) {
        std::fill_n(bytes_, n, kGuard);
    }
    Exact(const uint8_t *from, size_t n) : Exact(n) { std::copy_n(from, n, bytes_); }
    Exact(const Exact &) = delete;
    ~Exact() { std::free(bytes_); }
    // The bytes are to be written: with the memory sanitizer, one that stays as it is may not be read.
    void forget() {
#if __has_feature(memory_sanitizer)
        __msan_poison(bytes_, n_);
#endif
    }
    uint8_t *data() { return bytes_; }
    Bytes copy() const { return Bytes(bytes_, bytes_ + n_); }

  private:
    uint8_t *bytes_;
    size_t n_;
};
