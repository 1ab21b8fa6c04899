// SPDX-License-Identifier: MIT
// The C interface: checks, then the classes behind it. No exception leaves this file.
#include <algorithm>
#include <cstring>
#include <limits>
#include <memory>
#include <new>
#include <vector>

#include "isopix.h"
#include "layout.h"
#include "resize.h"

using isopix::Layout;
using isopix::Resizer;
using isopix::ResizeShape;

// An image in the making. `bytes_left` are still to be pushed, then come `padding` zeros.
struct isopix_stream {
    std::unique_ptr<Resizer> resizer;
    int64_t channels, row_pixels;
    uint64_t bytes_left, padding;
    int64_t column = 0;          // pixels taken of the row that comes now
    std::vector<uint8_t> pixel;  // the samples of a pixel that is not complete
};

namespace {

constexpr const char *kMethods[] = {"bilinear"};

constexpr int64_t kMaxBytes = std::min<int64_t>(INT64_MAX, std::numeric_limits<ptrdiff_t>::max());

// a·b where it is at most `limit`, else -1; a, b >= 0
int64_t product(int64_t a, int64_t b, int64_t limit = INT64_MAX) { return b != 0 && a > limit / b ? -1 : a * b; }

int64_t magnitude(ptrdiff_t stride) { return stride < 0 ? -static_cast<int64_t>(stride) : stride; }

bool known_method(const char *name) {
    return std::any_of(std::begin(kMethods), std::end(kMethods),
                       [&](const char *known) { return !std::strcmp(known, name); });
}

isopix_status check_shape(isopix_method method, const ResizeShape &shape) {
    if (!method.name) return ISOPIX_NULL;
    if (!known_method(method.name)) return ISOPIX_UNKNOWN_METHOD;
    if (std::min({shape.in_height, shape.in_width, shape.channels, shape.out_height, shape.out_width}) < 1)
        return ISOPIX_BAD_SIZE;
    const int64_t in_row = product(shape.in_width, shape.channels),
                  out_row = product(shape.out_width, shape.channels, kMaxBytes);
    if (in_row < 0 || product(in_row, shape.in_height) < 0) return ISOPIX_TOO_LARGE;
    if (out_row < 0 || product(out_row, shape.out_height, kMaxBytes) < 0) return ISOPIX_TOO_LARGE;
    return isopix::accumulator_bits(shape) ? ISOPIX_OK : ISOPIX_TOO_LARGE;
}

// Are the rows of the result apart from each other? Of two strides the wider one has to step over all that the other
// spans.
isopix_status check_strides(int64_t images, int64_t rows, int64_t row_bytes, isopix_strides strides) {
    struct {
        int64_t count, stride;
    } inner = {rows, rows > 1 ? magnitude(strides.row) : 0},
      outer = {images, images > 1 ? magnitude(strides.image) : 0};
    if (inner.count == 1 || (outer.count > 1 && outer.stride < inner.stride)) std::swap(inner, outer);
    if (inner.count > 1 && inner.stride < row_bytes) return ISOPIX_BAD_STRIDE;
    const int64_t span = product(inner.count - 1, inner.stride, INT64_MAX - row_bytes);
    if (span < 0 || (outer.count > 1 && outer.stride < span + row_bytes)) return ISOPIX_BAD_STRIDE;
    return ISOPIX_OK;
}

// Hands the next bytes to the resizer; pieces end anywhere.
void feed(isopix_stream &stream, const uint8_t *bytes, uint64_t n) {
    const uint64_t channels = static_cast<uint64_t>(stream.channels);
    while (n > 0) {
        const uint64_t whole = n / channels;
        if (!stream.pixel.empty() || whole == 0) {
            const uint64_t part = std::min(n, channels - stream.pixel.size());
            stream.pixel.insert(stream.pixel.end(), bytes, bytes + part);
            bytes += part;
            n -= part;
            if (stream.pixel.size() < channels) return;
            stream.resizer->push_pixels(stream.pixel.data(), 1);
            stream.pixel.clear();
            stream.column = (stream.column + 1) % stream.row_pixels;
        } else if (stream.column == 0 && whole >= static_cast<uint64_t>(stream.row_pixels)) {
            const int64_t rows = static_cast<int64_t>(whole) / stream.row_pixels;
            const int64_t row_bytes = stream.row_pixels * stream.channels;
            stream.resizer->push_rows(bytes, rows, static_cast<ptrdiff_t>(row_bytes));
            bytes += rows * row_bytes;
            n -= static_cast<uint64_t>(rows * row_bytes);
        } else {
            const int64_t pixels =
                static_cast<int64_t>(std::min(whole, static_cast<uint64_t>(stream.row_pixels - stream.column)));
            stream.resizer->push_pixels(bytes, pixels);
            bytes += pixels * stream.channels;
            n -= static_cast<uint64_t>(pixels) * channels;
            stream.column = (stream.column + pixels) % stream.row_pixels;
        }
    }
}

isopix_status begin(isopix_stream **stream, isopix_method method, const ResizeShape &shape, int64_t padding,
                    uint8_t *out, ptrdiff_t out_row_stride) {
    if (!out) return ISOPIX_NULL;
    if (isopix_status status = check_shape(method, shape)) return status;
    if (isopix_status status =
            check_strides(1, shape.out_height, shape.out_width * shape.channels, {0, out_row_stride}))
        return status;
    try {
        auto made = std::make_unique<isopix_stream>();
        made->resizer = make_resizer(shape, isopix::accumulator_bits(shape));
        made->resizer->begin(out, out_row_stride);
        made->channels = shape.channels;
        made->row_pixels = shape.in_width;
        made->bytes_left = static_cast<uint64_t>(shape.in_height * shape.in_width * shape.channels - padding);
        made->padding = static_cast<uint64_t>(padding);
        made->pixel.reserve(static_cast<size_t>(shape.channels));  // so that no push allocates
        *stream = made.release();
    } catch (const std::exception &) {  // bad_alloc, or length_error from a vector beyond the address space
        return ISOPIX_NO_MEMORY;
    }
    return ISOPIX_OK;
}

}  // namespace

