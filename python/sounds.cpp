// SPDX-License-Identifier: MIT
// Sounds: what a WAV file says of itself, and the size of its image.
#include <pybind11/stl.h>

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "arrays.h"
#include "sound/samples.h"

namespace {

// The header of a WAV file whose bytes come in pieces, from the first one on.
class WavReader {
  public:
    explicit WavReader(uint64_t n_bytes) : header_(n_bytes) {}

    // What the file says of its samples, once that has come.
    std::optional<isopixel_sound> push(const py::buffer &piece) {
        const py::buffer_info info = bytes_of(piece);
        const auto *bytes = static_cast<const uint8_t *>(info.ptr);
        const uint64_t begin = end_;
        end_ += static_cast<uint64_t>(info.shape[0]);
        for (;;) {
            const uint64_t from = header_.at() + part_.size(), to = header_.at() + header_.needed();
            if (from < end_) part_.insert(part_.end(), bytes + (from - begin), bytes + (std::min(to, end_) - begin));
            if (part_.size() < header_.needed()) return std::nullopt;
            isopixel_sound sound;
            std::string problem;
            const isopixel_status status = header_.take(part_.data(), &sound, &problem);
            if (status == ISOPIXEL_OK) return sound;
            if (status == ISOPIXEL_BAD_SOUND) throw py::value_error(problem);
            part_.clear();
        }
    }

  private:
    isopixel::WavHeader header_;
    uint64_t end_ = 0;           // of what has come
    std::vector<uint8_t> part_;  // of what the header needs next
};

Size sound_shape(const std::string &layout, const isopixel_sound &sound) {
    isopixel_size size;
    char message[300];
    check(isopixel_sound_size(c_text(layout), &sound, &size, message, sizeof message), message);
    return {size.height, size.width};
}

}  // namespace

void add_sounds(py::module_ &core) {
    py::class_<isopixel_sound>(core, "Sound")
        .def(py::init([](int64_t rate, int channels, int bits, bool is_float, uint64_t n_bytes) {
                 return isopixel_sound{rate, channels, bits, is_float, 0, n_bytes};
             }),
             py::arg("rate"), py::arg("channels"), py::arg("bits"), py::arg("is_float"), py::arg("n_bytes"))
        .def_readonly("offset", &isopixel_sound::offset)
        .def_readonly("n_bytes", &isopixel_sound::n_bytes);
    py::class_<WavReader>(core, "WavReader")
        .def(py::init<uint64_t>(), py::arg("n_bytes"))
        .def("push", &WavReader::push, py::arg("piece"));
    core.def("sound_shape", sound_shape, py::arg("layout"), py::arg("sound"));
}
