// SPDX-License-Identifier: MIT
// What a thread keeps for its next resize: that it is used again, how much it may be, and that no failure spoils it.
#include <algorithm>
#include <atomic>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <initializer_list>
#include <new>
#include <thread>
#include <vector>

#include "idle_resizers.h"
#include "isopixel.h"
#include "kernels/dispatch.h"

namespace {

std::atomic<int64_t> allocations{0}, live{0};  // of operator new, and its bytes that have not come back
std::atomic<int64_t> allowed{INT64_MAX};       // allocations until there is no memory
constexpr size_t kBefore = 16;                 // bytes before a block, for its size

}  // namespace

void *operator new(size_t n) {
    if (allowed-- <= 0) throw std::bad_alloc();
    char *block = static_cast<char *>(std::malloc(n + kBefore));
    if (!block) std::abort();
    *reinterpret_cast<size_t *>(block) = n;
    ++allocations;
    live += static_cast<int64_t>(n);
    return block + kBefore;
}
void operator delete(void *memory) noexcept {
    if (!memory) return;
    char *block = static_cast<char *>(memory) - kBefore;
    live -= static_cast<int64_t>(*reinterpret_cast<size_t *>(block));
    std::free(block);
}
void operator delete(void *memory, size_t) noexcept { operator delete(memory); }
void *operator new[](size_t n) { return operator new(n); }
void operator delete[](void *memory) noexcept { operator delete(memory); }
void operator delete[](void *memory, size_t) noexcept { operator delete(memory); }

namespace {

using isopixel::ResizeShape;
using Bytes = std::vector<uint8_t>;

constexpr int64_t kMostBytes = 2 << 20;  // that a thread keeps (isopixel.h)
constexpr int64_t kObjects = 1000;       // bytes at most of what a resizer is beside its arrays
int passed = 0;

void require(bool holds, const char *what, const char *name) {
    if (!holds) std::printf("%s: %s\n", name, what), std::fflush(stdout), std::_Exit(1);
    ++passed;
}

// With a thread that keeps nothing yet, and whose memory has all come back at its end.
template <class Work>
void in_new_thread(Work work) {
    const int64_t before = live;
    std::thread(work).join();
    require(live == before, "a thread leaves memory behind", "its end");
}

int64_t channels_of(const char *method) {
    const isopixel_method *info = isopixel_method_info(method);
    return info->channels[0] == 1 ? 3 : info->channels[0] ? info->channels[0] : 3;
}

struct Resize {
    const char *method;
    isopixel_size in_size, out_size;
    int64_t channels = channels_of(method);

