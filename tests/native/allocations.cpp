// SPDX-License-Identifier: MIT
// A push allocates nothing, since it could not report that there is no memory (isopixel.h): all of a stream's memory is
// there from its beginning.
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <new>
#include <vector>

#include "isopixel.h"

namespace {
int allocations = 0;
}

void *operator new(size_t n) {
    ++allocations;
    if (void *memory = std::malloc(n ? n : 1)) return memory;
    std::abort();
}
void operator delete(void *memory) noexcept { std::free(memory); }
void operator delete(void *memory, size_t) noexcept { std::free(memory); }

namespace {

int passed = 0;

void require(bool holds, const char *what, const char *name) {
    if (!holds) std::printf("%s: %s\n", name, what), std::exit(1);
    ++passed;
}

// Pushes n bytes in pieces that begin and end within pixels.
void push(isopixel_stream *stream, size_t n, const char *name) {
    static const uint8_t bytes[100000] = {1, 2, 3};
    const int before = allocations;
    for (size_t done = 0, piece = 1; done < n; done += piece, piece = piece % 13 + 1) {
        if (piece > n - done) piece = n - done;
        require(isopixel_stream_push(stream, bytes + done, piece) == ISOPIXEL_OK, "a piece", name);
    }
    require(allocations == before, "a push allocates", name);
    require(isopixel_stream_finish(stream) == ISOPIXEL_OK, "the end", name);
}

}  // namespace

int main() {
    const isopixel_size in_size = {20, 30}, sizes[] = {{7, 9}, {40, 50}, {20, 30}, {10, 15}, {2, 40}};
    std::vector<uint8_t> out(100000);
    isopixel_stream *stream;
    for (size_t i = 0; const char *method = isopixel_method_name(i); ++i)
        for (const isopixel_size size : sizes) {
            const isopixel_method *info = isopixel_method_info(method);
            const int64_t channels = info->channels[0] == 1 ? 3 : info->channels[0] ? info->channels[0] : 4;
            require(isopixel_stream_begin(&stream, method, channels, in_size, size, out.data(),
                                          static_cast<ptrdiff_t>(size.width * channels)) == ISOPIXEL_OK,
                    "a stream", method);
            push(stream, static_cast<size_t>(in_size.height * in_size.width * channels), method);
        }
    for (const char *layout :
         {"fixed,width=7,channels=3", "square,rows=floor,channels=3", "hilbert", "bigram", "line"}) {
        require(isopixel_stream_begin_bytes(&stream, layout, 1000, "bilinear", {7, 9}, out.data(), 27) == ISOPIXEL_OK,
                "a stream", layout);
        push(stream, 1000, layout);
    }
    require(allocations > 100, "allocations are counted", "operator new");
    std::printf("%d passed\n", passed);
}