const char *isopix_status_text(isopix_status status) {
    switch (status) {
        case ISOPIX_OK:
            return "no error";
        case ISOPIX_NULL:
            return "a pointer is null";
        case ISOPIX_UNKNOWN_METHOD:
            return "there is no such method";
        case ISOPIX_UNKNOWN_LAYOUT:
            return "there is no such layout";
        case ISOPIX_BAD_SIZE:
            return "a height, width or number of channels, images or bytes is below 1";
        case ISOPIX_TOO_LARGE:
            return "these sizes are too large for an exact result, or for the address space";
        case ISOPIX_BAD_STRIDE:
            return "with these strides, rows or images of the result overlap";
        case ISOPIX_NO_MEMORY:
            return "there is not enough memory";
        case ISOPIX_TOO_MUCH:
            return "more was pushed than the image holds";
        case ISOPIX_INCOMPLETE:
            return "the image ended early";
        case ISOPIX_MID_ROW:
            return "rows were pushed while a row was incomplete";
    }
    return "unknown status";
}

const char *isopix_version(void) { return ISOPIX_VERSION; }

const char *isopix_compiler(void) {
#if defined(__clang__)
    return "clang " __clang_version__;
#elif defined(__GNUC__)
    return "gcc " __VERSION__;
#else
    return "unknown compiler";
#endif
}

const char *isopix_isa(void) { return "scalar"; }

const char *isopix_method_name(size_t index) {
    return index < sizeof kMethods / sizeof *kMethods ? kMethods[index] : nullptr;
}

const char *isopix_layout_name(size_t index) {
    const Layout *layout = isopix::layout_at(index);
    return layout ? layout->name : nullptr;
}

