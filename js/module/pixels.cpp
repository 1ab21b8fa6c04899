// SPDX-License-Identifier: MIT
// The modules of images, bytes and recipes, with the methods of other libraries and without: all but what reads files
// (readers.cpp).
#include "host.h"

namespace {

int32_t give_result(isopixel_status status, const isopixel_result &made) {
    if (status == ISOPIXEL_OK)
        give_numbers({number(made.size.height), number(made.size.width), number(made.channels),
                      static_cast<double>(made.bytes)});
    return result(status);
}

}  // namespace

// --- What there is ---

EXPORT(method_name) const char *method_name(size_t index) { return isopixel_method_name(index); }
EXPORT(layout_name) const char *layout_name(size_t index) { return isopixel_layout_name(index); }
EXPORT(version) const char *version() { return isopixel_version(); }
EXPORT(compiler) const char *compiler() { return isopixel_compiler(); }
EXPORT(isa) const char *isa() { return isopixel_get_isa(); }

// --- Streams: the address of one, whose rows are written to `out` without gaps ---

EXPORT(stream_begin)
int32_t stream_begin(const char *method, double channels, double in_height, double in_width, double out_height,
                     double out_width, uint8_t *out) {
    isopixel_stream *stream;
    const isopixel_status status =
        isopixel_stream_begin(&stream, method, whole(channels), {whole(in_height), whole(in_width)},
                              {whole(out_height), whole(out_width)}, out, static_cast<ptrdiff_t>(out_width * channels));
    return plain_result(status, stream);
}

EXPORT(stream_begin_bytes)
int32_t stream_begin_bytes(const char *layout, double n_bytes, const char *method, double out_height, double out_width,
                           double channels, uint8_t *out) {
    isopixel_stream *stream;
    const isopixel_status status =
        isopixel_stream_begin_bytes(&stream, layout, count(n_bytes), method, {whole(out_height), whole(out_width)}, out,
                                    static_cast<ptrdiff_t>(out_width * channels));
    return plain_result(status, stream);
}

EXPORT(stream_push) int32_t stream_push(isopixel_stream *stream, const uint8_t *bytes, size_t n) {
    return plain_result(isopixel_stream_push(stream, bytes, n));
}

EXPORT(stream_finish) int32_t stream_finish(isopixel_stream *stream) {
    return plain_result(isopixel_stream_finish(stream));
}

// To numbers(): height, width, channels of the image that so many bytes become.
EXPORT(layout_size) int32_t layout_size(const char *layout, double n_bytes) {
    isopixel_size size;
    int64_t channels;
    const isopixel_status status = isopixel_layout_size(layout, count(n_bytes), &size, &channels);
    if (status == ISOPIXEL_OK) give_numbers({number(size.height), number(size.width), number(channels)});
    return plain_result(status);
}

// --- Recipes ---

EXPORT(recipe_open) int32_t recipe_open(const char *line) {
    isopixel_recipe *recipe;
    const isopixel_status status = isopixel_recipe_open(&recipe, line, sentence, kMostSaid);
    return result(status, recipe);
}

EXPORT(recipe_close) void recipe_close(isopixel_recipe *recipe) { isopixel_recipe_close(recipe); }
EXPORT(recipe_line) const char *recipe_line(const isopixel_recipe *recipe) { return isopixel_recipe_line(recipe); }
EXPORT(recipe_layout) const char *recipe_layout(const isopixel_recipe *recipe) {
    return isopixel_recipe_layout(recipe);
}
EXPORT(recipe_mode) const char *recipe_mode(const isopixel_recipe *recipe) { return isopixel_recipe_mode(recipe); }
EXPORT(recipe_method) const char *recipe_method(const isopixel_recipe *recipe) {
    return isopixel_recipe_method(recipe);
}

// To numbers(): the height and width to which a layout's image is resized, or 0, 0; the channels; and 1 if it
// normalises.
EXPORT(recipe_numbers) void recipe_numbers(const isopixel_recipe *recipe) {
    const isopixel_size size = isopixel_recipe_size(recipe);
    give_numbers({number(size.height), number(size.width), number(isopixel_recipe_channels(recipe)),
                  number(isopixel_recipe_table(recipe, nullptr))});
}

EXPORT(recipe_table) void recipe_table(const isopixel_recipe *recipe, float *table) {
    isopixel_recipe_table(recipe, table);
}

// To numbers(): height, width, channels and bytes of what an image becomes.
EXPORT(image_result) int32_t image_result(const isopixel_recipe *recipe, double height, double width, int orientation) {
    isopixel_result made;
    const isopixel_status status =
        isopixel_recipe_result(recipe, {whole(height), whole(width)}, orientation, &made, sentence, kMostSaid);
    return give_result(status, made);
}

// To numbers(): the height and width of the image that step number `step` makes, and the top and left of the image in
// it, or of its own in the image.
EXPORT(recipe_place)
int32_t recipe_place(const isopixel_recipe *recipe, double height, double width, int orientation, size_t step) {
    isopixel_placement place;
    const isopixel_status status =
        isopixel_recipe_place(recipe, {whole(height), whole(width)}, orientation, step, &place, sentence, kMostSaid);
    if (status == ISOPIXEL_OK)
        give_numbers({number(place.size.height), number(place.size.width), number(place.top), number(place.left)});
    return result(status);
}

EXPORT(run_image)
int32_t run_image(const isopixel_recipe *recipe, int is_picture, const uint8_t *samples, double height, double width,
                  double channels, int orientation, void *out, size_t bytes) {
    const ptrdiff_t pixel = static_cast<ptrdiff_t>(channels), row = static_cast<ptrdiff_t>(width) * pixel;
    const isopixel_image image = {
        samples, {whole(height), whole(width)}, whole(channels), {0, 1, row, pixel}, orientation};
    const auto run = is_picture ? isopixel_recipe_run_picture : isopixel_recipe_run_image;
    return result(run(recipe, &image, out, bytes, 1, sentence, kMostSaid));
}

// --- Normalisation ---

EXPORT(normalization_table)
int32_t normalization_table(const char *mean, const char *deviation, double channels, float *table) {
    return result(isopixel_normalization_table(mean, deviation, whole(channels), table, sentence, kMostSaid));
}

// Pixels that follow each other, to a run of numbers for each channel.
EXPORT(normalize) int32_t normalize(const float *table, double channels, double pixels, const uint8_t *in, float *out) {
    return plain_result(isopixel_normalize(table, 1, whole(channels), {1, whole(pixels)}, in,
                                           {0, 1, 0, static_cast<ptrdiff_t>(channels)}, out, 1));
}
