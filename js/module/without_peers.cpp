// SPDX-License-Identifier: MIT
// In place of src/frozen/frozen.cpp, for the module that has no methods of other libraries: it is not asked for them.
#include "frozen/frozen.h"

namespace isopixel::frozen {

bool covers(const Method &, const ResizeShape &) { return false; }
std::unique_ptr<Resizer> make_resizer(const Method &, const ResizeShape &, const Kernels &) { return nullptr; }

}  // namespace isopixel::frozen