    int64_t out_bytes() const { return out_size.height * out_size.width * channels; }
    Bytes source() const {
        Bytes samples(static_cast<size_t>(in_size.height * in_size.width * channels));
        uint32_t state = 1;
        for (uint8_t &sample : samples) sample = static_cast<uint8_t>((state = state * 1664525u + 1013904223u) >> 24);
        return samples;
    }
    isopixel_status run(const Bytes &source, Bytes &result) const {
        return isopixel_resize(method, 1, channels, in_size, source.data(), {0, in_size.width * channels}, out_size,
                               result.data(), {0, out_size.width * channels}, 1);
    }
    // The number of its allocations.
    int64_t count(const Bytes &source, Bytes &result) const {
        const int64_t before = allocations;
        require(run(source, result) == ISOPIXEL_OK, "a resize", method);
        return allocations - before;
    }
};

// All engines, with each method.
template <class Work>
void each_resize(isopixel_size in_size, std::initializer_list<isopixel_size> out_sizes, Work work) {
    for (size_t i = 0; const char *method = isopixel_method_name(i); ++i)
        for (const isopixel_size out_size : out_sizes) work(Resize{method, in_size, out_size});
}

// The sizes make each array of a resizer larger than kObjects, but for those of a few rows of a block.
void resizers_count_their_bytes() {
    each_resize({3000, 2500}, {{1000, 900}, {6000, 5000}, {3000, 2500}, {6000, 900}, {2, 5000}}, [](const Resize &r) {
        const ResizeShape shape = {r.in_size.height, r.in_size.width, r.channels, r.out_size.height, r.out_size.width};
        const auto plan = isopixel::plan_resize(shape, *isopixel::find_method(r.method));
        const int64_t before = live;
        const auto resizer = isopixel::make_resizer(*plan);
        const int64_t held = live - before, bytes = static_cast<int64_t>(resizer->bytes());
        require(bytes <= held && held <= bytes + kObjects, "a resizer miscounts its bytes", r.method);
    });
}

void a_repeated_resize_allocates_nothing() {
    each_resize({20, 30}, {{7, 9}, {40, 50}, {20, 30}, {10, 15}, {2, 40}}, [](const Resize &resize) {
        in_new_thread([&] {
            const Bytes source = resize.source();
            Bytes result(static_cast<size_t>(resize.out_bytes()));
            require(resize.count(source, result) > 0, "a resizer comes from nowhere", resize.method);
            for (int times = 0; times < 200; ++times)
                require(resize.count(source, result) == 0, "a repeated resize allocates", resize.method);
        });
    });
}

// Whatever distinguishes a resize from the one before.
void another_resize_gets_another_resizer() {
    const Bytes source(100000);
    Bytes result(100000);
    const Resize first = {"bilinear", {20, 30}, {7, 9}, 3};
    const Resize others[] = {{"bilinear-two-tap", {20, 30}, {7, 9}, 3}, {"bilinear", {21, 30}, {7, 9}, 3},
                             {"bilinear", {20, 31}, {7, 9}, 3},         {"bilinear", {20, 30}, {8, 9}, 3},
                             {"bilinear", {20, 30}, {7, 8}, 3},         {"bilinear", {20, 30}, {7, 9}, 4}};
    for (const Resize &other : others)
        in_new_thread([&] {
            first.count(source, result);
            require(other.count(source, result) > 0, "the resizer of another resize", other.method);
            require(first.count(source, result) == 0, "a resizer is not found again", other.method);
        });
    in_new_thread([&] {
        const char *best = isopixel_get_isa();
        for (int round = 0; round < 2; ++round)
            for (size_t i = 0; const char *isa = isopixel_isa_name(i); ++i) {
                isopixel_set_isa(isa);
                require((first.count(source, result) == 0) == (round == 1), "the resizer of an instruction set", isa);
            }
        isopixel_set_isa(best);
    });
}

void few_are_kept() {
    const Bytes source(100000);
    Bytes result(100000);
    const auto resize = [&](int64_t width) {
        return Resize{"bilinear", {20, width}, {7, 9}, 3}.count(source, result) > 0;
    };
    in_new_thread([&] {
        for (int64_t width = 1; width <= 16; ++width) require(resize(width), "a new resizer", "1 to 16");
        require(!resize(1), "the last of sixteen", "1");
        require(resize(17) && !resize(1) && resize(2), "the one that was used least recently has to go", "17");
    });
}

void few_bytes_are_kept() {
    Bytes source(10000000), result(10000000);
    const auto run = [&](int64_t width, int64_t height) {
        Resize{"bilinear", {height, width}, {8, 9}, 1}.count(source, result);
    };
    in_new_thread([&] {
        const int64_t before = live;
        int64_t most = 0;
        for (int64_t width = 20000; width > 100; width -= 1000) {
            run(width, 20);
            most = std::max(most, live - before);
        }
        require(most > kMostBytes / 2 && most <= kMostBytes + 16 * kObjects, "the bytes that are kept", "a thread");
    });
    in_new_thread([&] {
        run(100, 100);
        const int64_t before = live;
        // lines of 32 bits, of a row for each of the eight results, or for the two that a row has weight in
        Resize{"bilinear-two-tap", {8, 300000}, {9, 299999}, 1}.count(source, result);
        require(live == before, "a resizer that is too large is kept", "300000");
        Resize again = {"bilinear", {100, 100}, {8, 9}, 1};
        require(again.count(source, result) == 0, "a large resizer drives out others", "300000");
    });
}

// A resize that finds no memory changes nothing for those after it.
void memory_that_runs_out() {
    each_resize({20, 30}, {{7, 9}, {40, 50}, {2, 40}}, [](const Resize &resize) {
        const Bytes source = resize.source();
        Bytes expected(static_cast<size_t>(resize.out_bytes())), result(expected.size());
        in_new_thread([&] { resize.count(source, expected); });
        in_new_thread([&] {
            isopixel_status status = ISOPIXEL_NO_MEMORY;
            for (int64_t n = 0; status == ISOPIXEL_NO_MEMORY; ++n) {
                allowed = n;
                status = resize.run(source, result);
                allowed = INT64_MAX;
            }
            require(status == ISOPIXEL_OK && result == expected, "a result after failures", resize.method);
            result.assign(result.size(), 171);
            require(resize.count(source, result) == 0 && result == expected, "the next result", resize.method);
        });
    });
}

// When the thread's objects have been destroyed.
void resize_at_exit() {
    const Resize resize = {"bilinear", {20, 30}, {7, 9}, 3};
    const Bytes source = resize.source();
    Bytes result(static_cast<size_t>(resize.out_bytes()));
    const int64_t before = live;
    require(resize.count(source, result) > 0, "a resizer that was destroyed", "the end");
    require(live == before, "a resizer that nothing will destroy", "the end");
    std::printf("%d passed\n", passed);
}

}  // namespace

int main() {
    std::atexit(resize_at_exit);
    resizers_count_their_bytes();
    a_repeated_resize_allocates_nothing();
    another_resize_gets_another_resizer();
    few_are_kept();
    few_bytes_are_kept();
    memory_that_runs_out();
    const Resize kept = {"bilinear", {20, 30}, {7, 9}, 3};
    Bytes result(static_cast<size_t>(kept.out_bytes()));
    kept.count(kept.source(), result);
}