isopix_status isopix_resize(isopix_method method, int64_t images, int64_t channels, isopix_size in_size,
                            const uint8_t *in, isopix_strides in_strides, isopix_size out_size, uint8_t *out,
                            isopix_strides out_strides) {
    const ResizeShape shape = {in_size.height,  in_size.width,  channels,
                               out_size.height, out_size.width, method.antialias != 0};
    if (!in || !out) return ISOPIX_NULL;
    if (isopix_status status = check_shape(method, shape)) return status;
    if (images < 1) return ISOPIX_BAD_SIZE;
    if (product(images, shape.out_height * shape.out_width * channels, kMaxBytes) < 0) return ISOPIX_TOO_LARGE;
    if (isopix_status status = check_strides(images, shape.out_height, shape.out_width * channels, out_strides))
        return status;
    try {
        const std::unique_ptr<Resizer> resizer = make_resizer(shape, isopix::accumulator_bits(shape));
        for (int64_t i = 0; i < images; ++i) {
            resizer->begin(out + i * out_strides.image, out_strides.row);
            resizer->push_rows(in + i * in_strides.image, shape.in_height, in_strides.row);
        }
    } catch (const std::exception &) {
        return ISOPIX_NO_MEMORY;
    }
    return ISOPIX_OK;
}

isopix_status isopix_layout_size(const char *layout, uint64_t n_bytes, isopix_size *size) {
    if (!layout || !size) return ISOPIX_NULL;
    const Layout *rule = isopix::find_layout(layout);
    if (!rule) return ISOPIX_UNKNOWN_LAYOUT;
    if (n_bytes == 0) return ISOPIX_BAD_SIZE;
    if (n_bytes > INT64_MAX / 2) return ISOPIX_TOO_LARGE;  // so that a padded row more is no overflow
    const int64_t width = rule->width(n_bytes), n = static_cast<int64_t>(n_bytes);
    *size = {n / width + (n % width != 0), width};
    return ISOPIX_OK;
}

isopix_status isopix_stream_begin(isopix_stream **stream, isopix_method method, int64_t channels, isopix_size in_size,
                                  isopix_size out_size, uint8_t *out, ptrdiff_t out_row_stride) {
    if (!stream) return ISOPIX_NULL;
    *stream = nullptr;
    return begin(stream, method,
                 {in_size.height, in_size.width, channels, out_size.height, out_size.width, method.antialias != 0}, 0,
                 out, out_row_stride);
}

isopix_status isopix_stream_begin_bytes(isopix_stream **stream, const char *layout, uint64_t n_bytes,
                                        isopix_method method, isopix_size out_size, uint8_t *out,
                                        ptrdiff_t out_row_stride) {
    if (!stream) return ISOPIX_NULL;
    *stream = nullptr;
    isopix_size size;
    if (isopix_status status = isopix_layout_size(layout, n_bytes, &size)) return status;
    const int64_t padding = size.height * size.width - static_cast<int64_t>(n_bytes);
    return begin(stream, method, {size.height, size.width, 1, out_size.height, out_size.width, method.antialias != 0},
                 padding, out, out_row_stride);
}

isopix_status isopix_stream_push(isopix_stream *stream, const uint8_t *bytes, size_t n) {
    if (!stream || (!bytes && n > 0)) return ISOPIX_NULL;
    if (n > stream->bytes_left) return ISOPIX_TOO_MUCH;
    feed(*stream, bytes, n);
    stream->bytes_left -= n;
    return ISOPIX_OK;
}

isopix_status isopix_stream_push_rows(isopix_stream *stream, const uint8_t *rows, int64_t count, ptrdiff_t row_stride) {
    if (!stream || (!rows && count > 0)) return ISOPIX_NULL;
    if (count < 0) return ISOPIX_BAD_SIZE;
    if (stream->column != 0 || !stream->pixel.empty()) return ISOPIX_MID_ROW;
    const int64_t bytes = product(count, stream->row_pixels * stream->channels);
    if (bytes < 0 || static_cast<uint64_t>(bytes) > stream->bytes_left) return ISOPIX_TOO_MUCH;
    stream->resizer->push_rows(rows, count, row_stride);
    stream->bytes_left -= static_cast<uint64_t>(bytes);
    return ISOPIX_OK;
}

isopix_status isopix_stream_finish(isopix_stream *stream) {
    if (!stream) return ISOPIX_OK;
    const std::unique_ptr<isopix_stream> owner(stream);
    if (stream->bytes_left > 0) return ISOPIX_INCOMPLETE;
    for (const uint8_t zeros[1024] = {}; stream->padding > 0;) {
        const uint64_t n = std::min<uint64_t>(stream->padding, sizeof zeros);
        feed(*stream, zeros, n);
        stream->padding -= n;
    }
    return ISOPIX_OK;
}
