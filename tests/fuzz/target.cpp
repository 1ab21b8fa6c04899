// SPDX-License-Identifier: MIT
// The fuzz target of the C interface (libFuzzer): nothing but the statuses that isopixel.h names, no access beside the
// memory that was given, no exception, and no more scratch memory than promised; and the same bits whole, in rows, in
// pieces, with each instruction set, and by the definition.
#include <cstring>

#include "cases.h"

extern "C" int LLVMFuzzerInitialize(int *, char ***);
extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

// The environment is asked until it names an instruction set: once.
int LLVMFuzzerInitialize(int *, char ***) {
    const uint8_t in = 7;
    uint8_t out = kGuard;
    setenv("ISOPIXEL_ISA", "none", 1);
    REQUIRE(isopixel_get_isa() == nullptr);
    REQUIRE(isopixel_resize("bilinear", 1, 1, {1, 1}, &in, {}, {1, 1}, &out, {}, 1) == ISOPIXEL_UNKNOWN_ISA);
    REQUIRE(out == kGuard);
    unsetenv("ISOPIXEL_ISA");
    setenv("ISOPIXEL_MAX_PIXELS", "20000", 1);  // so that images stay small
    REQUIRE(isopixel_get_isa() != nullptr);
    return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    Input input(data, size);
    if (size >= 2 && data[0] == 0xFF && data[1] == 0xD8) {
        fuzz_jpeg(input);
        return 0;
    }
    if (size >= 4 && std::memcmp(data, "0040", 4) == 0) {
        fuzz_listing(input);
        return 0;
    }
    if (size >= 4 && std::memcmp(data, "RIFF", 4) == 0) {
        fuzz_sound(input);
        return 0;
    }
    switch (pick(input, 0, 5)) {
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
        case 4:
            fuzz_normalize(input);
            break;
        default:
            fuzz_arguments(input);
    }
    return 0;
}
