// SPDX-License-Identifier: MIT
#include "pictures/huffman.h"

#include <algorithm>
#include <cstring>

#include "pictures/jpeg_markers.h"

namespace isopixel {

bool HuffmanTable::make(const uint8_t *counts, const uint8_t *values) {
    std::memset(fast_, 0, sizeof fast_);
    uint32_t code = 0;
    int place = 0;
    for (int length = 1; length <= 16; ++length, code <<= 1) {
        offset_[length] = place - static_cast<int32_t>(code);
        for (int i = 0; i < counts[length - 1]; ++i, ++code, ++place) {
            if (code + 1 >= 1u << length) return false;  // none is all ones
            const uint8_t symbol = values_[place] = values[place];
            if (length > kFastBits) continue;
            const int rest = kFastBits - length, size = symbol & 15;
            for (uint32_t behind = 0; behind < 1u << rest; ++behind) {
                Fast &fast = fast_[code << rest | behind];
                fast = {0, static_cast<uint8_t>(length), symbol};
                if (size == 0 || size > rest) continue;
                fast.number = static_cast<int16_t>(signed_number(behind >> (rest - size), size));
                fast.length = static_cast<uint8_t>(length + size);
            }
        }
        limit_[length] = code << (16 - length);
    }
    return made_ = true;
}

int HuffmanTable::slow(uint32_t bits, int *length) const {
    for (*length = 1; *length <= 16; ++*length)
        if (bits < limit_[*length]) return values_[static_cast<int32_t>(bits >> (16 - *length)) + offset_[*length]];
    *length = 16;
    return -1;
}

void BitReader::fill_slowly() {
    while (count_ <= 56) {
        if (next_ == end_ || (*next_ == 0xFF && (end_ - next_ < 2 || next_[1] != 0))) {
            zeros_ += 64 - count_;
            count_ = 64;
            return;
        }
        const uint64_t byte = *next_;
        next_ += byte == 0xFF ? 2 : 1;
        bits_ |= byte << (56 - count_);
        count_ += 8;
    }
}

bool BitReader::restart(int number) {
    const uint8_t *at = next_;
    if (is_overrun() || count_ - zeros_ >= 8) return false;
    while (end_ - at >= 2 && at[0] == 0xFF && at[1] == 0xFF) ++at;
    if (end_ - at < 2 || at[0] != 0xFF || at[1] != kRst0 + number) return false;
    *this = BitReader(at + 2, end_);
    return true;
}

}  // namespace isopixel
