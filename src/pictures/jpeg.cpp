// SPDX-License-Identifier: MIT
#include "pictures/jpeg.h"

#include <algorithm>
#include <memory>
#include <vector>

#include "base/sizes.h"
#include "pictures/jpeg_rows.h"
#include "pictures/jpeg_scan.h"
#include "pictures/orientation.h"

namespace isopixel {
namespace {

constexpr int kMostScans = 64;

// The coefficients of a component, which several scans bring.
struct StoredBlocks {
    std::vector<int16_t> coefficients;
    std::vector<uint8_t> reaches;  // coefficients from here on in the data are 0

    explicit StoredBlocks(const JpegComponent &c)
        : coefficients(allocation_size(c.stored_x * c.stored_y * kBlock)),
          reaches(allocation_size(c.stored_x * c.stored_y)) {}
};

class JpegDecoder {
  public:
    JpegDecoder(ByteRange file, const PictureKernels &kernels, uint8_t *out)
        : file_(file), markers_(file), kernels_(kernels), out_(out) {}

    Fault decode();
    int64_t visits() const { return visits_; }

  private:
    Fault read_scan(ByteRange header);
    template <class ReadBlock, class EndRow>
    bool read_mcus(ScanReader &reader, const JpegScan &scan, ReadBlock read_block, EndRow end_row);
    bool read_at_once(ScanReader &reader, const JpegScan &scan);
    bool read_stored(ScanReader &reader, const JpegScan &scan);
    Fault finish();

