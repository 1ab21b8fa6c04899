/* SPDX-License-Identifier: MIT */
/*
 * Computes the cases of a file through the C interface, and compares with the results that the file holds. Every array
 * is an allocation of its own of exactly the bytes it needs, so that the address sanitizer sees any access beside it;
 * the bytes between the rows of a result must stay as they are.
 *
 * A case is a line of numbers, then the source's samples and the result's as hexadecimal digits:
 *   resize METHOD images channels in_height in_width out_height out_width in_gap out_gap piece SOURCE RESULT
 *   layout TEXT METHOD n_bytes out_height out_width out_gap piece BYTES RESULT       (one channel)
 *   normalize MEAN STD images channels height width step gap planar threads SOURCE RESULT
 *   recipe LINE n_bytes count BYTES RESULT
 *   fingerprint is_float n_bytes rank DIMENSIONS BYTES TEXT   (the bytes as they lie in memory)
 * `in_gap` and `out_gap` are the bytes between rows; with a negative in_gap the rows lie in reverse order. `piece` is
 * the number of bytes that are pushed at a time. Of normalize, samples of the source are in the order image, row,
 * column, channel; they lie `step` bytes from one to that of the next column (negative: from right to left), or where
 * `planar` is not 0, in planes of such rows; `gap` more are between rows. Its results, and those of recipes, are
 * float32, as the bits of each, and a recipe's line has _ for each blank; `count` is the number of its result's
 * samples.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "isopixel.h"

#define GUARD 0xA5

static long line_number = 0;

static void fail(const char *what) {
    printf("case %ld: %s\n", line_number, what);
    exit(1);
}

static void check(isopixel_status status) {
    if (status != ISOPIXEL_OK) fail(isopixel_status_text(status));
}

static int64_t number(void) {
    int64_t value;
    if (scanf("%" SCNd64, &value) != 1) fail("a number is missing");
    return value;
}

static uint8_t *allocate(int64_t n) {
    uint8_t *bytes = malloc(n > 0 ? (size_t)n : 1);
    if (!bytes) fail("no memory");
    memset(bytes, GUARD, (size_t)n);
    return bytes;
}

static uint8_t *samples(int64_t n) {
    uint8_t *bytes = allocate(n);
    unsigned byte;
    int64_t i;
    for (i = 0; i < n; ++i) {
        if (scanf("%2x", &byte) != 1) fail("a sample is missing");
        bytes[i] = (uint8_t)byte;
    }
    return bytes;
}

/* Rows of `row` bytes and `gap` more between them; the result has no gap. */
static void compare(const char *how, const uint8_t *actual, const uint8_t *expected, int64_t rows, int64_t row,
                    int64_t gap) {
    int64_t y, x;
    for (y = 0; y < rows; ++y)
        for (x = 0; x < row + (y + 1 < rows ? gap : 0); ++x)
            if (actual[y * (row + gap) + x] != (x < row ? expected[y * row + x] : GUARD)) fail(how);
}

static int64_t least(int64_t a, int64_t b) { return a < b ? a : b; }

static void push_all(isopixel_stream *stream, const uint8_t *bytes, int64_t n, int64_t piece) {
    int64_t done = 0;
    while (done < n) {
        int64_t part = least(piece, n - done);
        uint8_t *copy = allocate(part); /* so that the stream sees these bytes alone */
        memcpy(copy, bytes + done, (size_t)part);
        check(isopixel_stream_push(stream, copy, (size_t)part));
        free(copy);
        done += part;
    }
    check(isopixel_stream_finish(stream));
}

static void resize_case(void) {
    char method[40];
    isopixel_size in_size, out_size;
    isopixel_strides in_strides, out_strides;
    isopixel_stream *stream;
    int64_t images, channels, in_gap, out_gap, piece, in_row, out_row, in_bytes, out_bytes, in_rows, out_rows, y, i;
    uint8_t *source, *expected, *in, *out, *first;

    if (scanf("%39s", method) != 1) fail("a method is missing");
    images = number();
    channels = number();
    in_size.height = number();
    in_size.width = number();
    out_size.height = number();
    out_size.width = number();
    in_gap = number();
    out_gap = number();
    piece = number();
    in_row = in_size.width * channels;
    out_row = out_size.width * channels;
    in_rows = images * in_size.height;
    out_rows = images * out_size.height;
    source = samples(in_rows * in_row);
    expected = samples(out_rows * out_row);

    in_strides.row = (ptrdiff_t)(in_gap < 0 ? -in_row : in_row + in_gap);
    in_bytes = in_gap < 0 ? in_rows * in_row : (in_rows - 1) * (in_row + in_gap) + in_row;
    out_strides.row = (ptrdiff_t)(out_row + out_gap);
    out_bytes = (out_rows - 1) * (out_row + out_gap) + out_row;
    in = allocate(in_bytes);
    out = allocate(out_bytes);
    first = in_gap < 0 ? in + (in_rows - 1) * in_row : in;
    for (y = 0; y < in_rows; ++y) memcpy(first + y * in_strides.row, source + y * in_row, (size_t)in_row);
    in_strides.image = in_strides.row * (ptrdiff_t)in_size.height;
    out_strides.image = out_strides.row * (ptrdiff_t)out_size.height;

    check(isopixel_resize(method, images, channels, in_size, first, in_strides, out_size, out, out_strides, 1));
    compare("resize", out, expected, out_rows, out_row, out_gap);

    for (i = 0; i < images; ++i) {
        uint8_t *result = out + i * out_strides.image;
        const uint8_t *wanted = expected + i * out_size.height * out_row;
        memset(out, GUARD, (size_t)out_bytes);
        check(isopixel_stream_begin(&stream, method, channels, in_size, out_size, result, out_strides.row));
        check(isopixel_stream_push_rows(stream, first + i * in_strides.image, in_size.height, in_strides.row));
        check(isopixel_stream_finish(stream));
        compare("rows", result, wanted, out_size.height, out_row, out_gap);
        memset(out, GUARD, (size_t)out_bytes);
        check(isopixel_stream_begin(&stream, method, channels, in_size, out_size, result, out_strides.row));
        push_all(stream, source + i * in_size.height * in_row, in_size.height * in_row, piece);
        compare("pieces", result, wanted, out_size.height, out_row, out_gap);
    }
    free(source);
    free(expected);
    free(in);
    free(out);
}

