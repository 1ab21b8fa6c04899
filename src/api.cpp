// SPDX-License-Identifier: MIT
// The C interface: checks, then the classes behind it. No exception leaves this file.
#include <algorithm>
#include <cstring>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/copy_text.h"
#include "base/guarded.h"
#include "base/sizes.h"
#include "batch.h"
#include "bytes/byte_image.h"
#include "bytes/layout.h"
#include "bytes/row_feeder.h"
#include "bytes/sound_image.h"
#include "isopixel.h"
#include "kernels/dispatch.h"
#include "normalization.h"
#include "plan.h"
#include "resizer/method.h"

using isopixel::copy_text;
using isopixel::guarded;
using isopixel::kMaxBytes;
using isopixel::kMaxSamples;
using isopixel::Layout;
using isopixel::Plan;
using isopixel::product;
using isopixel::ResizeShape;
using isopixel::RowFeeder;

// An image in the making: of pixels (feeder) or of bytes in a layout.
struct isopixel_stream {
    std::unique_ptr<RowFeeder> feeder;
    std::unique_ptr<isopixel::ByteImage> bytes;
    int64_t row_bytes;    // of a source row, for a feeder
    uint64_t bytes_left;  // still to be pushed
    isopixel::Part part;  // of the bytes in a layout: how many are still to be left out, and then to be taken
};

namespace {

int64_t magnitude(ptrdiff_t stride) {
    const int64_t s = std::max<int64_t>(stride, -INT64_MAX);
    return s < 0 ? -s : s;
}

// Checks a method's name and sizes, and plans the resize.
isopixel_status make_plan(const char *method, const ResizeShape &shape, std::optional<Plan> *plan) {
    if (!method) return ISOPIXEL_NULL;
    const isopixel::Method *named = isopixel::find_method(method);
    return named ? isopixel::check_and_plan(*named, shape, plan) : ISOPIXEL_UNKNOWN_METHOD;
}

// Are the rows of the result apart from each other? Of two strides the wider one has to step over all that the other
// spans.
isopixel_status check_strides(int64_t images, int64_t rows, int64_t row_bytes, isopixel_strides strides) {
    struct {
        int64_t count, stride;
    } inner = {rows, rows > 1 ? magnitude(strides.row) : 0},
      outer = {images, images > 1 ? magnitude(strides.image) : 0};
    if (inner.count == 1 || (outer.count > 1 && outer.stride < inner.stride)) std::swap(inner, outer);
    if (inner.count > 1 && inner.stride < row_bytes) return ISOPIXEL_BAD_STRIDE;
    const int64_t span = product(inner.count - 1, inner.stride, INT64_MAX - row_bytes);
    if (span < 0 || (outer.count > 1 && outer.stride < span + row_bytes)) return ISOPIXEL_BAD_STRIDE;
    return ISOPIXEL_OK;
}

// A layout of sounds, and the image that a sound becomes.
isopixel_status parse_sound_layout(const char *text, const isopixel_sound &sound, Layout *layout,
                                   isopixel::ImageShape *image, std::string *problem) {
    if (!Layout::parse(text, layout, problem)) return ISOPIXEL_BAD_LAYOUT;
    if (!layout->is_of_sound()) {
        *problem = "the layout is of bytes, and not of sounds";
        return ISOPIXEL_BAD_LAYOUT;
    }
    const isopixel::SoundSettings settings = layout->sound();
    const int64_t frames = count_frames(settings, sound, problem);
    if (frames < 0) return ISOPIXEL_BAD_SOUND;
    *image = {static_cast<int64_t>(settings.rows()), frames, 1};
    return product(image->height, frames, kMaxSamples) < 0 ? ISOPIXEL_TOO_LARGE : ISOPIXEL_OK;
}

// A layout, the part of n_bytes bytes that it takes, and the image that they become.
isopixel_status parse_layout(const char *text, uint64_t n_bytes, Layout *layout, isopixel::Part *part,
                             isopixel::ImageShape *image) {
    if (n_bytes == 0) return ISOPIXEL_BAD_SIZE;
    if (n_bytes > INT64_MAX / 4) return ISOPIXEL_TOO_LARGE;  // so that the padded image does not overflow
    std::string problem;
    if (!Layout::parse(text, layout, &problem)) return ISOPIXEL_BAD_LAYOUT;
    if (layout->is_of_listing()) return ISOPIXEL_LISTING;
    if (layout->is_of_sound()) return ISOPIXEL_SOUND;
    if (!part_of_bytes(*layout, n_bytes, part, &problem)) return ISOPIXEL_BAD_BYTES;
    *image = image_shape(*layout, static_cast<int64_t>(part->n));
    return image->height > 0 ? ISOPIXEL_OK : ISOPIXEL_NO_ROWS;
}

}  // namespace

