/* SPDX-License-Identifier: MIT */
/*
 * Makes a model's input of a JPEG file by a recipe of images, and writes the array to standard output, in the byte
 * order of this machine:
 *
 *     photo 'isopixel 1: image rgb orientation=apply | bilinear short=256 | crop 224,224' photo.jpg > array
 */
#include <stdio.h>
#include <stdlib.h>

#include "isopixel.h"

static void check(isopixel_status status, const char *message) {
    if (status == ISOPIXEL_OK) return;
    fprintf(stderr, "photo: %s\n", message[0] ? message : isopixel_status_text(status));
    exit(1);
}

static void *memory(size_t n) {
    void *bytes = malloc(n ? n : 1);
    check(bytes ? ISOPIXEL_OK : ISOPIXEL_NO_MEMORY, "");
    return bytes;
}

/* The bytes of a file; null if it cannot be read. */
static uint8_t *read_file(const char *path, size_t *n) {
    FILE *file = fopen(path, "rb");
    long length;
    uint8_t *bytes;
    if (!file || (fgetc(file) == EOF && ferror(file)) || fseek(file, 0, SEEK_END)) return NULL; /* a folder, say */
    if ((length = ftell(file)) < 0 || fseek(file, 0, SEEK_SET)) return NULL;
    *n = (size_t)length;
    bytes = memory(*n);
    if (fread(bytes, 1, *n, file) != *n) return NULL;
    return fclose(file), bytes;
}

int main(int count, char **arguments) {
    isopixel_recipe *recipe;
    isopixel_image picture = {0};
    isopixel_result result;
    char message[500] = "";
    size_t n, length;
    uint8_t *file, *samples;
    void *array;
    if (count != 3) return fprintf(stderr, "usage: photo LINE FILE.jpg > ARRAY\n"), 2;
    check(isopixel_recipe_open(&recipe, arguments[1], message, sizeof message), message);
    file = read_file(arguments[2], &length);
    if (!file) return perror(arguments[2]), 1;

    check(isopixel_jpeg_info(file, length, &picture.size, &picture.channels, &picture.orientation, message,
                             sizeof message),
          message);
    check(isopixel_recipe_result(recipe, picture.size, picture.orientation, &result, message, sizeof message), message);
    n = (size_t)(picture.size.height * picture.size.width * picture.channels);
    samples = memory(n);
    check(isopixel_jpeg_decode(file, length, samples, n, message, sizeof message), message);

    picture.samples = samples;
    picture.strides.channel = 1;
    picture.strides.column = (ptrdiff_t)picture.channels;
    picture.strides.row = (ptrdiff_t)(picture.size.width * picture.channels);
    array = memory(result.bytes);
    check(isopixel_recipe_run_picture(recipe, &picture, array, result.bytes, 1, message, sizeof message), message);
    n = fwrite(array, 1, result.bytes, stdout);
    free(file), free(samples), free(array);
    isopixel_recipe_close(recipe);
    return n == result.bytes ? 0 : 1;
}
