// SPDX-License-Identifier: MIT
// Where memory may end: the only exceptions that this library knows.
#pragma once

#include <exception>

#include "isopixel.h"

namespace isopixel {

// Runs `work`, which may allocate. (Compiled without exceptions, the program ends if memory does.)
template <class Work>
isopixel_status guarded(Work work) {
#ifdef __cpp_exceptions
    try {
        return work();
    } catch (const std::exception &) {  // bad_alloc, or length_error from a vector beyond the address space
        return ISOPIXEL_NO_MEMORY;
    }
#else
    return work();
#endif
}

}  // namespace isopixel
