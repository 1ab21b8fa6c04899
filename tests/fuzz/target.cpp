// SPDX-License-Identifier: MIT
// The fuzz target of the C interface (libFuzzer): nothing but the statuses that isopixel.h names, no access beside the
// memory that was given, no exception, and no more scratch memory than promised; and the same bits whole, in rows, in
// pieces, with each instruction set, and by the definition.
#include "cases.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    Input input(data, size);
    switch (pick(input, 0, 4)) {
        case 0:
            fuzz_texts(input);
            break;
        case 1:
            fuzz_sizes(input);
            break;
        case 2:
            fuzz_pixels(input);
            break;
        case 3:
            fuzz_bytes(input);
            break;
        default:
            fuzz_normalize(input);
    }
    return 0;
}
