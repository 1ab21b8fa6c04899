// SPDX-License-Identifier: MIT
// Sounds: what a WAV file says of itself, and the size of its image.
#include <string>

#include "arrays.h"

namespace {

// A sound; or, where the head of its file is too short, how many bytes of it are needed.
py::object wav_info(const py::buffer &head, uint64_t n_bytes) {
    const py::buffer_info info = bytes_of(head);
    isopixel_sound sound;
    char message[300];
    const isopixel_status status =
        isopixel_wav_info(static_cast<const uint8_t *>(info.ptr), static_cast<size_t>(info.shape[0]), n_bytes, &sound,
                          message, sizeof message);
    if (status == ISOPIXEL_INCOMPLETE) return py::int_(sound.offset);
    check(status, message);
    return py::cast(sound);
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
    core.def("wav_info", wav_info, py::arg("head"), py::arg("n_bytes"));
    core.def("sound_shape", sound_shape, py::arg("layout"), py::arg("sound"));
}
