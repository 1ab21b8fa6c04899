// SPDX-License-Identifier: MIT
// JPEG files as arrays.
#include <pybind11/numpy.h>
#include <pybind11/pybind11.h>

#include <vector>

#include "arrays.h"
#include "pictures/orientation.h"

namespace {

// The bytes of a file, which stay as they are while this lives.
struct File {
    explicit File(const py::buffer &data) : buffer(bytes_of(data)) {}
    const uint8_t *bytes() const { return n() ? static_cast<const uint8_t *>(buffer.ptr) : &nothing; }
    size_t n() const { return static_cast<size_t>(buffer.shape[0]); }

    const py::buffer_info buffer;
    const uint8_t nothing = 0;
};

struct Info {
    isopixel_size size;
    int64_t channels;
    int orientation;
};

Info info_of(const File &file) {
    Info info;
    char message[1000];
    check(isopixel_jpeg_info(file.bytes(), file.n(), &info.size, &info.channels, &info.orientation, message,
                             sizeof message),
          message);
    return info;
}

// Height, width, channels, and the orientation, -1 if programs disagree about it; ValueError with what is wrong.
py::tuple jpeg_info(const py::buffer &data) {
    const Info info = info_of(File(data));
    return py::make_tuple(info.size.height, info.size.width, info.channels, info.orientation);
}

// (H, W, C); ValueError with what is wrong.
py::array decode_jpeg(const py::buffer &data) {
    const File file(data);
    const Info info = info_of(file);
    py::array_t<uint8_t> image({info.size.height, info.size.width, info.channels});
    uint8_t *out = image.mutable_data();
    const size_t n = static_cast<size_t>(image.nbytes());
    char message[1000];
    check(without_gil([&] { return isopixel_jpeg_decode(file.bytes(), file.n(), out, n, message, sizeof message); }),
          message);
    return image;
}

// That in Exif data, which is a TIFF file, as in `jpeg_info`.
int exif_orientation(const py::buffer &tiff) {
    const File file(tiff);
    return isopixel::exif_orientation({file.bytes(), file.bytes() + file.n()});
}

}  // namespace

void add_pictures(py::module_ &core) {
    core.def("jpeg_info", jpeg_info, py::arg("data"));
    core.def("decode_jpeg", decode_jpeg, py::arg("data"));
    core.def("exif_orientation", exif_orientation, py::arg("tiff"));
}
