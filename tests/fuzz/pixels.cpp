// SPDX-License-Identifier: MIT
// Images and batches, with any strides: whole, in rows and in pieces, with each instruction set.
#include <algorithm>
#include <cstdlib>

#include "cases.h"
#include "definition.h"
#include "memory.h"

namespace {

// Rows of `bytes` bytes in memory that holds just them and what is between them.
struct Placed {
    // Strides that are apart (of a result), or any (of a source).
    Placed(Input &input, int64_t images, int64_t rows, int64_t bytes, bool apart) {
        const auto sign = [&] { return input.ConsumeBool() ? 1 : -1; };
        const bool interleaved = input.ConsumeBool();
        const int64_t inner = apart ? bytes + pick(input, 0, 9) : pick(input, 0, bytes + 9);
        const int64_t spanned = (interleaved ? images : rows) * inner;
        const int64_t outer = apart ? spanned + pick(input, 0, 9) : pick(input, 0, spanned + 9);
        strides = {static_cast<ptrdiff_t>((interleaved ? inner : outer) * sign()),
                   static_cast<ptrdiff_t>((interleaved ? outer : inner) * sign())};
        const int64_t all_images = (images - 1) * strides.image, all_rows = (rows - 1) * strides.row;
        first = -std::min<int64_t>(0, all_images) - std::min<int64_t>(0, all_rows);
        length = static_cast<size_t>(std::abs(all_images) + std::abs(all_rows) + bytes);
    }
    int64_t place(int64_t image, int64_t row) const { return first + image * strides.image + row * strides.row; }

    isopixel_strides strides;
    int64_t first;  // where row 0 of image 0 begins
    size_t length;
};

struct Case {
    const char *method;
    int64_t images, channels;
    isopixel_size in_size, out_size;

    int64_t in_row() const { return in_size.width * channels; }
    int64_t out_row() const { return out_size.width * channels; }
};

// A side that is short, or not; the definition takes time for the product of two.
int64_t side(Input &input, int64_t most) {
    return pick(input, 1, std::min<int64_t>(input.ConsumeBool() ? 24 : 700, most));
}

int64_t most_pixels(int64_t channels) { return 4000 / channels; }

isopixel_size pick_size(Input &input, int64_t channels) {
    const int64_t most = most_pixels(channels);
    const int64_t height = side(input, most);
    return {height, side(input, most / height)};
}

Case pick_case(Input &input) {
    Case c;
    c.method = input.ConsumeBool() ? pick_method(input) : pick_exact_method(input);
    c.images = pick(input, 1, 3);
    c.channels = input.ConsumeBool() ? 1 : pick(input, 1, input.ConsumeBool() ? 9 : 600);
    c.in_size = pick_size(input, c.channels);
    c.out_size = pick_size(input, c.channels);
    // Sides of which one is the half, the double or the eightfold of the other, or the same.
    const int64_t relation = pick(input, 0, 5);
    if (relation == 1) c.in_size = {2 * c.out_size.height, 2 * c.out_size.width};
    if (relation == 2) {
        const int64_t times = input.ConsumeBool() ? 2 : 8;
        c.in_size = {std::max<int64_t>(1, c.out_size.height / times), std::max<int64_t>(1, c.out_size.width / times)};
        c.out_size = {times * c.in_size.height, times * c.in_size.width};
    }
    if (relation == 3) c.out_size = c.in_size;
    const auto within = [&](int64_t n, int64_t other) { return std::min(n, most_pixels(c.channels) / other); };
    if (relation == 4) c.out_size = {c.in_size.height, within(c.out_size.width, c.in_size.height)};
    if (relation == 5) c.out_size = {within(c.out_size.height, c.in_size.width), c.in_size.width};
    return c;
}

// What isopixel.h promises, for a thread.
int64_t promised_scratch(const Case &c) {
    const bool frozen = is_frozen(c.method);
    const int64_t sides = c.in_size.height + c.in_size.width + c.out_size.height + c.out_size.width;
    return 4 * kMiB + 250 * c.out_row() + (frozen ? 150 * c.in_row() + 90 * sides * c.channels : 0);
}

void compare(const Bytes &rows, const Placed &at, const Case &c, const Bytes &actual) {
    Bytes expected(at.length, kGuard);
    for (int64_t image = 0; image < c.images; ++image)
        for (int64_t y = 0; y < c.out_size.height; ++y)
            std::copy_n(rows.begin() + (image * c.out_size.height + y) * c.out_row(), c.out_row(),
                        expected.begin() + at.place(image, y));
    REQUIRE(actual == expected);  // in each sample and in what lies between the rows
}

// The results of each image by the definition, or as the plain kernels have them, row by row; empty if refused.
Bytes expected_rows(const Case &c, const Bytes &source) {
    const size_t in_bytes = static_cast<size_t>(c.in_size.height * c.in_row());
    const size_t out_bytes = static_cast<size_t>(c.out_size.height * c.out_row());
    const isopixel_strides in_strides = {static_cast<ptrdiff_t>(in_bytes), static_cast<ptrdiff_t>(c.in_row())};
    const isopixel_strides out_strides = {static_cast<ptrdiff_t>(out_bytes), static_cast<ptrdiff_t>(c.out_row())};
    Bytes rows(static_cast<size_t>(c.images) * out_bytes);
    use_isa("scalar");
    const isopixel_status status = isopixel_resize(c.method, c.images, c.channels, c.in_size, source.data(), in_strides,
                                                   c.out_size, rows.data(), out_strides, 1);
    if (status == ISOPIXEL_NOT_COVERED) return {};
    REQUIRE(status == ISOPIXEL_OK);
    if (is_frozen(c.method)) return rows;
    for (size_t image = 0; image < static_cast<size_t>(c.images); ++image) {
        const Bytes one(source.begin() + static_cast<ptrdiff_t>(image * in_bytes),
                        source.begin() + static_cast<ptrdiff_t>((image + 1) * in_bytes));
        const auto size = [](int64_t n) { return static_cast<size_t>(n); };
        const Bytes wanted = resized_by_definition(c.method, one, size(c.in_size.height), size(c.in_size.width),
                                                   size(c.channels), size(c.out_size.height), size(c.out_size.width));
        REQUIRE(std::equal(wanted.begin(), wanted.end(), rows.begin() + static_cast<ptrdiff_t>(image * out_bytes)));
    }
    return rows;
}

// Pushes an image, given by its rows, in rows or in pieces of any size.
void push(Input &input, isopixel_stream *stream, const Bytes &bytes, int64_t row_bytes) {
    size_t done = 0;
    while (done < bytes.size()) {
        const size_t left = bytes.size() - done;
        if (input.ConsumeBool() && done % static_cast<size_t>(row_bytes) == 0) {
            const int64_t rows = pick(input, 1, static_cast<int64_t>(left) / row_bytes);
            Exact piece(bytes.data() + done, static_cast<size_t>(rows * row_bytes));
            uint8_t *last = piece.data() + (rows - 1) * row_bytes;  // in reverse order: the last one is pushed first
            for (int64_t y = 0; y < rows / 2; ++y)
                std::swap_ranges(piece.data() + y * row_bytes, piece.data() + (y + 1) * row_bytes,
                                 last - y * row_bytes);
            REQUIRE(isopixel_stream_push_rows(stream, last, rows, -static_cast<ptrdiff_t>(row_bytes)) == ISOPIXEL_OK);
            done += static_cast<size_t>(rows * row_bytes);
        } else {
            // Without input, all that is left: the loop ends.
            const size_t n = left - static_cast<size_t>(pick(input, 0, static_cast<int64_t>(left) - 1));
            Exact piece(bytes.data() + done, n);
            REQUIRE(isopixel_stream_push(stream, piece.data(), n) == ISOPIXEL_OK);
            done += n;
        }
    }
    const uint8_t more = 0;
    REQUIRE(isopixel_stream_push(stream, &more, 1) == ISOPIXEL_TOO_MUCH);
}

}  // namespace

