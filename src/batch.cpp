// SPDX-License-Identifier: MIT
#include "batch.h"

#include <algorithm>
#include <atomic>

#include "base/guarded.h"
#include "base/sizes.h"
#include "base/threads.h"
#include "idle_resizers.h"
#include "kernels/dispatch.h"
#include "normalization.h"

namespace isopixel {
namespace {

// A thread is worth its start if it has this many samples to read or write. (The fuzz target is built with fewer.)
#ifndef ISOPIXEL_PART_SAMPLES
#define ISOPIXEL_PART_SAMPLES (1 << 20)
#endif
constexpr int64_t kPartSamples = ISOPIXEL_PART_SAMPLES;

// Where number `part` of `parts` begins, which share `units` of work as evenly as can be.
int64_t part_begin(int64_t units, int64_t parts, int64_t part) {
    return units / parts * part + std::min(part, units % parts);
}

// How many parts are worth a thread each; `samples` is below 0 if there are too many to count.
int64_t parts_worth(int64_t samples, int threads) {
    return samples < 0 ? threads : std::max<int64_t>(1, samples / kPartSamples);
}

// How many samples of an axis a resize looks at or makes.
int64_t touched(const Axis &axis) {
    return axis.triangle ? axis.in : std::max(axis.out, std::min(axis.in, 2 * axis.out));
}

}  // namespace

isopixel_status check_and_plan(const Method &method, const ResizeShape &shape, std::optional<Plan> *plan) {
    if (std::min({shape.in_height, shape.in_width, shape.channels, shape.out_height, shape.out_width}) < 1)
        return ISOPIXEL_BAD_SIZE;
    const int64_t in_row = product(shape.in_width, shape.channels, kMaxSamples);
    const int64_t out_row = product(shape.out_width, shape.channels, kMaxBytes);
    if (in_row < 0 || product(in_row, shape.in_height, kMaxSamples) < 0) return ISOPIXEL_TOO_LARGE;
    if (out_row < 0 || product(out_row, shape.out_height, kMaxBytes) < 0) return ISOPIXEL_TOO_LARGE;
    if (!current_kernels()) return ISOPIXEL_UNKNOWN_ISA;
    *plan = plan_resize(shape, method);
    return *plan ? ISOPIXEL_OK : is_frozen(method) ? ISOPIXEL_NOT_COVERED : ISOPIXEL_TOO_LARGE;
}

isopixel_status resize_images(const Plan &plan, int64_t images, const uint8_t *in, isopixel_strides in_strides,
                              uint8_t *out, isopixel_strides out_strides, int threads) {
    const ResizeShape &shape = plan.shape;
    // Each part is some rows of the results, counted through all images. (Their number fits, since the result does.)
    const int64_t rows = images * shape.out_height;
    const int64_t pixels = product(touched(plan.vertical), touched(plan.horizontal), kMaxSamples);
    const int64_t samples = product(pixels, images * shape.channels, kMaxSamples);
    // Frozen methods take whole images, and so does what is beyond the arithmetic of an axis.
    const int64_t unit = plan.engine == Engine::kFrozen || !plan.vertical.supported() ? shape.out_height : 1;
    const int64_t units = rows / unit;
    const int64_t parts = std::min<int64_t>({threads, units, parts_worth(samples, threads)});
    const auto resize_part = [&](int64_t part) {
        LentResizer resizer(plan);
        const int64_t end = part_begin(units, parts, part + 1) * unit;
        for (int64_t row = part_begin(units, parts, part) * unit, next; row < end; row = next) {
            const int64_t image = row / shape.out_height, first = row % shape.out_height;
            next = std::min(end, (image + 1) * shape.out_height);
            const bool whole = next - row == shape.out_height;
            const RowRange rows_in =
                whole ? RowRange{0, shape.in_height} : source_rows(plan, first, first + next - row);
            resizer->begin(out + image * out_strides.image, out_strides.row, first, first + next - row);
            resizer->push_rows(in + image * in_strides.image + rows_in.first * in_strides.row,
                               rows_in.end - rows_in.first, in_strides.row);
        }
        resizer.give_back();
        return ISOPIXEL_OK;
    };
    return guarded([&] {
        std::atomic<isopixel_status> status{ISOPIXEL_OK};
        run_in_threads(parts, [&](int64_t part) {
            if (const isopixel_status failure = guarded([&] { return resize_part(part); })) status = failure;
        });
        return status.load();
    });
}

isopixel_status normalize_images(const float *table, int64_t images, int64_t channels, isopixel_size size,
                                 const uint8_t *in, isopixel_sample_strides in_strides, float *out, int threads) {
    const int64_t pixels = size.height * size.width;
    // Each part is some rows, of all channels, counted through all images.
    const int64_t rows = images * size.height;
    const int64_t parts = std::min<int64_t>({threads, rows, parts_worth(images * channels * pixels, threads)});
    const auto normalize_part = [&](int64_t part) {
        const int64_t end = part_begin(rows, parts, part + 1);
        for (int64_t row = part_begin(rows, parts, part); row < end; ++row) {
            const int64_t image = row / size.height, y = row % size.height;
            const uint8_t *from = in + image * in_strides.image + y * in_strides.row;
            float *to = out + image * channels * pixels + y * size.width;
            for (int64_t c = 0; c < channels; ++c)
                look_up(table + 256 * c, from + c * in_strides.channel, in_strides.column, size.width, to + c * pixels);
        }
    };
    return guarded([&] {
        run_in_threads(parts, normalize_part);
        return ISOPIXEL_OK;
    });
}

}  // namespace isopixel
