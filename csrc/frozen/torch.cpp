// SPDX-License-Identifier: MIT
// torch.nn.functional.interpolate of uint8 (SPEC, "Frozen peers").
#include "frozen/frozen.h"
#include "frozen/passes.h"

namespace isopix::frozen {

std::unique_ptr<Resizer> make_torch(const ResizeShape &shape, bool antialias, const Kernels &kernels) {
    Passes passes{{}, {}, false};
    if (shape.in_width != shape.out_width) passes.horizontal = torch_axis(shape.in_width, shape.out_width, antialias);
    if (shape.in_height != shape.out_height) passes.vertical = torch_axis(shape.in_height, shape.out_height, antialias);
    return make_two_pass_resizer(shape, std::move(passes), kernels);
}

}  // namespace isopix::frozen
