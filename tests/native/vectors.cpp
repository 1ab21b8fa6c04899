// SPDX-License-Identifier: MIT
// Computes the vectors of the specification through the C interface, for tests/native_vectors.py: a line for each
// request, answered by one line with the result's samples (of a recipe, its canonical line) as hexadecimal digits.
//   resize METHOD ANTIALIAS HEIGHT WIDTH CHANNELS OUT_HEIGHT OUT_WIDTH FORMULA K
//   layout TEXT ANTIALIAS BYTES OUT_HEIGHT OUT_WIDTH FORMULA K     (0 0: the layout's image, not resized)
//   recipe LINE                                                    (as hexadecimal digits)
//   normalize MEAN STD HEIGHT WIDTH CHANNELS FORMULA K             (of each number the bits, the highest first)
//   isas, isa                                                      the available instruction sets; the one in use
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <iostream>
#include <string>
#include <vector>

#include "isopix.h"

namespace {

using Bytes = std::vector<uint8_t>;

[[noreturn]] void fail(const std::string &what) {
    std::cerr << "vectors: " << what << '\n';
    std::exit(1);
}

void check(isopix_status status) {
    if (status != ISOPIX_OK) fail(isopix_status_text(status));
}

template <class T>
T read() {
    T value;
    if (!(std::cin >> value)) fail("a request is incomplete");
    return value;
}

isopix_size read_size() {
    const int64_t height = read<int64_t>();
    return {height, read<int64_t>()};
}

//
uint8_t noise(uint32_t s, uint32_t k) {
    uint32_t z = s + UINT32_C(2654435769) * k;
    z = (z ^ (z >> 16)) * UINT32_C(2146121005);
    z = (z ^ (z >> 15)) * UINT32_C(2221713035);
    return static_cast<uint8_t>(z ^ (z >> 16));
}

uint8_t sample(const std::string &formula, uint32_t s, uint32_t k) {
    if (formula == "constant") return static_cast<uint8_t>(k);
    if (formula == "ramp") return static_cast<uint8_t>(k * s);
    if (formula == "noise") return noise(s, k);
    if (formula == "extremes") return noise(s, k) >= 128 ? 255 : 0;
    fail("unknown formula " + formula);
}

Bytes read_input(int64_t n) {
    const std::string formula = read<std::string>();
    const uint32_t k = read<uint32_t>();
    Bytes bytes(static_cast<size_t>(n));
    for (size_t s = 0; s < bytes.size(); ++s) bytes[s] = sample(formula, static_cast<uint32_t>(s), k);
    return bytes;
}

Bytes output(isopix_size size, int64_t channels) {
    return Bytes(static_cast<size_t>(size.height * size.width * channels));
}

Bytes resize() {
    const std::string name = read<std::string>();
    const isopix_method method = {name.c_str(), read<int>()};
    const isopix_size in_size = read_size();
    const int64_t channels = read<int64_t>();
    const isopix_size out_size = read_size();
    const Bytes in = read_input(in_size.height * in_size.width * channels);
    Bytes out = output(out_size, channels);
    const isopix_strides in_strides = {0, static_cast<ptrdiff_t>(in_size.width * channels)};
    const isopix_strides out_strides = {0, static_cast<ptrdiff_t>(out_size.width * channels)};
    check(isopix_resize(method, 1, channels, in_size, in.data(), in_strides, out_size, out.data(), out_strides, 1));
    return out;
}

Bytes layout() {
    const std::string text = read<std::string>();
    const isopix_method method = {"bilinear", read<int>()};
    const int64_t n = read<int64_t>();
    isopix_size out_size = read_size();
    const Bytes in = read_input(n);
    isopix_size size;
    int64_t channels;
    check(isopix_layout_size(text.c_str(), in.size(), &size, &channels));
    if (out_size.height == 0) out_size = size;
    Bytes out = output(out_size, channels);
    isopix_stream *stream;
    check(isopix_stream_begin_bytes(&stream, text.c_str(), in.size(), method, out_size, out.data(),
                                    static_cast<ptrdiff_t>(out_size.width * channels)));
    check(isopix_stream_push(stream, in.data(), in.size()));
    check(isopix_stream_finish(stream));
    return out;
}

Bytes recipe() {
    const std::string digits = read<std::string>();
    std::string line;
    for (size_t i = 0; i < digits.size(); i += 2)
        line += static_cast<char>(std::stoi(digits.substr(i, 2), nullptr, 16));
    isopix_recipe parsed;
    char canonical[300];
    check(isopix_recipe_parse(line.c_str(), &parsed, canonical, sizeof canonical));
    const std::string text = canonical;
    return Bytes(text.begin(), text.end());
}

Bytes normalize() {
    const std::string mean = read<std::string>(), deviation = read<std::string>();
    const isopix_size size = read_size();
    const int64_t channels = read<int64_t>();
    const Bytes in = read_input(size.height * size.width * channels);
    std::vector<float> table(static_cast<size_t>(256 * channels)), out(in.size());
    char message[200];
    if (isopix_normalization_table(mean.c_str(), deviation.c_str(), channels, table.data(), message, sizeof message))
        fail(message);
    const isopix_sample_strides strides = {0, 1, static_cast<ptrdiff_t>(size.width * channels),
                                           static_cast<ptrdiff_t>(channels)};
    check(isopix_normalize(table.data(), 1, channels, size, in.data(), strides, out.data(), 1));
    Bytes bytes;
    for (const float &number : out) {
        uint32_t bits;
        std::memcpy(&bits, &number, sizeof bits);
        for (int shift = 24; shift >= 0; shift -= 8) bytes.push_back(static_cast<uint8_t>(bits >> shift));
    }
    return bytes;
}

std::string isas() {
    std::string names;
    for (size_t i = 0; const char *name = isopix_isa_name(i); ++i) names += (i ? " " : "") + std::string(name);
    return names;
}

std::string hexadecimal(const Bytes &bytes) {
    std::string digits;
    for (const uint8_t byte : bytes) {
        digits += "0123456789abcdef"[byte / 16];
        digits += "0123456789abcdef"[byte % 16];
    }
    return digits;
}

std::string answer(const std::string &kind) {
    if (kind == "resize") return hexadecimal(resize());
    if (kind == "layout") return hexadecimal(layout());
    if (kind == "recipe") return hexadecimal(recipe());
    if (kind == "normalize") return hexadecimal(normalize());
    if (kind == "isas") return isas();
    if (kind == "isa") return isopix_isa() ? isopix_isa() : "none";
    fail("unknown request " + kind);
}

}  // namespace

int main() {
    std::string kind;
    while (std::cin >> kind) std::cout << answer(kind) << std::endl;
}
