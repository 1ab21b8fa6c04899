// SPDX-License-Identifier: MIT
// What recipes make of images and pictures (SPEC ). No exception but std::bad_alloc leaves it.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "isopixel.h"
#include "recipe/recipe.h"
#include "recipe/view.h"

namespace isopixel {

// Where the images of the steps lie, for a source of this size and orientation. A status other than OK says why not,
// with a sentence in *problem.
isopixel_status place_steps(const Recipe &recipe, isopixel_size source, int orientation,
                            std::vector<Placement> *placements, std::string *problem);

// The same, and what the array of the recipe's result is; TOO_LARGE if an image on the way to it has too many pixels.
isopixel_status result_of_image(const Recipe &recipe, isopixel_size source, int orientation,
                                std::vector<Placement> *placements, isopixel_result *result, std::string *problem);

// The shape of the array that an image of this size is in the end; TOO_LARGE if it is beyond the address space.
isopixel_status result_of_size(const Recipe &recipe, isopixel_size size, int64_t channels, isopixel_result *result);

// An image of the recipe's mode; or, converted by R-51, a picture.
enum class SourceKind { kImage, kPicture };

// Writes the array of the result to `out`, which has room for it; result_of_image has accepted and placed the image.
isopixel_status run_image(const Recipe &recipe, const isopixel_image &image, SourceKind kind,
                          const std::vector<Placement> &placements, void *out, int threads, std::string *problem);

// Writes the image of a recipe that normalises, as its array, to `out`.
isopixel_status normalize_view(const Recipe &recipe, const ImageView &view, float *out, int threads);

}  // namespace isopixel
