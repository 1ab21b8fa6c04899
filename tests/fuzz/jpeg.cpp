// SPDX-License-Identifier: MIT
// A JPEG file: with each instruction set, in memory of exactly its size, and where memory ends. What
// follows the end marker, from which numbers are picked, changes nothing.
#include <algorithm>

#include "cases.h"
#include "memory.h"

namespace {

constexpr size_t kCapacity = 200;

struct Decoded {
    isopixel_status status;
    std::string message;
    Bytes samples;

    bool operator==(const Decoded &other) const {
        return status == other.status && message == other.message && samples == other.samples;
    }
};

// As isopixel.h says of the memory: of a row, of several scans, and of any file.
int64_t most_memory(size_t n, isopixel_size size, int64_t channels) {
    const int64_t whole = (size.height + 31) * (size.width + 31) * channels;
    return 100 * 1024 + 200 * (size.width + 31) + std::min<int64_t>(3 * whole, 5000 * static_cast<int64_t>(n));
}

Decoded decode(const Bytes &file, isopixel_size size, int64_t channels, int64_t allocations) {
    Exact bytes(file.data(), file.size());
    const auto n = static_cast<size_t>(size.height * size.width * channels);
    Exact out(n);
    out.forget();
    char message[kCapacity];
    Decoded decoded;
    {
        MemoryLimit limit(most_memory(file.size(), size, channels), allocations);
        decoded.status = isopixel_jpeg_decode(bytes.data(), file.size(), out.data(), n, message, sizeof message);
        REQUIRE(limit.taken() == 0);
        REQUIRE(!limit.refused() || decoded.status == ISOPIXEL_NO_MEMORY);
    }
    decoded.message = message;
    if (decoded.status == ISOPIXEL_OK) decoded.samples = out.copy();
    return decoded;
}

}  // namespace

void fuzz_jpeg(Input &input) {
    const int64_t allocations = pick(input, 0, 20);
    const Bytes file = input.ConsumeRemainingBytes<uint8_t>();
    Exact bytes(file.data(), file.size());
    uint8_t *first = bytes.data();
    isopixel_size size = {-1, -1};
    int64_t channels = -1;
    int orientation = -9;
    char message[kCapacity];
    const isopixel_status status =
        isopixel_jpeg_info(first, file.size(), &size, &channels, &orientation, message, sizeof message);
    REQUIRE((status == ISOPIXEL_OK) == (message[0] == 0) && std::string(message).size() + 1 < kCapacity);
    if (status != ISOPIXEL_OK) {
        REQUIRE(status == ISOPIXEL_BAD_PICTURE && size.height == -1 && channels == -1 && orientation == -9);
        return;
    }
    REQUIRE(size.height >= 1 && size.width >= 1 && size.height <= 65500 && size.width <= 65500);
    REQUIRE((channels == 1 || channels == 3) && orientation >= -1 && orientation <= 8 && orientation != 0);
    REQUIRE(size.height * size.width / 64 <= 8 * static_cast<int64_t>(file.size()) + 8);
    uint8_t one;
    if (size.height * size.width * channels > 1)
        REQUIRE(isopixel_jpeg_decode(first, file.size(), &one, 1, nullptr, 0) == ISOPIXEL_BAD_SIZE);

    use_isa("scalar");
    const Decoded expected = decode(file, size, channels, INT64_MAX);
    REQUIRE(expected.status == ISOPIXEL_OK || expected.status == ISOPIXEL_BAD_PICTURE);
    REQUIRE((expected.status == ISOPIXEL_OK) == expected.message.empty());
    REQUIRE(expected.message.size() + 1 < kCapacity);
    for (size_t isa = 0; isopixel_isa_name(isa); ++isa) {
        use_isa(isopixel_isa_name(isa));
        REQUIRE(decode(file, size, channels, INT64_MAX) == expected);
    }
    const Decoded cut = decode(file, size, channels, allocations);
    REQUIRE(cut == expected || (cut.status == ISOPIXEL_NO_MEMORY && cut.message.empty()));
}
