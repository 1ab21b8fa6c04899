// SPDX-License-Identifier: MIT
#include "operators.h"

#include <memory>
#include <new>
#include <string>
#include <vector>

#include "base/choices.h"
#include "base/sizes.h"
#include "call.h"

namespace isopixel_ort {
namespace {

// What the last three axes of a tensor [..., C, H, W] are, and how many images the others count.
struct Images {
    int64_t count, channels;
    isopixel_size size;

    int64_t plane() const { return size.height * size.width; }
};

std::string times(int64_t a, int64_t b) { return std::to_string(a) + " × " + std::to_string(b); }

Images images_of(const OrtApi &api, const std::vector<int64_t> &shape) {
    if (shape.size() < 3)
        refuse(api, "the image must have the shape [..., C, H, W], got " + std::to_string(shape.size()) +
                        " axes; a gray image has C = 1");
    int64_t count = 1;
    for (size_t axis = 0; axis < shape.size() - 3; ++axis) {
        count = isopixel::product(count, shape[axis], isopixel::kMaxBytes);
        if (count < 0) refuse(api, "the image has too many axes that are too long");  // and others of length 0
    }
    return {count, shape.end()[-3], {shape.end()[-2], shape.end()[-1]}};
}

int64_t length_of(const OrtApi &api, const Tensor<int64_t> &number, const char *name) {
    for (const int64_t n : number.shape)
        if (n != 1) refuse(api, std::string(name) + " must be one number");
    if (*number.samples < 1)
        refuse(api, std::string(name) + " must be at least 1, got " + std::to_string(*number.samples));
    return *number.samples;
}

const isopixel::Method &method_of(const OrtApi &api, const OrtKernelInfo &info) {
    size_t n = 0;  // with the zero byte
    check(api.KernelInfoGetAttribute_string(&info, "method", nullptr, &n));
    std::string name(n, '\0');
    check(api.KernelInfoGetAttribute_string(&info, "method", name.data(), &n));
    name.resize(n - 1);
    if (const isopixel::Method *method = isopixel::find_method(name)) return *method;
    std::vector<std::string> known;
    for (size_t i = 0; isopixel_method_name(i); ++i) known.push_back(isopixel_method_name(i));
    refuse(api, "unknown method '" + name + "'" + isopixel::choices(name, known, "`isopixel methods` lists all"));
}

void interleave(const uint8_t *planes, int64_t plane, int64_t channels, uint8_t *pixels) {
    for (int64_t i = 0; i < plane; ++i)
        for (int64_t c = 0; c < channels; ++c) *pixels++ = planes[c * plane + i];
}

void separate(const uint8_t *pixels, int64_t plane, int64_t channels, uint8_t *planes) {
    for (int64_t i = 0; i < plane; ++i)
        for (int64_t c = 0; c < channels; ++c) planes[c * plane + i] = *pixels++;
}

// Resizes images one by one with the channels of a pixel side by side, in memory of its own.
isopixel_status resize_pixels(const char *method, const Images &from, const uint8_t *in, const Images &to,
                              uint8_t *out) {
    const int64_t channels = from.channels, in_samples = channels * from.plane(), out_samples = channels * to.plane();
    const std::unique_ptr<uint8_t[]> memory(new (std::nothrow) uint8_t[static_cast<size_t>(in_samples + out_samples)]);
    if (!memory) return ISOPIXEL_NO_MEMORY;
    uint8_t *const pixels = memory.get(), *const result = pixels + in_samples;
    for (int64_t image = 0; image < from.count; ++image) {
        interleave(in + image * in_samples, from.plane(), channels, pixels);
        const isopixel_status status =
            isopixel_resize(method, 1, channels, from.size, pixels, {0, channels * from.size.width}, to.size, result,
                            {0, channels * to.size.width}, 1);
        if (status != ISOPIXEL_OK) return status;
        separate(result, to.plane(), channels, out + image * out_samples);
    }
    return ISOPIXEL_OK;
}

}  // namespace

Resize::Resize(const OrtApi &api, const OrtKernelInfo &info) : api(api), method(method_of(api, info)) {}

void Resize::compute(OrtKernelContext &context) const {
    const Call call(api, context);
    Tensor<uint8_t> image = call.input<uint8_t>(0);
    Images from = images_of(api, image.shape), to = from;
    to.size = {length_of(api, call.input<int64_t>(1), "height"), length_of(api, call.input<int64_t>(2), "width")};
    const uint8_t *const in = image.samples;
    image.shape.end()[-2] = to.size.height;
    image.shape.end()[-1] = to.size.width;
    uint8_t *const out = call.output<uint8_t>(image.shape);
    if (from.count == 0 || from.channels == 0) return;

    const char *const name = method.info.name;
    const bool together = !separates_channels(method, from.channels);
    if (!together) from = {from.count * from.channels, 1, from.size};
    const int64_t in_unit = from.channels * from.plane(), out_unit = from.channels * to.plane();
    const auto resize_part = [&](int64_t first, int64_t count) {
        const uint8_t *const part = in + first * in_unit;
        uint8_t *const result = out + first * out_unit;
        if (together) return resize_pixels(name, {count, from.channels, from.size}, part, to, result);
        return isopixel_resize(name, count, 1, from.size, part, {in_unit, from.size.width}, to.size, result,
                               {out_unit, to.size.width}, 1);
    };
    const isopixel_status status = call.in_parallel(from.count, in_unit + out_unit, resize_part);
    if (status != ISOPIXEL_OK)
        refuse(api, "cannot resize " + times(from.size.height, from.size.width) + " pixels of " +
                        std::to_string(to.channels) + " channels to " + times(to.size.height, to.size.width) + " by '" +
                        name + "': " + isopixel_status_text(status));
}

void Normalize::compute(OrtKernelContext &context) const {
    const Call call(api, context);
    const Tensor<uint8_t> image = call.input<uint8_t>(0);
    const Tensor<float> table = call.input<float>(1);
    Images images = images_of(api, image.shape);
    const int64_t tables = table.shape.size() == 2 && table.shape[1] == 256 ? table.shape[0] : 0;
    if (tables != 1 && tables != images.channels)
        refuse(api, "the table must have the shape [" + std::to_string(images.channels) +
                        ", 256], as the image has channels, or [1, 256]");
    float *const out = call.output<float>(image.shape);
    if (images.count * images.channels * images.plane() == 0) return;

    if (tables == 1) images = {images.count * images.channels, 1, images.size};
    const int64_t plane = images.plane(), unit = images.channels * plane;
    const isopixel_sample_strides strides = {unit, plane, images.size.width, 1};
    const isopixel_status status = call.in_parallel(images.count, 2 * unit, [&](int64_t first, int64_t count) {
        return isopixel_normalize(table.samples, count, images.channels, images.size, image.samples + first * unit,
                                  strides, out + first * unit, 1);
    });
    if (status != ISOPIXEL_OK) refuse(api, isopixel_status_text(status));
}

}  // namespace isopixel_ort