const char *isopixel_status_text(isopixel_status status) {
    switch (status) {
        case ISOPIXEL_OK:
            return "no error";
        case ISOPIXEL_NULL:
            return "a pointer is null";
        case ISOPIXEL_UNKNOWN_METHOD:
            return "there is no such method";
        case ISOPIXEL_BAD_LAYOUT:
            return "there is no such layout; isopixel_layout_parse says what is wrong with its text";
        case ISOPIXEL_BAD_SIZE:
            return "a height, width or number of channels, images, bytes or threads is below 1";
        case ISOPIXEL_TOO_LARGE:
            return "these sizes are too large for an exact result, or for the address space";
        case ISOPIXEL_BAD_STRIDE:
            return "with these strides, rows or images of the result overlap";
        case ISOPIXEL_NO_MEMORY:
            return "there is not enough memory";
        case ISOPIXEL_TOO_MUCH:
            return "more was pushed than the image holds";
        case ISOPIXEL_INCOMPLETE:
            return "the image ended early";
        case ISOPIXEL_MID_ROW:
            return "rows were pushed while a row was incomplete";
        case ISOPIXEL_NO_ROWS:
            return "with rows=floor, this few bytes leave no row";
        case ISOPIXEL_BAD_RECIPE:
            return "a line that is not a recipe; isopixel_recipe_open says what is wrong with it";
        case ISOPIXEL_UNKNOWN_ISA:
            return "this CPU or this build has no such instruction set";
        case ISOPIXEL_NOT_COVERED:
            return "the method does not cover this number of channels, or sides this long";
        case ISOPIXEL_WRONG_SOURCE:
            return "the recipe is of images and not of bytes, or of bytes and not of images";
        case ISOPIXEL_BAD_IMAGE:
            return "an image that the recipe refuses; the message of the function says why";
        case ISOPIXEL_BAD_BYTES:
            return "bytes that the layout refuses: they end before its offset, or are not a listing";
        case ISOPIXEL_LISTING:
            return "the layout has unknown, and so is of listings, whose bytes isopixel_recipe_run_bytes reads";
        case ISOPIXEL_BAD_SOUND:
            return "a sound that is refused: the function that was asked about it says why, or a sample is not finite";
        case ISOPIXEL_SOUND:
            return "the layout is of sounds: isopixel_wav_info and isopixel_sound_size say how large their images are";
        case ISOPIXEL_BAD_NORMALIZATION:
            return "no such mean or std; isopixel_normalization_table says what is wrong with them";
        case ISOPIXEL_BAD_PICTURE:
            return "a picture file that is refused; the function that read it says why";
    }
    return "unknown status";
}

const char *isopixel_version(void) { return ISOPIXEL_VERSION; }

const char *isopixel_compiler(void) {
#if defined(__clang__)
    return "clang " __clang_version__;
#elif defined(__GNUC__)
    return "gcc " __VERSION__;
#else
    return "unknown compiler";
#endif
}

const char *isopixel_isa_name(size_t index) {
    const isopixel::Kernels *kernels = isopixel::available_kernels(index);
    return kernels ? kernels->isa : nullptr;
}

