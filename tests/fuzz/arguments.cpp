// SPDX-License-Identifier: MIT
// What takes no input worth fuzzing: null pointers, each in its place, and the names of things.
#include <cstring>
#include <tuple>

#include "cases.h"

namespace {

// Calls function(pointer…) with each of its pointers null in turn; it has to refuse that.
template <class Function, class... Pointers>
void refuses_null(Function function, Pointers... pointers) {
    for (size_t null = 0; null < sizeof...(pointers); ++null) {
        size_t place = 0;
        // (In braces, arguments are made in their order.)
        const std::tuple<Pointers...> passed{(place++ == null ? nullptr : pointers)...};
        REQUIRE(std::apply(function, passed) == ISOPIXEL_NULL);
    }
}

void nulls() {
    uint8_t in = 7, out = kGuard;
    float table[256] = {}, number = 0;
    const char *const method = "bilinear", *const layout = "line", *const decimal = "1";
    int64_t channels = 1;
    int orientation = 1;
    isopixel_size size = {1, 1};
    isopixel_stream *stream = nullptr;
    isopixel_recipe *recipe = nullptr;
    char message[10], fingerprint[ISOPIXEL_FINGERPRINT_SIZE];
    refuses_null([](const char *isa) { return isopixel_set_isa(isa); }, method);
    refuses_null([](const char *m, const uint8_t *from,
                    uint8_t *to) { return isopixel_resize(m, 1, 1, {1, 1}, from, {}, {1, 1}, to, {}, 1); },
                 method, &in, &out);
    refuses_null([&](const char *text) { return isopixel_layout_parse(text, message, sizeof message); }, layout);
    refuses_null([](const char *text, isopixel_size *s, int64_t *c) { return isopixel_layout_size(text, 1, s, c); },
                 layout, &size, &channels);
    refuses_null([](isopixel_recipe **r, const char *line) { return isopixel_recipe_open(r, line, nullptr, 0); },
                 &recipe, layout);
    refuses_null([&](const char *mean, const char *std,
                     float *to) { return isopixel_normalization_table(mean, std, 1, to, message, sizeof message); },
                 decimal, decimal, table);
    refuses_null([](const float *t, const uint8_t *from,
                    float *to) { return isopixel_normalize(t, 1, 1, {1, 1}, from, {}, to, 1); },
                 table, &in, &number);
    refuses_null(
        [](const uint8_t *from, const int64_t *shape, char *to) { return isopixel_fingerprint(from, 0, shape, 1, to); },
        &in, &channels, fingerprint);
    refuses_null([](isopixel_stream **s, const char *m,
                    uint8_t *to) { return isopixel_stream_begin(s, m, 1, {1, 1}, {1, 1}, to, 0); },
                 &stream, method, &out);
    refuses_null([](isopixel_stream **s, const char *text, const char *m,
                    uint8_t *to) { return isopixel_stream_begin_bytes(s, text, 1, m, {1, 1}, to, 0); },
                 &stream, layout, method, &out);
    isopixel_sound sound = {8000, 1, 8, 0, 0, 1};
    const char *const of_sounds = "logfft,rate=8000,window=4,hop=2";
    refuses_null([](const uint8_t *head, isopixel_sound *s) { return isopixel_wav_info(head, 1, 1, s, nullptr, 0); },
                 &in, &sound);
    refuses_null([](const char *text, const isopixel_sound *from,
                    isopixel_size *s) { return isopixel_sound_size(text, from, s, nullptr, 0); },
                 of_sounds, &sound, &size);
    refuses_null([](isopixel_stream **s, const char *text, const isopixel_sound *from, const char *m,
                    uint8_t *to) { return isopixel_stream_begin_sound(s, text, from, m, {1, 1}, to, 0); },
                 &stream, of_sounds, &sound, method, &out);
    REQUIRE(isopixel_sound_size(layout, &sound, &size, nullptr, 0) == ISOPIXEL_BAD_LAYOUT);
    REQUIRE(isopixel_stream_begin_sound(&stream, layout, &sound, method, size, &out, 0) == ISOPIXEL_BAD_LAYOUT);
    REQUIRE(isopixel_stream_begin_sound(&stream, of_sounds, &sound, "x", size, &out, 0) == ISOPIXEL_UNKNOWN_METHOD);
    REQUIRE(isopixel_stream_begin_sound(&stream, of_sounds, &sound, method, {1, 0}, &out, 0) == ISOPIXEL_BAD_SIZE);
    REQUIRE(isopixel_stream_begin_sound(&stream, of_sounds, &sound, method, {2, 1}, &out, 0) == ISOPIXEL_BAD_STRIDE);
    REQUIRE(isopixel_stream_begin(&stream, method, 1, size, size, &out, 0) == ISOPIXEL_OK);
    refuses_null([](isopixel_stream *s, const uint8_t *from) { return isopixel_stream_push(s, from, 1); }, stream, &in);
    refuses_null([](isopixel_stream *s, const uint8_t *from) { return isopixel_stream_push_rows(s, from, 1, 0); },
                 stream, &in);
    REQUIRE(isopixel_stream_finish(stream) == ISOPIXEL_INCOMPLETE);
    // These may be null: those of no bytes, which an empty std::vector has.
    REQUIRE(isopixel_wav_info(nullptr, 0, 0, &sound, nullptr, 0) == ISOPIXEL_BAD_SOUND);
    REQUIRE(isopixel_jpeg_info(nullptr, 0, &size, &channels, &orientation, nullptr, 0) == ISOPIXEL_BAD_PICTURE);
    REQUIRE(isopixel_jpeg_decode(nullptr, 0, &out, 1, nullptr, 0) == ISOPIXEL_BAD_PICTURE);
    // And these, which there need not be.
    REQUIRE(isopixel_stream_finish(nullptr) == ISOPIXEL_OK);
    isopixel_recipe_close(nullptr);
    REQUIRE(isopixel_method_info(nullptr) == nullptr);
    REQUIRE(out == kGuard && number == 0);
}

// Sizes, counts and strides that no input is right for.
void refused() {
    const uint8_t in[16] = {};
    uint8_t out[16];
    float table[256] = {}, numbers[16];
    const isopixel_size one = {1, 1}, two = {2, 2};
    const isopixel_strides apart = {4, 2};
    const int64_t most = INT64_MAX / 4;
    const auto resize = [&](int64_t images, isopixel_size size, isopixel_strides strides, int threads) {
        return isopixel_resize("bilinear", images, 1, two, in, apart, size, out, strides, threads);
    };
    REQUIRE(resize(0, two, apart, 1) == ISOPIXEL_BAD_SIZE);
    REQUIRE(resize(1, two, apart, 0) == ISOPIXEL_BAD_SIZE);
    REQUIRE(resize(1, {0, 1}, apart, 1) == ISOPIXEL_BAD_SIZE);
    REQUIRE(resize(most, two, apart, 1) == ISOPIXEL_TOO_LARGE);
    REQUIRE(resize(1, {2, most}, {0, PTRDIFF_MAX}, 1) == ISOPIXEL_TOO_LARGE);
    REQUIRE(resize(2, two, {3, 2}, 1) == ISOPIXEL_BAD_STRIDE);
    REQUIRE(resize(2, two, {4, 1}, 1) == ISOPIXEL_BAD_STRIDE);
    REQUIRE(resize(2, two, {PTRDIFF_MIN, PTRDIFF_MAX}, 1) == ISOPIXEL_BAD_STRIDE);
    const auto normalize = [&](int64_t images, isopixel_size size, int threads) {
        return isopixel_normalize(table, images, 1, size, in, {}, numbers, threads);
    };
    REQUIRE(normalize(1, one, 0) == ISOPIXEL_BAD_SIZE);
    REQUIRE(normalize(1, {1, 0}, 1) == ISOPIXEL_BAD_SIZE);
    REQUIRE(normalize(most, {most, 1}, 1) == ISOPIXEL_TOO_LARGE);
    REQUIRE(normalize(1, {most, most}, 1) == ISOPIXEL_TOO_LARGE);
    REQUIRE(normalize(most, one, 1) == ISOPIXEL_TOO_LARGE);
    const auto fingerprint = [&](int is_float, std::vector<int64_t> shape) {
        char text[ISOPIXEL_FINGERPRINT_SIZE];
        return isopixel_fingerprint(in, is_float, shape.data(), shape.size(), text);
    };
    REQUIRE(fingerprint(0, {1, 0}) == ISOPIXEL_BAD_SIZE);
    REQUIRE(isopixel_fingerprint(in, 0, &most, 0, reinterpret_cast<char *>(out)) == ISOPIXEL_BAD_SIZE);
    REQUIRE(fingerprint(0, {most, 2}) == ISOPIXEL_TOO_LARGE);
    REQUIRE(fingerprint(1, {most}) == ISOPIXEL_TOO_LARGE);
    const auto table_of = [&](int64_t channels) {
        return isopixel_normalization_table("0", "1", channels, table, nullptr, 0);
    };
    REQUIRE(table_of(0) == ISOPIXEL_BAD_SIZE);
    REQUIRE(table_of(most) == ISOPIXEL_TOO_LARGE);
    isopixel_stream *stream;
    const auto begin_bytes = [&](const char *layout, uint64_t n, isopixel_size size, ptrdiff_t stride) {
        return isopixel_stream_begin_bytes(&stream, layout, n, "bilinear", size, out, stride);
    };
    REQUIRE(begin_bytes("line", 0, one, 1) == ISOPIXEL_BAD_SIZE);
    REQUIRE(begin_bytes("line", 1, {0, 1}, 1) == ISOPIXEL_BAD_SIZE);
    REQUIRE(begin_bytes("line", 1, {most, most}, 1) == ISOPIXEL_TOO_LARGE);
    REQUIRE(begin_bytes("line", UINT64_MAX, one, 1) == ISOPIXEL_TOO_LARGE);
    REQUIRE(begin_bytes("hilbert", INT64_MAX / 4, one, 1) == ISOPIXEL_TOO_LARGE);
    REQUIRE(begin_bytes("square", 9, two, 1) == ISOPIXEL_BAD_STRIDE);
    // Of axes this long the weights, or their products, are beyond 128 bits.
    for (const isopixel_size in_size : {isopixel_size{most, 1}, {1, most - 1}, {INT32_MAX, INT32_MAX - 1}})
        for (const isopixel_size out_size : {isopixel_size{1, 2 * most}, {most - 2, 1}, {INT32_MAX - 2, INT32_MAX - 3}})
            REQUIRE(isopixel_stream_begin(&stream, "bilinear", 1, in_size, out_size, out, PTRDIFF_MAX) ==
                    ISOPIXEL_TOO_LARGE);
    REQUIRE(isopixel_stream_begin(&stream, "bilinear", 1, two, two, out, 1) == ISOPIXEL_BAD_STRIDE);
    REQUIRE(isopixel_stream_begin(&stream, "bilinear", 1, two, one, out, 1) == ISOPIXEL_OK);
    REQUIRE(isopixel_stream_push_rows(stream, in, -1, 2) == ISOPIXEL_BAD_SIZE);
    REQUIRE(isopixel_stream_push(stream, in, 1) == ISOPIXEL_OK);
    REQUIRE(isopixel_stream_push_rows(stream, in, 1, 2) == ISOPIXEL_MID_ROW);
    REQUIRE(isopixel_stream_finish(stream) == ISOPIXEL_INCOMPLETE);
}

void names() {
    REQUIRE(std::strlen(isopixel_version()) > 0 && std::strlen(isopixel_compiler()) > 0);
    for (int status = ISOPIXEL_OK; status <= ISOPIXEL_LISTING; ++status)
        REQUIRE(std::strlen(isopixel_status_text(static_cast<isopixel_status>(status))) > 0);
    for (size_t i = 0; isopixel_method_name(i); ++i)
        REQUIRE(isopixel_method_info(isopixel_method_name(i))->name == std::string(isopixel_method_name(i)));
}

}  // namespace

void fuzz_arguments(Input &) {
    nulls();
    refused();
    names();
}
