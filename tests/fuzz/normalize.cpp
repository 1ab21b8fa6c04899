// SPDX-License-Identifier: MIT
// Normalisation: any text as mean and std, tables beside long double, samples at any strides.
#include <algorithm>
#include <cmath>

#include "cases.h"
#include "grammar.h"
#include "memory.h"

namespace {

// The number of a text's channel, as the C library reads it.
long double number(const std::string &decimals, size_t channel) {
    std::string text = decimals;
    for (; channel > 0 && text.find(',') != std::string::npos; --channel) text = text.substr(text.find(',') + 1);
    return std::strtold(text.c_str(), nullptr);
}

// Is a float the one beside x, as far as one can say who knows x but for `error`?
bool is_rounded(float rounded, long double x, long double error) {
    const float magnitude = std::fabs(rounded);
    const long double unit = static_cast<long double>(std::nextafter(magnitude, INFINITY)) - magnitude;
    return std::fabs(rounded - x) <= unit / 2 + error;
}

void table(Input &input) {
    const auto channels = static_cast<size_t>(pick(input, 1, 4));
    const auto capacity = static_cast<size_t>(pick(input, 0, 200));
    const int64_t allocations = input.ConsumeBool() ? pick(input, 0, 40) : INT64_MAX;
    std::string mean = decimals_text(input), deviation = decimals_text(input);
    if (input.ConsumeBool()) {
        const std::string texts = input.ConsumeRemainingBytesAsString();
        const size_t blank = std::min(texts.find(' '), texts.size());
        mean = texts.substr(0, blank), deviation = texts.substr(std::min(blank + 1, texts.size()));
    }
    Exact memory(channels * 256 * sizeof(float)), message(capacity);
    float *numbers = reinterpret_cast<float *>(memory.data());
    const Bytes before = memory.copy();
    isopixel_status status;
    {
        MemoryLimit limit(kMiB, allocations);
        status = isopixel_normalization_table(mean.c_str(), deviation.c_str(), static_cast<int64_t>(channels), numbers,
                                              reinterpret_cast<char *>(message.data()), capacity);
        REQUIRE(limit.taken() == 0);
        REQUIRE(!limit.refused() || status == ISOPIXEL_NO_MEMORY);
    }
    REQUIRE(status == ISOPIXEL_OK || status == ISOPIXEL_BAD_NORMALIZATION || status == ISOPIXEL_NO_MEMORY);
    if (status != ISOPIXEL_OK) {
        REQUIRE(memory.copy() == before);
        REQUIRE(capacity == 0 || (message.data()[0] == 0) == (status == ISOPIXEL_NO_MEMORY || capacity == 1));
        return;
    }
    for (size_t c = 0; c < channels; ++c)
        for (size_t v = 0; v < 256; ++v) {
            const long double m = number(mean, c), d = number(deviation, c);
            const long double x = (static_cast<long double>(v) / 255 - m) / d;
            REQUIRE(is_rounded(numbers[256 * c + v], x, 1e-18L * (1 + std::fabs(m)) / d));
        }
}

void look_up(Input &input) {
    const int64_t images = pick(input, 1, 3), channels = pick(input, 1, 4);
    const isopixel_size size = {pick(input, 1, 20), pick(input, 1, 20)};
    const int64_t counts[] = {images, channels, size.height, size.width};
    ptrdiff_t strides[4];
    int64_t first = 0, last = 0;
    for (size_t axis = 0; axis < 4; ++axis) {
        strides[axis] = static_cast<ptrdiff_t>(pick(input, -70, 70));
        const int64_t span = (counts[axis] - 1) * strides[axis];
        first -= std::min<int64_t>(0, span);
        last += std::max<int64_t>(0, span);
    }
    const Bytes bytes = samples(input, first + last + 1);
    Exact source(bytes.data(), bytes.size());
    std::vector<float> numbers(static_cast<size_t>(256 * channels));
    for (size_t i = 0; i < numbers.size(); ++i) numbers[i] = static_cast<float>(i) - 100;
    Exact result(static_cast<size_t>(images * channels * size.height * size.width) * sizeof(float));
    float *out = reinterpret_cast<float *>(result.data());
    const int threads = pick_threads(input);
    REQUIRE(isopixel_normalize(numbers.data(), images, channels, size, source.data() + first,
                               {strides[0], strides[1], strides[2], strides[3]}, out, threads) == ISOPIXEL_OK);
    for (int64_t n = 0; n < images; ++n)
        for (int64_t c = 0; c < channels; ++c)
            for (int64_t y = 0; y < size.height; ++y)
                for (int64_t x = 0; x < size.width; ++x) {
                    const int64_t place = first + n * strides[0] + c * strides[1] + y * strides[2] + x * strides[3];
                    const int64_t entry = 256 * c + bytes[static_cast<size_t>(place)];
                    REQUIRE(*out++ == static_cast<float>(entry) - 100);
                }
}

}  // namespace

void fuzz_normalize(Input &input) {
    if (input.ConsumeBool()) table(input);
    else look_up(input);
}
