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
constexpr PillowEra k7 = {"7.0.0", "12.1.1", PillowPassOrder::k4};
constexpr PillowEra k12_2 = {"12.2.0", "12.3.0", PillowPassOrder::k12_2};
constexpr PillowEra k13 = {"13.0.0", "13.0.0", PillowPassOrder::k13};

// A filter by its names and calls, without and with alpha.
struct PillowNames {
    PillowFilter filter;
    const char *name, *alpha_name, *call, *alpha_call;
};
constexpr PillowNames kBilinear = {PillowFilter::kBilinear, "bilinear", "bilinear-alpha",
                                   "Image.resize(size, Image.BILINEAR) in the modes L, RGB and CMYK",
                                   "Image.resize(size, Image.BILINEAR) in the modes LA and RGBA"};
constexpr PillowNames kBicubic = {PillowFilter::kBicubic, "bicubic", "bicubic-alpha",
                                  "Image.resize(size, Image.BICUBIC) in the modes L, RGB and CMYK",
                                  "Image.resize(size, Image.BICUBIC) in the modes LA and RGBA"};
constexpr PillowNames kLanczos = {PillowFilter::kLanczos, "lanczos", "lanczos-alpha",
                                  "Image.resize(size, Image.LANCZOS) in the modes L, RGB and CMYK",
                                  "Image.resize(size, Image.LANCZOS) in the modes LA and RGBA"};
constexpr PillowNames kHamming = {PillowFilter::kHamming, "hamming", "hamming-alpha",
                                  "Image.resize(size, Image.HAMMING) in the modes L, RGB and CMYK",
                                  "Image.resize(size, Image.HAMMING) in the modes LA and RGBA"};
constexpr PillowNames kBox = {PillowFilter::kBox, "box", "box-alpha",
                              "Image.resize(size, Image.BOX) in the modes L, RGB and CMYK",
                              "Image.resize(size, Image.BOX) in the modes LA and RGBA"};

constexpr Method pillow(const char *name, PillowEra era, PillowNames of) {
    return {{name, "pillow", era.first, era.last, of.name, of.call, kAntialias, {1, 3, 4}, 4, kMostSide},
            Function::kPillow,
            {of.filter, era.order, false}};
}
constexpr Method pillow_alpha(const char *name, PillowEra era, PillowNames of) {
    return {{name, "pillow", era.first, era.last, of.alpha_name, of.alpha_call, kAntialias, {2, 4}, 4, kMostSide},
            Function::kPillow,
            {of.filter, era.order, true}};
}

