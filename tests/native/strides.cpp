// SPDX-License-Identifier: MIT
// Strides: those of one row, image, channel or column are not used, whatever they are, not even to compute an address
// (for the undefined-behaviour sanitizer); and a result whose rows would overlap is refused.
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <initializer_list>
#include <vector>

#include "isopixel.h"

namespace {

using Bytes = std::vector<uint8_t>;

constexpr ptrdiff_t kUnused[] = {PTRDIFF_MAX, PTRDIFF_MIN, PTRDIFF_MIN + 1, PTRDIFF_MAX / 2, PTRDIFF_MIN / 3};
int passed = 0;

void require(bool holds, const char *what, const char *name) {
    if (!holds) std::printf("%s: %s\n", name, what), std::exit(1);
    ++passed;
}

Bytes noise(int64_t n) {
    Bytes bytes(static_cast<size_t>(n));
    uint32_t state = 1;
    for (uint8_t &byte : bytes) byte = static_cast<uint8_t>((state = state * 1664525u + 1013904223u) >> 24);
    return bytes;
}

void resize(const char *method, isopixel_size in_size, isopixel_size out_size) {
    const isopixel_method *info = isopixel_method_info(method);
    const int64_t channels = info->channels[0] ? info->channels[0] : 3;
    const ptrdiff_t in_row = static_cast<ptrdiff_t>(in_size.width * channels);
    const ptrdiff_t out_row = static_cast<ptrdiff_t>(out_size.width * channels);
    const Bytes source = noise(in_size.height * in_row);
    Bytes expected(static_cast<size_t>(out_size.height * out_row)), out(expected);
    require(isopixel_resize(method, 1, channels, in_size, source.data(), {0, in_row}, out_size, expected.data(),
                            {0, out_row}, 1) == ISOPIXEL_OK,
            "the expected result", method);
    for (const ptrdiff_t unused : kUnused) {
        const isopixel_strides in_strides = {unused, in_size.height == 1 ? unused : in_row};
        const isopixel_strides out_strides = {unused, out_size.height == 1 ? unused : out_row};
        out.assign(out.size(), 0);
        require(isopixel_resize(method, 1, channels, in_size, source.data(), in_strides, out_size, out.data(),
                                out_strides, 1) == ISOPIXEL_OK &&
                    out == expected,
                "whole", method);
        out.assign(out.size(), 0);
        isopixel_stream *stream;
        require(isopixel_stream_begin(&stream, method, channels, in_size, out_size, out.data(), out_strides.row) ==
                    ISOPIXEL_OK,
                "a stream", method);
        for (int64_t y = 0; y < in_size.height; ++y)
            require(isopixel_stream_push_rows(stream, source.data() + y * in_row, 1, unused) == ISOPIXEL_OK, "a row",
                    method);
        require(isopixel_stream_finish(stream) == ISOPIXEL_OK && out == expected, "by rows", method);
    }
}

void layout(const char *text) {
    const Bytes source = noise(50);
    const isopixel_size size = {1, 7};
    Bytes first(21), out(21);
    for (const ptrdiff_t stride : {ptrdiff_t{21}, kUnused[0], kUnused[1], kUnused[2], kUnused[3], kUnused[4]}) {
        isopixel_stream *stream;
        Bytes &result = stride == 21 ? first : out;
        require(isopixel_stream_begin_bytes(&stream, text, source.size(), "bilinear", size, result.data(), stride) ==
                        ISOPIXEL_OK &&
                    isopixel_stream_push(stream, source.data(), source.size()) == ISOPIXEL_OK &&
                    isopixel_stream_finish(stream) == ISOPIXEL_OK && (stride == 21 || out == first),
                "one row of bytes", text);
    }
}

void normalize(int64_t images, int64_t channels, isopixel_size size) {
    std::vector<float> table(static_cast<size_t>(256 * channels));
    for (size_t i = 0; i < table.size(); ++i) table[i] = static_cast<float>(i);
    const int64_t row = size.width * channels, image = size.height * row, n = images * image;
    const Bytes source = noise(n);
    std::vector<float> expected(static_cast<size_t>(n)), out(expected);
    const isopixel_sample_strides used = {static_cast<ptrdiff_t>(image), 1, static_cast<ptrdiff_t>(row),
                                          static_cast<ptrdiff_t>(channels)};
    isopixel_normalize(table.data(), images, channels, size, source.data(), used, expected.data(), 1);
    for (const ptrdiff_t unused : kUnused) {
        const isopixel_sample_strides strides = {images == 1 ? unused : used.image, channels == 1 ? unused : 1,
                                                 size.height == 1 ? unused : used.row,
                                                 size.width == 1 ? unused : used.column};
        out.assign(out.size(), -1);
        require(isopixel_normalize(table.data(), images, channels, size, source.data(), strides, out.data(), 1) ==
                        ISOPIXEL_OK &&
                    out == expected,
                "numbers", "normalize");
    }
}

// Two images of 2 rows of 3 bytes.
void overlapping(ptrdiff_t image, ptrdiff_t row, bool apart) {
    const Bytes source = noise(2 * 4 * 3);
    Bytes out(200);
    const isopixel_status status =
        isopixel_resize("bilinear", 2, 1, {4, 3}, source.data(), {12, 3}, {2, 3}, out.data() + 100, {image, row}, 1);
    require(status == (apart ? ISOPIXEL_OK : ISOPIXEL_BAD_STRIDE), "rows that overlap", "check_strides");
    require(apart || out == Bytes(200), "nothing is written", "check_strides");
}

}  // namespace

int main() {
    const isopixel_size sizes[] = {{1, 9}, {1, 4}, {1, 1}, {1, 40}, {5, 1}, {40, 9}, {12, 10}};
    for (size_t i = 0; const char *method = isopixel_method_name(i); ++i)
        for (const isopixel_size in_size : sizes)
            for (const isopixel_size out_size : sizes) resize(method, in_size, out_size);
    for (const char *text :
         {"fixed,width=9", "fixed,width=4,rows=extra,channels=3", "square", "hilbert", "bigram", "line"})
        layout(text);
    for (const int64_t images : {1, 2})
        for (const int64_t channels : {1, 3})
            for (const int64_t height : {1, 2})
                for (int64_t width = 1; width < 10; ++width) normalize(images, channels, {height, width});
    // Rows within images and images within rows: the outer stride steps over all that the inner one spans, to a byte.
    for (const int sign : {1, -1})
        for (const ptrdiff_t inner : {3, 4})
            for (ptrdiff_t outer = 0; outer < 9; ++outer) {
                overlapping(sign * outer, inner, outer >= inner + 3);
                overlapping(inner, sign * outer, outer >= inner + 3);
            }
    for (const ptrdiff_t inner : {0, 1, 2}) overlapping(20, inner, false), overlapping(inner, -20, false);
    std::printf("%d passed\n", passed);
}
