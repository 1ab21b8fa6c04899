// SPDX-License-Identifier: MIT
// How a picture is turned, by what its file says (SPEC R-51).
#pragma once

#include <optional>

#include "pictures/jpeg_markers.h"

namespace isopixel {

constexpr int kAmbiguousOrientation = -1;

// The number of an orientation, or 1 if there is none in Exif data, which is a TIFF file; or ambiguous.
int exif_orientation(ByteRange tiff);

// Gathers what APP1 segments say.
class OrientationReader {
  public:
    void read(ByteRange content);
    int value() const;

  private:
    static void gather(int orientation, std::optional<int> *all);

    std::optional<int> exif_, xmp_;  // ambiguous if several differ
};

}  // namespace isopixel