constexpr Method opencv(const char *name, const char *first, const char *filter, const char *call, int antialias,
                        Function function) {
    return {{name, "opencv", first, "5.0.0.93", filter, call, antialias, {}, 512, kMostSide}, function};
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

    pillow("pillow-4-bilinear", k4, kBilinear),
    pillow_alpha("pillow-4-bilinear-alpha", k4, kBilinear),
    pillow("pillow-12.2-bilinear", k12_2, kBilinear),
    pillow_alpha("pillow-12.2-bilinear-alpha", k12_2, kBilinear),
    pillow("pillow-13-bilinear", k13, kBilinear),
    pillow_alpha("pillow-13-bilinear-alpha", k13, kBilinear),

    pillow("pillow-4-bicubic", k4, kBicubic),
    pillow_alpha("pillow-4-bicubic-alpha", k4, kBicubic),
    pillow("pillow-12.2-bicubic", k12_2, kBicubic),
    pillow_alpha("pillow-12.2-bicubic-alpha", k12_2, kBicubic),
    pillow("pillow-13-bicubic", k13, kBicubic),
    pillow_alpha("pillow-13-bicubic-alpha", k13, kBicubic),

    pillow("pillow-4-lanczos", k4, kLanczos),
    pillow_alpha("pillow-4-lanczos-alpha", k4, kLanczos),
    pillow("pillow-12.2-lanczos", k12_2, kLanczos),
    pillow_alpha("pillow-12.2-lanczos-alpha", k12_2, kLanczos),
    pillow("pillow-13-lanczos", k13, kLanczos),
    pillow_alpha("pillow-13-lanczos-alpha", k13, kLanczos),

    pillow("pillow-4-hamming", k4, kHamming),
    pillow_alpha("pillow-4-hamming-alpha", k4, kHamming),
    pillow("pillow-12.2-hamming", k12_2, kHamming),
    pillow_alpha("pillow-12.2-hamming-alpha", k12_2, kHamming),
    pillow("pillow-13-hamming", k13, kHamming),
    pillow_alpha("pillow-13-hamming-alpha", k13, kHamming),

    pillow("pillow-7-box", k7, kBox),
    pillow_alpha("pillow-7-box-alpha", k7, kBox),
    pillow("pillow-12.2-box", k12_2, kBox),
    pillow_alpha("pillow-12.2-box-alpha", k12_2, kBox),
    pillow("pillow-13-box", k13, kBox),
    pillow_alpha("pillow-13-box-alpha", k13, kBox),

    {{"pillow-4-nearest", "pillow", "4.2.1", "13.0.0", "nearest", "Image.resize(size, Image.NEAREST)", kNone, {}, 4,
      kMostSide},
     Function::kPillowNearest},

    opencv("opencv-3.4-linear", "3.4.0.14", "linear", "cv2.resize(image, dsize, interpolation=cv2.INTER_LINEAR)", kNone,
           Function::kOpencvLinear),
    opencv("opencv-3.4-linear-exact", "3.4.0.14", "linear-exact",
           "cv2.resize(image, dsize, interpolation=cv2.INTER_LINEAR_EXACT)", kNone, Function::kOpencvLinearExact),
    opencv("opencv-3.4-nearest", "3.4.8.29", "nearest", "cv2.resize(image, dsize, interpolation=cv2.INTER_NEAREST)", kNone,
           Function::kOpencvNearest),
    opencv("opencv-3.4-area", "3.4.8.29", "area", "cv2.resize(image, dsize, interpolation=cv2.INTER_AREA)", kAntialias,
           Function::kOpencvArea),
    opencv("opencv-3.4-cubic", "3.4.8.29", "cubic",
           "cv2.resize(image, dsize, interpolation=cv2.INTER_CUBIC) by OpenCV's own code: with OPENCV_IPP=disabled, or with "
           "a source height or width below 4, or 2 or more than 4 channels",
           kNone, Function::kOpencvCubic),
    opencv("opencv-3.4-lanczos4", "3.4.15.55", "lanczos4",
           "cv2.resize(image, dsize, interpolation=cv2.INTER_LANCZOS4)", kNone, Function::kOpencvLanczos4),

    torch("torch-2.0-bilinear-antialias", "2.0.0", "bilinear-antialias",
          "torch.nn.functional.interpolate(image, size, mode='bilinear', antialias=True)", kAntialias,
          Function::kTorchBilinearAntialias),
    torch("torch-2.3-bilinear", "2.3.0", "bilinear", "torch.nn.functional.interpolate(image, size, mode='bilinear')",
          kNone, Function::kTorchBilinear),
    torch("torch-2.1-bicubic-antialias", "2.1.0", "bicubic-antialias",
          "torch.nn.functional.interpolate(image, size, mode='bicubic', antialias=True)", kAntialias,
          Function::kTorchBicubicAntialias),
    torch("torch-2.3-bicubic", "2.3.0", "bicubic", "torch.nn.functional.interpolate(image, size, mode='bicubic')",
          kNone, Function::kTorchBicubic),
    torch("torch-2.0-nearest", "2.0.0", "nearest", "torch.nn.functional.interpolate(image, size, mode='nearest')",
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

bool separates_channels(const Method &method, int64_t channels) {
    if (!covers_channels(method, channels)) return false;
    switch (method.function) {
        case Function::kPillow:
            return !method.pillow.is_alpha;
        case Function::kOpencvLinear:
        case Function::kOpencvArea:
            return channels != 2 && channels <= 4;
        case Function::kOpencvLinearExact:
            return channels <= 4;
        case Function::kOpencvCubic:
            return channels == 1;  // the place in the row decides
        default:
            return true;
    }
}

}  // namespace isopixel
