// SPDX-License-Identifier: MIT
#include "resizer/method.h"

#include <algorithm>
#include <iterator>

namespace isopixel {
namespace {

// The weights of a frozen peer's axis take about 8 bytes for each of its samples.
constexpr int64_t kMostSide = (1 << 24) - 1;

constexpr const char *kPillow = "Image.resize(size, Image.BILINEAR) in the modes L, RGB and CMYK";
constexpr const char *kPillowAlpha = "Image.resize(size, Image.BILINEAR) in the modes LA and RGBA";

// Name, library, first and last release, filter, call; antialias; channels, most channels, most side. The releases are
// those that were measured.
// clang-format off
constexpr isopixel_method kMethods[] = {
    {"bilinear", "isopixel", "", "", "bilinear", "isopixel.resize(image, size)",
     1, {}, 0, 0},
    {"bilinear-two-tap", "isopixel", "", "", "bilinear-two-tap", "isopixel.resize(image, size, antialias=False)",
     0, {}, 0, 0},
    {"pillow-4-bilinear", "pillow", "4.2.1", "12.1.1", "bilinear", kPillow,
     1, {1, 3, 4}, 4, kMostSide},
    {"pillow-4-bilinear-alpha", "pillow", "4.2.1", "12.1.1", "bilinear-alpha", kPillowAlpha,
     1, {2, 4}, 4, kMostSide},
    {"pillow-12.2-bilinear", "pillow", "12.2.0", "12.3.0", "bilinear", kPillow,
     1, {1, 3, 4}, 4, kMostSide},
    {"pillow-12.2-bilinear-alpha", "pillow", "12.2.0", "12.3.0", "bilinear-alpha", kPillowAlpha,
     1, {2, 4}, 4, kMostSide},
    {"pillow-13-bilinear", "pillow", "13.0.0", "13.0.0", "bilinear", kPillow,
     1, {1, 3, 4}, 4, kMostSide},
    {"pillow-13-bilinear-alpha", "pillow", "13.0.0", "13.0.0", "bilinear-alpha", kPillowAlpha,
     1, {2, 4}, 4, kMostSide},
    {"opencv-3.4-linear", "opencv", "3.4.0.14", "5.0.0.93", "linear",
     "cv2.resize(image, dsize, interpolation=cv2.INTER_LINEAR)",
     0, {}, 512, kMostSide},
    {"opencv-3.4-linear-exact", "opencv", "3.4.0.14", "5.0.0.93", "linear-exact",
     "cv2.resize(image, dsize, interpolation=cv2.INTER_LINEAR_EXACT)",
     0, {}, 512, kMostSide},
    {"torch-2.0-bilinear-antialias", "torch", "2.0.0", "2.14.1", "bilinear-antialias",
     "torch.nn.functional.interpolate(image, size, mode='bilinear', antialias=True)",
     1, {}, 65536, kMostSide},
    {"torch-2.3-bilinear", "torch", "2.3.0", "2.14.1", "bilinear",
     "torch.nn.functional.interpolate(image, size, mode='bilinear')",
     0, {}, 65536, kMostSide},
};
// clang-format on
static_assert(static_cast<size_t>(Method::kTorch) + 1 == std::size(kMethods));

}  // namespace

const isopixel_method &method_info(Method method) { return kMethods[static_cast<size_t>(method)]; }

const isopixel_method *method_info(size_t index) { return index < std::size(kMethods) ? &kMethods[index] : nullptr; }

bool find_method(std::string_view name, Method *method) {
    for (size_t i = 0; i < std::size(kMethods); ++i) {
        if (name != kMethods[i].name) continue;
        *method = static_cast<Method>(i);
        return true;
    }
    return false;
}

bool covers_channels(const isopixel_method &method, int64_t channels) {
    const int64_t *begin = method.channels, *end = std::find(std::begin(method.channels), std::end(method.channels), 0);
    if (begin != end) return std::find(begin, end, channels) != end;
    return channels >= 1 && (method.max_channels == 0 || channels <= method.max_channels);
}

}  // namespace isopixel
