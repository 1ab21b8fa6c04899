// SPDX-License-Identifier: MIT
// Huffman codes, and the bits of a scan's data (SPEC R-57).
#pragma once

#include <cstddef>
#include <cstdint>

namespace isopixel {

// A number of `size` bits (up to 15), the first of which is 1 if it is above 0 (T.81, figure F.12).
inline int32_t signed_number(uint32_t bits, int size) {
    const int32_t value = static_cast<int32_t>(bits);
    return size == 0 || bits >> (size - 1) ? value : value - (1 << size) + 1;
}

class HuffmanTable {
  public:
    static constexpr int kFastBits = 10;

    // What the next kFastBits bits begin with.
    struct Fast {
        int16_t number;  // that follows the code, if it is within these bits, and not 0; else 0
        uint8_t length;  // of the code, and of the number; 0 if the code is longer than this, or there is none
        uint8_t symbol;
    };

    // From the numbers of codes of 1 … 16 bits and their values; false if there are too many.
    bool make(const uint8_t *counts, const uint8_t *values);
    bool is_made() const { return made_; }

    const Fast &fast(uint32_t bits) const { return fast_[bits]; }
    // From 16 bits: the symbol of a code that is longer than kFastBits and its length, or -1.
    int slow(uint32_t bits, int *length) const;

  private:
    bool made_ = false;
    Fast fast_[1 << kFastBits];
    uint32_t limit_[17];  // of each length: codes of it, with zeros behind them to 16 bits, are below this
    int32_t offset_[17];  // a code and this are its place in values_
    uint8_t values_[256];
};

// The bits of a scan's data, which ends where a byte 255 is not followed by 0. Behind its end come zeros.
class BitReader {
  public:
    BitReader(const uint8_t *at, const uint8_t *end) : next_(at), end_(end) {}

    // Makes sure of 32 bits. (What is below count_ in bits_ is 0, or the beginning of the next byte.)
    void fill() {
        if (count_ >= 32) return;
        if (end_ - next_ >= 8) {
            uint64_t eight = 0;
            for (int i = 0; i < 8; ++i) eight = eight << 8 | next_[i];
            constexpr uint64_t kOnes = UINT64_C(0x0101010101010101);
            const uint64_t inverted = ~eight;
            if (((inverted - kOnes) & eight & (kOnes << 7)) == 0) {  // no byte is 255
                bits_ |= eight >> count_;
                const int bytes = (63 - count_) >> 3;
                next_ += bytes;
                count_ += 8 * bytes;
                return;
            }
        }
        fill_slowly();
    }

    // These take up to 32 bits of what fill() has made sure of.
    uint32_t peek(int n) const { return static_cast<uint32_t>(bits_ >> 1 >> (63 - n)); }
    void skip(int n) {
        bits_ <<= n;
        count_ -= n;
    }
    uint32_t take(int n) {
        const uint32_t bits = peek(n);
        skip(n);
        return bits;
    }

    // The symbol of the next code, or -1, of what fill() has made sure of.
    int symbol(const HuffmanTable &table) {
        const HuffmanTable::Fast &fast = table.fast(peek(HuffmanTable::kFastBits));
        if (fast.length > 0) {
            skip(fast.number == 0 ? fast.length : fast.length - (fast.symbol & 15));
            return fast.symbol;
        }
        int length = 0;
        const int symbol = table.slow(peek(16), &length);
        skip(length);
        return symbol;
    }

    // Was more taken than there is?
    bool is_overrun() const { return count_ < zeros_; }
    // Goes behind the restart marker of a number (0 … 7), if the next byte begins with it.
    bool restart(int number);
    // In the byte behind the last one that was taken, or further, but before any marker.
    const uint8_t *place() const { return next_; }

  private:
    void fill_slowly();

    const uint8_t *next_, *end_;
    uint64_t bits_ = 0;  // the next bit is the highest
    int count_ = 0;      // bits in it, or that zeros will have stood for
    int zeros_ = 0;      // of these, those behind the end
};

}  // namespace isopixel
