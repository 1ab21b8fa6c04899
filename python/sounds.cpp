// SPDX-License-Identifier: MIT
// Sounds: what a WAV file says of itself, and the size of its image.
#include <pybind11/stl.h>

#include <cstdint>
#include <optional>
#include <string>

#include "arrays.h"
#include "sound/samples.h"

namespace {

// What the file says of its samples, once that has come.
std::optional<isopixel_sound> push(isopixel::WavReader *reader, const py::buffer &piece) {
    const py::buffer_info info = bytes_of(piece);
    isopixel_sound sound;
    std::string problem;
    const isopixel_status status =
        reader->push(static_cast<const uint8_t *>(info.ptr), static_cast<size_t>(info.shape[0]), &sound, &problem);
    if (status == ISOPIXEL_BAD_SOUND) throw py::value_error(problem);
    return status == ISOPIXEL_OK ? std::optional(sound) : std::nullopt;
}

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
    py::class_<isopixel::WavReader>(core, "WavReader")
        .def(py::init<uint64_t>(), py::arg("n_bytes"))
        .def("push", push, py::arg("piece"));
    core.def("sound_shape", sound_shape, py::arg("layout"), py::arg("sound"));
}
