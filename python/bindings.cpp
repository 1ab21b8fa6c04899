// SPDX-License-Identifier: MIT
// The Python module isopixel._core: the C interface, with arrays and exceptions. No arithmetic, and no checks but those
// that keep the memory safe: the Python functions that call it have checked the arguments and say what is wrong with
// them.
#include <pybind11/numpy.h>
#include <pybind11/pybind11.h>
#include <pybind11/stl.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "arrays.h"
#include "base/choices.h"
#include "bytes/layout.h"
#include "bytes/listing.h"
#include "isopixel.h"
#include "resizer/axis.h"
#include "resizer/method.h"

namespace {

// The w and v of an axis, its half-width R and the largest sum of its weights, with taps beyond an
// edge counted too; all are below 2^63. None if the sizes are too large. For drawings.
py::object axis(int64_t in, int64_t out, bool antialias) {
    if (std::min(in, out) < 1) throw py::value_error("a size is below 1");
    const isopixel::Axis axis(in, out, antialias ? isopixel::Weighting::kTriangle : isopixel::Weighting::kTwoTap);
    if (std::max(in, out) > isopixel::Axis::kMost || !axis.supported()) return py::none();
    const isopixel::U128 most = axis.max_weight_sum();
    if (bit_length(most) > 63) return py::none();
    return py::make_tuple(axis.w, axis.v, axis.half_width, most.lo);
}

// The canonical text of a layout; ValueError with what is wrong.
std::string canonical_layout(const std::string &text) {
    char canonical[1000];
    check(isopixel_layout_parse(c_text(text), canonical, sizeof canonical), canonical);
    return canonical;
}

// A layout that canonical_layout has returned.
isopixel::Layout parsed(const std::string &layout) {
    isopixel::Layout made;
    std::string problem;
    if (!isopixel::Layout::parse(layout, &made, &problem)) throw py::value_error(problem);
    return made;
}

// The offset and the number of the bytes that a layout takes of n; ValueError with what is wrong.
py::tuple part_of_bytes(const std::string &layout, uint64_t n_bytes) {
    isopixel::Part part;
    std::string problem;
    if (!isopixel::part_of_bytes(parsed(layout), n_bytes, &part, &problem)) throw py::value_error(problem);
    return py::make_tuple(part.offset, part.n);
}

// A listing that comes in pieces; ValueError with what is wrong with it.
class Listing {
  public:
    explicit Listing(int unknown) : reader_(unknown) {}

    void push(const py::buffer &text) {
        const py::buffer_info info = bytes_of(text);
        read([&](std::string *problem) {
            return reader_.push(static_cast<const uint8_t *>(info.ptr), static_cast<size_t>(info.shape[0]), problem);
        });
    }

    py::bytes finish() {
        read([&](std::string *problem) { return reader_.finish(problem); });
        const std::vector<uint8_t> bytes = reader_.take_bytes();
        return py::bytes(reinterpret_cast<const char *>(bytes.data()), bytes.size());
    }

  private:
    template <class Work>
    static void read(Work work) {
        std::string problem;
        bool is_listing = false;
        check(without_gil([&] {
            is_listing = work(&problem);
            return ISOPIXEL_OK;
        }));
        if (!is_listing) throw py::value_error(problem);
    }

    isopixel::ListingReader reader_;
};

// The reader of the listings that a layout is of; None if it is of bytes as they are.
std::unique_ptr<Listing> listing_of(const std::string &layout) {
    const isopixel::Layout made = parsed(layout);
    return made.is_of_listing() ? std::make_unique<Listing>(made.unknown()) : nullptr;
}

// By the names of the rules, their options: (name, values, default, left out), as OptionText has them.
py::dict layout_options() {
    py::dict table;
    for (size_t i = 0; const char *name = isopixel_layout_name(i); ++i) {
        py::list options;
        for (const isopixel::OptionText &option : isopixel::options_of(static_cast<isopixel::Rule>(i)))
            options.append(
                py::make_tuple(option.name, py::tuple(py::cast(option.values)), option.by_default, option.left_out));
        table[name] = py::tuple(options);
    }
    return table;
}

// The rows of the table of methods: (name, library, first and last release, filter, call, antialias, channels,
// max_channels, max_side), as isopixel_method has them.
py::tuple methods() {
    py::list rows;
    for (size_t i = 0; const char *name = isopixel_method_name(i); ++i) {
        const isopixel_method &m = *isopixel_method_info(name);
        py::list channels;
        for (const int64_t number : m.channels)
            if (number) channels.append(number);
        rows.append(py::make_tuple(m.name, m.library, m.first_release, m.last_release, m.filter, m.call,
                                   m.antialias != 0, py::tuple(channels), m.max_channels, m.max_side));
    }
    return py::tuple(rows);
}

// The table of R-30, float32 (channels, 256); ValueError with what is wrong with mean or std.
py::array normalization_table(const std::string &mean, const std::string &std, int64_t channels) {
    py::array_t<float> table({channels, int64_t{256}});
    char message[1000];
    const char *means = c_text(mean), *deviations = c_text(std);
    float *numbers = table.mutable_data();
    check(without_gil([&] {
              return isopixel_normalization_table(means, deviations, channels, numbers, message, sizeof message);
          }),
          message);
    return table;
}

// axes: the letters of N, H, W and C that the image has. out: (N, C, H, W), contiguous.
void normalize(const py::array &image, const std::string &axes, const py::array &table, py::array &out, int threads) {
    if (image.ndim() != static_cast<py::ssize_t>(axes.size()) || image.dtype().kind() != 'u' || image.itemsize() != 1)
        throw py::type_error("not a uint8 array with these axes");
    const auto is_floats = [](const py::array &array, py::ssize_t rank) {
        return array.ndim() == rank && py::isinstance<py::array_t<float, py::array::c_style>>(array);
    };
    if (!is_floats(table, 2) || !is_floats(out, 4)) throw py::type_error("not contiguous float32 arrays");
    int64_t shape[4] = {1, 1, 1, 1}, strides[4] = {};
    for (size_t i = 0; i < axes.size(); ++i) {
        const size_t place = std::string("NCHW").find(axes[i]);
        if (place == std::string::npos) throw py::value_error("no such axis");
        shape[place] = image.shape(static_cast<py::ssize_t>(i));
        strides[place] = image.strides(static_cast<py::ssize_t>(i));
    }
    if (!std::equal(shape, shape + 4, out.shape())) throw py::value_error("image and result differ");
    if (table.shape(0) != shape[1] || table.shape(1) != 256) throw py::value_error("not the table of these channels");
    const isopixel_sample_strides steps = {strides[0], strides[1], strides[2], strides[3]};
    const auto *numbers = static_cast<const float *>(table.data());
    const auto *source = static_cast<const uint8_t *>(image.data());
    auto *result = static_cast<float *>(out.mutable_data());
    check(without_gil([&] {
        return isopixel_normalize(numbers, shape[0], shape[1], {shape[2], shape[3]}, source, steps, result, threads);
    }));
}

py::tuple names(const char *(*name)(size_t)) {
    py::list list;
    for (size_t i = 0; name(i); ++i) list.append(name(i));
    return py::tuple(list);
}

}  // namespace

