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

bool is(const uint8_t *bytes, const char *name) { return std::memcmp(bytes, name, 4) == 0; }

isopixel_status bad(std::string *problem, const std::string &what) { return refuse(problem, what), ISOPIXEL_BAD_SOUND; }

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

size_t WavHeader::needed() const {
    const uint64_t most = part_ == Part::kFile    ? std::min<uint64_t>(12, n_bytes_)
                          : part_ == Part::kChunk ? 8
                                                  : std::min<uint64_t>(length_, 40);
    return static_cast<size_t>(most);
}

isopixel_status WavHeader::take(const uint8_t *bytes, isopixel_sound *sound, std::string *problem) {
    if (part_ == Part::kChunk) return take_chunk(bytes, sound, problem);
    if (part_ == Part::kFormat)
        return read_format(bytes, length_, &found_, problem) ? skip(problem) : ISOPIXEL_BAD_SOUND;
    if (n_bytes_ >= 12 && (is(bytes, "RF64") || is(bytes, "BW64")))
        return bad(problem,
                   "it is an RF64 file, whose lengths of 64 bits are not read: convert it, or cut it below 4 GiB");
    if (n_bytes_ < 12 || !is(bytes, "RIFF") || !is(bytes + 8, "WAVE"))
        return bad(problem, "it is no WAV file: it does not begin with RIFF and WAVE");
    length_ = 12;
    return skip(problem);
}

// Goes to the chunk behind what has the length.
isopixel_status WavHeader::skip(std::string *problem) {
    at_ += length_ + length_ % 2;
    part_ = Part::kChunk;
    if (at_ + 8 <= n_bytes_) return ISOPIXEL_INCOMPLETE;
    return bad(problem, is_data_first_         ? "its data comes before its fmt"
                        : found_.channels == 0 ? "it has no fmt"
                                               : "it has no data");
}

isopixel_status WavHeader::take_chunk(const uint8_t *bytes, isopixel_sound *sound, std::string *problem) {
    const bool has_format = found_.channels > 0, is_data = is(bytes, "data");
    length_ = number_at(bytes + 4, 4);
    at_ += 8;
    if (is_data && has_format && length_ == UINT32_MAX) length_ = n_bytes_ - at_;
    if (is_data && !has_format) is_data_first_ = true;
    if (length_ > n_bytes_ - at_)
        return bad(problem, "it is cut off: a chunk has " + std::to_string(length_) + " bytes, and " +
                                std::to_string(n_bytes_ - at_) + " follow");
    if (!has_format && is(bytes, "fmt ")) {
        part_ = Part::kFormat;
        return ISOPIXEL_INCOMPLETE;
    }
    if (!is_data || !has_format) return skip(problem);
    if (length_ == 0) return bad(problem, "it has no samples");
    if (length_ % block_of(found_) != 0)
        return bad(problem, "its data ends with a part of a sample: " + std::to_string(length_) + " bytes, of " +
                                std::to_string(block_of(found_)) + " each");
    *sound = found_;
    sound->offset = at_;
    sound->n_bytes = length_;
    return ISOPIXEL_OK;
}

isopixel_status WavReader::push(const uint8_t *bytes, size_t n, isopixel_sound *sound, std::string *problem) {
    const uint64_t begin = end_;
    end_ += n;
    while (problem_.empty()) {
        const uint64_t from = header_.at() + part_.size(), to = header_.at() + header_.needed();
        if (from < end_) part_.insert(part_.end(), bytes + (from - begin), bytes + (std::min(to, end_) - begin));
        if (part_.size() < header_.needed()) return ISOPIXEL_INCOMPLETE;
        const isopixel_status status = header_.take(part_.data(), sound, &problem_);
        if (status == ISOPIXEL_OK) return status;
        part_.clear();
    }
    *problem = problem_;
    return ISOPIXEL_BAD_SOUND;
}

isopixel_status read_wav(const uint8_t *head, size_t n, uint64_t n_bytes, isopixel_sound *sound, std::string *problem) {
    WavHeader header(n_bytes);
    isopixel_status status = ISOPIXEL_INCOMPLETE;
    while (status == ISOPIXEL_INCOMPLETE) {
        const uint64_t end = header.at() + header.needed();
        if (end > n) {
            *sound = {};
            sound->offset = end;
            return status;
        }
        status = header.take(head + header.at(), sound, problem);
    }
    return status;
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
