/* SPDX-License-Identifier: MIT
 *
 * What a recipe makes of files, in C99, without Python: reads each file in blocks, and prints the fingerprint of the
 * array (SPEC R-8), the same as Python's `isopixel.fingerprint(isopixel.Recipe.parse(RECIPE)(FILE))`.
 *
 *     cc -std=c99 -o fingerprints fingerprints.c $(pkg-config --cflags --libs isopixel)
 *     ./fingerprints 'isopixel 1: nataraj | bilinear 224,224 | normalize mean=0.5 std=0.25' FILE...
 */
#include <inttypes.h>
#include <isopixel.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void check(isopixel_status status, const char *what) {
    if (status != ISOPIXEL_OK) fprintf(stderr, "%s: %s\n", what, isopixel_status_text(status)), exit(1);
}

static void *memory(size_t bytes) {
    void *p = malloc(bytes);
    return check(p ? ISOPIXEL_OK : ISOPIXEL_NO_MEMORY, "fingerprints"), p;
}

/* bytes -> layout -> resize: the pixels, row by row; *size and *channels say how many. */
static uint8_t *read_pixels(const char *path, const isopixel_recipe *recipe, isopixel_size *size, int64_t *channels) {
    static uint8_t block[1 << 20];
    isopixel_stream *stream;
    FILE *file = fopen(path, "rb");
    if (!file || (fgetc(file) == EOF && ferror(file)) || fseek(file, 0, SEEK_END) != 0) return NULL; /* a folder, say */
    const long length = ftell(file);
    if (length == 0) fprintf(stderr, "%s: the file is empty\n", path), exit(1);
    rewind(file);
    const char *layout = isopixel_recipe_layout(recipe), *method = isopixel_recipe_method(recipe);
    check(isopixel_layout_size(layout, (uint64_t)length, size, channels), path);
    if (isopixel_recipe_size(recipe).height > 0) *size = isopixel_recipe_size(recipe);
    const ptrdiff_t row = (ptrdiff_t)(size->width * *channels);
    uint8_t *pixels = memory((size_t)(size->height * row));
    check(isopixel_stream_begin_bytes(&stream, layout, (uint64_t)length, method, *size, pixels, row), path);
    for (size_t n; (n = fread(block, 1, sizeof block, file)) > 0;) check(isopixel_stream_push(stream, block, n), path);
    if (ferror(file)) return NULL;
    check(isopixel_stream_finish(stream), path); /* INCOMPLETE, or before TOO_MUCH: it changed while it was read */
    return fclose(file), pixels;
}

/* pixels -> float32 numbers, channel by channel. */
static float *normalize(const isopixel_recipe *recipe, isopixel_size size, int64_t channels, const uint8_t *pixels) {
    float *table = memory((size_t)(256 * channels) * sizeof(float));
    float *numbers = memory((size_t)(channels * size.height * size.width) * sizeof(float));
    const isopixel_sample_strides strides = {0, 1, (ptrdiff_t)(size.width * channels), (ptrdiff_t)channels};
    isopixel_recipe_table(recipe, table);
    check(isopixel_normalize(table, 1, channels, size, pixels, strides, numbers, 1), "normalize");
    return free(table), numbers;
}

int main(int count, char **arguments) {
    isopixel_recipe *recipe;
    char text[500];
    const isopixel_status status = isopixel_recipe_open(&recipe, count > 1 ? arguments[1] : "", text, sizeof text);
    check(status, status == ISOPIXEL_BAD_RECIPE ? text : "fingerprints");
    for (int i = 2; i < count; ++i) {
        isopixel_size size;
        int64_t channels;
        uint8_t *pixels = read_pixels(arguments[i], recipe, &size, &channels);
        if (!pixels) return perror(arguments[i]), 1;
        const int64_t of_pixels[] = {size.height, size.width, channels}; /* one channel has no dimension of its own */
        const int64_t of_numbers[] = {channels, size.height, size.width};
        if (isopixel_recipe_table(recipe, NULL)) {
            float *numbers = normalize(recipe, size, channels, pixels);
            check(isopixel_fingerprint(numbers, 1, of_numbers, 3, text), arguments[i]);
            free(numbers);
        } else check(isopixel_fingerprint(pixels, 0, of_pixels, channels > 1 ? 3 : 2, text), arguments[i]);
        printf("%s  %s\n", text, arguments[i]);
        free(pixels);
    }
    isopixel_recipe_close(recipe);
}
