// SPDX-License-Identifier: MIT
// What other libraries compute, bit for bit (SPEC ).
#pragma once

#include <memory>
#include <vector>

#include "frozen/weights.h"
#include "kernels/kernels.h"
#include "resizer/method.h"
#include "resizer/resizer.h"

namespace isopixel::frozen {

// Does a frozen method cover these sizes and channels?
bool covers(const Method &method, const ResizeShape &shape);

// A resizer of whole images: begin() is for all result rows. Throws std::bad_alloc.
std::unique_ptr<Resizer> make_resizer(const Method &method, const ResizeShape &shape, const Kernels &kernels);

std::unique_ptr<Resizer> make_pillow(const ResizeShape &shape, PillowResize resize, const Kernels &kernels);
std::unique_ptr<Resizer> make_opencv_linear(const ResizeShape &shape, const Kernels &kernels);
std::unique_ptr<Resizer> make_opencv_exact(const ResizeShape &shape, const Kernels &kernels);
// The formula of INTER_LINEAR with any two taps.
std::unique_ptr<Resizer> make_opencv_two_tap(const ResizeShape &shape, const std::vector<TwoTaps> &horizontal,
                                             std::vector<TwoTaps> vertical, const Kernels &kernels);
// Whether a rule of INTER_AREA covers these sizes and channels.
bool covers_area(const ResizeShape &shape);
std::unique_ptr<Resizer> make_opencv_area(const ResizeShape &shape, const Kernels &kernels);
std::unique_ptr<Resizer> make_torch(const ResizeShape &shape, bool antialias, const Kernels &kernels);

}  // namespace isopixel::frozen
