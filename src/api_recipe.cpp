// SPDX-License-Identifier: MIT
// The C interface of recipes. No exception leaves this file.
#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/copy_text.h"
#include "base/guarded.h"
#include "bytes/listing.h"
#include "isopixel.h"
#include "recipe/recipe.h"
#include "recipe/run.h"
#include "sound/samples.h"

using isopixel::copy_text;
using isopixel::guarded;
using isopixel::Recipe;
using isopixel::ResizeStep;
using isopixel::SourceKind;

// A recipe with its texts, which are asked for without failing.
struct isopixel_recipe {
    Recipe made;
    std::string line, layout;

    // Of a layout's image; null if it is not resized.
    const ResizeStep *resize() const {
        return made.layout() && !made.steps.empty() ? std::get_if<ResizeStep>(&made.steps[0]) : nullptr;
    }
};

namespace {

// Does `work`, which may say in *problem what is wrong.
template <class Work>
isopixel_status with_message(char *message, size_t capacity, Work work) {
    std::string problem;
    const isopixel_status status = guarded([&] { return work(&problem); });
    if (status != ISOPIXEL_OK) copy_text(problem, message, capacity);
    return status;
}

// The bytes that a recipe's layout is of, without `unknown`: those of a source, of the listing that it is, or of
// the samples of its sound.
struct SourceBytes {
    std::string layout;
    const uint8_t *data;
    uint64_t n;
    std::vector<uint8_t> listed;
    std::optional<isopixel_sound> sound;
};

isopixel_status read_source(const isopixel_recipe *recipe, const uint8_t *data, uint64_t n_bytes, SourceBytes *source,
                            std::string *problem) {
    const isopixel::Layout *layout = recipe->made.layout();
    if (!layout) return ISOPIXEL_WRONG_SOURCE;
    *source = {layout->of_bytes().text(), data, n_bytes, {}, {}};
    const bool is_sound = layout->is_of_sound(), is_listing = layout->is_of_listing();
    if ((is_sound || is_listing) && !data && n_bytes > 0) return ISOPIXEL_NULL;
    if (is_sound) {
        isopixel_sound &sound = source->sound.emplace();
        // All of the file is there: nothing more of its header can be asked for.
        const isopixel_status status = isopixel::read_wav(data, static_cast<size_t>(n_bytes), n_bytes, &sound, problem);
        source->data = data + sound.offset;
        source->n = sound.n_bytes;
        return status;
    }
    if (is_listing) {
        isopixel::ListingReader reader(layout->unknown());
        if (!reader.push(data, static_cast<size_t>(n_bytes), problem) || !reader.finish(problem))
            return ISOPIXEL_BAD_BYTES;
        source->listed = reader.take_bytes();
        source->data = source->listed.data();
        source->n = source->listed.size();
    }
    isopixel::Part part;
    if (part_of_bytes(*layout, source->n, &part, problem)) return ISOPIXEL_OK;
    return source->n == 0 ? ISOPIXEL_BAD_SIZE : ISOPIXEL_BAD_BYTES;
}

isopixel_status result_of(const isopixel_recipe *recipe, const SourceBytes &source, isopixel_result *result,
                          std::string *problem) {
    isopixel_size size;
    int64_t channels = 1;
    char message[300];
    const isopixel_status status =
        source.sound ? isopixel_sound_size(source.layout.c_str(), &*source.sound, &size, message, sizeof message)
                     : isopixel_layout_size(source.layout.c_str(), source.n, &size, &channels);
    if (source.sound) *problem = message;
    if (status != ISOPIXEL_OK) return status;
    return result_of_size(recipe->made, recipe->resize() ? isopixel_recipe_size(recipe) : size, channels, result);
}

isopixel_status run(const isopixel_recipe *recipe, const isopixel_image *image, SourceKind kind, void *out,
                    size_t bytes, int threads, char *message, size_t capacity) {
    copy_text("", message, capacity);
    if (!recipe || !image || !image->samples || !out) return ISOPIXEL_NULL;
    return with_message(message, capacity, [&](std::string *problem) {
        if (!recipe->made.image()) return ISOPIXEL_WRONG_SOURCE;
        isopixel_result result;
        std::vector<isopixel::Placement> placements;
        if (isopixel_status status =
                result_of_image(recipe->made, image->size, image->orientation, &placements, &result, problem))
            return status;
        if (threads < 1 || bytes != result.bytes) return ISOPIXEL_BAD_SIZE;
        return run_image(recipe->made, *image, kind, placements, out, threads, problem);
    });
}

}  // namespace

isopixel_status isopixel_recipe_open(isopixel_recipe **recipe, const char *line, char *message, size_t capacity) {
    copy_text("", message, capacity);
    if (!recipe) return ISOPIXEL_NULL;
    *recipe = nullptr;
    if (!line) return ISOPIXEL_NULL;
    return with_message(message, capacity, [&](std::string *problem) {
        auto opened = std::make_unique<isopixel_recipe>();
        if (!Recipe::parse(line, &opened->made, problem)) return ISOPIXEL_BAD_RECIPE;
        opened->line = opened->made.text();
        if (opened->made.layout()) opened->layout = opened->made.layout()->text();
        *recipe = opened.release();
        return ISOPIXEL_OK;
    });
}

void isopixel_recipe_close(isopixel_recipe *recipe) { delete recipe; }

const char *isopixel_recipe_line(const isopixel_recipe *recipe) { return recipe->line.c_str(); }

isopixel_source isopixel_recipe_source(const isopixel_recipe *recipe) {
    return recipe->made.layout() ? ISOPIXEL_BYTES : ISOPIXEL_IMAGE;
}

