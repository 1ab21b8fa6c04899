// SPDX-License-Identifier: MIT
#include "recipe/run.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "base/sizes.h"
#include "batch.h"
#include "recipe/limit.h"

namespace isopixel {
namespace {

isopixel_status refused(isopixel_status status, std::string *problem, std::string message) {
    *problem = std::move(message);
    return status;
}

constexpr const char *kTurnings =
    ": say whether pictures are turned upright before the model sees them: orientation=apply (as cv2.imread and "
    "browsers do) or orientation=ignore (as PIL.Image.open and torchvision do)";

// R-51, 3
isopixel_status check_orientation(const ImageSource &source, int orientation, std::string *problem) {
    if (orientation < -1 || orientation > 8)
        return refused(ISOPIXEL_BAD_IMAGE, problem, "an orientation is from 1 to 8, or 0 if it is not known");
    if (source.orientation == Orientation::kIgnore || orientation == 0 || orientation == 1) return ISOPIXEL_OK;
    if (orientation == -1)
        return refused(ISOPIXEL_BAD_IMAGE, problem,
                       "its orientation is told in two ways, and programs turn it in different ways: turn it upright "
                       "and save it first; orientation=ignore takes it as it lies");
    if (source.orientation == Orientation::kApply) return ISOPIXEL_OK;
    return refused(ISOPIXEL_BAD_IMAGE, problem, "its EXIF orientation is " + std::to_string(orientation) + kTurnings);
}

int applied(const ImageSource &source, int orientation) {
    return source.orientation == Orientation::kApply && orientation > 0 ? orientation : 1;
}

isopixel_size upright(const ImageSource &source, isopixel_size size, int orientation) {
    return applied(source, orientation) >= 5 ? isopixel_size{size.width, size.height} : size;
}

isopixel_status check_pixels(int64_t height, int64_t width, std::string *problem) {
    const int64_t most = most_pixels();
    if (most < 1)
        return refused(ISOPIXEL_TOO_LARGE, problem,
                       "the environment variable ISOPIXEL_MAX_PIXELS must be a number from 1 to 9223372036854775807");
    if (product(height, width, most) >= 0) return ISOPIXEL_OK;
    return refused(ISOPIXEL_TOO_LARGE, problem,
                   "an image of " + std::to_string(height) + " × " + std::to_string(width) +
                       " pixels (height × width) is beyond the limit of " + std::to_string(most) +
                       ", which keeps small files from filling the memory: if it is meant, set ISOPIXEL_MAX_PIXELS");
}

// R-51, 1 and 2: from the channels of a picture to those of the mode. `held` is what the view looks at, if anything.
isopixel_status convert(const ImageSource &source, ImageView *view, Samples *held, std::string *problem) {
    if (view->channels < 1 || view->channels > 4)
        return refused(ISOPIXEL_BAD_IMAGE, problem,
                       "a picture has 1 channel (gray), 2 (gray, alpha), 3 (red, green, blue) or 4 (these and alpha), "
                       "not " +
                           std::to_string(view->channels));
    const bool has_alpha = view->channels % 2 == 0, has_colours = view->channels > 2;
    if (has_alpha && source.mode != Mode::kRgba && !source.drops_alpha)
        return refused(ISOPIXEL_BAD_IMAGE, problem,
                       "it has transparency: alpha=drop takes the colours as they are (as PIL's convert('RGB') and "
                       "cv2.imread do)");
    if (has_colours && source.mode == Mode::kGray && source.luma == Luma::kRefuse)
        return refused(ISOPIXEL_BAD_IMAGE, problem,
                       "it has colours, of which libraries make gray in different ways: luma=pillow-7 (as PIL's "
                       "convert('L')), luma=opencv-3.4 or luma=opencv-4 (as cv2.cvtColor)");
    if (source.mode == Mode::kRgba) {
        if (view->channels < 4) *view = with_alpha(*view, held);
        return ISOPIXEL_OK;
    }
    if (source.mode == Mode::kGray) {
        if (has_colours) *view = gray_of(*view, source.luma, held);
        view->channels = 1;
        return ISOPIXEL_OK;
    }
    if (!has_colours) view->strides.channel = 0;
    view->channels = 3;
    if (source.mode == Mode::kBgr) *view = with_channels_reversed(*view);
    return ISOPIXEL_OK;
}

// An image in the making. Images in memory are `held_`, until the next one is made of them.
class Run {
  public:
    Run(const ImageView &view, Samples held, int threads, std::string *problem)
        : view_(view), held_(std::move(held)), threads_(threads), problem_(problem) {}

    // Does the step; if it makes new samples and `out` is not null, they are written there.
    isopixel_status operator()(const Step &step, const Placement &place, uint8_t *out) {
        if (const auto *resize = std::get_if<ResizeStep>(&step)) return resized(*resize->method, place, out);
        if (std::holds_alternative<CropStep>(step)) {
            view_ = part_of(view_, place);
            return ISOPIXEL_OK;
        }
        Samples made = samples_of(place, out);
        uint8_t *to = out ? out : made.get();
        pad(view_, place, std::get<PadStep>(step).values, to);
        keep(place, std::move(made), to);
        return ISOPIXEL_OK;
    }

    const ImageView &view() const { return view_; }

  private:
    Samples samples_of(const Placement &place, const uint8_t *out) const {
        return out ? nullptr : make_samples(place.height * place.width * view_.channels);
    }

    // Goes on with the samples of a new image.
    void keep(const Placement &place, Samples made, const uint8_t *to) {
        held_ = std::move(made);
        view_ = contiguous_view(to, place.height, place.width, view_.channels);
    }

