// SPDX-License-Identifier: MIT
#include "resizer/method.h"

#include <algorithm>
#include <iterator>

namespace isopixel {
namespace {

// The weights of a frozen peer's axis take about 8 bytes for each of its samples.
constexpr int64_t kMostSide = (1 << 24) - 1;

// Whether a method has antialias.
constexpr int kAntialias = 1, kNone = 0;

constexpr Method own(const char *name, const char *call, int antialias, Function function) {
    return {{name, "isopixel", "", "", name, call, antialias, {}, 0, 0}, function};
}

// The releases, of this and the other libraries, are those that were measured.
struct PillowEra {
    const char *first, *last;
    PillowPassOrder order;
};
constexpr PillowEra k4 = {"4.2.1", "12.1.1", PillowPassOrder::k4};
constexpr PillowEra k12_2 = {"12.2.0", "12.3.0", PillowPassOrder::k12_2};
constexpr PillowEra k13 = {"13.0.0", "13.0.0", PillowPassOrder::k13};

constexpr Method pillow(const char *name, PillowEra era, const char *filter, const char *call, PillowFilter window) {
    return {{name, "pillow", era.first, era.last, filter, call, kAntialias, {1, 3, 4}, 4, kMostSide},
            Function::kPillow,
            {window, era.order, false}};
}
constexpr Method pillow_alpha(const char *name, PillowEra era, const char *filter, const char *call,
                              PillowFilter window) {
    return {{name, "pillow", era.first, era.last, filter, call, kAntialias, {2, 4}, 4, kMostSide},
            Function::kPillow,
            {window, era.order, true}};
}
constexpr const char *kPillowBilinear = "Image.resize(size, Image.BILINEAR) in the modes L, RGB and CMYK";
constexpr const char *kPillowBilinearAlpha = "Image.resize(size, Image.BILINEAR) in the modes LA and RGBA";

constexpr Method opencv(const char *name, const char *filter, const char *call, int antialias, Function function) {
    return {{name, "opencv", "3.4.0.14", "5.0.0.93", filter, call, antialias, {}, 512, kMostSide}, function};
}

constexpr Method torch(const char *name, const char *first, const char *filter, const char *call, int antialias,
                       Function function) {
    return {{name, "torch", first, "2.14.1", filter, call, antialias, {}, 65536, kMostSide}, function};
}

// clang-format off
constexpr Method kMethods[] = {
    own("bilinear", "isopixel.resize(image, size)", kAntialias, Function::kBilinear),
    own("bilinear-two-tap", "isopixel.resize(image, size, antialias=False)", kNone, Function::kBilinearTwoTap),
    own("nearest", "isopixel.resize(image, size, method='nearest')", kNone, Function::kNearest),
    own("area", "isopixel.resize(image, size, method='area')", kAntialias, Function::kArea),
    own("bicubic", "isopixel.resize(image, size, method='bicubic')", kAntialias, Function::kBicubic),
    own("bicubic-four-tap", "isopixel.resize(image, size, method='bicubic-four-tap')", kNone,
        Function::kBicubicFourTap),

    pillow("pillow-4-bilinear", k4, "bilinear", kPillowBilinear, PillowFilter::kBilinear),
    pillow_alpha("pillow-4-bilinear-alpha", k4, "bilinear-alpha", kPillowBilinearAlpha, PillowFilter::kBilinear),
    pillow("pillow-12.2-bilinear", k12_2, "bilinear", kPillowBilinear, PillowFilter::kBilinear),
    pillow_alpha("pillow-12.2-bilinear-alpha", k12_2, "bilinear-alpha", kPillowBilinearAlpha, PillowFilter::kBilinear),
    pillow("pillow-13-bilinear", k13, "bilinear", kPillowBilinear, PillowFilter::kBilinear),
    pillow_alpha("pillow-13-bilinear-alpha", k13, "bilinear-alpha", kPillowBilinearAlpha, PillowFilter::kBilinear),

    {{"pillow-4-nearest", "pillow", "4.2.1", "13.0.0", "nearest", "Image.resize(size, Image.NEAREST)", kNone, {}, 4,
      kMostSide},
     Function::kPillowNearest},

    opencv("opencv-3.4-linear", "linear", "cv2.resize(image, dsize, interpolation=cv2.INTER_LINEAR)", kNone,
           Function::kOpencvLinear),
    opencv("opencv-3.4-linear-exact", "linear-exact",
           "cv2.resize(image, dsize, interpolation=cv2.INTER_LINEAR_EXACT)", kNone, Function::kOpencvLinearExact),
    opencv("opencv-3.4-nearest", "nearest", "cv2.resize(image, dsize, interpolation=cv2.INTER_NEAREST)", kNone,
           Function::kOpencvNearest),
    opencv("opencv-3.4-area", "area", "cv2.resize(image, dsize, interpolation=cv2.INTER_AREA)", kAntialias,
           Function::kOpencvArea),

    torch("torch-2.0-bilinear-antialias", "2.0.0", "bilinear-antialias",
          "torch.nn.functional.interpolate(image, size, mode='bilinear', antialias=True)", kAntialias,
          Function::kTorchBilinearAntialias),
    torch("torch-2.3-bilinear", "2.3.0", "bilinear", "torch.nn.functional.interpolate(image, size, mode='bilinear')",
          kNone, Function::kTorchBilinear),
    torch("torch-2.13-nearest", "2.13.0", "nearest", "torch.nn.functional.interpolate(image, size, mode='nearest')",
          kNone, Function::kTorchNearest),
};
// clang-format on

}  // namespace

const Method *method_at(size_t index) { return index < std::size(kMethods) ? &kMethods[index] : nullptr; }

const Method *find_method(std::string_view name) {
    const auto found = std::find_if(std::begin(kMethods), std::end(kMethods),
                                    [=](const Method &method) { return name == method.info.name; });
    return found == std::end(kMethods) ? nullptr : &*found;
}

bool covers_channels(const Method &method, int64_t channels) {
    const isopixel_method &info = method.info;
    const int64_t *begin = info.channels, *end = std::find(std::begin(info.channels), std::end(info.channels), 0);
    if (begin != end) return std::find(begin, end, channels) != end;
    return channels >= 1 && (info.max_channels == 0 || channels <= info.max_channels);
}

}  // namespace isopixel