const char *isopixel_recipe_layout(const isopixel_recipe *recipe) {
    return recipe->made.layout() ? recipe->layout.c_str() : nullptr;
}

const char *isopixel_recipe_mode(const isopixel_recipe *recipe) {
    return recipe->made.image() ? recipe->made.image()->mode_name() : nullptr;
}

int64_t isopixel_recipe_channels(const isopixel_recipe *recipe) { return recipe->made.channels(); }

const char *isopixel_recipe_method(const isopixel_recipe *recipe) {
    if (!recipe->made.layout()) return nullptr;
    return recipe->resize() ? recipe->resize()->method->info.name : "bilinear";
}

isopixel_size isopixel_recipe_size(const isopixel_recipe *recipe) {
    return recipe->resize() ? isopixel_size{recipe->resize()->height, recipe->resize()->width} : isopixel_size{0, 0};
}

int isopixel_recipe_table(const isopixel_recipe *recipe, float *table) {
    if (!recipe->made.normalization) return 0;
    if (table) std::copy(recipe->made.table.begin(), recipe->made.table.end(), table);
    return 1;
}

isopixel_status isopixel_recipe_result_of_bytes(const isopixel_recipe *recipe, const uint8_t *data, uint64_t n_bytes,
                                                isopixel_result *result, char *message, size_t capacity) {
    copy_text("", message, capacity);
    if (!recipe || !result) return ISOPIXEL_NULL;
    return with_message(message, capacity, [&](std::string *problem) {
        SourceBytes source;
        if (isopixel_status status = read_source(recipe, data, n_bytes, &source, problem)) return status;
        return result_of(recipe, source, result, problem);
    });
}

isopixel_status isopixel_recipe_run_bytes(const isopixel_recipe *recipe, const uint8_t *data, uint64_t n_bytes,
                                          void *out, size_t bytes, int threads, char *message, size_t capacity) {
    copy_text("", message, capacity);
    if (!recipe || (!data && n_bytes > 0) || !out) return ISOPIXEL_NULL;
    return with_message(message, capacity, [&](std::string *problem) {
        SourceBytes source;
        if (isopixel_status status = read_source(recipe, data, n_bytes, &source, problem)) return status;
        isopixel_result result;
        if (isopixel_status status = result_of(recipe, source, &result, problem)) return status;
        if (threads < 1 || bytes != result.bytes) return ISOPIXEL_BAD_SIZE;
        const isopixel_size size = result.size;
        const int64_t row = size.width * result.channels;
        isopixel::Samples image = result.is_float ? isopixel::make_samples(size.height * row) : isopixel::Samples();
        auto *pixels = result.is_float ? image.get() : static_cast<uint8_t *>(out);
        isopixel_stream *stream;
        const char *layout = source.layout.c_str(), *method = isopixel_recipe_method(recipe);
        const auto stride = static_cast<ptrdiff_t>(row);
        isopixel_status status =
            source.sound ? isopixel_stream_begin_sound(&stream, layout, &*source.sound, method, size, pixels, stride)
                         : isopixel_stream_begin_bytes(&stream, layout, source.n, method, size, pixels, stride);
        if (status == ISOPIXEL_OK) status = isopixel_stream_push(stream, source.data, static_cast<size_t>(source.n));
        const isopixel_status finished = isopixel_stream_finish(stream);
        if (status == ISOPIXEL_OK) status = finished;
        if (status == ISOPIXEL_BAD_SOUND) *problem = "a sample is infinite, or not a number";
        if (status != ISOPIXEL_OK || !result.is_float) return status;
        const isopixel::ImageView view = isopixel::contiguous_view(pixels, size.height, size.width, result.channels);
        return normalize_view(recipe->made, view, static_cast<float *>(out), threads);
    });
}

isopixel_status isopixel_recipe_result(const isopixel_recipe *recipe, isopixel_size size, int orientation,
                                       isopixel_result *result, char *message, size_t capacity) {
    copy_text("", message, capacity);
    if (!recipe || !result) return ISOPIXEL_NULL;
    return with_message(message, capacity, [&](std::string *problem) {
        if (!recipe->made.image()) return ISOPIXEL_WRONG_SOURCE;
        std::vector<isopixel::Placement> placements;
        return result_of_image(recipe->made, size, orientation, &placements, result, problem);
    });
}

isopixel_status isopixel_recipe_run_image(const isopixel_recipe *recipe, const isopixel_image *image, void *out,
                                          size_t bytes, int threads, char *message, size_t capacity) {
    return run(recipe, image, SourceKind::kImage, out, bytes, threads, message, capacity);
}

isopixel_status isopixel_recipe_run_picture(const isopixel_recipe *recipe, const isopixel_image *picture, void *out,
                                            size_t bytes, int threads, char *message, size_t capacity) {
    return run(recipe, picture, SourceKind::kPicture, out, bytes, threads, message, capacity);
}

isopixel_status isopixel_recipe_place(const isopixel_recipe *recipe, isopixel_size size, int orientation, size_t step,
                                      isopixel_placement *placement, char *message, size_t capacity) {
    copy_text("", message, capacity);
    if (!recipe || !placement) return ISOPIXEL_NULL;
    return with_message(message, capacity, [&](std::string *problem) {
        if (!recipe->made.image()) return ISOPIXEL_WRONG_SOURCE;
        std::vector<isopixel::Placement> made;
        if (isopixel_status status = place_steps(recipe->made, size, orientation, &made, problem)) return status;
        if (step >= made.size()) return ISOPIXEL_BAD_SIZE;
        *placement = {{made[step].height, made[step].width}, made[step].top, made[step].left};
        return ISOPIXEL_OK;
    });
}