static void layout_case(void) {
    char method[40];
    isopixel_size out_size;
    isopixel_stream *stream;
    int64_t n_bytes, out_gap, piece, out_bytes;
    uint8_t *bytes, *expected, *out;
    char layout[100];

    if (scanf("%99s %39s", layout, method) != 2) fail("a layout or method is missing");
    n_bytes = number();
    out_size.height = number();
    out_size.width = number();
    out_gap = number();
    piece = number();
    bytes = samples(n_bytes);
    expected = samples(out_size.height * out_size.width);
    out_bytes = (out_size.height - 1) * (out_size.width + out_gap) + out_size.width;
    out = allocate(out_bytes);
    check(isopixel_stream_begin_bytes(&stream, layout, (uint64_t)n_bytes, method, out_size, out,
                                      (ptrdiff_t)(out_size.width + out_gap)));
    push_all(stream, bytes, n_bytes, piece);
    compare("layout", out, expected, out_size.height, out_size.width, out_gap);
    free(bytes);
    free(expected);
    free(out);
}

/* The bits of n numbers; they are compared with memory that holds them between two guards. */
static void compare_numbers(const char *how, const float *guarded, int64_t n) {
    int64_t i;
    uint32_t bits, expected, guard;
    memset(&guard, GUARD, sizeof guard);
    for (i = -1; i <= n; ++i) {
        expected = guard;
        if (i >= 0 && i < n && scanf("%8" SCNx32, &expected) != 1) fail("a number is missing");
        memcpy(&bits, guarded + 1 + i, sizeof bits);
        if (bits != expected) fail(how);
    }
}

static float *table_of(const char *mean, const char *deviation, int64_t channels) {
    float *table = (float *)(void *)allocate(channels * 256 * (int64_t)sizeof(float));
    char message[200];
    if (isopixel_normalization_table(mean, deviation, channels, table, message, sizeof message)) fail(message);
    return table;
}

static void normalize_case(void) {
    isopixel_size size;
    isopixel_sample_strides strides;
    int64_t images, channels, step, gap, planar, span, row, bytes, n, i, y, x, c;
    int threads;
    uint8_t *in, *first;
    float *table, *out;
    char mean[200], deviation[200];

    if (scanf("%199s %199s", mean, deviation) != 2) fail("a mean or std is missing");
    images = number();
    channels = number();
    size.height = number();
    size.width = number();
    step = number();
    gap = number();
    planar = number();
    threads = (int)number();
    span = step < 0 ? -step : step;
    row = (size.width - 1) * span + (planar ? 1 : channels) + gap;
    bytes = images * size.height * (planar ? channels : 1) * row - gap;
    in = allocate(bytes);
    first = in + (step < 0 ? (size.width - 1) * span : 0);
    strides.column = (ptrdiff_t)step;
    strides.row = (ptrdiff_t)row;
    strides.channel = (ptrdiff_t)(planar ? size.height * row : 1);
    strides.image = (ptrdiff_t)(size.height * (planar ? channels : 1) * row);
    for (i = 0; i < images; ++i)
        for (y = 0; y < size.height; ++y)
            for (x = 0; x < size.width; ++x)
                for (c = 0; c < channels; ++c) {
                    uint8_t *sample = samples(1);
                    first[i * strides.image + y * strides.row + x * strides.column + c * strides.channel] = *sample;
                    free(sample);
                }
    n = images * channels * size.height * size.width;
    table = table_of(mean, deviation, channels);
    out = (float *)(void *)allocate((n + 2) * (int64_t)sizeof(float));
    check(isopixel_normalize(table, images, channels, size, first, strides, out + 1, threads));
    compare_numbers("normalize", out, n);
    free(in);
    free(table);
    free(out);
}

/* From a line and bytes to the final numbers, as a host does it. */
static void recipe_case(void) {
    isopixel_recipe *recipe;
    isopixel_size size;
    isopixel_stream *stream;
    isopixel_sample_strides strides;
    int64_t n_bytes, count, channels;
    uint8_t *bytes, *pixels;
    float *table, *out, *at_once;
    isopixel_result result;
    const char *layout, *method;
    char line[300], message[300], *c;

    if (scanf("%299s", line) != 1) fail("a line is missing");
    for (c = line; *c; ++c)
        if (*c == '_') *c = ' ';
    n_bytes = number();
    count = number();
    bytes = samples(n_bytes);
    if (isopixel_recipe_open(&recipe, line, message, sizeof message)) fail(message);
    layout = isopixel_recipe_layout(recipe);
    method = isopixel_recipe_method(recipe);
    check(isopixel_layout_size(layout, (uint64_t)n_bytes, &size, &channels));
    if (isopixel_recipe_size(recipe).height) size = isopixel_recipe_size(recipe);
    if (channels * size.height * size.width != count) fail("the recipe's shape");
    pixels = allocate(count);
    check(isopixel_stream_begin_bytes(&stream, layout, (uint64_t)n_bytes, method, size, pixels,
                                      (ptrdiff_t)(size.width * channels)));
    push_all(stream, bytes, n_bytes, n_bytes);
    table = (float *)(void *)allocate(256 * channels * (int64_t)sizeof(float));
    if (!isopixel_recipe_table(recipe, table)) fail("the recipe's table");
    strides.image = 0;
    strides.channel = 1;
    strides.row = (ptrdiff_t)(size.width * channels);
    strides.column = (ptrdiff_t)channels;
    out = (float *)(void *)allocate((count + 2) * (int64_t)sizeof(float));
    check(isopixel_normalize(table, 1, channels, size, pixels, strides, out + 1, 1));
    compare_numbers("recipe", out, count);
    check(isopixel_recipe_result_of_bytes(recipe, NULL, (uint64_t)n_bytes, &result, NULL, 0));
    if (result.size.height != size.height || result.size.width != size.width || result.channels != channels ||
        !result.is_float || result.bytes != (size_t)count * sizeof(float))
        fail("the recipe's result");
    at_once = (float *)(void *)allocate((count + 2) * (int64_t)sizeof(float));
    check(isopixel_recipe_run_bytes(recipe, bytes, (uint64_t)n_bytes, at_once + 1, result.bytes, 1, NULL, 0));
    if (memcmp(at_once, out, (size_t)(count + 2) * sizeof(float)) != 0) fail("a recipe at once");
    isopixel_recipe_close(recipe);
    free(bytes);
    free(pixels);
    free(table);
    free(out);
    free(at_once);
}