const char *isopixel_get_isa(void) {
    const isopixel::Kernels *kernels = isopixel::current_kernels();
    return kernels ? kernels->isa : nullptr;
}

isopixel_status isopixel_set_isa(const char *name) {
    if (!name) return ISOPIXEL_NULL;
    return isopixel::set_kernels(name) ? ISOPIXEL_OK : ISOPIXEL_UNKNOWN_ISA;
}

const char *isopixel_method_name(size_t index) {
    const isopixel::Method *method = isopixel::method_at(index);
    return method ? method->info.name : nullptr;
}

const isopixel_method *isopixel_method_info(const char *name) {
    const isopixel::Method *method = name ? isopixel::find_method(name) : nullptr;
    return method ? &method->info : nullptr;
}

const char *isopixel_layout_name(size_t index) { return isopixel::rule_name(index); }

isopixel_status isopixel_resize(const char *method, int64_t images, int64_t channels, isopixel_size in_size,
                                const uint8_t *in, isopixel_strides in_strides, isopixel_size out_size, uint8_t *out,
                                isopixel_strides out_strides, int threads) {
    const ResizeShape shape = {in_size.height, in_size.width, channels, out_size.height, out_size.width};
    if (!in || !out) return ISOPIXEL_NULL;
    std::optional<Plan> plan;
    if (isopixel_status status = make_plan(method, shape, &plan)) return status;
    if (images < 1 || threads < 1) return ISOPIXEL_BAD_SIZE;
    if (product(images, shape.out_height * shape.out_width * channels, kMaxBytes) < 0) return ISOPIXEL_TOO_LARGE;
    if (isopixel_status status = check_strides(images, shape.out_height, shape.out_width * channels, out_strides))
        return status;
    return isopixel::resize_images(*plan, images, in, in_strides, out, out_strides, threads);
}

isopixel_status isopixel_layout_parse(const char *text, char *canonical, size_t capacity) {
    copy_text("", canonical, capacity);
    if (!text) return ISOPIXEL_NULL;
    return guarded([&] {
        Layout layout;
        std::string problem;
        const bool is_layout = Layout::parse(text, &layout, &problem);
        copy_text(is_layout ? layout.text() : problem, canonical, capacity);
        return is_layout ? ISOPIXEL_OK : ISOPIXEL_BAD_LAYOUT;
    });
}

isopixel_status isopixel_normalization_table(const char *mean, const char *deviation, int64_t channels, float *table,
                                             char *message, size_t capacity) {
    copy_text("", message, capacity);
    if (!mean || !deviation || !table) return ISOPIXEL_NULL;
    if (channels < 1) return ISOPIXEL_BAD_SIZE;
    if (product(channels, 256 * sizeof(float), kMaxBytes) < 0) return ISOPIXEL_TOO_LARGE;
    return guarded([&] {
        isopixel::Normalization made;
        std::string problem;
        const bool is_normalization = isopixel::Normalization::parse(mean, deviation, channels, &made, &problem);
        copy_text(problem, message, capacity);
        if (!is_normalization) return ISOPIXEL_BAD_NORMALIZATION;
        made.fill(channels, table);
        return ISOPIXEL_OK;
    });
}

isopixel_status isopixel_normalize(const float *table, int64_t images, int64_t channels, isopixel_size size,
                                   const uint8_t *in, isopixel_sample_strides in_strides, float *out, int threads) {
    if (!table || !in || !out) return ISOPIXEL_NULL;
    if (std::min({images, channels, size.height, size.width, int64_t{threads}}) < 1) return ISOPIXEL_BAD_SIZE;
    const int64_t most = kMaxBytes / static_cast<int64_t>(sizeof(float));
    const int64_t pixels = product(size.height, size.width, most);
    const int64_t planes = product(images, channels, most);
    if (pixels < 0 || planes < 0 || product(planes, pixels, most) < 0) return ISOPIXEL_TOO_LARGE;
    return isopixel::normalize_images(table, images, channels, size, in, in_strides, out, threads);
}

