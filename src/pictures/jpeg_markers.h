// SPDX-License-Identifier: MIT
// The segments of a JPEG file, and what they say (SPEC R-57).
#pragma once

#include <cstddef>
#include <cstdint>

#include "pictures/fault.h"
#include "pictures/huffman.h"
#include "pictures/jpeg_frame.h"

namespace isopixel {

struct ByteRange {
    const uint8_t *begin, *end;

    size_t size() const { return static_cast<size_t>(end - begin); }
    const uint8_t &operator[](size_t i) const { return begin[i]; }
    bool starts_with(const char *text, size_t n) const;
};

enum JpegMarker : uint8_t {
    kSof0 = 0xC0,
    kSof2 = 0xC2,
    kDht = 0xC4,
    kRst0 = 0xD0,
    kRst7 = 0xD7,
    kSoi = 0xD8,
    kEoi = 0xD9,
    kSos = 0xDA,
    kDqt = 0xDB,
    kDri = 0xDD,
    kApp0 = 0xE0,
    kApp1 = 0xE1,
    kApp14 = 0xEE,
    kApp15 = 0xEF,
    kCom = 0xFE,
};

class MarkerReader {
  public:
    explicit MarkerReader(ByteRange file) : at_(file.begin), end_(file.end) {}

    Fault begin();  // SOI
    // The next segment; of EOI, which is the last one, no content.
    Fault next(int *marker, ByteRange *content);
    // Goes on at the first marker from a place on that is not a restart.
    Fault resume(const uint8_t *place);

    const uint8_t *place() const { return at_; }

  private:
    const uint8_t *at_, *end_;
};

// The tables in force.
struct JpegTables {
    bool has_quantisation[4] = {};
    // Those above 32767 are 32767: with either, a block is out of range unless the coefficient is 0.
    int16_t quantisation[4][kBlock];
    HuffmanTable huffman[2][4];  // by class
    int64_t restart_interval = 0;

    // These read the content of a segment.
    Fault read_quantisation(ByteRange content);
    Fault read_huffman(ByteRange content);
    Fault read_restart_interval(ByteRange content);
};

// file_size: of the whole file, which has to have a bit for each block at least.
Fault read_frame(int marker, ByteRange content, size_t file_size, JpegFrame *frame);

// What the markers before the first scan say of the colours.
class ColourMarkers {
  public:
    void read(int marker, ByteRange content);
    // Are the components Y, Cb and Cr?
    bool is_transformed(const JpegFrame &frame) const;

  private:
    bool jfif_ = false;
    int adobe_ = -1;  // the transform, if there is one
};

}  // namespace isopixel
