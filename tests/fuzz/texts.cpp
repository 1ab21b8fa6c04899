// SPDX-License-Identifier: MIT
// Any text as a layout, a recipe, a listing, and the name of a method or an instruction set.
#include <cstring>
#include <functional>
#include <memory>
#include <utility>

#include "cases.h"
#include "grammar.h"
#include "memory.h"

namespace {

struct Close {
    void operator()(isopixel_recipe *recipe) const { isopixel_recipe_close(recipe); }
};
using RecipeHandle = std::unique_ptr<isopixel_recipe, Close>;

// A reader of texts that writes `capacity` bytes at most: the canonical text, or what is wrong.
using Reader = std::function<isopixel_status(const char *text, char *canonical, size_t capacity)>;

// Returns whether the text is one; *canonical is then its canonical text.
bool read(const Reader &reader, const std::string &text, isopixel_status refusal, size_t capacity,
          std::string *canonical) {
    std::vector<char> whole(text.size() + 1000);
    const isopixel_status status = reader(text.c_str(), whole.data(), whole.size());
    REQUIRE(status == ISOPIXEL_OK || status == refusal);
    REQUIRE(std::memchr(whole.data(), 0, whole.size()));
    *canonical = whole.data();
    REQUIRE(!canonical->empty());

    Exact part(capacity);
    REQUIRE(reader(text.c_str(), reinterpret_cast<char *>(part.data()), capacity) == status);
    const size_t n = std::min(canonical->size(), capacity - (capacity > 0));
    REQUIRE(capacity == 0 || part.data()[n] == 0);
    REQUIRE(std::memcmp(part.data(), canonical->data(), n) == 0);
    if (status != ISOPIXEL_OK) return false;

    REQUIRE(reader(text.c_str(), nullptr, 0) == ISOPIXEL_OK);
    std::vector<char> again(1000);
    REQUIRE(reader(canonical->c_str(), again.data(), again.size()) == ISOPIXEL_OK);
    REQUIRE(*canonical == again.data());
    return true;
}

bool is_of_sound(const char *layout) { return std::strncmp(layout, "log", 3) == 0; }

bool is_of_listing(const char *layout) { return std::strstr(layout, ",unknown=") != nullptr; }

void layout(const std::string &text, size_t capacity) {
    std::string canonical;
    if (!read(isopixel_layout_parse, text, ISOPIXEL_BAD_LAYOUT, capacity, &canonical)) return;
    REQUIRE(canonical.size() < 200);
    for (uint64_t n = 1; n <= UINT64_MAX / 8; n *= 7) {
        isopixel_size size = {-1, -1}, same = {-1, -1};
        int64_t channels = -1, same_channels = -1;
        const isopixel_status status = isopixel_layout_size(text.c_str(), n, &size, &channels);
        REQUIRE(isopixel_layout_size(canonical.c_str(), n, &same, &same_channels) == status);
        REQUIRE(same.height == size.height && same.width == size.width && same_channels == channels);
        if (status == ISOPIXEL_OK) REQUIRE(size.height > 0 && size.width > 0 && (channels == 1 || channels == 3));
        else
            REQUIRE((status == ISOPIXEL_NO_ROWS || status == ISOPIXEL_TOO_LARGE || status == ISOPIXEL_BAD_BYTES ||
                     (status == ISOPIXEL_LISTING && is_of_listing(canonical.c_str())) ||
                     (status == ISOPIXEL_SOUND && is_of_sound(canonical.c_str()))) &&
                    size.height == -1 && channels == -1);
    }
}

// As a Reader; *opened, if it is not null, becomes the recipe.
isopixel_status read_recipe(const char *line, char *canonical, size_t capacity, RecipeHandle *opened) {
    isopixel_recipe *recipe;
    const isopixel_status status = isopixel_recipe_open(&recipe, line, canonical, capacity);
    REQUIRE((status == ISOPIXEL_OK) == (recipe != nullptr));
    RecipeHandle handle(recipe);
    if (recipe && canonical && capacity > 0) {
        REQUIRE(canonical[0] == 0);
        std::snprintf(canonical, capacity, "%s", isopixel_recipe_line(recipe));
    }
    if (opened) *opened = std::move(handle);
    return status;
}

// At once, and by the functions that a host calls for pieces.
void run_recipe_on_bytes(const isopixel_recipe *recipe, const Bytes &bytes) {
    const char *layout = isopixel_recipe_layout(recipe);
    Exact source(bytes.data(), bytes.size());
    char message[400];
    isopixel_result result;
    const isopixel_status status =
        isopixel_recipe_result_of_bytes(recipe, source.data(), bytes.size(), &result, message, sizeof message);
    REQUIRE(status == ISOPIXEL_OK || status == ISOPIXEL_NO_ROWS || status == ISOPIXEL_TOO_LARGE ||
            status == ISOPIXEL_BAD_BYTES || (status == ISOPIXEL_BAD_SIZE && is_of_listing(layout)) ||
            (status == ISOPIXEL_BAD_SOUND && is_of_sound(layout)));
    REQUIRE((status == ISOPIXEL_BAD_BYTES || status == ISOPIXEL_BAD_SIZE || status == ISOPIXEL_BAD_SOUND) ==
            (message[0] != 0));
    if (status != ISOPIXEL_OK || result.bytes > kMiB) return;
    Exact out(result.bytes);
    isopixel_status done;
    {
        MemoryLimit limit(64 * kMiB);  // rows may be of any width
        done = isopixel_recipe_run_bytes(recipe, source.data(), bytes.size(), out.data(), result.bytes, 1, message,
                                         sizeof message);
    }
    REQUIRE(done == ISOPIXEL_OK || done == ISOPIXEL_NO_MEMORY || done == ISOPIXEL_NOT_COVERED ||
            done == ISOPIXEL_TOO_LARGE);
    if (done != ISOPIXEL_OK || result.is_float) return;
    Exact streamed(result.bytes);
    isopixel_stream *stream;
    const auto row = static_cast<ptrdiff_t>(result.size.width * result.channels);
    const isopixel_status begun = isopixel_stream_begin_bytes(
        &stream, layout, bytes.size(), isopixel_recipe_method(recipe), result.size, streamed.data(), row);
    REQUIRE(begun == (is_of_listing(layout) ? ISOPIXEL_LISTING : ISOPIXEL_OK));
    if (begun != ISOPIXEL_OK) return;
    for (const uint8_t &byte : bytes) REQUIRE(isopixel_stream_push(stream, &byte, 1) == ISOPIXEL_OK);
    REQUIRE(isopixel_stream_finish(stream) == ISOPIXEL_OK);
    REQUIRE(out.copy() == streamed.copy());
}

void recipe(const std::string &line, size_t capacity, Input &input) {
    RecipeHandle opened;
    const Reader reader = [&](const char *text, char *canonical, size_t n) {
        return read_recipe(text, canonical, n, &opened);
    };
    std::string canonical;
    if (!read(reader, line, ISOPIXEL_BAD_RECIPE, capacity, &canonical)) return;
    const isopixel_recipe *recipe = opened.get();
    std::vector<float> table(static_cast<size_t>(256 * isopixel_recipe_channels(recipe)));
    isopixel_recipe_table(recipe, table.data());
    if (isopixel_recipe_source(recipe) == ISOPIXEL_IMAGE) {
        REQUIRE(!isopixel_recipe_layout(recipe) && !isopixel_recipe_method(recipe));
        return run_recipe_on_image(recipe, input);
    }
    char text[200];
    const char *layout = isopixel_recipe_layout(recipe), *method = isopixel_recipe_method(recipe);
    REQUIRE(isopixel_layout_parse(layout, text, sizeof text) == ISOPIXEL_OK);
    REQUIRE(std::strcmp(text, layout) == 0);
    const isopixel_size size = isopixel_recipe_size(recipe);
    REQUIRE((size.height > 0) == (size.width > 0) && isopixel_method_info(method));
    run_recipe_on_bytes(recipe, samples(input, pick(input, 1, 400)));
}

void name(const std::string &text) {
    const uint8_t in = 7;
    uint8_t out = kGuard;
    const isopixel_status status = isopixel_resize(text.c_str(), 1, 1, {1, 1}, &in, {0, 0}, {1, 1}, &out, {0, 0}, 1);
    REQUIRE(status == ISOPIXEL_UNKNOWN_METHOD || status == ISOPIXEL_OK || status == ISOPIXEL_NOT_COVERED);
    REQUIRE(out == (status == ISOPIXEL_OK ? in : kGuard));
    const std::string isa = isopixel_get_isa();
    if (isopixel_set_isa(text.c_str()) == ISOPIXEL_OK) REQUIRE(std::strcmp(text.c_str(), isopixel_get_isa()) == 0);
    else REQUIRE(isa == isopixel_get_isa());
}

}  // namespace

