// SPDX-License-Identifier: MIT
// The resize of arrays: any that fit; and, in the least time, those that a caller of isopixel.resize mostly has.
#include <pybind11/numpy.h>
#include <pybind11/pybind11.h>

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "arrays.h"
#include "base/sizes.h"
#include "frozen/frozen.h"
#include "frozen/two_pass.h"
#include "frozen/windows.h"
#include "isopixel.h"
#include "resizer/method.h"

namespace {

// What the axes of an image can be; unless they are named, they are the first of its rank.
constexpr const char *kAxes[] = {"HW", "HWC", "CHW", "NHW", "NHWC", "NCHW"};
// Unless the axes are named, a longer last one is not assumed to be channels.
constexpr py::ssize_t kMostChannels = 4;

// Images as the C interface accepts them, `batches` times; a planar image is a batch of gray ones.
struct Images {
    int64_t batches, batch_stride, images, channels;
    isopixel_size size;
    isopixel_strides strides;
    bool rows_contiguous;  // do the samples of a row follow each other?

    // axes: the letters of N, H, W and C that the array has, C last or before H
    Images(const py::array &array, std::string_view axes) {
        if (array.ndim() != static_cast<py::ssize_t>(axes.size()) || array.dtype().kind() != 'u' ||
            array.itemsize() != 1)
            throw py::type_error("not a uint8 array with these axes");
        struct Dimension {
            int64_t n, stride;
        };
        const auto find = [&](char letter) {
            const size_t place = axes.find(letter);
            if (place == std::string_view::npos) return Dimension{1, 0};
            return Dimension{array.shape(static_cast<py::ssize_t>(place)),
                             array.strides(static_cast<py::ssize_t>(place))};
        };
        Dimension batch = {1, 0}, image = find('N'), row = find('H'), column = find('W'), channel = find('C');
        if (axes.find('C') < axes.find('H')) {
            batch = std::exchange(image, std::exchange(channel, {1, 0}));
        }
        batches = batch.n;
        batch_stride = batch.stride;
        images = image.n;
        channels = channel.n;
        size = {row.n, column.n};
        strides = {image.stride, row.stride};
        // Strides of axes of length 1 mean nothing.
        rows_contiguous = (channel.n == 1 || channel.stride == 1) && (column.n == 1 || column.stride == channel.n);
    }

