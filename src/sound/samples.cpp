// SPDX-License-Identifier: MIT
#include "sound/samples.h"

#include <algorithm>
#include <cstring>

#include "base/text.h"

namespace isopixel {
namespace {

constexpr int32_t kFull = 1 << 23;

uint64_t number_at(const uint8_t *bytes, size_t n) {
    uint64_t value = 0;
    for (size_t i = n; i-- > 0;) value = value << 8 | bytes[i];
    return value;
}

struct Reader8 {
    static constexpr size_t kBytes = 1;
    bool operator()(const uint8_t *at, int32_t *sample) const { return *sample = 256 * (*at - 128), true; }
};

struct Reader16 {
    static constexpr size_t kBytes = 2;
    bool operator()(const uint8_t *at, int32_t *sample) const {
        return *sample = static_cast<int16_t>(at[0] | at[1] << 8), true;
    }
};

struct Reader24 {
    static constexpr size_t kBytes = 3;
    bool operator()(const uint8_t *at, int32_t *sample) const {
        return *sample = (at[0] | at[1] << 8 | at[2] << 16) - (at[2] >> 7) * 2 * kFull, true;
    }
};

struct Reader32 {
    static constexpr size_t kBytes = 4;
    bool operator()(const uint8_t *at, int32_t *sample) const {
        const auto value = static_cast<int32_t>(static_cast<uint32_t>(number_at(at, 4)));
        // ⌊(v + 128) / 256⌋, without a shift of what is below 0
        return *sample = static_cast<int32_t>(((int64_t{value} + 128 + (int64_t{1} << 32)) >> 8) - (1 << 24)), true;
    }
};

// Floats of IEEE 754, in integers: 2^23·|v| = fraction·2^power.
template <size_t kSize, int kFractionBits, int kExponentBits>
struct FloatReader {
    static constexpr size_t kBytes = kSize;
    bool operator()(const uint8_t *at, int32_t *sample) const {
        constexpr int kMostExponent = (1 << kExponentBits) - 1;
        const uint64_t bits = number_at(at, kSize);
        const int exponent = static_cast<int>(bits >> kFractionBits) & kMostExponent;
        if (exponent == kMostExponent) return false;
        const uint64_t hidden = uint64_t{1} << kFractionBits;
        const uint64_t fraction = (bits & (hidden - 1)) + (exponent > 0 ? hidden : 0);
        const int power = std::max(exponent, 1) - kMostExponent / 2 - kFractionBits + 23;
        const bool is_negative = bits >> (8 * kSize - 1);
        const int64_t magnitude = rounded(fraction, power, is_negative);
        *sample = static_cast<int32_t>(is_negative ? -magnitude : magnitude);
        return true;
    }

    // The magnitude of ⌊±fraction·2^power + 1/2⌋: halves go up, and so towards 0 if the number is negative.
    static int64_t rounded(uint64_t fraction, int power, bool is_negative) {
        if (power >= 0) return kFull;              // a normal number: fraction >= 2^23
        if (power < -kFractionBits - 1) return 0;  // below 1/2
        const uint64_t half = uint64_t{1} << (-power - 1);
        return static_cast<int64_t>(std::min<uint64_t>(kFull, (fraction + half - is_negative) >> -power));
    }
};

template <class Reader>
bool read(Reader reader, size_t channels, int64_t channel, const uint8_t *blocks, size_t n, int32_t *samples) {
    if (channels == 1) {  // as below, in a loop that compilers find vectors for
        bool are_numbers = true;
        for (size_t i = 0; i < n; ++i) are_numbers &= reader(blocks + i * Reader::kBytes, &samples[i]);
        return are_numbers;
    }
    bool are_numbers = true;
    for (size_t i = 0; i < n; ++i) {
        int32_t sum = 0;
        for (size_t c = 1; c <= channels; ++c, blocks += Reader::kBytes) {
            int32_t sample = 0;
            are_numbers &= reader(blocks, &sample);
            if (channel == 0 || c == static_cast<size_t>(channel)) sum += sample;
        }
        samples[i] = sum;
    }
    return are_numbers;
}

// The bytes of a header, of which not all may have come.
struct Head {
    const uint8_t *bytes;
    size_t n;

