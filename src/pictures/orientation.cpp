// SPDX-License-Identifier: MIT
#include "pictures/orientation.h"

#include <algorithm>
#include <cstring>
#include <string_view>

namespace isopixel {
namespace {

constexpr int64_t kTag = 0x0112, kShort = 3, kLong = 4;

int known(int64_t value) { return value >= 2 && value <= 8 ? static_cast<int>(value) : 1; }

}  // namespace

int exif_orientation(ByteRange tiff) {
    const bool is_little = tiff.starts_with("II*\0", 4);
    if ((!is_little && !tiff.starts_with("MM\0*", 4)) || tiff.size() < 8) return kAmbiguousOrientation;
    // Of n bytes; what lies behind the end is 0.
    const auto number = [&](int64_t at, int n) {
        int64_t value = 0;
        for (int i = 0; i < n; ++i) {
            const int64_t place = at + (is_little ? n - 1 - i : i);
            value = value << 8 | (place < static_cast<int64_t>(tiff.size()) ? tiff.begin[place] : 0);
        }
        return value;
    };
    const int64_t directory = number(4, 4), entries = number(directory, 2);
    for (int64_t i = 0; i < entries; ++i) {
        const int64_t entry = directory + 2 + 12 * i;
        if (entry + 12 > static_cast<int64_t>(tiff.size())) break;
        if (number(entry, 2) != kTag) continue;
        const int64_t type = number(entry + 2, 2);
        if ((type != kShort && type != kLong) || number(entry + 4, 4) != 1) return kAmbiguousOrientation;
        return known(number(entry + 8, type == kShort ? 2 : 4));
    }
    return 1;
}

void OrientationReader::gather(int orientation, std::optional<int> *all) {
    *all = all->value_or(orientation) == orientation ? orientation : kAmbiguousOrientation;
}

void OrientationReader::read(ByteRange content) {
    constexpr char kExif[] = "Exif\0", kXmp[] = "http://ns.adobe.com/xap/1.0/";
    if (content.starts_with(kExif, sizeof kExif))
        gather(exif_orientation({content.begin + sizeof kExif, content.end}), &exif_);
    if (!content.starts_with(kXmp, sizeof kXmp)) return;
    constexpr std::string_view kName = "tiff:Orientation";
    std::string_view text(reinterpret_cast<const char *>(content.begin), content.size());
    for (size_t at; (at = text.find(kName)) != text.npos;) {
        text.remove_prefix(at + kName.size());
        for (const std::string_view before : {"=\"", ">"})
            if (text.substr(0, before.size()) == before && text.size() > before.size()) {
                const char digit = text[before.size()];
                if (digit >= '0' && digit <= '9') gather(known(digit - '0'), &xmp_);
            }
    }
}

int OrientationReader::value() const {
    const int exif = exif_.value_or(1);
    return xmp_.value_or(exif) == exif ? exif : kAmbiguousOrientation;
}

}  // namespace isopixel
