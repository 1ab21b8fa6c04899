// SPDX-License-Identifier: MIT
// What the modules for JavaScript share. A function that is exported takes addresses, and numbers as doubles, which
// are exact up to 2^53: no struct and no 64-bit integer crosses. It returns 0 or an address, which is below 2^31, or
// -status; said() is then what is wrong, if the core has a sentence for it, and numbers() are further results.
#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>

#include "isopixel.h"

#define EXPORT(name) extern "C" __attribute__((export_name(#name)))

constexpr size_t kMostSaid = 1024;
extern char sentence[kMostSaid];

inline int64_t whole(double number) { return static_cast<int64_t>(number); }
inline uint64_t count(double number) { return static_cast<uint64_t>(number); }
inline double number(int64_t whole) { return static_cast<double>(whole); }

void give_numbers(std::initializer_list<double> numbers);

// Of functions that write to `sentence`; and of those that have none.
inline int32_t result(isopixel_status status, const void *address = nullptr) {
    return status == ISOPIXEL_OK ? static_cast<int32_t>(reinterpret_cast<uintptr_t>(address)) : -status;
}
inline int32_t plain_result(isopixel_status status, const void *address = nullptr) {
    sentence[0] = 0;
    return result(status, address);
}
