/* SPDX-License-Identifier: MIT
 *
 * What a recipe makes of files, in C99, without Python: reads each file in blocks, and prints the fingerprint of the
 * array (SPEC R-8), the same as Python's `isopixel.fingerprint(isopixel.Recipe.parse(RECIPE)(FILE))`.
 *
 *     cc -std=c99 -o fingerprints fingerprints.c $(pkg-config --cflags --libs isopixel libcrypto)
 *     ./fingerprints 'isopixel 1: nataraj | bilinear 224,224 | normalize mean=0.5 std=0.25' FILE...
 */
#include <inttypes.h>
#include <isopixel.h>
#include <openssl/evp.h>
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

/* pixels, which it frees -> float32 numbers, channel by channel, the least significant byte of each first. */
static uint8_t *normalize(const isopixel_recipe *recipe, isopixel_size size, int64_t channels, uint8_t *pixels) {
    float *table = memory((size_t)(256 * channels) * sizeof(float));
    const size_t n = (size_t)(channels * size.height * size.width);
    float *numbers = memory(n * sizeof(float));
    uint8_t *bytes = memory(4 * n);
    const isopixel_sample_strides strides = {0, 1, (ptrdiff_t)(size.width * channels), (ptrdiff_t)channels};
    isopixel_recipe_table(recipe, table);
    check(isopixel_normalize(table, 1, channels, size, pixels, strides, numbers, 1), "normalize");
    for (size_t i = 0; i < 4 * n; ++i) {
        uint32_t bits;
        memcpy(&bits, numbers + i / 4, sizeof bits);
        bytes[i] = (uint8_t)(bits >> 8 * (i % 4));
    }
    return free(pixels), free(table), free(numbers), bytes;
}

static void print_fingerprint(const char *dtype, int64_t a, int64_t b, int64_t c, const uint8_t *bytes, size_t n) {
    char header[100];
    unsigned char digest[32];
    EVP_MD_CTX *hash = EVP_MD_CTX_new();
    int n_header = snprintf(header, sizeof header, "isopixel-array-1 %s %" PRId64 "x%" PRId64, dtype, a, b);
    if (c > 0) n_header += snprintf(header + n_header, 24, "x%" PRId64, c);
    header[n_header++] = '\n';
    EVP_DigestInit_ex(hash, EVP_sha256(), NULL);
    EVP_DigestUpdate(hash, header, (size_t)n_header);
    EVP_DigestUpdate(hash, bytes, n);
    EVP_DigestFinal_ex(hash, digest, NULL);
    EVP_MD_CTX_free(hash);
    printf("sha256:");
    for (size_t k = 0; k < sizeof digest; ++k) printf("%02x", digest[k]);
}

int main(int count, char **arguments) {
    isopixel_recipe *recipe;
    char text[500];
    const isopixel_status status = isopixel_recipe_open(&recipe, count > 1 ? arguments[1] : "", text, sizeof text);
    check(status, status == ISOPIXEL_BAD_RECIPE ? text : "fingerprints");
    for (int i = 2; i < count; ++i) {
        isopixel_size size;
        int64_t channels;
        uint8_t *bytes = read_pixels(arguments[i], recipe, &size, &channels);
        if (!bytes) return perror(arguments[i]), 1;
        const size_t n = (size_t)(channels * size.height * size.width);
        const int is_normalized = isopixel_recipe_table(recipe, NULL);
        if (is_normalized) bytes = normalize(recipe, size, channels, bytes);
        if (is_normalized) print_fingerprint("float32", channels, size.height, size.width, bytes, 4 * n);
        else print_fingerprint("uint8", size.height, size.width, channels > 1 ? channels : 0, bytes, n);
        printf("  %s\n", arguments[i]);
        free(bytes);
    }
    isopixel_recipe_close(recipe);
}
