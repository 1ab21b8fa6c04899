// SPDX-License-Identifier: MIT
// How much memory arrays hold.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <vector>

namespace isopixel {

// Of what has arrays, and counts them.
template <class T>
auto held_bytes(const T &part) -> decltype(part.bytes()) {
    return part.bytes();
}

template <class T>
size_t held_bytes(const std::vector<T> &array) {
    return array.capacity() * sizeof(T);
}

template <class T>
size_t held_bytes(const std::vector<std::vector<T>> &arrays) {
    size_t bytes = arrays.capacity() * sizeof(std::vector<T>);
    for (const std::vector<T> &array : arrays) bytes += held_bytes(array);
    return bytes;
}

template <class T>
size_t held_bytes(const std::unique_ptr<T> &part) {
    return part ? held_bytes(*part) : 0;
}

template <class T>
size_t held_bytes(const std::optional<T> &part) {
    return part ? held_bytes(*part) : 0;
}

template <class First, class Second, class... Others>
size_t held_bytes(const First &first, const Second &second, const Others &...others) {
    return ((held_bytes(first) + held_bytes(second)) + ... + held_bytes(others));
}

}  // namespace isopixel