    bool is(uint64_t at, const char *name) const { return std::memcmp(bytes + at, name, 4) == 0; }
};

std::string name_of_format(uint64_t tag) {
    switch (tag) {
        case 2:
        case 0x11:
            return " (ADPCM)";
        case 6:
        case 7:
            return " (A-law or µ-law)";
        case 0x50:
        case 0x55:
            return " (MPEG)";
        default:
            return "";
    }
}

// the content of `fmt `, of n bytes.
bool read_format(const uint8_t *content, uint64_t n, isopixel_sound *sound, std::string *problem) {
    static const uint8_t kSubformat[] = {0, 0, 0, 0, 0x10, 0, 0x80, 0, 0, 0xAA, 0, 0x38, 0x9B, 0x71};
    if (n < 16) return refuse(problem, "its fmt has " + std::to_string(n) + " bytes, not 16 or more");
    uint64_t tag = number_at(content, 2);
    if (tag == 0xFFFE) {
        if (n < 40 || std::memcmp(content + 26, kSubformat, sizeof kSubformat) != 0)
            return refuse(problem, "its extensible format is not one of integers or floats");
        tag = number_at(content + 24, 2);
    }
    if (tag != 1 && tag != 3)
        return refuse(problem, "its format is " + std::to_string(tag) + name_of_format(tag) +
                                   ", and only 1 (PCM) and 3 (float) are read: decode it to PCM");
    *sound = {static_cast<int64_t>(number_at(content + 4, 4)),
              static_cast<int>(number_at(content + 2, 2)),
              static_cast<int>(number_at(content + 14, 2)),
              tag == 3,
              0,
              0};
    if (!check_sound(*sound, problem)) return false;
    const uint64_t block = number_at(content + 12, 2);
    if (block == block_of(*sound)) return true;
    return refuse(problem, "its block is " + std::to_string(block) + " bytes, and its samples have " +
                               std::to_string(block_of(*sound)));
}

}  // namespace

bool check_sound(const isopixel_sound &sound, std::string *problem) {
    if (sound.channels < 1 || sound.channels > kMostSoundChannels)
        return refuse(problem, "it has " + std::to_string(sound.channels) + " channels, and 1 to 8 are read");
    const bool is_read = sound.is_float ? sound.bits == 32 || sound.bits == 64
                                        : sound.bits > 0 && sound.bits <= 32 && sound.bits % 8 == 0;
    if (!is_read)
        return refuse(problem, "its samples have " + std::to_string(sound.bits) +
                                   (sound.is_float ? " bits, and floats of 32 or 64 are read"
                                                   : " bits, and integers of 8, 16, 24 or 32 are read"));
    return true;
}

isopixel_status read_wav(const uint8_t *head, size_t n, uint64_t n_bytes, isopixel_sound *sound, std::string *problem) {
    const Head file = {head, n};
    const auto bad = [&](const std::string &what) { return refuse(problem, what), ISOPIXEL_BAD_SOUND; };
    const auto wanted = [&](uint64_t bytes) {
        if (bytes > n_bytes) return bad("it ends within its header");
        *sound = {};
        sound->offset = bytes;
        return ISOPIXEL_INCOMPLETE;
    };
    if (n < 12) return n_bytes < 12 ? bad("it is no WAV file: it does not begin with RIFF and WAVE") : wanted(12);
    if (file.is(0, "RF64") || file.is(0, "BW64"))
        return bad("it is an RF64 file, whose lengths of 64 bits are not read: convert it, or cut it below 4 GiB");
    if (!file.is(0, "RIFF") || !file.is(8, "WAVE"))
        return bad("it is no WAV file: it does not begin with RIFF and WAVE");
    isopixel_sound found = {};
    bool is_data_first = false;
    for (uint64_t at = 12;;) {
        if (at + 8 > n_bytes)
            return bad(is_data_first         ? "its data comes before its fmt"
                       : found.channels == 0 ? "it has no fmt"
                                             : "it has no data");
        if (at + 8 > n) return wanted(at + 8);
        const bool is_format = file.is(at, "fmt ") && found.channels == 0;
        const bool is_data = file.is(at, "data") && found.channels > 0;
        uint64_t length = number_at(head + at + 4, 4);
        if (file.is(at, "data") && !is_data) is_data_first = true;
        at += 8;
        if (is_data && length == UINT32_MAX) length = n_bytes - at;
        if (length > n_bytes - at)
            return bad("it is cut off: a chunk has " + std::to_string(length) + " bytes, and " +
                       std::to_string(n_bytes - at) + " follow");
        if (is_data) {
            found.offset = at;
            found.n_bytes = length;
            break;
        }
        if (is_format) {
            if (at + std::min<uint64_t>(length, 40) > n) return wanted(at + std::min<uint64_t>(length, 40));
            if (!read_format(head + at, length, &found, problem)) return ISOPIXEL_BAD_SOUND;
        }
        at += length + length % 2;
    }
    if (found.n_bytes == 0) return bad("it has no samples");
    if (found.n_bytes % block_of(found) != 0)
        return bad("its data ends with a part of a sample: " + std::to_string(found.n_bytes) + " bytes, of " +
                   std::to_string(block_of(found)) + " each");
    *sound = found;
    return ISOPIXEL_OK;
}

bool read_samples(const isopixel_sound &sound, int64_t channel, const uint8_t *blocks, size_t n, int32_t *samples) {
    const auto with = [&](auto reader) {
        return read(reader, static_cast<size_t>(sound.channels), channel, blocks, n, samples);
    };
    if (sound.is_float) return sound.bits == 32 ? with(FloatReader<4, 23, 8>()) : with(FloatReader<8, 52, 11>());
    switch (sound.bits) {
        case 8:
            return with(Reader8());
        case 16:
            return with(Reader16());
        case 24:
            return with(Reader24());
        default:
            return with(Reader32());
    }
}

}  // namespace isopixel
