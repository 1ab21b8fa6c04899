// SPDX-License-Identifier: MIT
// The image of a sound, as its levels come (SPEC R-79).
#pragma once

#include "sound/spectrogram.h"

namespace isopixel {

// Writes frames to the columns of an image.
class Columns final : public LevelSink {
  public:
    Columns(size_t rows, uint8_t *out, ptrdiff_t stride) : rows_(rows), out_(out), stride_(stride) {}

    void take(const uint8_t *levels, size_t frames) override {
        for (size_t row = 0; row < rows_; ++row) {
            uint8_t *to = out_ + static_cast<ptrdiff_t>(row) * stride_;
            for (size_t frame = 0; frame < frames; ++frame) to[frame] = levels[frame * rows_ + row];
        }
        out_ += frames;
    }

  private:
    const size_t rows_;
    uint8_t *out_;
    const ptrdiff_t stride_;
};

}  // namespace isopixel
