// SPDX-License-Identifier: MIT
// Memory that notices what is written beside it, and numbers to fill it with.
#pragma once

#include <algorithm>
#include <cstdint>
#include <initializer_list>
#include <random>
#include <vector>

#if defined(__SANITIZE_ADDRESS__)
#include <sanitizer/asan_interface.h>
#else
#define ASAN_POISON_MEMORY_REGION(address, size) ((void)(address), (void)(size))
#define ASAN_UNPOISON_MEMORY_REGION(address, size) ((void)(address), (void)(size))
#endif

class Random {
  public:
    explicit Random(uint64_t seed) : generator_(seed) {}

    uint64_t word() { return generator_(); }
    int64_t between(int64_t first, int64_t last) {
        return first + static_cast<int64_t>(word() % static_cast<uint64_t>(last - first + 1));
    }
    // A number below 2^bits, each length in bits being as likely.
    uint64_t of_any_length(int bits) { return word() >> (64 - bits) >> between(0, bits - 1); }
    bool one_in(int64_t n) { return between(1, n) == 1; }
    template <class T>
    T pick(std::initializer_list<T> values) {
        return values.begin()[between(0, static_cast<int64_t>(values.size()) - 1)];
    }

    // Numbers up to `most`: any, of 0 and `most` alone, near `most`, or all `most`.
    template <class T>
    void fill(T *numbers, int64_t n, uint64_t most) {
        const int64_t kind = between(0, 3);
        for (int64_t i = 0; i < n; ++i) {
            const uint64_t number = kind == 0   ? below_or_at(most)
                                    : kind == 1 ? word() % 2 * most
                                    : kind == 2 ? most - std::min(most, word() % 3)
                                                : most;
            numbers[i] = static_cast<T>(number);
        }
    }

  private:
    uint64_t below_or_at(uint64_t most) { return most == UINT64_MAX ? word() : word() % (most + 1); }

    std::mt19937_64 generator_;
};

// n numbers between two fences. With the address sanitizer, whoever reads or writes a fence is stopped at once.
template <class T>
class Fenced {
  public:
    // At any alignment that the numbers allow.
    Fenced(int64_t n, Random &random)
        : all_(static_cast<size_t>(n + 3 * kFence), kMark),
          first_(all_.data() + kFence + random.between(0, kFence - 1)),
          n_(n) {
        ASAN_POISON_MEMORY_REGION(all_.data(), bytes(all_.data(), first_));
        ASAN_POISON_MEMORY_REGION(first_ + n_, bytes(first_ + n_, end()));
    }
    Fenced(const Fenced &) = delete;
    Fenced(Fenced &&) = delete;
    ~Fenced() { open(); }

    T *data() { return first_; }
    int64_t size() const { return n_; }
    T &operator[](int64_t i) { return first_[i]; }

    bool intact() {
        open();
        return std::all_of(all_.data(), first_, is_mark) && std::all_of(first_ + n_, end(), is_mark);
    }

  private:
    static constexpr int64_t kFence = 64;
    static constexpr T kMark = static_cast<T>(UINT64_C(0xA5A5A5A5A5A5A5A5));

    static bool is_mark(T number) { return number == kMark; }
    static size_t bytes(const T *from, const T *to) { return static_cast<size_t>(to - from) * sizeof(T); }
    T *end() { return all_.data() + all_.size(); }
    void open() { ASAN_UNPOISON_MEMORY_REGION(all_.data(), bytes(all_.data(), end())); }

    std::vector<T> all_;
    T *const first_;
    const int64_t n_;
};
