// SPDX-License-Identifier: MIT
// What the frame of a JPEG file says (SPEC ).
#pragma once

#include <cstdint>
#include <vector>

namespace isopixel {

constexpr int kBlock = 64;  // coefficients of a block

// The order of the coefficients in the data: for each place 8·v + u.
extern const uint8_t kZigzag[kBlock];

struct JpegComponent {
    int identifier, h, v, table;
    int fx, fy;                  // how often its samples are repeated
    int64_t columns, rows;       // samples
    int64_t blocks_x, blocks_y;  // the blocks that hold these
    int64_t stored_x, stored_y;  // the blocks of whole MCUs

    // From its first scan on.
    bool has_quantisation = false;
    int16_t quantisation[kBlock];
    // Of each place in the data, the last Al that was brought.
    static constexpr int8_t kNever = 99;
    int8_t low[kBlock];
};

struct JpegFrame {
    bool progressive;
    int64_t height, width;
    int most_h, most_v;
    int64_t mcus_x, mcus_y;
    std::vector<JpegComponent> components;

    bool is_read() const { return !components.empty(); }
};

}  // namespace isopixel
