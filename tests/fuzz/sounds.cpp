// SPDX-License-Identifier: MIT
// Files that begin as WAV files do, by layouts of sounds: whole, in pieces, as a recipe, and with each level decided in
// integers.
#include <algorithm>
#include <memory>

#include "cases.h"
#include "grammar.h"
#include "memory.h"
#include "sound/level_probe.h"

namespace {

// As isopixel.h promises: of tables, and while a sound comes.
constexpr int64_t kTables = 4 * kMiB, kScratch = 6 * kMiB;

// What the header says, of which the first bytes come in parts as long as are asked for.
isopixel_status info_of(const Bytes &file, isopixel_sound *sound) {
    char message[300];
    for (size_t n = 0;;) {
        Exact head(file.data(), n);
        const isopixel_status status = isopixel_wav_info(head.data(), n, file.size(), sound, message, sizeof message);
        REQUIRE((status == ISOPIXEL_BAD_SOUND) == (message[0] != 0));
        if (status != ISOPIXEL_INCOMPLETE) {
            REQUIRE(status == ISOPIXEL_OK || status == ISOPIXEL_BAD_SOUND);
            return status;
        }
        REQUIRE(sound->offset > n && sound->offset <= file.size());
        n = static_cast<size_t>(sound->offset);
    }
}

// The result in pieces of up to `most` bytes; empty where a sample is refused.
Bytes image_of(const std::string &layout, const isopixel_sound &sound, const Bytes &samples, const char *method,
               isopixel_size size, size_t most) {
    Exact out(static_cast<size_t>(size.height * size.width));
    isopixel_stream *stream;
    REQUIRE(isopixel_stream_begin_sound(&stream, layout.c_str(), &sound, method, size, out.data(),
                                        static_cast<ptrdiff_t>(size.width)) == ISOPIXEL_OK);
    isopixel_status status = ISOPIXEL_OK;
    for (size_t done = 0, part; done < samples.size() && status == ISOPIXEL_OK; done += part) {
        part = std::min(most, samples.size() - done);
        Exact piece(samples.data() + done, part);
        status = isopixel_stream_push(stream, piece.data(), part);
    }
    const uint8_t more = 0;
    if (status == ISOPIXEL_OK) REQUIRE(isopixel_stream_push(stream, &more, 1) == ISOPIXEL_TOO_MUCH);
    REQUIRE(isopixel_stream_finish(stream) == status);
    REQUIRE(status == ISOPIXEL_OK || status == ISOPIXEL_BAD_SOUND);
    return status == ISOPIXEL_OK ? out.copy() : Bytes();
}

}  // namespace

void fuzz_sound(Input &input) {
    const std::string layout = sound_layout_text(input);
    const bool resized = input.ConsumeBool();
    const char *method = resized ? pick_method(input) : "bilinear";
    isopixel_size size = {pick(input, 1, 40), pick(input, 1, 40)};
    const auto most = static_cast<size_t>(pick(input, 1, 70));
    const int64_t allocations = input.ConsumeBool() ? pick(input, 0, 60) : INT64_MAX;
    const std::string text = input.ConsumeRemainingBytesAsString();
    const Bytes file(text.begin(), text.end());

    isopixel_sound sound = {};
    const isopixel_status read = info_of(file, &sound);
    const std::string line =
        "isopixel 1: " + layout +
        (resized ? std::string(" | ") + method + " " + std::to_string(size.height) + "," + std::to_string(size.width)
                 : "");
    isopixel_recipe *recipe;
    if (isopixel_recipe_open(&recipe, line.c_str(), nullptr, 0) != ISOPIXEL_OK) return;
    char message[400];
    isopixel_result result;
    const isopixel_status status =
        isopixel_recipe_result_of_bytes(recipe, file.data(), file.size(), &result, message, sizeof message);
    REQUIRE((status == ISOPIXEL_BAD_SOUND) == (message[0] != 0));
    isopixel_size image;
    if (read == ISOPIXEL_OK) REQUIRE(isopixel_sound_size(layout.c_str(), &sound, &image, nullptr, 0) == status);
    else REQUIRE(status == ISOPIXEL_BAD_SOUND);
    if (status != ISOPIXEL_OK || result.bytes > kMiB || image.height * image.width > kMiB) {
        isopixel_recipe_close(recipe);
        return;
    }
    if (!resized) size = image;
    REQUIRE(result.size.height == size.height && result.size.width == size.width && result.channels == 1);
    Exact out(result.bytes);
    isopixel_status done;
    {
        MemoryLimit limit(kTables + kScratch + 2 * image.height * image.width + 4 * kMiB * resized, allocations);
        done = isopixel_recipe_run_bytes(recipe, file.data(), file.size(), out.data(), result.bytes, 1, message,
                                         sizeof message);
        REQUIRE(limit.taken() <= kTables + kKept);
        REQUIRE(done != ISOPIXEL_NO_MEMORY || limit.refused());
        REQUIRE(done != ISOPIXEL_NO_MEMORY || allocations != INT64_MAX);
    }
    isopixel_recipe_close(recipe);
    if (done == ISOPIXEL_NO_MEMORY || done == ISOPIXEL_NOT_COVERED || done == ISOPIXEL_TOO_LARGE) return;
    const Bytes samples(file.begin() + static_cast<ptrdiff_t>(sound.offset),
                        file.begin() + static_cast<ptrdiff_t>(sound.offset + sound.n_bytes));
    const Bytes expected = image_of(layout, sound, samples, method, size, samples.size());
    REQUIRE(done == (expected.empty() ? ISOPIXEL_BAD_SOUND : ISOPIXEL_OK));
    if (expected.empty()) return;
    REQUIRE(out.copy() == expected);
    REQUIRE(image_of(layout, sound, samples, method, size, most) == expected);
    isopixel::level_probe.forces_exact = true;
    const Bytes exact = image_of(layout, sound, samples, method, size, samples.size());
    isopixel::level_probe.forces_exact = false;
    REQUIRE(exact == expected);
}
