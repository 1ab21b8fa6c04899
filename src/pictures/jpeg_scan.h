// SPDX-License-Identifier: MIT
// A scan of a JPEG file: its header, and the coefficients that its data brings (SPEC R-57).
#pragma once

#include <cstdint>

#include "pictures/fault.h"
#include "pictures/huffman.h"
#include "pictures/jpeg_frame.h"
#include "pictures/jpeg_markers.h"

namespace isopixel {

struct JpegScan {
    struct Part {
        JpegComponent *component;
        const HuffmanTable *dc, *ac;
    };
    static constexpr int kMostParts = 3;

    bool progressive;
    int first, last, high, low;  // Ss, Se, Ah, Al
    int count;
    Part parts[kMostParts];

    bool is_whole(const JpegFrame &frame) const {
        return !progressive && count == static_cast<int>(frame.components.size());
    }
    // From the content of an SOS; takes note of what it brings in the frame's components.
    static Fault read(ByteRange content, const JpegTables &tables, JpegFrame *frame, JpegScan *scan);
};

// Reads the data of a scan, MCU by MCU, block by block.
class ScanReader {
  public:
    ScanReader(const JpegScan &scan, int64_t restart_interval, const uint8_t *at, const uint8_t *end)
        : scan_(scan), restart_interval_(restart_interval), mcus_left_(restart_interval), bits_(at, end) {}

    // These return false for what is refused; fault() then says why.
    bool begin_mcu();
    // Adds to the coefficients of a block of one of the parts, of which those from *reach on in the data are 0.
    bool read_block(int part, int16_t *block, uint8_t *reach) {
        if (!scan_.progressive) return read_whole(part, block, reach);
        if (scan_.first == 0) return scan_.high == 0 ? read_first(part, block, reach) : refine_first(block, reach);
        return scan_.high == 0 ? read_band(block, reach) : refine_band(block, reach);
    }
    bool end();

    Fault fault() const { return fault_; }
    const uint8_t *place() const { return bits_.place(); }
    // How often coefficients were visited, each at most once a scan.
    int64_t visits() const { return visits_; }

  private:
    bool refuse(const char *what) {
        fault_ = broken(what);
        return false;
    }
    bool read_difference(BitReader &bits, int part);
    bool read_whole(int part, int16_t *block, uint8_t *reach);
    bool read_first(int part, int16_t *block, uint8_t *reach);
    bool refine_first(int16_t *block, uint8_t *reach);
    bool read_band(int16_t *block, uint8_t *reach);
    bool refine_band(int16_t *block, uint8_t *reach);

    const JpegScan &scan_;
    const int64_t restart_interval_;
    int64_t mcus_left_;  // before the next restart
    BitReader bits_;
    Fault fault_;
    int restarts_ = 0;
    int32_t predictions_[JpegScan::kMostParts] = {};
    int32_t ended_ = 0;  // blocks whose band has ended
    int64_t visits_ = 0;
};

}  // namespace isopixel