// The module, which PyInit__core is in front of.
PYBIND11_MODULE(_core_of_main, m) {
    m.attr("version") = isopixel_version();
    m.attr("compiler") = isopixel_compiler();
    m.attr("methods") = methods();
    m.attr("layouts") = names(isopixel_layout_name);
    m.attr("layout_options") = layout_options();
    m.def("available_isas", [] { return names(isopixel_isa_name); });
    m.def("get_isa", isopixel_get_isa);
    m.def("set_isa", [](const std::string &name) { check(isopixel_set_isa(c_text(name))); }, py::arg("name"));
    m.def(
        "separates_channels",
        [](const std::string &method, int64_t channels) {
            const isopixel::Method *named = isopixel::find_method(method);
            return named && isopixel::separates_channels(*named, channels);
        },
        py::arg("method"), py::arg("channels"));
    m.def("axis", axis, py::arg("n_in"), py::arg("n_out"), py::arg("antialias"));
    m.def("choices", isopixel::choices, py::arg("word"), py::arg("known"), py::arg("lists_all") = "");
    m.def("canonical_layout", canonical_layout, py::arg("text"));
    m.def("normalization_table", normalization_table, py::arg("mean"), py::arg("std"), py::arg("channels"));
    m.def("normalize", normalize, py::arg("image"), py::arg("axes"), py::arg("table"), py::arg("out"),
          py::arg("threads"));
    m.def("part_of_bytes", part_of_bytes, py::arg("layout"), py::arg("n_bytes"));
    // The layout without offset, length and unknown, for the bytes of the part.
    m.def(
        "layout_of_part", [](const std::string &layout) { return parsed(layout).of_part().text(); }, py::arg("layout"));
    py::class_<Listing>(m, "Listing")
        .def(py::init([](std::optional<int> unknown) { return Listing(unknown.value_or(isopixel::kDropUnknown)); }),
             py::arg("unknown"))
        .def("push", &Listing::push, py::arg("text"))
        .def("finish", &Listing::finish);
    m.def("listing_of", listing_of, py::arg("layout"));
    m.def(
        "layout_shape",
        [](const std::string &layout, uint64_t n_bytes) {
            isopixel_size size;
            int64_t channels;
            check(isopixel_layout_size(c_text(layout), n_bytes, &size, &channels));
            return std::make_tuple(size.height, size.width, channels);
        },
        py::arg("layout"), py::arg("n_bytes"));
    // Is the image of n bytes, of a layout that layout_shape has accepted, a view of the bytes?
    m.def(
        "layout_is_view",
        [](const std::string &layout, int64_t n_bytes) {
            const isopixel::Layout made = parsed(layout);
            return isopixel::is_view(made, isopixel::image_shape(made, n_bytes), n_bytes);
        },
        py::arg("layout"), py::arg("n_bytes"));
    // Of a layout of sounds its rate; None of one of bytes.
    m.def(
        "rate_of",
        [](const std::string &layout) {
            const isopixel::Layout made = parsed(layout);
            return made.is_of_sound() ? std::optional(made.sound().bands.rate) : std::nullopt;
        },
        py::arg("layout"));
    add_sounds(m);
    py::class_<Stream>(m, "Stream")
        .def(py::init<const std::string &, uint64_t, py::array, const std::string &>(), py::arg("layout"),
             py::arg("n_bytes"), py::arg("out"), py::arg("method"))
        .def(py::init<const std::string &, const isopixel_sound &, py::array, const std::string &>(), py::arg("layout"),
             py::arg("sound"), py::arg("out"), py::arg("method"))
        .def("push", &Stream::push, py::arg("data"))
        .def("finish", &Stream::finish);
    add_pictures(m);
    add_resize(m);
    add_recipes(m);
    add_testing(m);
}

// pybind11 keeps what all interpreters of a process share, and takes the GIL by a state that the main one has: in
// another interpreter of Python 3.11 its first call waits for ever.
extern "C" PYBIND11_EXPORT PyObject *PyInit__core() {
    if (PyInterpreterState_Get() == PyInterpreterState_Main()) return PyInit__core_of_main();
    PyErr_SetString(
        PyExc_ImportError,
        "isopixel works in the main interpreter alone, and this is a sub-interpreter: use a thread or a process");
    return nullptr;
}