void fuzz_listing(Input &input) {
    const std::string text = input.ConsumeRemainingBytesAsString();
    for (const char *layout :
         {"line,unknown=drop", "bigram,unknown=255", "fixed,width=3,offset=2,length=7,unknown=0"}) {
        RecipeHandle recipe;
        REQUIRE(read_recipe(("isopixel 1: " + std::string(layout)).c_str(), nullptr, 0, &recipe) == ISOPIXEL_OK);
        run_recipe_on_bytes(recipe.get(), Bytes(text.begin(), text.end()));
    }
}

void fuzz_texts(Input &input) {
    const int64_t kind = pick(input, 0, 3);
    const auto capacity = static_cast<size_t>(pick(input, 0, 300));
    const int64_t allocations = input.ConsumeBool() ? pick(input, 0, 40) : INT64_MAX;
    const std::string text = input.ConsumeBool() || kind == 2 ? input.ConsumeRemainingBytesAsString()
                             : kind == 0                      ? layout_text(input)
                                                              : recipe_text(input);
    {
        // Without memory, nothing but that, and an empty message.
        char message[10] = "a message";
        MemoryLimit limit(kMiB, allocations);
        const isopixel_status status = kind == 0 ? isopixel_layout_parse(text.c_str(), message, sizeof message)
                                                 : read_recipe(text.c_str(), message, sizeof message, nullptr);
        REQUIRE(!limit.refused() || status == ISOPIXEL_NO_MEMORY);
        REQUIRE(status != ISOPIXEL_NO_MEMORY || message[0] == 0);
        if (kind == 2) REQUIRE(isopixel_set_isa(text.c_str()) != ISOPIXEL_NULL);
        REQUIRE(limit.taken() == 0);
    }
    if (kind == 0) layout(text, capacity);
    else if (kind == 2) name(text);
    else recipe(text, capacity, input);
}
