// SPDX-License-Identifier: MIT
// Bytes in a layout: whole and in pieces, with each instruction set, unresized and resized.
#include <algorithm>

#include "cases.h"
#include "grammar.h"

namespace {

// What `push` makes of the bytes: the result's rows, `stride` apart, all in memory of just that.
template <class Push>
Bytes result_of(const std::string &layout, size_t n, const char *method, isopixel_size size, int64_t row,
                ptrdiff_t stride, Push push) {
    const ptrdiff_t span = (size.height - 1) * stride;
    Exact out(static_cast<size_t>(std::abs(span) + row));
    uint8_t *first = out.data() - std::min<ptrdiff_t>(0, span);
    isopixel_stream *stream;
    const isopixel_status status = isopixel_stream_begin_bytes(&stream, layout.c_str(), n, method, size, first, stride);
    if (status == ISOPIXEL_NOT_COVERED) return {};
    REQUIRE(status == ISOPIXEL_OK);
    push(stream);
    const uint8_t more = 0;
    REQUIRE(isopixel_stream_push(stream, &more, 1) == ISOPIXEL_TOO_MUCH);
    REQUIRE(isopixel_stream_push_rows(stream, &more, 1, 1) == ISOPIXEL_NULL);
    REQUIRE(isopixel_stream_finish(stream) == ISOPIXEL_OK);
    const Bytes bytes = out.copy();
    Bytes rows;
    for (int64_t y = 0; y < size.height; ++y) {
        const auto at = bytes.begin() + (first - out.data()) + y * stride;
        rows.insert(rows.end(), at, at + row);
        const bool is_followed = stride > 0 ? y + 1 < size.height : y > 0;
        if (is_followed) REQUIRE(std::all_of(at + row, at + std::abs(stride), [](uint8_t b) { return b == kGuard; }));
    }
    return rows;
}

// The number of an option; 0 if it is not there.
int64_t number_of(const std::string &layout, const std::string &option) {
    const size_t place = layout.find("," + option + "=");
    return place == std::string::npos ? 0 : std::strtoll(layout.c_str() + place + option.size() + 2, nullptr, 10);
}

}  // namespace

void fuzz_bytes(Input &input) {
    const std::string layout = layout_text(input);
    const bool resized = input.ConsumeBool();
    const char *method = resized ? pick_method(input) : "bilinear";
    const int64_t n = pick(input, 1, input.ConsumeBool() ? 40 : 12000);
    isopixel_size image, size;
    int64_t channels;
    const isopixel_status status = isopixel_layout_size(layout.c_str(), static_cast<uint64_t>(n), &image, &channels);
    REQUIRE(status == ISOPIXEL_OK || status == ISOPIXEL_BAD_LAYOUT || status == ISOPIXEL_NO_ROWS ||
            status == ISOPIXEL_BAD_BYTES || status == ISOPIXEL_LISTING || status == ISOPIXEL_SOUND);
    if (status != ISOPIXEL_OK) return;
    size = image;
    if (resized) size = {pick(input, 1, 70), pick(input, 1, 70)};
    const int64_t row = size.width * channels;
    const auto stride = static_cast<ptrdiff_t>((row + pick(input, 0, 9)) * (input.ConsumeBool() ? 1 : -1));
    const Bytes bytes = samples(input, n);

    const auto whole = [&](isopixel_stream *stream) {
        REQUIRE(isopixel_stream_push(stream, bytes.data(), bytes.size()) == ISOPIXEL_OK);
    };
    const auto in_pieces = [&](isopixel_stream *stream) {
        for (size_t done = 0, part; done < bytes.size(); done += part) {
            part = bytes.size() - done;
            part -= static_cast<size_t>(pick(input, 0, static_cast<int64_t>(part) - 1));
            Exact piece(bytes.data() + done, part);
            REQUIRE(isopixel_stream_push(stream, piece.data(), part) == ISOPIXEL_OK);
        }
    };
    use_isa("scalar");
    const Bytes expected = result_of(layout, bytes.size(), method, size, row, row, whole);
    if (expected.empty()) return;
    for (size_t isa = 0; isopixel_isa_name(isa); ++isa) {
        use_isa(isopixel_isa_name(isa));
        REQUIRE(result_of(layout, bytes.size(), method, size, row, stride, whole) == expected);
    }
    REQUIRE(result_of(layout, bytes.size(), method, size, row, stride, in_pieces) == expected);

    // The image itself: of row-wise layouts the bytes in order. Resized, it is what the stream gives.
    const int64_t image_row = image.width * channels;
    const Bytes unresized = result_of(layout, bytes.size(), "bilinear", image, image_row, image_row, whole);
    const std::string rule = layout.substr(0, layout.find(','));
    const int64_t offset = number_of(layout, "offset"), length = number_of(layout, "length");
    const int64_t part = length > 0 ? std::min(length, n - offset) : n - offset;
    if (rule != "hilbert" && rule != "bigram")
        REQUIRE(std::equal(
            unresized.begin(),
            unresized.begin() + std::min(static_cast<ptrdiff_t>(unresized.size()), static_cast<ptrdiff_t>(part)),
            bytes.begin() + offset));
    if (rule == "line") size = {1, size.height * size.width};
    Bytes same(expected.size());
    REQUIRE(isopixel_resize(method, 1, channels, image, unresized.data(), {0, static_cast<ptrdiff_t>(image_row)}, size,
                            same.data(), {0, static_cast<ptrdiff_t>(size.width * channels)}, 1) == ISOPIXEL_OK);
    REQUIRE(same == expected);
}