    isopixel_status not_covered(const Method &method) {
        return refused(ISOPIXEL_NOT_COVERED, problem_,
                       "the method '" + std::string(method.info.name) + "' does not cover images of " +
                           std::to_string(view_.channels) + " channels, or sides this long");
    }

    isopixel_status resized(const Method &method, const Placement &place, uint8_t *out) {
        if (!covers_channels(method, view_.channels)) return not_covered(method);
        if (place.height == view_.height && place.width == view_.width) return ISOPIXEL_OK;
        const ResizeShape shape = {view_.height, view_.width, view_.channels, place.height, place.width};
        std::optional<Plan> plan;
        const isopixel_status status = check_and_plan(method, shape, &plan);
        if (status == ISOPIXEL_NOT_COVERED) return not_covered(method);
        if (status != ISOPIXEL_OK) return status;
        if (!has_dense_rows(view_)) {
            Samples copied = make_samples(view_.height * view_.width * view_.channels);
            copy(view_, copied.get());
            view_ = contiguous_view(copied.get(), view_.height, view_.width, view_.channels);
            held_ = std::move(copied);
        }
        Samples made = samples_of(place, out);
        uint8_t *to = out ? out : made.get();
        const isopixel_strides out_strides = {0, static_cast<ptrdiff_t>(place.width * view_.channels)};
        const isopixel_status done =
            resize_images(*plan, 1, view_.samples, {0, view_.strides.row}, to, out_strides, threads_);
        if (done == ISOPIXEL_OK) keep(place, std::move(made), to);
        return done;
    }

    ImageView view_;
    Samples held_;
    int threads_;
    std::string *problem_;
};

}  // namespace

isopixel_status place_steps(const Recipe &recipe, isopixel_size source, int orientation,
                            std::vector<Placement> *placements, std::string *problem) {
    if (isopixel_status status = check_orientation(*recipe.image(), orientation, problem)) return status;
    if (std::min(source.height, source.width) < 1 || std::max(source.height, source.width) > INT32_MAX)
        return refused(ISOPIXEL_BAD_IMAGE, problem, "the sides of an image are from 1 to 2147483647 pixels");
    source = upright(*recipe.image(), source, orientation);
    placements->clear();
    for (const Step &step : recipe.steps) {
        Placement &made = placements->emplace_back();
        if (!place(step, source.height, source.width, &made, problem)) return ISOPIXEL_BAD_IMAGE;
        source = {made.height, made.width};
    }
    return ISOPIXEL_OK;
}

isopixel_status result_of_size(const Recipe &recipe, isopixel_size size, int64_t channels, isopixel_result *result) {
    const bool is_float = recipe.normalization.has_value();
    const int64_t pixels = product(size.height, size.width, kMaxBytes);
    const int64_t bytes =
        pixels < 0 ? -1 : product(pixels, channels * static_cast<int64_t>(is_float ? sizeof(float) : 1), kMaxBytes);
    if (bytes < 0) return ISOPIXEL_TOO_LARGE;
    *result = {size, channels, is_float, static_cast<size_t>(bytes)};
    return ISOPIXEL_OK;
}

isopixel_status result_of_image(const Recipe &recipe, isopixel_size source, int orientation,
                                std::vector<Placement> *placements, isopixel_result *result, std::string *problem) {
    if (isopixel_status status = place_steps(recipe, source, orientation, placements, problem)) return status;
    isopixel_size size = upright(*recipe.image(), source, orientation);
    if (isopixel_status status = check_pixels(size.height, size.width, problem)) return status;
    for (const Placement &made : *placements) {
        size = {made.height, made.width};
        if (isopixel_status status = check_pixels(size.height, size.width, problem)) return status;
    }
    return result_of_size(recipe, size, recipe.channels(), result);
}

isopixel_status run_image(const Recipe &recipe, const isopixel_image &image, SourceKind kind,
                          const std::vector<Placement> &placements, void *out, int threads, std::string *problem) {
    const ImageSource &source = *recipe.image();
    ImageView view = {image.samples, image.size.height, image.size.width, image.channels, image.strides};
    Samples held;
    if (kind == SourceKind::kPicture) {
        if (isopixel_status status = convert(source, &view, &held, problem)) return status;
    } else if (image.channels != source.channels()) {
        return refused(ISOPIXEL_BAD_IMAGE, problem,
                       "an image of the mode " + std::string(source.mode_name()) + " has " +
                           std::to_string(source.channels()) + " channels, not " + std::to_string(image.channels));
    }
    Run run(turned(view, applied(source, image.orientation)), std::move(held), threads, problem);
    auto *bytes = recipe.normalization ? nullptr : static_cast<uint8_t *>(out);
    for (size_t i = 0; i < recipe.steps.size(); ++i) {
        const bool is_last = i + 1 == recipe.steps.size();
        if (isopixel_status status = run(recipe.steps[i], placements[i], is_last ? bytes : nullptr)) return status;
    }
    if (recipe.normalization) return normalize_view(recipe, run.view(), static_cast<float *>(out), threads);
    if (run.view().samples != out) copy(run.view(), bytes);
    return ISOPIXEL_OK;
}

isopixel_status normalize_view(const Recipe &recipe, const ImageView &view, float *out, int threads) {
    return normalize_images(recipe.table.data(), 1, view.channels, {view.height, view.width}, view.samples,
                            view.strides, out, threads);
}

}  // namespace isopixel