    const ByteRange file_;
    MarkerReader markers_;
    const PictureKernels &kernels_;
    uint8_t *const out_;
    JpegTables tables_;
    JpegFrame frame_;
    ColourMarkers colours_;
    int scans_ = 0;
    bool is_out_of_range_ = false;
    bool is_done_ = false;
    std::vector<StoredBlocks> stored_;
    int64_t visits_ = 0;
};

Fault out_of_range() { return unusual("has colours far beyond black and white"); }

Fault JpegDecoder::decode() {
    if (Fault fault = markers_.begin()) return fault;
    for (;;) {
        int marker;
        ByteRange content;
        if (Fault fault = markers_.next(&marker, &content)) return fault;
        if (marker == kEoi) return finish();
        Fault fault;
        if (marker == kDqt) fault = tables_.read_quantisation(content);
        else if (marker == kDht) fault = tables_.read_huffman(content);
        else if (marker == kDri) fault = tables_.read_restart_interval(content);
        else if (marker >= kSof0 && marker <= kSof2) fault = read_frame(marker, content, file_.size(), &frame_);
        else if (marker == kSos) fault = read_scan(content);
        else if (scans_ == 0) colours_.read(marker, content);
        if (fault) return fault;
    }
}

Fault JpegDecoder::read_scan(ByteRange header) {
    if (++scans_ > kMostScans) return unusual("has more than 64 scans");
    JpegScan scan;
    if (Fault fault = JpegScan::read(header, tables_, &frame_, &scan)) return fault;
    ScanReader reader(scan, tables_.restart_interval, markers_.place(), file_.end);
    const bool is_read = scan.is_whole(frame_) ? read_at_once(reader, scan) : read_stored(reader, scan);
    visits_ += reader.visits();
    if (is_out_of_range_) return out_of_range();
    if (!is_read || !reader.end()) return reader.fault();
    return markers_.resume(reader.place());
}

// Reads the blocks of a scan in their order: read_block(part, y, x) each, and end_row() behind each row of MCUs.
template <class ReadBlock, class EndRow>
bool JpegDecoder::read_mcus(ScanReader &reader, const JpegScan &scan, ReadBlock read_block, EndRow end_row) {
    for (int64_t my = 0; my < frame_.mcus_y; ++my) {
        for (int64_t mx = 0; mx < frame_.mcus_x; ++mx) {
            if (!reader.begin_mcu()) return false;
            for (int part = 0; part < scan.count; ++part) {
                const JpegComponent &c = *scan.parts[part].component;
                for (int v = 0; v < c.v; ++v)
                    for (int h = 0; h < c.h; ++h)
                        if (!read_block(part, my * c.v + v, mx * c.h + h)) return false;
            }
        }
        end_row();
    }
    return true;
}

// A scan that brings everything: each block becomes samples at once.
bool JpegDecoder::read_at_once(ScanReader &reader, const JpegScan &scan) {
    JpegRows rows(frame_, colours_.is_transformed(frame_), kernels_, out_);
    const auto read_block = [&](int part, int64_t y, int64_t x) {
        alignas(32) int16_t block[kBlock] = {};
        uint8_t reach = 0;
        if (!reader.read_block(part, block, &reach)) return false;
        is_out_of_range_ = !rows.put(static_cast<size_t>(part), y, x, block, reach);
        return !is_out_of_range_;
    };
    return is_done_ = read_mcus(reader, scan, read_block, [&] { rows.finish_mcus(); });
}

// A scan that brings a part.
bool JpegDecoder::read_stored(ScanReader &reader, const JpegScan &scan) {
    if (stored_.empty()) stored_ = {frame_.components.begin(), frame_.components.end()};
    const auto read_block = [&](int part, int64_t y, int64_t x) {
        const JpegComponent *c = scan.parts[part].component;
        StoredBlocks &stored = stored_[static_cast<size_t>(c - frame_.components.data())];
        const size_t place = static_cast<size_t>(y * c->stored_x + x);
        return reader.read_block(part, &stored.coefficients[place * kBlock], &stored.reaches[place]);
    };
    if (scan.count > 1) return read_mcus(reader, scan, read_block, [] {});
    const JpegComponent &c = *scan.parts[0].component;
    for (int64_t y = 0; y < c.blocks_y; ++y)
        for (int64_t x = 0; x < c.blocks_x; ++x)
            if (!reader.begin_mcu() || !read_block(0, y, x)) return false;
    return true;
}

// Behind the last scan: what is stored becomes samples.
Fault JpegDecoder::finish() {
    const auto is_brought = [](const JpegComponent &c) {
        return std::all_of(c.low, c.low + kBlock, [](int8_t low) { return low == 0; });
    };
    if (!frame_.is_read() || !std::all_of(frame_.components.begin(), frame_.components.end(), is_brought))
        return {"does not have all of its scans",
                "it was stored before it was whole, and decoders guess the rest in different ways, so get it again"};
    if (is_done_) return {};
    JpegRows rows(frame_, colours_.is_transformed(frame_), kernels_, out_);
    for (int64_t my = 0; my < frame_.mcus_y; ++my) {
        for (size_t i = 0; i < frame_.components.size(); ++i) {
            const JpegComponent &c = frame_.components[i];
            for (int64_t y = my * c.v; y < std::min((my + 1) * c.v, c.blocks_y); ++y)
                for (int64_t x = 0; x < c.blocks_x; ++x) {
                    const size_t place = static_cast<size_t>(y * c.stored_x + x);
                    if (!rows.put(i, y, x, &stored_[i].coefficients[place * kBlock], stored_[i].reaches[place]))
                        return out_of_range();
                }
        }
        rows.finish_mcus();
    }
    return {};
}

}  // namespace

Fault read_jpeg_info(ByteRange file, JpegInfo *info) {
    MarkerReader markers(file);
    if (Fault fault = markers.begin()) return fault;
    JpegFrame frame;
    OrientationReader orientation;
    for (int marker = 0; marker != kSos;) {
        ByteRange content;
        if (Fault fault = markers.next(&marker, &content)) return fault;
        if (marker == kEoi) return broken("has no scan");
        if (marker == kApp1) orientation.read(content);
        if (marker < kSof0 || marker > kSof2) continue;
        if (Fault fault = read_frame(marker, content, file.size(), &frame)) return fault;
    }
    if (!frame.is_read()) return broken("has a scan before its frame");
    *info = {frame.height, frame.width, static_cast<int64_t>(frame.components.size()), orientation.value()};
    return {};
}

Fault decode_jpeg(ByteRange file, const PictureKernels &kernels, uint8_t *out, int64_t *visits) {
    const auto decoder = std::make_unique<JpegDecoder>(file, kernels, out);  // tens of KiB of tables
    const Fault fault = decoder->decode();
    if (visits) *visits = decoder->visits();
    return fault;
}

}  // namespace isopixel
