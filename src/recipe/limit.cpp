// SPDX-License-Identifier: MIT
#include "recipe/limit.h"

#include <cstdlib>
#include <string>

namespace isopixel {

int64_t most_pixels() {
    const char *text = std::getenv("ISOPIXEL_MAX_PIXELS");
    if (!text || !*text) return INT64_C(1) << 28;
    int64_t most = 0;
    for (; *text; ++text) {
        const int64_t digit = *text - '0';
        if (digit < 0 || digit > 9 || most > (INT64_MAX - digit) / 10) return -1;
        most = 10 * most + digit;
    }
    return most > 0 ? most : -1;
}

}  // namespace isopixel
