// SPDX-License-Identifier: MIT
#include "bytes/sound_image.h"

#include <utility>
#include <vector>

#include "base/sizes.h"
#include "sound/columns.h"

namespace isopixel {
namespace {

// Where levels go, and what is left to do when all have come.
class Target : public LevelSink {
  public:
    virtual void finish() = 0;
};

// Keeps the image as it is.
class Unresized final : public Target {
  public:
    Unresized(size_t rows, uint8_t *out, ptrdiff_t stride) : columns_(rows, out, stride) {}

    void take(const uint8_t *levels, size_t frames) override { columns_.take(levels, frames); }
    void finish() override {}

  private:
    Columns columns_;
};

// Resizes the transpose, whose rows are the frames.
class Transpose final : public Target {
  public:
    Transpose(const Plan &plan, uint8_t *out, ptrdiff_t stride)
        : columns_(plan.shape.out_width),
          rows_(plan.shape.out_height),
          row_bytes_(static_cast<ptrdiff_t>(plan.shape.in_width)),
          result_(allocation_size(rows_ * columns_)),
          resizer_(make_resizer(plan)),
          out_(out),
          stride_(stride) {
        resizer_->begin(result_.data(), static_cast<ptrdiff_t>(columns_), 0, rows_);
    }

    void take(const uint8_t *levels, size_t frames) override {
        resizer_->push_rows(levels, static_cast<int64_t>(frames), row_bytes_);
    }

    void finish() override {
        const uint8_t *from = result_.data();
        for (int64_t row = 0; row < rows_; ++row)
            for (int64_t column = 0; column < columns_; ++column)
                out_[static_cast<ptrdiff_t>(column) * stride_ + static_cast<ptrdiff_t>(row)] = *from++;
    }

  private:
    const int64_t columns_, rows_;
    const ptrdiff_t row_bytes_;
    std::vector<uint8_t> result_;
    const std::unique_ptr<Resizer> resizer_;
    uint8_t *const out_;
    const ptrdiff_t stride_;
};

// Keeps the image, and resizes it when it is whole: the order of the axes is part of what another library computes.
class Whole final : public Target {
  public:
    Whole(const Plan &plan, uint8_t *out, ptrdiff_t stride)
        : rows_(plan.shape.in_height),
          row_bytes_(static_cast<ptrdiff_t>(plan.shape.in_width)),
          image_(allocation_size(rows_ * plan.shape.in_width)),
          columns_(static_cast<size_t>(rows_), image_.data(), row_bytes_),
          resizer_(make_resizer(plan)) {
        resizer_->begin(out, stride, 0, plan.shape.out_height);
    }

    void take(const uint8_t *levels, size_t frames) override { columns_.take(levels, frames); }

    void finish() override { resizer_->push_rows(image_.data(), rows_, row_bytes_); }

  private:
    const int64_t rows_;
    const ptrdiff_t row_bytes_;
    std::vector<uint8_t> image_;
    Columns columns_;
    const std::unique_ptr<Resizer> resizer_;
};

class SoundImage final : public ByteImage {
  public:
    SoundImage(const SoundSettings &settings, const isopixel_sound &sound, std::unique_ptr<Target> target)
        : target_(std::move(target)), spectrogram_(settings, sound, target_.get()) {}

    void push(const uint8_t *bytes, uint64_t n) override { is_refused_ = !spectrogram_.push(bytes, n); }
    bool is_refused() const override { return is_refused_; }

    void finish() override {
        spectrogram_.finish();
        target_->finish();
    }

  private:
    const std::unique_ptr<Target> target_;
    Spectrogram spectrogram_;
    bool is_refused_ = false;
};

}  // namespace

ResizeShape resize_of_sound(const Method &method, const ImageShape &image, int64_t out_height, int64_t out_width) {
    ResizeShape shape = {image.height, image.width, 1, out_height, out_width};
    if (!is_frozen(method) && (image.height != out_height || image.width != out_width)) {
        std::swap(shape.in_height, shape.in_width);
        std::swap(shape.out_height, shape.out_width);
    }
    return shape;
}

std::unique_ptr<ByteImage> make_sound_image(const SoundSettings &settings, const isopixel_sound &sound,
                                            const Plan &plan, uint8_t *out, ptrdiff_t stride) {
    const ResizeShape &shape = plan.shape;
    std::unique_ptr<Target> target;
    if (shape.in_height == shape.out_height && shape.in_width == shape.out_width)
        target = std::make_unique<Unresized>(settings.rows(), out, stride);
    else if (is_frozen(*plan.method)) target = std::make_unique<Whole>(plan, out, stride);
    else target = std::make_unique<Transpose>(plan, out, stride);
    return std::make_unique<SoundImage>(settings, sound, std::move(target));
}

}  // namespace isopixel