isopixel_status isopixel_layout_size(const char *layout, uint64_t n_bytes, isopixel_size *size, int64_t *channels) {
    if (!layout || !size || !channels) return ISOPIXEL_NULL;
    return guarded([&] {
        Layout parsed;
        isopixel::Part part;
        isopixel::ImageShape image;
        if (isopixel_status status = parse_layout(layout, n_bytes, &parsed, &part, &image)) return status;
        *size = {image.height, image.width};
        *channels = image.channels;
        return ISOPIXEL_OK;
    });
}

isopixel_status isopixel_wav_info(const uint8_t *head, size_t n, uint64_t n_bytes, isopixel_sound *sound, char *message,
                                  size_t capacity) {
    copy_text("", message, capacity);
    if ((!head && n > 0) || !sound) return ISOPIXEL_NULL;
    return guarded([&] {
        std::string problem;
        const isopixel_status status = isopixel::read_wav(head, n, n_bytes, sound, &problem);
        copy_text(problem, message, capacity);
        return status;
    });
}

isopixel_status isopixel_sound_size(const char *layout, const isopixel_sound *sound, isopixel_size *size, char *message,
                                    size_t capacity) {
    copy_text("", message, capacity);
    if (!layout || !sound || !size) return ISOPIXEL_NULL;
    return guarded([&] {
        Layout parsed;
        isopixel::ImageShape image;
        std::string problem;
        const isopixel_status status = parse_sound_layout(layout, *sound, &parsed, &image, &problem);
        copy_text(problem, message, capacity);
        if (status == ISOPIXEL_OK) *size = {image.height, image.width};
        return status;
    });
}

isopixel_status isopixel_stream_begin(isopixel_stream **stream, const char *method, int64_t channels,
                                      isopixel_size in_size, isopixel_size out_size, uint8_t *out,
                                      ptrdiff_t out_row_stride) {
    if (!stream) return ISOPIXEL_NULL;
    *stream = nullptr;
    if (!out) return ISOPIXEL_NULL;
    const ResizeShape shape = {in_size.height, in_size.width, channels, out_size.height, out_size.width};
    std::optional<Plan> plan;
    if (isopixel_status status = make_plan(method, shape, &plan)) return status;
    if (isopixel_status status = check_strides(1, out_size.height, out_size.width * channels, {0, out_row_stride}))
        return status;
    return guarded([&] {
        auto made = std::make_unique<isopixel_stream>();
        made->feeder = std::make_unique<RowFeeder>(*plan, out, out_row_stride);
        made->row_bytes = in_size.width * channels;
        made->bytes_left = static_cast<uint64_t>(in_size.height * made->row_bytes);
        *stream = made.release();
        return ISOPIXEL_OK;
    });
}

isopixel_status isopixel_stream_begin_bytes(isopixel_stream **stream, const char *layout, uint64_t n_bytes,
                                            const char *method, isopixel_size out_size, uint8_t *out,
                                            ptrdiff_t out_row_stride) {
    if (!stream) return ISOPIXEL_NULL;
    *stream = nullptr;
    if (!layout || !out) return ISOPIXEL_NULL;
    if (std::min(out_size.height, out_size.width) < 1) return ISOPIXEL_BAD_SIZE;
    if (product(out_size.height, out_size.width, kMaxBytes) < 0) return ISOPIXEL_TOO_LARGE;
    return guarded([&] {
        Layout parsed;
        isopixel::Part part;
        isopixel::ImageShape image;
        if (isopixel_status status = parse_layout(layout, n_bytes, &parsed, &part, &image)) return status;
        if (parsed.rule == isopixel::Rule::kHilbert && product(image.height, image.width, kMaxBytes) < 0)
            return ISOPIXEL_TOO_LARGE;
        const ResizeShape shape = resize_of(parsed, image, out_size.height, out_size.width);
        std::optional<Plan> plan;
        if (isopixel_status status = make_plan(method, shape, &plan)) return status;
        if (isopixel_status status =
                check_strides(1, out_size.height, out_size.width * image.channels, {0, out_row_stride}))
            return status;
        auto made = std::make_unique<isopixel_stream>();
        made->bytes = make_byte_image(parsed, *plan, out_size.width, out, out_row_stride);
        made->bytes_left = n_bytes;
        made->part = part;
        *stream = made.release();
        return ISOPIXEL_OK;
    });
}

