// SPDX-License-Identifier: MIT
// The module of what reads files: pictures, sounds and listings. It resizes nothing.
#include <memory>
#include <string>
#include <vector>

#include "base/copy_text.h"
#include "bytes/layout.h"
#include "bytes/listing.h"
#include "host.h"
#include "pictures/orientation.h"
#include "sound/columns.h"
#include "sound/samples.h"
#include "sound/spectrogram.h"

// --- Pictures ---

// To numbers(): height, width, channels, orientation.
EXPORT(jpeg_info) int32_t jpeg_info(const uint8_t *file, size_t n) {
    isopixel_size size;
    int64_t channels;
    int orientation;
    const isopixel_status status = isopixel_jpeg_info(file, n, &size, &channels, &orientation, sentence, kMostSaid);
    if (status == ISOPIXEL_OK)
        give_numbers({number(size.height), number(size.width), number(channels), number(orientation)});
    return result(status);
}

EXPORT(jpeg_decode) int32_t jpeg_decode(const uint8_t *file, size_t n, uint8_t *out, size_t bytes) {
    return result(isopixel_jpeg_decode(file, n, out, bytes, sentence, kMostSaid));
}

// How a picture is turned by the Exif data of a PNG (SPEC R-51): 1 to 8, or -1 if programs disagree.
EXPORT(exif_orientation) int exif_orientation(const uint8_t *tiff, size_t n) {
    return isopixel::exif_orientation({tiff, tiff + n});
}

// --- Sounds ---

EXPORT(wav_begin) isopixel::WavReader *wav_begin(double n_bytes) { return new isopixel::WavReader(count(n_bytes)); }

// The address of what the WAV file says, whose next bytes these are; null while they are too few. To numbers(): where
// the samples begin, and how many bytes they are.
EXPORT(wav_push) int32_t wav_push(isopixel::WavReader *reader, const uint8_t *bytes, size_t n) {
    static isopixel_sound sound;
    std::string problem;
    const isopixel_status status = reader->push(bytes, n, &sound, &problem);
    isopixel::copy_text(problem, sentence, kMostSaid);
    if (status == ISOPIXEL_INCOMPLETE) return 0;
    if (status == ISOPIXEL_OK) give_numbers({static_cast<double>(sound.offset), static_cast<double>(sound.n_bytes)});
    return result(status, &sound);
}

// To numbers(): height, width.
EXPORT(sound_size) int32_t sound_size(const char *layout, const isopixel_sound *sound) {
    isopixel_size size;
    const isopixel_status status = isopixel_sound_size(layout, sound, &size, sentence, kMostSaid);
    if (status == ISOPIXEL_OK) give_numbers({number(size.height), number(size.width)});
    return result(status);
}

namespace {

// A sound's image in the making, without a resize.
struct SoundStream {
    isopixel::Columns columns;
    isopixel::Spectrogram spectrogram;

    SoundStream(const isopixel::SoundSettings &settings, const isopixel_sound &sound, uint8_t *out, double width)
        : columns(settings.rows(), out, static_cast<ptrdiff_t>(width)), spectrogram(settings, sound, &columns) {}
};

}  // namespace

// The stream of a sound whose image sound_size has accepted; `out` has room for that.
EXPORT(sound_begin)
SoundStream *sound_begin(const char *layout, const isopixel_sound *sound, uint8_t *out, double width) {
    isopixel::Layout parsed;
    std::string problem;
    isopixel::Layout::parse(layout, &parsed, &problem);
    return new SoundStream(parsed.sound(), *sound, out, width);
}

EXPORT(sound_push) int32_t sound_push(SoundStream *stream, const uint8_t *bytes, size_t n) {
    if (stream->spectrogram.push(bytes, n)) return result(ISOPIXEL_OK);
    isopixel::copy_text("a sample is infinite, or not a number", sentence, kMostSaid);
    return result(ISOPIXEL_BAD_SOUND);
}

EXPORT(sound_finish) void sound_finish(SoundStream *stream) {
    stream->spectrogram.finish();
    delete stream;
}

// --- Listings (SPEC R-17) ---

EXPORT(listing_begin) isopixel::ListingReader *listing_begin(int unknown) {
    return new isopixel::ListingReader(unknown);
}

EXPORT(listing_push) int32_t listing_push(isopixel::ListingReader *reader, const uint8_t *text, size_t n) {
    std::string problem;
    const bool is_listing = reader->push(text, n, &problem);
    isopixel::copy_text(problem, sentence, kMostSaid);
    return result(is_listing ? ISOPIXEL_OK : ISOPIXEL_BAD_BYTES);
}

// The address of the bytes, which stay until the next call; numbers() has how many.
EXPORT(listing_finish) int32_t listing_finish(isopixel::ListingReader *reader) {
    static std::vector<uint8_t> bytes;
    std::string problem;
    const bool is_listing = reader->finish(&problem);
    isopixel::copy_text(problem, sentence, kMostSaid);
    bytes = reader->take_bytes();
    delete reader;
    give_numbers({static_cast<double>(bytes.size())});
    return result(is_listing ? ISOPIXEL_OK : ISOPIXEL_BAD_BYTES, bytes.data());
}
