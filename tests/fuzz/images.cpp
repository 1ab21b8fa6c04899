// SPDX-License-Identifier: MIT
// Recipes of images: any image or picture, in memory of exactly its size, at other strides, by the
// picture's way too, and with memory that ends.
#include <cstring>

#include "cases.h"
#include "memory.h"

namespace {

// An image and the memory that it is in, whose rows may lie in reverse order, with a gap.
struct Source {
    Source(Input &input, int64_t height, int64_t width, int64_t channels, int orientation)
        : pixels(samples(input, height * width * channels)),
          row(width * channels),
          memory(static_cast<size_t>(height * (row + 3))) {
        for (int64_t y = 0; y < height; ++y)
            std::copy_n(pixels.data() + y * row, row, memory.data() + (height - 1 - y) * (row + 3));
        dense = {pixels.data(), {height, width}, channels, {0, 1, static_cast<ptrdiff_t>(row), 0}, orientation};
        dense.strides.column = static_cast<ptrdiff_t>(channels);
        reversed = dense;
        reversed.samples = memory.data() + (height - 1) * (row + 3);
        reversed.strides.row = -static_cast<ptrdiff_t>(row + 3);
    }

    Bytes pixels;
    int64_t row;
    Exact memory;
    isopixel_image dense, reversed;
};

using Run = decltype(&isopixel_recipe_run_image);

isopixel_status result_of(Run run, const isopixel_recipe *recipe, const isopixel_image &image, int threads, Exact &out,
                          size_t bytes) {
    char message[300] = "a message";
    const isopixel_status status = run(recipe, &image, out.data(), bytes, threads, message, sizeof message);
    REQUIRE(status != ISOPIXEL_OK || message[0] == 0);
    return status;
}

void check_places(const isopixel_recipe *recipe, const isopixel_image &image, const isopixel_result &result) {
    isopixel_placement place = {};
    size_t step = 0;
    while (isopixel_recipe_place(recipe, image.size, image.orientation, step, &place, nullptr, 0) == ISOPIXEL_OK)
        ++step;
    REQUIRE(step <= 16);
    REQUIRE(step == 0 || (place.size.height == result.size.height && place.size.width == result.size.width));
}

}  // namespace

void run_recipe_on_image(const isopixel_recipe *recipe, Input &input) {
    // An input that ends with its line has an image that most recipes take.
    const int64_t channels = pick(input, 0, 3) < 3 ? isopixel_recipe_channels(recipe) : pick(input, 1, 5);
    const int64_t height = 40 - pick(input, 0, 39), width = 33 - pick(input, 0, 32), turned = pick(input, 0, 9);
    const Source source(input, height, width, channels, turned == 9 ? -1 : static_cast<int>(turned));
    const isopixel_image &image = source.dense;
    const int threads = pick_threads(input);
    const int64_t allocations = 40 - pick(input, 0, 40);
    isopixel_result result;
    char message[300];
    isopixel_status status =
        isopixel_recipe_result(recipe, image.size, image.orientation, &result, message, sizeof message);
    REQUIRE(status == ISOPIXEL_OK || status == ISOPIXEL_BAD_IMAGE || status == ISOPIXEL_TOO_LARGE);
    REQUIRE((status == ISOPIXEL_OK) == (message[0] == 0));
    if (status != ISOPIXEL_OK) return;
    check_places(recipe, image, result);
    const size_t n = result.bytes;
    Exact made(n), reversed(n), starved(n), of_picture(n);
    for (Exact *out : {&made, &reversed, &starved, &of_picture}) out->forget();
    status = result_of(isopixel_recipe_run_image, recipe, image, threads, made, n);
    REQUIRE(status == ISOPIXEL_OK || status == ISOPIXEL_BAD_IMAGE || status == ISOPIXEL_NOT_COVERED ||
            status == ISOPIXEL_TOO_LARGE);
    REQUIRE(result_of(isopixel_recipe_run_image, recipe, source.reversed, 1, reversed, n) == status);
    REQUIRE(status != ISOPIXEL_OK || made.copy() == reversed.copy());
    isopixel_status without_memory;
    {
        MemoryLimit limit(64 * kMiB, allocations);
        without_memory = result_of(isopixel_recipe_run_image, recipe, image, 1, starved, n);
        REQUIRE(without_memory == status || (limit.refused() && without_memory == ISOPIXEL_NO_MEMORY));
        REQUIRE(limit.taken() <= kKept);
    }
    REQUIRE(without_memory != ISOPIXEL_OK || made.copy() == starved.copy());
    const isopixel_status pictured = result_of(isopixel_recipe_run_picture, recipe, image, threads, of_picture, n);
    if (channels > 4) {
        REQUIRE(pictured == ISOPIXEL_BAD_IMAGE);
        return;
    }
    REQUIRE(pictured != ISOPIXEL_NULL && pictured != ISOPIXEL_WRONG_SOURCE && pictured != ISOPIXEL_BAD_SIZE);
    const bool is_same = channels != 2 && std::strcmp(isopixel_recipe_mode(recipe), "bgr") != 0;
    REQUIRE(status != ISOPIXEL_OK || !is_same || (pictured == ISOPIXEL_OK && made.copy() == of_picture.copy()));
}