isopixel_status isopixel_stream_begin_sound(isopixel_stream **stream, const char *layout, const isopixel_sound *sound,
                                            const char *method, isopixel_size out_size, uint8_t *out,
                                            ptrdiff_t out_row_stride) {
    if (!stream) return ISOPIXEL_NULL;
    *stream = nullptr;
    if (!layout || !sound || !method || !out) return ISOPIXEL_NULL;
    return guarded([&] {
        Layout parsed;
        isopixel::ImageShape image;
        std::string problem;
        if (isopixel_status status = parse_sound_layout(layout, *sound, &parsed, &image, &problem)) return status;
        const isopixel::Method *named = isopixel::find_method(method);
        if (!named) return ISOPIXEL_UNKNOWN_METHOD;
        std::optional<Plan> plan;
        if (isopixel_status status =
                check_and_plan(*named, resize_of_sound(*named, image, out_size.height, out_size.width), &plan))
            return status;
        if (isopixel_status status = check_strides(1, out_size.height, out_size.width, {0, out_row_stride}))
            return status;
        auto made = std::make_unique<isopixel_stream>();
        made->bytes = make_sound_image(parsed.sound(), *sound, *plan, out, out_row_stride);
        made->bytes_left = sound->n_bytes;
        made->part = {0, sound->n_bytes};
        *stream = made.release();
        return ISOPIXEL_OK;
    });
}

isopixel_status isopixel_stream_push(isopixel_stream *stream, const uint8_t *bytes, size_t n) {
    if (!stream || (!bytes && n > 0)) return ISOPIXEL_NULL;
    if (n > stream->bytes_left) return ISOPIXEL_TOO_MUCH;
    if (stream->bytes && stream->bytes->is_refused()) return ISOPIXEL_BAD_SOUND;
    stream->bytes_left -= n;
    if (stream->feeder) {
        stream->feeder->push(bytes, n);
        return ISOPIXEL_OK;
    }
    const uint64_t left_out = std::min<uint64_t>(n, stream->part.offset);
    const uint64_t taken = std::min(n - left_out, stream->part.n);
    stream->bytes->push(bytes + left_out, taken);
    stream->part = {stream->part.offset - left_out, stream->part.n - taken};
    return stream->bytes->is_refused() ? ISOPIXEL_BAD_SOUND : ISOPIXEL_OK;
}

isopixel_status isopixel_stream_push_rows(isopixel_stream *stream, const uint8_t *rows, int64_t count,
                                          ptrdiff_t row_stride) {
    if (!stream || !stream->feeder || (!rows && count > 0)) return ISOPIXEL_NULL;
    if (count < 0) return ISOPIXEL_BAD_SIZE;
    if (!stream->feeder->between_rows()) return ISOPIXEL_MID_ROW;
    const int64_t bytes = product(count, stream->row_bytes, kMaxSamples);
    if (bytes < 0 || static_cast<uint64_t>(bytes) > stream->bytes_left) return ISOPIXEL_TOO_MUCH;
    stream->feeder->push_rows(rows, count, row_stride);
    stream->bytes_left -= static_cast<uint64_t>(bytes);
    return ISOPIXEL_OK;
}

isopixel_status isopixel_stream_finish(isopixel_stream *stream) {
    if (!stream) return ISOPIXEL_OK;
    const std::unique_ptr<isopixel_stream> owner(stream);
    if (stream->bytes && stream->bytes->is_refused()) return ISOPIXEL_BAD_SOUND;
    if (stream->bytes_left > 0) return ISOPIXEL_INCOMPLETE;
    return guarded([&] {
        if (stream->bytes) stream->bytes->finish();
        return ISOPIXEL_OK;
    });
}