static void fingerprint_case(void) {
    int64_t is_float = number(), n_bytes = number(), rank = number(), i;
    int64_t *shape = (int64_t *)(void *)allocate(rank * (int64_t)sizeof(int64_t));
    uint8_t *bytes;
    char *text = (char *)allocate(ISOPIXEL_FINGERPRINT_SIZE), expected[ISOPIXEL_FINGERPRINT_SIZE];
    for (i = 0; i < rank; ++i) shape[i] = number();
    bytes = samples(n_bytes);
    if (scanf("%71s", expected) != 1) fail("a fingerprint is missing");
    check(isopixel_fingerprint(bytes, (int)is_float, shape, (size_t)rank, text));
    if (strcmp(text, expected) != 0) fail("fingerprint");
    free(shape);
    free(bytes);
    free(text);
}

/* Each status that a caller can cause. */
static void refusals(void) {
    const char *const method = "bilinear", *const unknown = "lanczos", *const none = NULL;
    const char *const two_taps = "bilinear-two-tap";
    const isopixel_size one = {1, 1}, square = {INT64_C(1) << 40, INT64_C(1) << 40};
    const isopixel_size size = {2, 2}, zero = {0, 2}, huge = {INT64_MAX, INT64_MAX};
    const isopixel_strides strides = {4, 2}, narrow = {4, 1}, any = {PTRDIFF_MIN, PTRDIFF_MIN};
    const uint8_t in[4] = {1, 2, 3, 4};
    uint8_t out[4] = {9, 9, 9, 9};
    isopixel_stream *stream;
    isopixel_size got;
    isopixel_recipe *recipe;
    int64_t got_channels;
    size_t i;
    char text[100];

#define EXPECT(status, call) \
    if ((call) != (status)) fail(#call)
    EXPECT(ISOPIXEL_NULL, isopixel_resize(method, 1, 1, size, NULL, strides, size, out, strides, 1));
    EXPECT(ISOPIXEL_NULL, isopixel_resize(method, 1, 1, size, in, strides, size, NULL, strides, 1));
    EXPECT(ISOPIXEL_NULL, isopixel_resize(none, 1, 1, size, in, strides, size, out, strides, 1));
    EXPECT(ISOPIXEL_UNKNOWN_METHOD, isopixel_resize(unknown, 1, 1, size, in, strides, size, out, strides, 1));
    EXPECT(ISOPIXEL_BAD_SIZE, isopixel_resize(method, 0, 1, size, in, strides, size, out, strides, 1));
    EXPECT(ISOPIXEL_BAD_SIZE, isopixel_resize(method, 1, 0, size, in, strides, size, out, strides, 1));
    EXPECT(ISOPIXEL_BAD_SIZE, isopixel_resize(method, 1, 1, size, in, strides, size, out, strides, 0));
    EXPECT(ISOPIXEL_BAD_SIZE, isopixel_resize(method, 1, 1, zero, in, strides, size, out, strides, 1));
    EXPECT(ISOPIXEL_BAD_SIZE, isopixel_resize(method, 1, 1, size, in, strides, zero, out, strides, 1));
    EXPECT(ISOPIXEL_TOO_LARGE, isopixel_resize(method, 1, 1, huge, in, strides, size, out, strides, 1));
    EXPECT(ISOPIXEL_TOO_LARGE, isopixel_resize(method, 1, 1, size, in, strides, huge, out, strides, 1));
    EXPECT(ISOPIXEL_TOO_LARGE, isopixel_resize(method, INT64_MAX, 1, size, in, strides, size, out, strides, 1));
    EXPECT(ISOPIXEL_TOO_LARGE, isopixel_resize(method, 1, INT64_MAX, size, in, strides, size, out, strides, 1));
    EXPECT(ISOPIXEL_TOO_LARGE, isopixel_resize(method, 1, INT64_MAX / 2, one, in, strides, one, out, strides, 1));
    EXPECT(ISOPIXEL_TOO_LARGE, isopixel_stream_begin(&stream, two_taps, 1, square, size, out, 2));
    EXPECT(ISOPIXEL_BAD_STRIDE, isopixel_resize(method, 1, 1, size, in, strides, size, out, narrow, 1));
    EXPECT(ISOPIXEL_OK, isopixel_resize(method, 1, 1, one, in, any, one, out, any, 1));
    if (out[0] != 1) fail("strides are not used where there is one row and one image");
    out[0] = 9;
    EXPECT(ISOPIXEL_NULL, isopixel_layout_size("nataraj", 1, NULL, &got_channels));
    EXPECT(ISOPIXEL_NULL, isopixel_layout_size(NULL, 1, &got, &got_channels));
    EXPECT(ISOPIXEL_BAD_LAYOUT, isopixel_layout_size("round", 1, &got, &got_channels));
    EXPECT(ISOPIXEL_NO_ROWS, isopixel_layout_size("fixed,width=9,rows=floor", 8, &got, &got_channels));
    strcpy(text, "left");
    EXPECT(ISOPIXEL_NULL, isopixel_layout_parse(NULL, text, sizeof text));
    if (text[0]) fail("the text of no layout");
    EXPECT(ISOPIXEL_OK, isopixel_layout_parse("nataraj", NULL, 0));
    EXPECT(ISOPIXEL_OK, isopixel_layout_parse("nataraj,edge=le,unit=1000", text, 9));
    if (strcmp(text, "nataraj,") != 0) fail("a text is cut to the capacity");
    EXPECT(ISOPIXEL_BAD_LAYOUT, isopixel_layout_parse("nataraj,edge=gt", text, sizeof text));
    if (!strstr(text, "edge")) fail("the message names the option");
    EXPECT(ISOPIXEL_BAD_SIZE, isopixel_layout_size("nataraj", 0, &got, &got_channels));
    EXPECT(ISOPIXEL_TOO_LARGE, isopixel_layout_size("nataraj", UINT64_MAX, &got, &got_channels));
    EXPECT(ISOPIXEL_NULL, isopixel_recipe_open(&recipe, NULL, text, sizeof text));
    if (text[0]) fail("a message about no line");
    EXPECT(ISOPIXEL_NULL, isopixel_recipe_open(NULL, "isopixel 1: line", text, sizeof text));
    EXPECT(ISOPIXEL_BAD_RECIPE, isopixel_recipe_open(&recipe, "isopixel 9: line", text, sizeof text));
    if (recipe || !strstr(text, "version 9")) fail("the message names the version");
    EXPECT(ISOPIXEL_OK,
           isopixel_recipe_open(&recipe, "isopixel 1:square,pad=1,channels=1|bilinear-two-tap 3,4", text, sizeof text));
    if (text[0]) fail("a recipe without a message");
    if (strcmp(isopixel_recipe_line(recipe), "isopixel 1: square,pad=1 | bilinear-two-tap 3,4") != 0)
        fail("the canonical line");
    if (strcmp(isopixel_recipe_layout(recipe), "square,pad=1") != 0 ||
        strcmp(isopixel_recipe_method(recipe), two_taps) != 0)
        fail("the recipe's names");
    got = isopixel_recipe_size(recipe);
    if (got.height != 3 || got.width != 4) fail("the recipe's numbers");
    if (isopixel_recipe_table(recipe, NULL)) fail("a recipe that does not normalise");
    if (isopixel_recipe_source(recipe) != ISOPIXEL_BYTES || isopixel_recipe_mode(recipe)) fail("a recipe of bytes");
    isopixel_recipe_close(recipe);
    EXPECT(ISOPIXEL_BAD_RECIPE,
           isopixel_recipe_open(&recipe, "isopixel 1: line | normalize mean=.5 std=1", text, sizeof text));
    EXPECT(ISOPIXEL_OK, isopixel_recipe_open(&recipe, "isopixel 1: line | normalize mean=5e-1 std=1", NULL, 0));
    if (!isopixel_recipe_table(recipe, NULL)) fail("a recipe that normalises");
    got = isopixel_recipe_size(recipe);
    if (strcmp(isopixel_recipe_method(recipe), method) != 0 || got.height || got.width)
        fail("a recipe that does not resize");
    isopixel_recipe_close(recipe);
    isopixel_recipe_close(NULL);
    if (isopixel_method_info(unknown) || isopixel_method_info(NULL)) fail("a method that does not exist");
    for (i = 0; isopixel_method_name(i); ++i)
        if (strcmp(isopixel_method_info(isopixel_method_name(i))->name, isopixel_method_name(i)) != 0)
            fail("the method of a name");
    EXPECT(ISOPIXEL_TOO_LARGE, isopixel_layout_size("nataraj", INT64_MAX / 4 + 1, &got, &got_channels));
    EXPECT(ISOPIXEL_OK, isopixel_layout_size("nataraj", INT64_MAX / 4, &got, &got_channels));
    EXPECT(ISOPIXEL_NULL, isopixel_stream_begin(NULL, method, 1, size, size, out, 2));
    EXPECT(ISOPIXEL_NULL, isopixel_stream_begin(&stream, method, 1, size, size, NULL, 2));
    EXPECT(ISOPIXEL_BAD_STRIDE, isopixel_stream_begin(&stream, method, 1, size, size, out, 1));
    if (stream) fail("a stream that failed to begin is null");
    EXPECT(ISOPIXEL_BAD_LAYOUT, isopixel_stream_begin_bytes(&stream, "round", 4, method, size, out, 2));
    EXPECT(ISOPIXEL_BAD_SIZE, isopixel_stream_begin_bytes(&stream, "nataraj", 0, method, size, out, 2));
    EXPECT(ISOPIXEL_NULL, isopixel_stream_push(NULL, in, 1));
    EXPECT(ISOPIXEL_NULL, isopixel_stream_push_rows(NULL, in, 1, 2));
    EXPECT(ISOPIXEL_OK, isopixel_stream_finish(NULL));
    check(isopixel_stream_begin(&stream, method, 1, size, size, out, 2));
    EXPECT(ISOPIXEL_NULL, isopixel_stream_push(stream, NULL, 1));
    EXPECT(ISOPIXEL_OK, isopixel_stream_push(stream, NULL, 0));
    EXPECT(ISOPIXEL_TOO_MUCH, isopixel_stream_push(stream, in, 5));
    EXPECT(ISOPIXEL_BAD_SIZE, isopixel_stream_push_rows(stream, in, -1, 2));
    EXPECT(ISOPIXEL_TOO_MUCH, isopixel_stream_push_rows(stream, in, INT64_MAX, 2));
    if (out[0] != 9 || out[1] != 9 || out[2] != 9 || out[3] != 9) fail("nothing is written when refused");
    EXPECT(ISOPIXEL_OK, isopixel_stream_push(stream, in, 1));
    EXPECT(ISOPIXEL_MID_ROW, isopixel_stream_push_rows(stream, in, 1, 2));
    EXPECT(ISOPIXEL_INCOMPLETE, isopixel_stream_finish(stream));
}

/* Runs a recipe on the bytes of a text; the message is in `text`. */
static isopixel_status run_on(const char *line, const char *source, uint8_t out[4], char text[300]) {
    isopixel_recipe *recipe;
    isopixel_result result;
    isopixel_status status;
    const size_t n = strlen(source);
    uint8_t *bytes = allocate((int64_t)n); /* so that no byte behind them is read */
    memcpy(bytes, source, n);
    check(isopixel_recipe_open(&recipe, line, NULL, 0));
    status = isopixel_recipe_result_of_bytes(recipe, bytes, n, &result, text, 300);
    if (isopixel_recipe_run_bytes(recipe, bytes, n, out, status ? 4 : result.bytes, 1, text, 300) != status)
        fail("the result and the run of a recipe differ");
    isopixel_recipe_close(recipe);
    free(bytes);
    return status;
}

/* Parts of bytes: of a source in one piece, and of one that is pushed; and those of listings. */
static void parts_of_bytes(void) {
    const char *const listing = "00401000 61 ?? 62\r\n00401003 63 64 ??\n";
    const isopixel_size row = {1, 3};
    uint8_t out[4] = {9, 9, 9, 9};
    isopixel_recipe *recipe;
    isopixel_result result;
    isopixel_stream *stream;
    isopixel_size size;
    int64_t channels;
    char text[300];
    EXPECT(ISOPIXEL_OK, run_on("isopixel 1: line,offset=1,length=3", "_abc_", out, text));
    if (memcmp(out, "abc\t", 4) != 0 || text[0]) fail("a part of the bytes");
    EXPECT(ISOPIXEL_OK, run_on("isopixel 1: line,length=3,unknown=drop", listing, out, text));
    if (memcmp(out, "abc", 3) != 0) fail("a listing without its unknown bytes");
    EXPECT(ISOPIXEL_OK, run_on("isopixel 1: line,offset=3,unknown=255", listing, out, text));
    if (memcmp(out, "cd\xFF", 3) != 0) fail("a listing with a value for unknown bytes");
    EXPECT(ISOPIXEL_BAD_BYTES, run_on("isopixel 1: line,offset=5", "_abc_", out, text));
    if (strcmp(text, "offset=5 is not below the number of bytes, 5") != 0) fail("the message has both numbers");
    EXPECT(ISOPIXEL_BAD_BYTES, run_on("isopixel 1: line,unknown=0", "00401000 61\n0040 62\n", out, text));
    if (strcmp(text, "line 2: not an address and up to 32 bytes: '0040 62'") != 0) fail("the message has the line");
    EXPECT(ISOPIXEL_BAD_SIZE, run_on("isopixel 1: line,unknown=drop", "00401000 ??", out, text));
    if (strcmp(text, "there are no known bytes: an image needs at least one") != 0) fail("no bytes of a listing");
    EXPECT(ISOPIXEL_BAD_SIZE, run_on("isopixel 1: line,unknown=0", "", out, text));
    EXPECT(ISOPIXEL_BAD_SIZE, run_on("isopixel 1: line", "", out, text));
    EXPECT(ISOPIXEL_NO_ROWS, run_on("isopixel 1: fixed,width=5,rows=floor,offset=1", "_abc_", out, text));
    if (memcmp(out, "cd\xFF\t", 4) != 0) fail("nothing is written when refused");
    EXPECT(ISOPIXEL_BAD_BYTES, isopixel_layout_size("line,offset=5", 5, &size, &channels));
    EXPECT(ISOPIXEL_OK, isopixel_layout_size("line,offset=4,length=9", 5, &size, &channels));
    if (size.height != 1 || size.width != 1 || channels != 1) fail("the size of a part");
    EXPECT(ISOPIXEL_LISTING, isopixel_layout_size("line,unknown=0", 5, &size, &channels));
    EXPECT(ISOPIXEL_LISTING, isopixel_stream_begin_bytes(&stream, "line,unknown=0", 5, "bilinear", row, out, 3));
    EXPECT(ISOPIXEL_BAD_BYTES, isopixel_stream_begin_bytes(&stream, "line,offset=5", 5, "bilinear", row, out, 3));
    if (stream) fail("a stream that failed to begin is null");
    check(isopixel_stream_begin_bytes(&stream, "line,offset=2,length=3", 9, "bilinear", row, out, 3));
    EXPECT(ISOPIXEL_OK, isopixel_stream_push(stream, (const uint8_t *)"_", 1));
    EXPECT(ISOPIXEL_OK, isopixel_stream_push(stream, (const uint8_t *)"_xy", 3));
    EXPECT(ISOPIXEL_TOO_MUCH, isopixel_stream_push(stream, (const uint8_t *)"z_____", 6));
    EXPECT(ISOPIXEL_OK, isopixel_stream_push(stream, (const uint8_t *)"z____", 5));
    EXPECT(ISOPIXEL_OK, isopixel_stream_finish(stream));
    if (memcmp(out, "xyz\t", 4) != 0) fail("a part of bytes that are pushed");
    check(isopixel_stream_begin_bytes(&stream, "line,length=3", 4, "bilinear", row, out, 3));
    EXPECT(ISOPIXEL_OK, isopixel_stream_push(stream, (const uint8_t *)"xyz", 3));
    EXPECT(ISOPIXEL_INCOMPLETE, isopixel_stream_finish(stream)); /* all bytes are pushed, also those behind the part */
    check(isopixel_recipe_open(&recipe, "isopixel 1: line,unknown=0", NULL, 0));
    EXPECT(ISOPIXEL_NULL, isopixel_recipe_result_of_bytes(recipe, NULL, 5, &result, text, sizeof text));
    EXPECT(ISOPIXEL_BAD_SIZE, isopixel_recipe_result_of_bytes(recipe, NULL, 0, &result, text, sizeof text));
    if (!text[0]) fail("a text that says what a listing of nothing is");
    isopixel_recipe_close(recipe);
}

/* A sound: of a WAV file at once, whose header comes in parts, and as samples that are pushed. */
static void sounds(void) {
    static const uint8_t file[61] =
        "RIFF\0\0\0\0WAVEfmt \x10\0\0\0\x01\0\x01\0\x40\x1F\0\0\x80\x3E\0\0\x02\0\x10\0"
        "data\x10\0\0\0\0\0\xE8\x03\0\0\x18\xFC\0\0\xE8\x03\0\0\x18\xFC";
    static const uint8_t expected[6] = {150, 153, 150, 163, 175, 163}; /* the example of the specification */
    const char *const layout = "logmel,rate=8000,window=8,hop=4,bands=2";
    const isopixel_size of_image = {2, 3};
    uint8_t out[6] = {0};
    isopixel_sound sound;
    isopixel_recipe *recipe;
    isopixel_result result;
    isopixel_stream *stream;
    isopixel_size size;
    int64_t channels;
    char text[300];
    size_t n, i;
    check(isopixel_recipe_open(&recipe, "isopixel 1: logmel,rate=8000,window=8,hop=4,bands=2", NULL, 0));
    EXPECT(ISOPIXEL_OK, isopixel_recipe_result_of_bytes(recipe, file, 60, &result, text, sizeof text));
    if (result.size.height != 2 || result.size.width != 3 || result.bytes != 6) fail("the size of a sound's image");
    EXPECT(ISOPIXEL_OK, isopixel_recipe_run_bytes(recipe, file, 60, out, 6, 1, text, sizeof text));
    if (memcmp(out, expected, 6) != 0) fail("the image of a WAV file");
    EXPECT(ISOPIXEL_BAD_SOUND, isopixel_recipe_run_bytes(recipe, file, 59, out, 6, 1, text, sizeof text));
    if (strcmp(text, "it is cut off: a chunk has 16 bytes, and 15 follow") != 0) fail("the message has both lengths");
    EXPECT(ISOPIXEL_NULL, isopixel_recipe_result_of_bytes(recipe, NULL, 60, &result, text, sizeof text));
    EXPECT(ISOPIXEL_BAD_SOUND, isopixel_recipe_result_of_bytes(recipe, NULL, 0, &result, text, sizeof text));
    EXPECT(ISOPIXEL_BAD_SOUND, isopixel_recipe_run_bytes(recipe, NULL, 0, out, 6, 1, text, sizeof text));
    if (strcmp(text, "it is no WAV file: it does not begin with RIFF and WAVE") != 0) fail("what an empty file is not");
    isopixel_recipe_close(recipe);
    for (n = 0; isopixel_wav_info(file, n, 60, &sound, text, sizeof text) == ISOPIXEL_INCOMPLETE; n = sound.offset)
        if (sound.offset <= n || sound.offset > 44 || text[0]) fail("more of the header is asked for");
    if (sound.offset != 44 || sound.n_bytes != 16 || sound.rate != 8000 || sound.channels != 1 || sound.bits != 16 ||
        sound.is_float)
        fail("what a WAV file says of its samples");
    EXPECT(ISOPIXEL_OK, isopixel_sound_size(layout, &sound, &size, text, sizeof text));
    if (size.height != 2 || size.width != 3) fail("the size of a sound's image");
    for (i = 0; i < 6; ++i) out[i] = 0;
    check(isopixel_stream_begin_sound(&stream, layout, &sound, "bilinear", of_image, out, 3));
    for (i = 44; i < 60; ++i) EXPECT(ISOPIXEL_OK, isopixel_stream_push(stream, file + i, 1));
    EXPECT(ISOPIXEL_TOO_MUCH, isopixel_stream_push(stream, file, 1));
    EXPECT(ISOPIXEL_OK, isopixel_stream_finish(stream));
    if (memcmp(out, expected, 6) != 0) fail("the image of samples that are pushed");
    check(isopixel_stream_begin_sound(&stream, layout, &sound, "bilinear", of_image, out, 3));
    EXPECT(ISOPIXEL_INCOMPLETE, isopixel_stream_finish(stream));
    sound.is_float = 1, sound.bits = 32; /* four floats of which no one is finite */
    check(isopixel_stream_begin_sound(&stream, layout, &sound, "bilinear", (isopixel_size){2, 2}, out, 2));
    EXPECT(ISOPIXEL_BAD_SOUND, isopixel_stream_push(stream, (const uint8_t *)"\0\0\x80\x7F", 4));
    EXPECT(ISOPIXEL_BAD_SOUND, isopixel_stream_push(stream, file, 4));
    EXPECT(ISOPIXEL_BAD_SOUND, isopixel_stream_finish(stream));
    sound.rate = 8001;
    EXPECT(ISOPIXEL_BAD_SOUND, isopixel_sound_size(layout, &sound, &size, text, sizeof text));
    if (strncmp(text, "its rate is 8001 Hz, and the layout has rate=8000", 49) != 0) fail("the message has both rates");
    EXPECT(ISOPIXEL_BAD_LAYOUT, isopixel_sound_size("line", &sound, &size, text, sizeof text));
    EXPECT(ISOPIXEL_SOUND, isopixel_layout_size(layout, 60, &size, &channels));
    EXPECT(ISOPIXEL_SOUND, isopixel_stream_begin_bytes(&stream, layout, 60, "bilinear", of_image, out, 3));
}

/* Other channels than a picture's: they would not fit into an array of the mode's. */
static void channels_of_no_picture(const char *line) {
    const int64_t wrong[5] = {INT64_MIN, -1, 0, 5, 6};
    uint8_t in[4 * 6] = {0}, out[4 * 4] = {9};
    isopixel_recipe *recipe;
    char text[300];
    int i;
    EXPECT(ISOPIXEL_OK, isopixel_recipe_open(&recipe, line, NULL, 0));
    for (i = 0; i < 5; ++i) {
        isopixel_image picture = {NULL, {2, 2}, 0, {0, 1, 12, 6}, 0};
        picture.samples = in;
        picture.channels = wrong[i];
        EXPECT(ISOPIXEL_BAD_IMAGE,
               isopixel_recipe_run_picture(recipe, &picture, out, (size_t)(4 * isopixel_recipe_channels(recipe)), 1,
                                           text, sizeof text));
        if (out[0] != 9 || !strstr(text, "a picture has 1 channel (gray)")) fail("the channels of no picture");
    }
    isopixel_recipe_close(recipe);
}

/* A recipe of images, and the statuses that are of these alone. */
static void images_of_recipes(void) {
    const char *const lines[3] = {"isopixel 1: image rgba | bilinear 2,2", "isopixel 1: image rgb alpha=drop",
                                  "isopixel 1: image gray alpha=drop luma=pillow-7"};
    int i;
    const uint8_t in[4] = {1, 2, 3, 4}, in_pad[12] = {1, 2, 0, 0, 3, 4};
    const isopixel_size size = {2, 2}, square_of_5 = {5, 5};
    uint8_t out[4], padded[12];
    isopixel_image image = {NULL, {2, 2}, 1, {0, 1, 2, 1}, 0};
    isopixel_recipe *recipe;
    isopixel_result result;
    isopixel_placement place;
    char text[300];
    image.samples = in;
    EXPECT(ISOPIXEL_OK,
           isopixel_recipe_open(&recipe, "isopixel 1: image gray luma=opencv-4 | crop square | pad 3,4 at=corner", NULL,
                                0));
    if (isopixel_recipe_layout(recipe) || isopixel_recipe_method(recipe)) fail("the layout of a recipe of images");
    if (isopixel_recipe_source(recipe) != ISOPIXEL_IMAGE || strcmp(isopixel_recipe_mode(recipe), "gray") != 0)
        fail("the mode of a recipe of images");
    EXPECT(ISOPIXEL_WRONG_SOURCE, isopixel_recipe_result_of_bytes(recipe, in, 1, &result, text, sizeof text));
    EXPECT(ISOPIXEL_WRONG_SOURCE, isopixel_recipe_run_bytes(recipe, in, 4, out, 4, 1, text, sizeof text));
    EXPECT(ISOPIXEL_OK, isopixel_recipe_place(recipe, size, 0, 1, &place, NULL, 0));
    if (place.size.height != 3 || place.size.width != 4 || place.top || place.left) fail("the place in a pad");
    EXPECT(ISOPIXEL_BAD_SIZE, isopixel_recipe_place(recipe, size, 0, 2, &place, text, sizeof text));
    EXPECT(ISOPIXEL_BAD_IMAGE, isopixel_recipe_place(recipe, square_of_5, 0, 0, &place, text, sizeof text));
    if (!strstr(text, "padded")) fail("the message says what is too large");
    EXPECT(ISOPIXEL_BAD_SIZE, isopixel_recipe_run_image(recipe, &image, padded, 11, 1, text, sizeof text));
    EXPECT(ISOPIXEL_BAD_SIZE, isopixel_recipe_run_image(recipe, &image, padded, 12, 0, text, sizeof text));
    EXPECT(ISOPIXEL_OK, isopixel_recipe_run_image(recipe, &image, padded, 12, 1, text, sizeof text));
    if (text[0] || memcmp(padded, in_pad, 12) != 0) fail("an image, cut and padded");
    image.channels = 2;
    EXPECT(ISOPIXEL_BAD_IMAGE, isopixel_recipe_run_image(recipe, &image, padded, 12, 1, text, sizeof text));
    EXPECT(ISOPIXEL_BAD_IMAGE, isopixel_recipe_run_picture(recipe, &image, padded, 12, 1, text, sizeof text));
    if (!strstr(text, "alpha=drop")) fail("the message says what to do about alpha");
    isopixel_recipe_close(recipe);
    for (i = 0; i < 3; ++i) channels_of_no_picture(lines[i]);
}

/* Each status of isopixel_normalization_table and isopixel_normalize. */
static void normalization_refusals(void) {
    const isopixel_size size = {2, 2}, zero = {2, 0}, huge = {INT64_MAX, INT64_MAX}, long_one = {1, INT64_MAX / 4};
    const isopixel_sample_strides strides = {4, 1, 2, 1};
    const uint8_t in[4] = {0, 51, 102, 255};
    float table[256], out[4] = {9, 9, 9, 9};
    char text[100];
    table[0] = 9;
    EXPECT(ISOPIXEL_NULL, isopixel_normalization_table(NULL, "1", 1, table, NULL, 0));
    EXPECT(ISOPIXEL_NULL, isopixel_normalization_table("0", NULL, 1, table, NULL, 0));
    EXPECT(ISOPIXEL_NULL, isopixel_normalization_table("0", "1", 1, NULL, NULL, 0));
    EXPECT(ISOPIXEL_BAD_SIZE, isopixel_normalization_table("0", "1", 0, table, NULL, 0));
    EXPECT(ISOPIXEL_TOO_LARGE, isopixel_normalization_table("0", "1", INT64_MAX, table, NULL, 0));
    EXPECT(ISOPIXEL_BAD_NORMALIZATION, isopixel_normalization_table("0,1", "1", 1, table, NULL, 0));
    EXPECT(ISOPIXEL_BAD_NORMALIZATION, isopixel_normalization_table("0", "0", 1, table, text, sizeof text));
    if (!strstr(text, "std '0' is not above 0")) fail("the message of a table");
    EXPECT(ISOPIXEL_NULL, isopixel_normalization_table("0", "1", 1, NULL, text, sizeof text));
    if (text[0]) fail("a message about no table");
    if (table[0] != 9) fail("a table is written when refused");
    EXPECT(ISOPIXEL_OK, isopixel_normalization_table("0.2", "0.5", 1, table, text, sizeof text));
    EXPECT(ISOPIXEL_NULL, isopixel_normalize(NULL, 1, 1, size, in, strides, out, 1));
    EXPECT(ISOPIXEL_NULL, isopixel_normalize(table, 1, 1, size, NULL, strides, out, 1));
    EXPECT(ISOPIXEL_NULL, isopixel_normalize(table, 1, 1, size, in, strides, NULL, 1));
    EXPECT(ISOPIXEL_BAD_SIZE, isopixel_normalize(table, 0, 1, size, in, strides, out, 1));
    EXPECT(ISOPIXEL_BAD_SIZE, isopixel_normalize(table, 1, 0, size, in, strides, out, 1));
    EXPECT(ISOPIXEL_BAD_SIZE, isopixel_normalize(table, 1, 1, zero, in, strides, out, 1));
    EXPECT(ISOPIXEL_BAD_SIZE, isopixel_normalize(table, 1, 1, size, in, strides, out, 0));
    EXPECT(ISOPIXEL_TOO_LARGE, isopixel_normalize(table, 1, 1, huge, in, strides, out, 1));
    EXPECT(ISOPIXEL_TOO_LARGE, isopixel_normalize(table, 1, 1, long_one, in, strides, out, 1));
    EXPECT(ISOPIXEL_TOO_LARGE, isopixel_normalize(table, INT64_MAX, INT64_MAX, size, in, strides, out, 1));
    EXPECT(ISOPIXEL_TOO_LARGE, isopixel_normalize(table, INT64_MAX / 8, 1, size, in, strides, out, 1));
    if (out[0] != 9 || out[3] != 9) fail("numbers are written when refused");
    EXPECT(ISOPIXEL_OK, isopixel_normalize(table, 1, 1, size, in, strides, out, 1));
    if (out[1] != 0 || out[3] != 1.6f) fail("0.2 is no sample of 0");
}

/* Each status of isopixel_jpeg_info and isopixel_jpeg_decode. */
static void jpeg_refusals(void) {
    /* Up to a scan header: 2 × 3 pixels, gray. */
    const uint8_t file[] = {255, 0xD8, 255, 0xC0, 0, 11, 8, 0, 2, 0, 3, 1, 7, 0x11, 0, 255, 0xDA, 0, 2};
    const size_t n = sizeof file;
    isopixel_size size = {9, 9};
    int64_t channels = 9;
    int orientation = 9;
    uint8_t out[6] = {9, 9, 9, 9, 9, 9};
    char text[200];
    EXPECT(ISOPIXEL_NULL, isopixel_jpeg_info(NULL, n, &size, &channels, &orientation, NULL, 0));
    EXPECT(ISOPIXEL_NULL, isopixel_jpeg_info(file, n, NULL, &channels, &orientation, NULL, 0));
    EXPECT(ISOPIXEL_NULL, isopixel_jpeg_info(file, n, &size, NULL, &orientation, NULL, 0));
    EXPECT(ISOPIXEL_NULL, isopixel_jpeg_info(file, n, &size, &channels, NULL, NULL, 0));
    EXPECT(ISOPIXEL_BAD_PICTURE, isopixel_jpeg_info(file, 0, &size, &channels, &orientation, NULL, 0));
    EXPECT(ISOPIXEL_BAD_PICTURE, isopixel_jpeg_info(file, 9, &size, &channels, &orientation, text, sizeof text));
    if (!strstr(text, "the JPEG file ends within a segment: ")) fail("the message of a file");
    if (size.height != 9 || channels != 9 || orientation != 9) fail("what is refused has a size");
    EXPECT(ISOPIXEL_OK, isopixel_jpeg_info(file, n, &size, &channels, &orientation, text, sizeof text));
    if (size.height != 2 || size.width != 3 || channels != 1 || orientation != 1 || text[0]) fail("the size of a file");
    EXPECT(ISOPIXEL_NULL, isopixel_jpeg_decode(NULL, n, out, sizeof out, NULL, 0));
    EXPECT(ISOPIXEL_NULL, isopixel_jpeg_decode(file, n, NULL, sizeof out, NULL, 0));
    EXPECT(ISOPIXEL_BAD_PICTURE, isopixel_jpeg_decode(file, n - 3, out, sizeof out, NULL, 0));
    EXPECT(ISOPIXEL_BAD_SIZE, isopixel_jpeg_decode(file, n, out, sizeof out - 1, text, sizeof text));
    if (text[0] || out[0] != 9) fail("a size that is refused");
    EXPECT(ISOPIXEL_BAD_PICTURE, isopixel_jpeg_decode(file, n, out, sizeof out, text, sizeof text));
    if (!strstr(text, "has a malformed scan header")) fail("the message of a scan");
}

int main(void) {
    char kind[12];
    refusals();
    parts_of_bytes();
    sounds();
    images_of_recipes();
    jpeg_refusals();
    normalization_refusals();
    while (scanf("%11s", kind) == 1) {
        ++line_number;
        if (strcmp(kind, "resize") == 0) resize_case();
        else if (strcmp(kind, "layout") == 0) layout_case();
        else if (strcmp(kind, "normalize") == 0) normalize_case();
        else if (strcmp(kind, "recipe") == 0) recipe_case();
        else if (strcmp(kind, "fingerprint") == 0) fingerprint_case();
        else fail("unknown kind");
    }
    printf("%ld passed, 0 failed\n", line_number);
    return 0;
}
