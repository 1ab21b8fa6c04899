// SPDX-License-Identifier: MIT
#include "pictures/jpeg_markers.h"

#include <algorithm>
#include <cstring>

#include "base/sizes.h"

namespace isopixel {

const uint8_t kZigzag[kBlock] = {0,  1,  8,  16, 9,  2,  3,  10, 17, 24, 32, 25, 18, 11, 4,  5,  12, 19, 26, 33, 40, 48,
                                 41, 34, 27, 20, 13, 6,  7,  14, 21, 28, 35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23,
                                 30, 37, 44, 51, 58, 59, 52, 45, 38, 31, 39, 46, 53, 60, 61, 54, 47, 55, 62, 63};

namespace {

constexpr int64_t kMostSide = 65500;

int64_t number_at(const uint8_t *p) { return p[0] << 8 | p[1]; }

Fault unknown_marker(int marker) {
    if (marker >= 0xC3 && marker <= 0xCF) return unusual("has arithmetic coding, or is lossless or hierarchical");
    if (marker == kSoi) return broken("has a second picture within the first one");
    return broken("has a marker that does not belong there");
}

}  // namespace

bool ByteRange::starts_with(const char *text, size_t n) const { return size() >= n && !std::memcmp(begin, text, n); }

Fault MarkerReader::begin() {
    if (end_ - at_ < 2 || at_[0] != 0xFF || at_[1] != kSoi) return broken("does not begin with ff d8");
    at_ += 2;
    return {};
}

Fault MarkerReader::next(int *marker, ByteRange *content) {
    if (at_ < end_ && *at_ != 0xFF) return broken("has other bytes where a marker has to be");
    while (at_ < end_ && *at_ == 0xFF) ++at_;
    if (at_ == end_) return cut_short("ends before its end marker");
    *marker = *at_++;
    *content = {at_, at_};
    if (*marker == kEoi) return {};
    const bool is_known = (*marker >= kSof0 && *marker <= kSof2) || (*marker >= kApp0 && *marker <= kApp15) ||
                          *marker == kDht || *marker == kSos || *marker == kDqt || *marker == kDri || *marker == kCom;
    if (!is_known) return unknown_marker(*marker);
    if (end_ - at_ < 2 || number_at(at_) > end_ - at_) return cut_short("ends within a segment");
    const int64_t length = number_at(at_);
    if (length < 2) return broken("has a segment without a length");
    *content = {at_ + 2, at_ + length};
    at_ += length;
    return {};
}

Fault MarkerReader::resume(const uint8_t *place) {
    for (at_ = place; end_ - at_ >= 2; ++at_)
        if (at_[0] == 0xFF && at_[1] != 0 && at_[1] != 0xFF && (at_[1] < kRst0 || at_[1] > kRst7)) return {};
    return cut_short("ends before its end marker");
}

Fault JpegTables::read_quantisation(ByteRange content) {
    while (content.size() > 0) {
        const int wide = content[0] >> 4, number = content[0] & 15;
        const size_t size = wide ? 1 + 2 * kBlock : 1 + kBlock;
        if (wide > 1 || number > 3 || content.size() < size) return broken("has a malformed quantisation table");
        for (size_t k = 0; k < kBlock; ++k) {
            const int64_t value = wide ? number_at(&content[1 + 2 * k]) : content[1 + k];
            if (value == 0) return broken("has a quantisation table with a zero");
            quantisation[number][kZigzag[k]] = static_cast<int16_t>(std::min<int64_t>(value, INT16_MAX));
        }
        has_quantisation[number] = true;
        content.begin += size;
    }
    return {};
}

Fault JpegTables::read_huffman(ByteRange content) {
    while (content.size() > 0) {
        if (content.size() < 17) return broken("has a malformed Huffman table");
        const int kind = content[0] >> 4, number = content[0] & 15;
        size_t count = 0;
        for (size_t length = 1; length <= 16; ++length) count += content[length];
        if (kind > 1 || number > 3 || count > 256 || content.size() < 17 + count)
            return broken("has a malformed Huffman table");
        const uint8_t *values = content.begin + 17;
        // A category of a first coefficient has a number of up to 15 bits behind it.
        if (kind == 0 && std::any_of(values, values + count, [](uint8_t value) { return value > 15; }))
            return broken("has a malformed Huffman table");
        if (!huffman[kind][number].make(&content[1], values)) return broken("has a Huffman table of too many codes");
        content.begin += 17 + count;
    }
    return {};
}

Fault JpegTables::read_restart_interval(ByteRange content) {
    if (content.size() != 2) return broken("has a malformed restart interval");
    restart_interval = number_at(content.begin);
    return {};
}

Fault read_frame(int marker, ByteRange content, size_t file_size, JpegFrame *frame) {
    if (frame->is_read()) return broken("has two frames");
    if (content.size() < 6) return broken("has a malformed frame");
    if (content[0] != 8) return unusual("does not have 8 bits a sample");
    frame->progressive = marker == kSof2;
    frame->height = number_at(&content[1]);
    frame->width = number_at(&content[3]);
    const size_t count = content[5];
    if (std::min(frame->height, frame->width) < 1 || std::max(frame->height, frame->width) > kMostSide)
        return unusual("has a height or width of 0, or above 65500");
    if (count == 4)
        return {"has the colours CMYK", "decoders turn them into RGB in different ways, so convert it to RGB first"};
    if ((count != 1 && count != 3) || content.size() != 6 + 3 * count) return broken("has a malformed frame");
    std::vector<JpegComponent> components;
    frame->most_h = frame->most_v = 1;
    for (const uint8_t *p = content.begin + 6; p < content.end; p += 3) {
        JpegComponent c{};
        c.identifier = p[0], c.h = p[1] >> 4, c.v = p[1] & 15, c.table = p[2];
        if (std::min(c.h, c.v) < 1 || std::max(c.h, c.v) > 4 || c.table > 3) return broken("has a malformed frame");
        for (const JpegComponent &other : components)
            if (other.identifier == c.identifier) return broken("has two components of one name");
        if (count == 1) c.h = c.v = 1;
        frame->most_h = std::max(frame->most_h, c.h);
        frame->most_v = std::max(frame->most_v, c.v);
        std::fill_n(c.low, kBlock, JpegComponent::kNever);
        components.push_back(c);
    }
    frame->mcus_x = quotient_up(frame->width, 8 * frame->most_h);
    frame->mcus_y = quotient_up(frame->height, 8 * frame->most_v);
    int64_t blocks = 0;
    for (JpegComponent &c : components) {
        if (frame->most_h % c.h != 0 || frame->most_v % c.v != 0)
            return unusual("has colours whose resolution is no whole fraction of the picture's");
        c.fx = frame->most_h / c.h, c.fy = frame->most_v / c.v;
        c.columns = quotient_up(frame->width * c.h, frame->most_h);
        c.rows = quotient_up(frame->height * c.v, frame->most_v);
        c.blocks_x = quotient_up(c.columns, 8), c.blocks_y = quotient_up(c.rows, 8);
        c.stored_x = frame->mcus_x * c.h, c.stored_y = frame->mcus_y * c.v;
        blocks += c.blocks_x * c.blocks_y;
    }
    // The first coefficient of each block takes a bit. So a short file cannot ask for much memory.
    if (static_cast<uint64_t>(blocks) / 8 > file_size) return cut_short("is too short for a picture of its size");
    frame->components = std::move(components);
    return {};
}

void ColourMarkers::read(int marker, ByteRange content) {
    if (marker == kApp0 && content.size() >= 14 && content.starts_with("JFIF", 5)) jfif_ = true;
    if (marker == kApp14 && content.size() >= 12 && content.starts_with("Adobe", 5)) adobe_ = content[11];
}

bool ColourMarkers::is_transformed(const JpegFrame &frame) const {
    const auto &c = frame.components;
    if (c.size() == 1) return false;
    if (jfif_) return true;
    if (adobe_ >= 0) return adobe_ != 0;
    return c[0].identifier != 'R' || c[1].identifier != 'G' || c[2].identifier != 'B';
}

}  // namespace isopixel
