// SPDX-License-Identifier: MIT
// The fingerprint of an array in the C interface (SPEC R-8). No exception leaves this file.
#include <cstring>
#include <string>

#include "base/copy_text.h"
#include "base/guarded.h"
#include "base/sha256.h"
#include "base/sizes.h"
#include "isopixel.h"

using isopixel::product;
using isopixel::Sha256;

namespace {

void push_text(Sha256 *hash, const std::string &text) {
    hash->push(reinterpret_cast<const uint8_t *>(text.data()), text.size());
}

// The bits of each float, least significant byte first.
void push_floats(Sha256 *hash, const float *samples, int64_t n) {
    for (int64_t i = 0; i < n; ++i) {
        uint32_t bits;
        std::memcpy(&bits, samples + i, sizeof bits);
        uint8_t bytes[4];
        for (int b = 0; b < 4; ++b) bytes[b] = static_cast<uint8_t>(bits >> 8 * b);
        hash->push(bytes, sizeof bytes);
    }
}

}  // namespace

isopixel_status isopixel_fingerprint(const void *samples, int is_float, const int64_t *shape, size_t rank,
                                     char *fingerprint) {
    if (!samples || !shape || !fingerprint) return ISOPIXEL_NULL;
    if (rank < 1) return ISOPIXEL_BAD_SIZE;
    return isopixel::guarded([&] {
        int64_t n = 1;
        std::string header = is_float ? "isopixel-array-1 float32 " : "isopixel-array-1 uint8 ";
        for (size_t i = 0; i < rank; ++i) {
            if (shape[i] < 1) return ISOPIXEL_BAD_SIZE;
            if ((n = product(n, shape[i], isopixel::kMaxBytes / (is_float ? 4 : 1))) < 0) return ISOPIXEL_TOO_LARGE;
            header += (i > 0 ? "x" : "") + std::to_string(shape[i]);
        }
        Sha256 hash;
        push_text(&hash, header + "\n");
        if (is_float) push_floats(&hash, static_cast<const float *>(samples), n);
        else hash.push(static_cast<const uint8_t *>(samples), static_cast<size_t>(n));
        isopixel::copy_text(hash.finish(), fingerprint, ISOPIXEL_FINGERPRINT_SIZE);
        return ISOPIXEL_OK;
    });
}
