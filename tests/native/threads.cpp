// SPDX-License-Identifier: MIT
// The C interface from many threads at once, for the thread sanitizer. `threads --race` has a race that it must find.
#include <algorithm>
#include <atomic>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <new>
#include <string>
#include <thread>
#include <vector>

#include "isopixel.h"

namespace {

using Bytes = std::vector<uint8_t>;

constexpr int kThreads = 4;
std::atomic<int> passed{0};
std::atomic<bool> others_have_memory{true};
const std::thread::id main_thread = std::this_thread::get_id();

void check(bool holds, const char *what) {
    if (!holds) {
        std::printf("%s\n", what);
        std::fflush(stdout);
        std::_Exit(1);
    }
    ++passed;
}

// Calls work(0) … work(kThreads - 1), all at once.
void together(const std::function<void(int)> &work) {
    std::atomic<int> waiting{kThreads};
    std::vector<std::thread> threads;
    for (int i = 0; i < kThreads; ++i)
        threads.emplace_back([&, i] {
            --waiting;
            while (waiting > 0) std::this_thread::yield();
            work(i);
        });
    for (std::thread &thread : threads) thread.join();
}

Bytes noise(size_t n) {
    Bytes bytes(n);
    uint32_t state = 1;
    for (uint8_t &byte : bytes) {
        state = state * 1664525u + 1013904223u;
        byte = static_cast<uint8_t>(state >> 24);
    }
    return bytes;
}

struct Resize {
    const char *method;
    int64_t images, channels;
    isopixel_size in_size, out_size;

    int64_t in_row() const { return in_size.width * channels; }
    int64_t out_row() const { return out_size.width * channels; }
    int64_t in_bytes() const { return in_size.height * in_row(); }
    int64_t out_bytes() const { return out_size.height * out_row(); }

    isopixel_status run(const Bytes &source, Bytes &result, int threads) const {
        return isopixel_resize(method, images, channels, in_size, source.data(), {in_bytes(), in_row()}, out_size,
                               result.data(), {out_bytes(), out_row()}, threads);
    }
    Bytes result(const Bytes &source, int threads) const {
        Bytes bytes(static_cast<size_t>(images * out_bytes()));
        check(run(source, bytes, threads) == ISOPIXEL_OK, method);
        return bytes;
    }
    Bytes streamed(const Bytes &source) const {
        Bytes bytes(static_cast<size_t>(out_bytes()));
        isopixel_stream *stream;
        check(
            isopixel_stream_begin(&stream, method, channels, in_size, out_size, bytes.data(), out_row()) == ISOPIXEL_OK,
            "begin");
        for (int64_t done = 0; done < in_bytes(); done += 1000)
            check(isopixel_stream_push(stream, source.data() + done,
                                       static_cast<size_t>(std::min<int64_t>(1000, in_bytes() - done))) == ISOPIXEL_OK,
                  "push");
        check(isopixel_stream_finish(stream) == ISOPIXEL_OK, "finish");
        return bytes;
    }
};

// Samples enough that a resize takes as many threads as it may; each engine.
const Resize kLarge[] = {
    {"bilinear", 1, 1, {2100, 2100}, {224, 224}},            // blocks
    {"bilinear-two-tap", 1, 3, {1300, 1000}, {1500, 1500}},  // taps
    {"bilinear", 1, 3, {40, 40000}, {30, 500}},              // sums
    {"bilinear", 7, 3, {500, 500}, {100, 90}},               // images, and parts of them
    {"bilinear", 3, 1, {1200, 1200}, {1200, 1200}},          // copies
    {"pillow-13-bilinear-alpha", 5, 4, {500, 520}, {90, 100}},
    {"opencv-3.4-linear", 5, 3, {600, 600}, {300, 300}},
    {"torch-2.3-bilinear", 5, 1, {1000, 1000}, {500, 1500}},
};

// Before anything else has asked for the instruction set.
void first_use(const Bytes &source) {
    const Resize &small = kLarge[3];
    Bytes results[kThreads];
    together([&](int i) {
        check(isopixel_get_isa() != nullptr, "an instruction set");
        results[i] = small.result(source, 1);
    });
    for (const Bytes &result : results) check(result == results[0], "the first results");
}

void threads_of_a_resize(const Bytes &source) {
    for (const Resize &resize : kLarge) check(resize.result(source, kThreads) == resize.result(source, 1), "threads");
}

// Each thread has its own results, and they share the source; meanwhile the instruction set changes.
void calls_at_once(const Bytes &source) {
    const Resize one = {"bilinear", 1, 3, {300, 301}, {101, 70}};
    const Resize two = {"pillow-4-bilinear", 1, 3, {300, 301}, {101, 70}};
    const Bytes first = one.result(source, 1), second = two.result(source, 1);
    together([&](int i) {
        for (size_t round = 0; round < 10; ++round) {
            const char *isa = isopixel_isa_name((round + static_cast<size_t>(i)) % 3);
            if (isa) check(isopixel_set_isa(isa) == ISOPIXEL_OK, "set_isa");
            check(isopixel_set_isa("none") == ISOPIXEL_UNKNOWN_ISA && isopixel_get_isa(), "an unknown instruction set");
            check(one.result(source, 2) == first && two.streamed(source) == second, "results of calls at once");
            check(two.result(source, 2) == second && one.streamed(source) == first, "streams at once");
            isopixel_recipe *recipe;
            const isopixel_status status =
                isopixel_recipe_open(&recipe, "isopixel 1: wide,pad=9|pillow-4-bilinear 8,9", nullptr, 0);
            check(status == ISOPIXEL_OK && std::string(isopixel_recipe_layout(recipe)) == "wide,pad=9",
                  "recipes at once");
            isopixel_recipe_close(recipe);
        }
    });
}

// A thread that finds no memory is reported, although the caller's has enough.
void memory_of_another_thread(const Bytes &source) {
    for (const Resize &resize : kLarge) {
        Bytes result(static_cast<size_t>(resize.images * resize.out_bytes()));
        others_have_memory = false;
        const isopixel_status status = resize.run(source, result, kThreads);
        others_have_memory = true;
        check(status == ISOPIXEL_NO_MEMORY, resize.method);
        check(resize.run(source, result, kThreads) == ISOPIXEL_OK, "memory again");
    }
}

// Two results in the same memory, without the interface's consent.
void race(const Bytes &source) {
    Bytes result(static_cast<size_t>(kLarge[4].images * kLarge[4].out_bytes()));
    together([&](int) { kLarge[4].run(source, result, 1); });
}

}  // namespace

void *operator new(size_t n) {
    const bool is_refused = !others_have_memory && std::this_thread::get_id() != main_thread;
    void *memory = is_refused ? nullptr : std::malloc(n ? n : 1);
    if (!memory) throw std::bad_alloc();
    return memory;
}
void operator delete(void *memory) noexcept { std::free(memory); }
void operator delete(void *memory, size_t) noexcept { std::free(memory); }

int main(int argc, char **argv) {
    const Bytes source = noise(6000000);
    if (argc == 2 && std::strcmp(argv[1], "--race") == 0) {
        race(source);
        return 0;
    }
    first_use(source);
    threads_of_a_resize(source);
    calls_at_once(source);
    memory_of_another_thread(source);
    std::printf("%d passed, 0 failed\n", passed.load());
    return 0;
}
