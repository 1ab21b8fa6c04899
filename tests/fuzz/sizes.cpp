// SPDX-License-Identifier: MIT
// Sizes, strides and counts of which hardly any are possible, and a memory that is small: they are refused, or begin a
// stream that nothing is pushed to. No sample is read or written.
#include <algorithm>

#include "cases.h"
#include "grammar.h"
#include "memory.h"

namespace {

// Of any length in bits, or beside a bound, or not even a size.
int64_t any_number(Input &input) {
    const int64_t bounds[] = {INT64_MIN, INT64_MAX, INT64_MAX / 4, INT64_C(1) << 61, INT32_MAX, 1 << 24, 0};
    switch (pick(input, 0, 3)) {
        case 0:
            return static_cast<int64_t>(static_cast<uint64_t>(input.PickValueInArray(bounds)) +
                                        static_cast<uint64_t>(pick(input, -2, 2)));
        case 1:
            return input.ConsumeIntegral<int64_t>() >> pick(input, 0, 62);
        default:
            return pick(input, 1, 300);
    }
}

isopixel_strides any_strides(Input &input) {
    const auto image = static_cast<ptrdiff_t>(any_number(input));
    return {image, static_cast<ptrdiff_t>(any_number(input))};
}

isopixel_size any_size(Input &input) {
    const int64_t height = any_number(input);
    return {height, any_number(input)};
}

// A result of so many pixels is refused at once, or takes no time to plan; between them are those that a caller with
// the memory for them would wait for.
bool is_planned_at_once(isopixel_size size, int64_t channels) {
    if (std::min({size.height, size.width, channels}) < 1) return true;
    const long double pixels = static_cast<long double>(size.height) * static_cast<long double>(size.width);
    return pixels < 100000 || pixels * static_cast<long double>(channels) > 9.3e18L;
}

// What isopixel.h says that a resize returns; and a stream of the image of a layout besides.
bool is_of_resize(isopixel_status status) {
    switch (status) {
        case ISOPIXEL_OK:
        case ISOPIXEL_NULL:
        case ISOPIXEL_UNKNOWN_METHOD:
        case ISOPIXEL_BAD_SIZE:
        case ISOPIXEL_TOO_LARGE:
        case ISOPIXEL_BAD_STRIDE:
        case ISOPIXEL_NO_MEMORY:
        case ISOPIXEL_UNKNOWN_ISA:
        case ISOPIXEL_NOT_COVERED:
            return true;
        default:
            return false;
    }
}
bool is_of_layout(isopixel_status status) {
    switch (status) {
        case ISOPIXEL_BAD_LAYOUT:
        case ISOPIXEL_BAD_BYTES:
        case ISOPIXEL_LISTING:
        case ISOPIXEL_SOUND:
        case ISOPIXEL_NO_ROWS:
            return true;
        default:
            return is_of_resize(status);
    }
}

void resize(Input &input, const char *method, int64_t channels, isopixel_size in_size, isopixel_size out_size) {
    const int64_t images = any_number(input);
    const isopixel_strides in_strides = any_strides(input), out_strides = any_strides(input);
    // With one image too many for the address space, or rows that overlap, nothing is done.
    const bool overlap = input.ConsumeBool();
    Exact none(0);
    const isopixel_strides strides = overlap ? isopixel_strides{out_strides.image, 0} : out_strides;
    if (overlap && (out_size.height < 2 || out_size.width < 1)) return;
    const isopixel_status status = isopixel_resize(method, overlap ? 1 : std::max(images, INT64_MAX / 4 + 1), channels,
                                                   in_size, none.data(), in_strides, out_size, none.data(), strides, 1);
    REQUIRE(status != ISOPIXEL_OK && is_of_resize(status));
}

void finish(Input &input, isopixel_status status, isopixel_stream *stream) {
    REQUIRE((status == ISOPIXEL_OK) == (stream != nullptr));
    if (!stream) return;
    const uint8_t byte = 0;
    REQUIRE(isopixel_stream_push(stream, nullptr, 0) == ISOPIXEL_OK);
    REQUIRE(isopixel_stream_push(stream, nullptr, 1) == ISOPIXEL_NULL);
    REQUIRE(isopixel_stream_push_rows(stream, nullptr, 1, 1) == ISOPIXEL_NULL);
    const isopixel_status rows = isopixel_stream_push_rows(stream, &byte, INT64_MAX - pick(input, 0, 9), 1);
    REQUIRE(rows == ISOPIXEL_TOO_MUCH || rows == ISOPIXEL_NULL);
    // (Of 32 bits, that can be less than the image has.)
    if (SIZE_MAX == UINT64_MAX)
        REQUIRE(isopixel_stream_push(stream, &byte, SIZE_MAX - static_cast<size_t>(pick(input, 0, 9))) ==
                ISOPIXEL_TOO_MUCH);
    REQUIRE(isopixel_stream_finish(stream) == ISOPIXEL_INCOMPLETE);
}

}  // namespace

void fuzz_sizes(Input &input) {
    const char *method = pick_method(input);
    const isopixel_size in_size = any_size(input), out_size = any_size(input);
    const int64_t kind = pick(input, 0, 2), stride = any_number(input);
    const int64_t channels = kind == 2 ? 3 : input.ConsumeBool() ? pick(input, 1, 4) : any_number(input);
    if (!is_planned_at_once(out_size, channels)) return;
    const int64_t allocations = input.ConsumeBool() ? pick(input, 0, 60) : INT64_MAX;
    Exact none(0);
    isopixel_stream *stream = nullptr;
    if (kind == 0) {
        resize(input, method, channels, in_size, out_size);
    } else if (kind == 1) {
        MemoryLimit limit(32 * kMiB, allocations);
        const isopixel_status status =
            isopixel_stream_begin(&stream, method, channels, in_size, out_size, none.data(), stride);
        REQUIRE(is_of_resize(status));
        REQUIRE(!limit.refused() || status == ISOPIXEL_NO_MEMORY);
        finish(input, status, stream);
        REQUIRE(limit.taken() == 0);
    } else {
        const uint64_t n = static_cast<uint64_t>(in_size.height);
        const std::string layout = layout_text(input);
        MemoryLimit limit(32 * kMiB, allocations);
        const isopixel_status status =
            isopixel_stream_begin_bytes(&stream, layout.c_str(), n, method, out_size, none.data(), stride);
        REQUIRE(is_of_layout(status));
        REQUIRE(!limit.refused() || status == ISOPIXEL_NO_MEMORY);
        finish(input, status, stream);
        REQUIRE(limit.taken() == 0);
    }
}
