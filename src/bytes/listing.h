// SPDX-License-Identifier: MIT
// The bytes of a listing in hexadecimal digits, whose text comes in pieces (SPEC R-17).
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace isopixel {

class ListingReader {
  public:
    // unknown: what stands for an unknown byte, 0 … 255; or kDropUnknown, for nothing.
    explicit ListingReader(int unknown) : unknown_(unknown) {}

    // Each returns false for what is not a listing, having said in *problem which line is malformed, and what stands
    // there. Throws std::bad_alloc.
    bool push(const uint8_t *text, size_t n, std::string *problem);
    bool finish(std::string *problem);

    // Those of the text, once it is finished.
    std::vector<uint8_t> take_bytes() { return std::move(bytes_); }

  private:
    bool end_line(std::string *problem);
    bool read_words(const std::string &words);

    const int unknown_;
    std::vector<uint8_t> bytes_;
    std::string line_;      // as much of a line as has come, or as is looked at
    size_t number_ = 0;     // of lines that have ended
    bool is_last_ = false;  // is the line that ended an empty one, which only the last may be?
};

}  // namespace isopixel
