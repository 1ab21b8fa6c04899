// SPDX-License-Identifier: MIT
// Hosts of 32 bits: sizes beyond the address space, of which 32 bits would be few. An allocation of them fails, and
// does not become one of these few. tests/platforms/run.sh runs it.
#include <sys/mman.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <new>
#include <string>
#include <vector>

#include "base/aligned.h"
#include "bilinear/block_memory.h"
#include "isopixel.h"
#include "kernels/dispatch.h"
#include "recipe/view.h"
#include "resizer/row_lines.h"

static_assert(sizeof(size_t) == 4);

namespace {

constexpr size_t kPage = 4096, kAlign = 16;
constexpr int64_t kBeyond = INT64_C(1) << 32;

// Each block has pages of its own, and ends before one that nobody may touch.
struct Header {
    void *pages;
    size_t bytes;
};

}  // namespace

void *operator new(size_t n) {
    const size_t used = (n + kAlign - 1) / kAlign * kAlign;
    const size_t bytes = (used + kAlign + kPage - 1) / kPage * kPage + kPage;
    if (n > SIZE_MAX / 2) throw std::bad_alloc();
    void *pages = mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (pages == MAP_FAILED) throw std::bad_alloc();
    uint8_t *end = static_cast<uint8_t *>(pages) + bytes - kPage;
    if (mprotect(end, kPage, PROT_NONE) != 0) std::abort();
    new (end - used - kAlign) Header{pages, bytes};
    return end - used;
}
void operator delete(void *memory) noexcept {
    if (!memory) return;
    const Header *header = reinterpret_cast<Header *>(static_cast<uint8_t *>(memory) - kAlign);
    munmap(header->pages, header->bytes);
}
void operator delete(void *memory, size_t) noexcept { operator delete(memory); }

namespace {

int passed = 0;

void require(bool holds, const std::string &what) {
    if (!holds) std::printf("%s\n", what.c_str()), std::exit(1);
    ++passed;
}

template <class Make>
void require_no_memory(const std::string &what, Make make) {
    try {
        make();
    } catch (const std::exception &) {
        ++passed;
        return;
    }
    require(false, what + ": there is memory");
}

void parts() {
    using isopixel::AlignedArray;
    require_no_memory("2^32 aligned bytes", [] { AlignedArray<uint8_t> array(kBeyond); });
    require_no_memory("2^32 - 1 aligned bytes", [] { AlignedArray<uint8_t> array(kBeyond - 1); });
    require_no_memory("2^32 aligned floats", [] { AlignedArray<float> array(kBeyond); });
    require_no_memory("samples", [] { isopixel::make_samples(kBeyond + 1); });
    require_no_memory("lines", [] { isopixel::RowLines<uint16_t> lines(2, kBeyond); });
    require_no_memory("more lines", [] { isopixel::RowLines<uint16_t> lines(kBeyond + 2, 10); });
    const isopixel::Kernels &kernels = *isopixel::current_kernels();
    const int64_t lines = kernels.lanes + 2;
    require_no_memory("block", [&] { isopixel::BlockMemory memory(kernels, lines, kBeyond / lines, 1, 1); });
}

// Rows of more than 2^32 samples: no memory for one, or none needed.
void rows() {
    std::vector<uint8_t> out(1000);
    const std::vector<uint8_t> bytes(100);
    int without_memory = 0;
    isopixel_stream *stream = nullptr;
    const auto push = [&](isopixel_status status, const std::string &name) {
        without_memory += status == ISOPIXEL_NO_MEMORY;
        const bool is_refused = status == ISOPIXEL_TOO_LARGE || status == ISOPIXEL_NOT_COVERED;
        require(status == ISOPIXEL_OK || status == ISOPIXEL_NO_MEMORY || is_refused, name);
        if (status != ISOPIXEL_OK) return;
        require(isopixel_stream_push(stream, bytes.data(), bytes.size()) == ISOPIXEL_OK, name);
        require(isopixel_stream_finish(stream) == ISOPIXEL_INCOMPLETE, name);
    };
    for (size_t i = 0; const char *method = isopixel_method_name(i); ++i) {
        for (const int64_t channels : {1, 3, 4}) {
            const isopixel_size size = {2, kBeyond / channels + 1};
            push(isopixel_stream_begin(&stream, method, channels, size, {3, 5}, out.data(), 20), method);
        }
        const char *layout = "fixed,width=1431655766,channels=3";
        push(isopixel_stream_begin_bytes(&stream, layout, 1000, method, {3, 5}, out.data(), 15),
             std::string("bytes, ") + method);
    }
    require(without_memory >= 6, "there is memory for rows");
}

// More source rows than one that are kept, of which each would find memory.
void kept_rows() {
    std::vector<uint8_t> out(1 << 16);
    isopixel_stream *stream;
    require(isopixel_stream_begin(&stream, "area", 1 << 16, {64, 1 << 10}, {4, 1}, out.data(), 1 << 16) ==
                ISOPIXEL_NO_MEMORY,
            "there is memory for the kept rows");
}

}  // namespace

int main() {
    parts();
    rows();
    kept_rows();
    std::printf("%d passed\n", passed);
}
