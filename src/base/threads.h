// SPDX-License-Identifier: MIT
// Work in several threads, which are started for it and end with it: no pool that a fork could leave without threads.
#pragma once

#include <cstdint>

// A variable of each thread. (What it is made of ends with the thread, for which a system without threads has no
// means.)
#ifdef ISOPIXEL_THREADS
#define ISOPIXEL_PER_THREAD thread_local
#else
#define ISOPIXEL_PER_THREAD static
#endif

namespace isopixel {

// Whether such a variable may have a destructor: GCC for Windows frees the variables of a thread before it calls these.
#if defined(__MINGW32__) && !defined(__clang__)
constexpr bool kKeepsPerThread = false;
#else
constexpr bool kKeepsPerThread = true;
#endif

}  // namespace isopixel

// If the system has threads (CMake defines it), and one that cannot be had does not end the program.
#if defined(ISOPIXEL_THREADS) && defined(__cpp_exceptions)
#include <exception>
#include <thread>
#include <vector>

#include "base/sizes.h"

namespace isopixel {

// Calls work(0) … work(count - 1), which do not throw, the first here and each other one in a thread of its own, or
// here too if no thread can be started.
template <class Work>
void run_in_threads(int64_t count, Work work) {
    std::vector<std::thread> threads;
    threads.reserve(allocation_size(count - 1));
    int64_t part = 1;
    try {
        for (; part < count; ++part) threads.emplace_back(work, part);
    } catch (const std::exception &) {
        // No more threads, or no memory for one.
    }
    work(0);
    for (; part < count; ++part) work(part);
    for (std::thread &thread : threads) thread.join();
}

}  // namespace isopixel

#else

namespace isopixel {

// Calls work(0) … work(count - 1), one after the other.
template <class Work>
void run_in_threads(int64_t count, Work work) {
    for (int64_t part = 0; part < count; ++part) work(part);
}

}  // namespace isopixel

#endif
