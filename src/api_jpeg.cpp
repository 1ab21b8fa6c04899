// SPDX-License-Identifier: MIT
// The C interface of JPEG files: checks, then pictures/. No exception leaves this file.
#include "base/copy_text.h"
#include "base/guarded.h"
#include "isopixel.h"
#include "kernels/dispatch.h"
#include "pictures/jpeg.h"

using isopixel::copy_text;
using isopixel::Fault;

namespace {

isopixel_status status_of(const Fault &fault, char *message, size_t capacity) {
    if (!fault) return ISOPIXEL_OK;
    copy_text(fault.sentence(), message, capacity);
    return ISOPIXEL_BAD_PICTURE;
}

}  // namespace

isopixel_status isopixel_jpeg_info(const uint8_t *file, size_t n, isopixel_size *size, int64_t *channels,
                                   int *orientation, char *message, size_t capacity) {
    copy_text("", message, capacity);
    if ((!file && n > 0) || !size || !channels || !orientation) return ISOPIXEL_NULL;
    return isopixel::guarded([&] {
        isopixel::JpegInfo info;
        const isopixel_status status = status_of(isopixel::read_jpeg_info({file, file + n}, &info), message, capacity);
        if (status != ISOPIXEL_OK) return status;
        *size = {info.height, info.width};
        *channels = info.channels;
        *orientation = info.orientation;
        return ISOPIXEL_OK;
    });
}

isopixel_status isopixel_jpeg_decode(const uint8_t *file, size_t n, uint8_t *out, size_t bytes, char *message,
                                     size_t capacity) {
    copy_text("", message, capacity);
    if ((!file && n > 0) || !out) return ISOPIXEL_NULL;
    const isopixel::Kernels *kernels = isopixel::current_kernels();
    if (!kernels) return ISOPIXEL_UNKNOWN_ISA;
    return isopixel::guarded([&] {
        isopixel::JpegInfo info;
        const isopixel_status status = status_of(isopixel::read_jpeg_info({file, file + n}, &info), message, capacity);
        if (status != ISOPIXEL_OK) return status;
        if (bytes != static_cast<uint64_t>(info.height * info.width * info.channels)) return ISOPIXEL_BAD_SIZE;
        return status_of(isopixel::decode_jpeg({file, file + n}, kernels->pictures, out, nullptr), message, capacity);
    });
}