    // Is the step from the last image of a batch to the first of the next like the others?
    bool is_one_batch() const { return batches == 1 || batch_stride == images * strides.image; }
    void join() { images *= std::exchange(batches, 1); }
};

isopixel_status run(const char *method, Images in, const uint8_t *source, Images to, uint8_t *result, int threads) {
    return without_gil([&] {
        if (in.is_one_batch() && to.is_one_batch()) in.join(), to.join();
        isopixel_status status = ISOPIXEL_OK;
        for (int64_t i = 0; i < in.batches && status == ISOPIXEL_OK; ++i)
            status = isopixel_resize(method, in.images, in.channels, in.size, source + i * in.batch_stride, in.strides,
                                     to.size, result + i * to.batch_stride, to.strides, threads);
        return status;
    });
}

const uint8_t *samples(const py::array &array) { return static_cast<const uint8_t *>(array.data()); }

// False if the image would have to be copied first, so that the samples of a row follow each other.
bool resize(const py::array &image, py::array &out, const std::string &axes, const std::string &method, int threads) {
    const Images in(image, axes), to(out, axes);
    if (!in.rows_contiguous) return false;
    if (!to.rows_contiguous) throw py::value_error("the samples of a row of the result do not follow each other");
    if (in.batches != to.batches || in.images != to.images || in.channels != to.channels)
        throw py::value_error("images or channels differ");
    check(run(c_text(method), in, samples(image), to, writable(out), threads));
    return true;
}

// A pass as (first, weights, bits): int32 [n_out] and [n_out, taps], 0 behind a result's last weight.
py::object pass_of(const std::optional<isopixel::frozen::FixedAxis> &axis) {
    if (!axis) return py::none();
    const py::ssize_t n = static_cast<py::ssize_t>(axis->windows.size());
    const py::ssize_t taps = static_cast<py::ssize_t>(isopixel::frozen::longest_of(axis->windows));
    py::array_t<int32_t> first(n);
    py::array_t<int32_t> weights(py::array::ShapeContainer{n, taps});
    int32_t *row = weights.mutable_data();
    for (py::ssize_t i = 0; i < n; ++i, row += taps) {
        const isopixel::Window &window = axis->windows[static_cast<size_t>(i)];
        first.mutable_at(i) = window.first;
        std::fill(std::copy_n(axis->weights.data() + window.weights, window.count, row), row + taps, 0);
    }
    return py::make_tuple(std::move(first), std::move(weights), axis->shift);
}

// The passes that a method of Pillow or torch is made of (without what -alpha does before and after them): whether the
// vertical one comes first, the vertical and the horizontal one; None for an axis that has none. None for other
// methods.
py::object passes(const std::string &method, Size in, int64_t channels, Size out) {
    const isopixel::Method *found = isopixel::find_method(method);
    if (!found) throw py::value_error("no such method");
    if (std::min({in.first, in.second, channels, out.first, out.second}) < 1)
        throw py::value_error("a size is below 1");
    const isopixel::ResizeShape shape = {in.first, in.second, channels, out.first, out.second};
    if (isopixel::is_frozen(*found) && !isopixel::frozen::covers(*found, shape)) check(ISOPIXEL_NOT_COVERED);
    const auto plan = isopixel::frozen::passes_of(*found, shape);
    if (!plan) return py::none();
    return py::make_tuple(plan->vertical_first, pass_of(plan->vertical), pass_of(plan->horizontal));
}

// The arguments of isopixel.resize in their plain forms. None of these functions decides what is wrong: an argument
// that is not plain is looked at in Python.

// NumPy's own class and dtype. They stay to the end of the process, when they could not be freed.
struct NumPy {
    const py::object ndarray = py::module_::import("numpy").attr("ndarray");
    const py::dtype uint8 = py::dtype::of<uint8_t>();
};
const NumPy *numpy;

bool is_plain(const py::object &value) {
    return py::type::of(value).is(numpy->ndarray) && py::reinterpret_borrow<py::array>(value).dtype().is(numpy->uint8);
}

// Empty if it is not.
std::string_view plain_text(PyObject *value) {
    Py_ssize_t length;
    const char *text = PyUnicode_CheckExact(value) ? PyUnicode_AsUTF8AndSize(value, &length) : nullptr;
    if (!text) return PyErr_Clear(), std::string_view();
    return {text, static_cast<size_t>(length)};
}

// 0 if it is not one from 1 to `most`.
int64_t plain_number(PyObject *value, int64_t most) {
    int overflow = 0;
    const int64_t number = PyLong_CheckExact(value) ? PyLong_AsLongLongAndOverflow(value, &overflow) : 0;
    return overflow == 0 && number >= 1 && number <= most ? number : 0;
}

// Its sides are 0 if it is not.
isopixel_size plain_size(PyObject *value) {
    if ((!PyTuple_CheckExact(value) && !PyList_CheckExact(value)) || PySequence_Fast_GET_SIZE(value) != 2)
        return {0, 0};
    const auto side = [=](Py_ssize_t i) {
        return plain_number(PySequence_Fast_GET_ITEM(value, i), isopixel::kMaxBytes);
    };
    return {side(0), side(1)};
}

// Null if it is not, or if the channels of the image may not be what the method takes them for.
const char *plain_method(PyObject *value, PyObject *antialias, py::ssize_t channels) {
    const isopixel::Method *method = isopixel::find_method(plain_text(value));
    if (!method) return nullptr;
    const bool has_alpha_form = method->function == isopixel::Function::kPillow && !method->pillow.is_alpha;
    if (has_alpha_form && channels != 1 && channels != 3) return nullptr;
    if (antialias != Py_None) {
        if (method->function != isopixel::Function::kBilinear || !PyBool_Check(antialias)) return nullptr;
        if (antialias == Py_False) return "bilinear-two-tap";
    }
    return method->info.name;
}

// Empty if they are not.
std::string_view plain_axes(PyObject *value, const py::array &image) {
    for (const std::string_view axes : kAxes) {
        if (static_cast<py::ssize_t>(axes.size()) != image.ndim()) continue;
        if (value != Py_None && plain_text(value) != axes) continue;
        const bool is_long = axes.back() == 'C' && image.shape(image.ndim() - 1) > kMostChannels;
        return value == Py_None && is_long ? std::string_view() : axes;
    }
    return {};
}

// From the first sample of an array to behind its last one.
std::pair<const uint8_t *, const uint8_t *> span(const py::array &array) {
    const uint8_t *begin = samples(array), *end = begin + 1;
    for (py::ssize_t d = 0; d < array.ndim(); ++d) {
        const py::ssize_t step = array.strides(d) * (array.shape(d) - 1);
        (step < 0 ? begin : end) += step;
    }
    return {begin, end};
}

bool are_apart(const py::array &a, const py::array &b) {
    const auto [a_begin, a_end] = span(a);
    const auto [b_begin, b_end] = span(b);
    return a_end <= b_begin || b_end <= a_begin;
}

struct Arguments {
    PyObject *image, *size, *method, *antialias, *axes, *out, *threads;
};

// Null if an argument is not plain, or the core refuses them.
py::object resized(const Arguments &given) {
    const auto image = py::reinterpret_borrow<py::array>(given.image);
    if (!is_plain(image)) return {};
    const std::string_view axes = plain_axes(given.axes, image);
    const isopixel_size size = plain_size(given.size);
    const size_t channel_axis = axes.find('C');
    const py::ssize_t channels =
        channel_axis == std::string_view::npos ? 1 : image.shape(static_cast<py::ssize_t>(channel_axis));
    const char *method = plain_method(given.method, given.antialias, channels);
    const int64_t threads = plain_number(given.threads, INT32_MAX);
    if (axes.empty() || !size.height || !size.width || !method || !threads) return {};
    py::ssize_t shape[4];
    int64_t count = 1;
    for (size_t d = 0; d < axes.size(); ++d) {
        const py::ssize_t n = image.shape(static_cast<py::ssize_t>(d));
        if (n == 0) return {};
        shape[d] = axes[d] == 'H' ? size.height : axes[d] == 'W' ? size.width : n;
        count = isopixel::product(count, shape[d], isopixel::kMaxBytes);
        if (count < 0) return {};
    }
    const auto out = py::reinterpret_borrow<py::array>(given.out);
    if (!out.is_none()) {
        if (!is_plain(out) || out.ndim() != image.ndim() || !std::equal(shape, shape + axes.size(), out.shape()))
            return {};
        if (!out.writeable() || !(out.flags() & py::array::c_style) || !are_apart(image, out)) return {};
    }
    const Images in(image, axes);
    if (!in.rows_contiguous) return {};
    py::array result =
        out.is_none() ? py::array(numpy->uint8, py::array::ShapeContainer(shape, shape + axes.size())) : out;
    const isopixel_status status =
        run(method, in, samples(image), Images(result, axes), writable(result), static_cast<int>(threads));
    return status == ISOPIXEL_OK ? std::move(result) : py::object();
}

// A function of the C interface, since pybind11's reading of arguments takes as long as the resize of a small image.
PyObject *resize_plainly(PyObject *, PyObject *const *given, Py_ssize_t count) {
    if (count != 7) return PyErr_Format(PyExc_TypeError, "resize_plainly has 7 arguments, got %zd", count);
    try {
        if (py::object result = resized({given[0], given[1], given[2], given[3], given[4], given[5], given[6]}))
            return result.release().ptr();
    } catch (const std::exception &) {
        // Such as no memory for the result, which Python finds again.
    }
    Py_RETURN_NONE;
}

PyMethodDef functions[] = {
    {"resize_plainly", reinterpret_cast<PyCFunction>(reinterpret_cast<void (*)()>(resize_plainly)), METH_FASTCALL,
     "resize_plainly($module, image, size, method, antialias, axes, out, threads, /)\n--\n\n"
     "isopixel.resize, if there is nothing to say about its arguments and nothing to copy; else None."},
    {},
};

}  // namespace

void add_resize(py::module_ &core) {
    numpy = new NumPy;
    py::list axes;
    for (const char *letters : kAxes) axes.append(letters);
    core.attr("axes") = py::tuple(axes);
    core.attr("most_channels") = kMostChannels;
    core.def("resize", resize, py::arg("image"), py::arg("out"), py::arg("axes"), py::arg("method"),
             py::arg("threads"));
    core.def("passes", passes, py::arg("method"), py::arg("size_in"), py::arg("channels"), py::arg("size_out"));
    if (PyModule_AddFunctions(core.ptr(), functions) != 0) throw py::error_already_set();
}
