// SPDX-License-Identifier: MIT
#include "pictures/jpeg_scan.h"

#include <algorithm>
#include <cstring>

namespace isopixel {
namespace {

constexpr int32_t kMostCoefficient = 32767;
constexpr int kMostLow = 13;
constexpr int kMostBlocks = 10;  // of an MCU

bool in_range(int32_t coefficient) { return coefficient >= -kMostCoefficient && coefficient <= kMostCoefficient; }

constexpr const char *kNoCode = "has a code that is in none of its tables";
constexpr const char *kPastBand = "has a run of zeros that is longer than its block";
constexpr const char *kNoMeaning = "has a code without a meaning";
constexpr const char *kTooLarge = "has a coefficient that is too large";
constexpr const char *kPastScan = "has a run of blocks that is longer than its scan";

// Takes note that a scan brings coefficients of a component, in their turn.
Fault bring(const JpegScan &scan, JpegComponent *c) {
    if (scan.first > 0 && c->low[0] == JpegComponent::kNever) return broken("has its scans in a wrong order");
    for (int k = scan.first; k <= scan.last; ++k) {
        const int before = scan.high == 0 ? JpegComponent::kNever : scan.high;
        if (c->low[k] != before) return broken("has its scans in a wrong order");
        c->low[k] = static_cast<int8_t>(scan.low);
    }
    return {};
}

}  // namespace

Fault JpegScan::read(ByteRange content, const JpegTables &tables, JpegFrame *frame, JpegScan *scan) {
    if (!frame->is_read()) return broken("has a scan before its frame");
    const size_t n = content.size() > 0 ? content[0] : 0;
    if (n < 1 || n > frame->components.size() || content.size() != 4 + 2 * n)
        return broken("has a malformed scan header");
    scan->progressive = frame->progressive;
    scan->count = static_cast<int>(n);
    scan->first = content[1 + 2 * n], scan->last = content[2 + 2 * n];
    scan->high = content[3 + 2 * n] >> 4, scan->low = content[3 + 2 * n] & 15;
    if (scan->progressive) {
        const bool is_first = scan->first == 0 && scan->last == 0;
        const bool is_band = scan->first >= 1 && scan->first <= scan->last && scan->last < kBlock && n == 1;
        if (!is_first && !is_band) return broken("has a malformed scan header");
        if (scan->low > kMostLow || (scan->high != 0 && scan->high != scan->low + 1))
            return broken("has a malformed scan header");
    } else if (scan->first != 0 || scan->last != kBlock - 1 || scan->high != 0 || scan->low != 0) {
        return broken("has a malformed scan header");
    }
    JpegComponent *c = frame->components.data(), *end = c + frame->components.size();
    int blocks = 0;
    for (size_t i = 0; i < n; ++i, ++c) {
        c = std::find_if(c, end, [&](const JpegComponent &other) { return other.identifier == content[1 + 2 * i]; });
        if (c == end) return broken("has a scan of other components than its frame, or in another order");
        const int dc = content[2 + 2 * i] >> 4, ac = content[2 + 2 * i] & 15;
        if (dc > 3 || ac > 3) return broken("has a malformed scan header");
        scan->parts[i] = {c, &tables.huffman[0][dc], &tables.huffman[1][ac]};
        const bool needs_dc = scan->first == 0 && scan->high == 0, needs_ac = scan->last > 0;
        if ((needs_dc && !scan->parts[i].dc->is_made()) || (needs_ac && !scan->parts[i].ac->is_made()))
            return unusual("does not have the Huffman tables that it uses");
        if (!c->has_quantisation) {
            if (!tables.has_quantisation[c->table]) return broken("does not have the quantisation table that it uses");
            std::memcpy(c->quantisation, tables.quantisation[c->table], sizeof c->quantisation);
            c->has_quantisation = true;
        }
        if (Fault fault = bring(*scan, c)) return fault;
        blocks += c->h * c->v;
    }
    if (n > 1 && blocks > kMostBlocks) return broken("has too many blocks in an MCU");
    return {};
}

bool ScanReader::begin_mcu() {
    if (bits_.is_overrun()) return refuse("has a scan that ends before its last block");
    if (restart_interval_ == 0 || mcus_left_-- > 0) return true;
    mcus_left_ = restart_interval_ - 1;
    if (ended_ > 0) return refuse(kPastScan);
    if (!bits_.restart(restarts_++ & 7)) return refuse("does not have a restart marker where one has to be");
    std::fill_n(predictions_, JpegScan::kMostParts, 0);
    return true;
}

bool ScanReader::end() {
    if (bits_.is_overrun()) return refuse("has a scan that ends before its last block");
    return ended_ == 0 || refuse(kPastScan);
}

// The difference of a first coefficient to the one before, into predictions_. (Which stay within 2^15 but for a
// difference of 15 bits.)
bool ScanReader::read_difference(BitReader &bits, int part) {
    bits.fill();
    const HuffmanTable &table = *scan_.parts[part].dc;
    const HuffmanTable::Fast &fast = table.fast(bits.peek(HuffmanTable::kFastBits));
    int32_t difference = fast.number;
    if (difference != 0) {
        bits.skip(fast.length);
    } else {
        const int size = bits.symbol(table);
        if (size < 0) return refuse(kNoCode);
        difference = signed_number(bits.take(size), size);
    }
    predictions_[part] += difference;
    return in_range(predictions_[part]) || refuse(kTooLarge);
}

bool ScanReader::read_whole(int part, int16_t *block, uint8_t *reach) {
    BitReader bits = bits_;
    if (!read_difference(bits, part)) return false;
    block[0] = static_cast<int16_t>(predictions_[part]);
    const HuffmanTable &table = *scan_.parts[part].ac;
    int k = 1, end = 1;
    while (k < kBlock) {
        bits.fill();
        const HuffmanTable::Fast &fast = table.fast(bits.peek(HuffmanTable::kFastBits));
        if (fast.number != 0) {
            bits.skip(fast.length);
            k += fast.symbol >> 4;
            if (k >= kBlock) return refuse(kPastBand);
            block[kZigzag[k]] = fast.number;
            end = ++k;
            continue;
        }
        const int symbol = bits.symbol(table);
        if (symbol == 0) break;
        if (symbol < 0) return refuse(kNoCode);
        const int size = symbol & 15;
        if (size == 0 && symbol != 0xF0) return refuse(kNoMeaning);
        k += symbol >> 4;
        if (k >= kBlock) return refuse(kPastBand);
        if (size > 0) {
            block[kZigzag[k]] = static_cast<int16_t>(signed_number(bits.take(size), size));
            end = k + 1;
        }
        ++k;
    }
    bits_ = bits;
    visits_ += k;
    *reach = static_cast<uint8_t>(end);
    return true;
}

bool ScanReader::read_first(int part, int16_t *block, uint8_t *reach) {
    if (!read_difference(bits_, part)) return false;
    const int32_t value = predictions_[part] * (1 << scan_.low);
    if (!in_range(value)) return refuse(kTooLarge);
    block[0] = static_cast<int16_t>(value);
    *reach = std::max<uint8_t>(*reach, value != 0);
    ++visits_;
    return true;
}

bool ScanReader::refine_first(int16_t *block, uint8_t *reach) {
    bits_.fill();
    if (bits_.take(1)) {
        block[0] = static_cast<int16_t>(block[0] | 1 << scan_.low);
        *reach = std::max<uint8_t>(*reach, 1);
    }
    ++visits_;
    return true;
}

bool ScanReader::read_band(int16_t *block, uint8_t *reach) {
    if (ended_ > 0) {
        --ended_;
        return true;
    }
    BitReader bits = bits_;
    const HuffmanTable &table = *scan_.parts[0].ac;
    const int32_t one = 1 << scan_.low;
    int k = scan_.first, end = *reach;
    while (k <= scan_.last) {
        bits.fill();
        const int symbol = bits.symbol(table);
        if (symbol < 0) return refuse(kNoCode);
        const int run = symbol >> 4, size = symbol & 15;
        if (size == 0 && run < 15) {
            ended_ = (1 << run) - 1 + static_cast<int32_t>(bits.take(run));
            break;
        }
        k += run;
        if (k > scan_.last) return refuse(kPastBand);
        if (size > 0) {
            const int32_t value = signed_number(bits.take(size), size) * one;
            if (!in_range(value)) return refuse(kTooLarge);
            block[kZigzag[k]] = static_cast<int16_t>(value);
            end = std::max(end, k + 1);
        }
        ++k;
    }
    bits_ = bits;
    visits_ += k - scan_.first;
    *reach = static_cast<uint8_t>(end);
    return true;
}

// One bit more of each coefficient that is not 0, and those that it makes other than 0. (The former are multiples of
// twice the bit, within the range, which they do not leave.)
bool ScanReader::refine_band(int16_t *block, uint8_t *reach) {
    const int known = std::min<int>(*reach, scan_.last + 1);  // from here on all are 0
    if (ended_ > 0 && known <= scan_.first) {
        --ended_;
        return true;
    }
    BitReader bits = bits_;
    const HuffmanTable &table = *scan_.parts[0].ac;
    const int16_t one = static_cast<int16_t>(1 << scan_.low);
    const auto refine = [&](int16_t &coefficient) {
        bits.fill();
        if (bits.take(1)) coefficient = static_cast<int16_t>(coefficient + (coefficient > 0 ? one : -one));
    };
    int k = scan_.first, end = *reach;
    while (ended_ == 0 && k <= scan_.last) {
        bits.fill();
        const int symbol = bits.symbol(table);
        if (symbol < 0) return refuse(kNoCode);
        int run = symbol >> 4;
        const int size = symbol & 15;
        if (size > 1) return refuse(kNoMeaning);
        if (size == 0 && run < 15) {
            ended_ = (1 << run) + static_cast<int32_t>(bits.take(run));
            break;
        }
        const int16_t made = static_cast<int16_t>(size == 0 ? 0 : bits.take(1) ? one : -one);
        // Past `run` coefficients that are 0, to the one after them.
        for (; k < known && (run > 0 || block[kZigzag[k]] != 0); ++k) {
            if (block[kZigzag[k]] != 0) refine(block[kZigzag[k]]);
            else --run;
        }
        if (k >= known) k += run;
        if (k > scan_.last) return refuse(kPastBand);
        block[kZigzag[k++]] = made;
        if (made != 0) end = std::max(end, k);
    }
    if (ended_ > 0) {
        for (; k < known; ++k)
            if (block[kZigzag[k]] != 0) refine(block[kZigzag[k]]);
        --ended_;
    }
    bits_ = bits;
    visits_ += k - scan_.first;
    *reach = static_cast<uint8_t>(end);
    return true;
}

}  // namespace isopixel