void fuzz_pixels(Input &input) {
    const Case c = pick_case(input);
    const Placed in(input, c.images, c.in_size.height, c.in_row(), false);
    const Placed out(input, c.images, c.out_size.height, c.out_row(), true);
    const int threads = pick_threads(input);
    const int64_t allocations = input.ConsumeBool() ? pick(input, 0, 60) : INT64_MAX;
    Bytes memory = samples(input, static_cast<int64_t>(in.length));
    Exact source(memory.data(), memory.size());
    Bytes rows;
    for (int64_t image = 0; image < c.images; ++image)
        for (int64_t y = 0; y < c.in_size.height; ++y)
            rows.insert(rows.end(), memory.begin() + in.place(image, y),
                        memory.begin() + in.place(image, y) + c.in_row());
    const Bytes expected = expected_rows(c, rows);

    const isopixel_status wanted = expected.empty() ? ISOPIXEL_NOT_COVERED : ISOPIXEL_OK;
    for (size_t isa = 0; isopixel_isa_name(isa); ++isa) {
        use_isa(isopixel_isa_name(isa));
        Exact result(out.length);
        {
            MemoryLimit limit(threads * promised_scratch(c), allocations);
            const isopixel_status status =
                isopixel_resize(c.method, c.images, c.channels, c.in_size, source.data() + in.first, in.strides,
                                c.out_size, result.data() + out.first, out.strides, threads);
            REQUIRE(std::abs(limit.taken()) <= kKept);  // what is kept may be more than before, or less
            REQUIRE(status == wanted || (status == ISOPIXEL_NO_MEMORY && limit.refused() && allocations < 100));
            if (status != ISOPIXEL_OK) continue;
        }
        compare(expected, out, c, result.copy());
    }
    if (expected.empty()) return;

    use_isa(pick_isa(input));
    const size_t in_bytes = static_cast<size_t>(c.in_size.height * c.in_row());
    Exact result(out.length);
    for (int64_t image = 0; image < c.images; ++image) {
        const auto begin = rows.begin() + image * static_cast<ptrdiff_t>(in_bytes);
        const Bytes bytes(begin, begin + static_cast<ptrdiff_t>(in_bytes));
        isopixel_stream *stream;
        REQUIRE(isopixel_stream_begin(&stream, c.method, c.channels, c.in_size, c.out_size,
                                      result.data() + out.place(image, 0), out.strides.row) == ISOPIXEL_OK);
        push(input, stream, bytes, c.in_row());
        REQUIRE(isopixel_stream_finish(stream) == ISOPIXEL_OK);
    }
    compare(expected, out, c, result.copy());
}
