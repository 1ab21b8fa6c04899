// SPDX-License-Identifier: MIT
// The Python module isopixel._core: the C interface, with arrays and exceptions. No arithmetic, and no checks but those
// that keep the memory safe: the Python functions that call it have checked the arguments and say what is wrong with
// them.
#include <pybind11/numpy.h>
#include <pybind11/pybind11.h>

#include <algorithm>
#include <string>
#include <vector>

#include "bytes/layout.h"
#include "isopixel.h"
#include "plan.h"
#include "resizer/axis.h"

namespace py = pybind11;

namespace {

using Size = std::pair<int64_t, int64_t>;

void check(isopixel_status status) {
    if (status == ISOPIXEL_OK) return;
    if (status == ISOPIXEL_NO_MEMORY) throw std::bad_alloc();
    throw py::value_error(isopixel_status_text(status));
}

// A text without a zero byte, at which the C interface would end it.
const char *c_text(const std::string &text) {
    if (text.find('\0') != std::string::npos) throw py::value_error("a name or text has a zero character in it");
    return text.c_str();
}

// An array (N, H, W, C) of uint8 whose pixels of a row follow each other. Strides of axes of length 1 mean nothing.
// (The dtype is compared by what it is: one that was pickled is another object.)
void check_pixels(const py::array &array) {
    if (array.ndim() != 4 || array.dtype().kind() != 'u' || array.itemsize() != 1)
        throw py::type_error("not a uint8 array (N, H, W, C)");
    const py::ssize_t channels = array.shape(3);
    if ((channels > 1 && array.strides(3) != 1) || (array.shape(2) > 1 && array.strides(2) != channels))
        throw py::value_error("the samples of a row do not follow each other");
}

isopixel_size size_of(const py::array &array) { return {array.shape(1), array.shape(2)}; }
isopixel_strides strides_of(const py::array &array) { return {array.strides(0), array.strides(1)}; }
uint8_t *writable(py::array &out) { return static_cast<uint8_t *>(out.mutable_data()); }

void check_pair(const py::array &in, const py::array &out) {
    check_pixels(in);
    check_pixels(out);
    if (in.shape(0) != out.shape(0) || in.shape(3) != out.shape(3)) throw py::value_error("images or channels differ");
}

// Images as the C interface takes them, `batches` times; a planar image is a batch of gray ones.
struct Images {
    int64_t batches, batch_stride, images, channels;
    isopixel_size size;
    isopixel_strides strides;
    bool rows_contiguous;  // do the samples of a row follow each other?

    // axes: the letters of N, H, W and C that the array has, C last or before H
    Images(const py::array &array, const std::string &axes) {
        if (array.ndim() != static_cast<py::ssize_t>(axes.size()) || array.dtype().kind() != 'u' ||
            array.itemsize() != 1)
            throw py::type_error("not a uint8 array with these axes");
        struct Dimension {
            int64_t n, stride;
        };
        const auto find = [&](char letter) {
            const size_t place = axes.find(letter);
            if (place == std::string::npos) return Dimension{1, 0};
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

// False where the image would have to be copied first, so that the samples of a row follow each other.
bool resize(const py::array &image, py::array &out, const std::string &axes, const std::string &method, bool antialias,
            int threads) {
    Images in(image, axes), to(out, axes);
    if (!in.rows_contiguous) return false;
    if (!to.rows_contiguous) throw py::value_error("the samples of a row of the result do not follow each other");
    if (in.batches != to.batches || in.images != to.images || in.channels != to.channels)
        throw py::value_error("images or channels differ");
    const auto *source = static_cast<const uint8_t *>(image.data());
    uint8_t *result = writable(out);
    const isopixel_method by = {c_text(method), antialias};
    isopixel_status status = ISOPIXEL_OK;
    {
        py::gil_scoped_release release;
        if (in.is_one_batch() && to.is_one_batch()) in.join(), to.join();
        for (int64_t i = 0; i < in.batches && status == ISOPIXEL_OK; ++i)
            status = isopixel_resize(by, in.images, in.channels, in.size, source + i * in.batch_stride, in.strides,
                                     to.size, result + i * to.batch_stride, to.strides, threads);
    }
    check(status);
    return true;
}

isopixel::ResizeShape shape_of(Size in, Size out, int64_t channels, bool antialias) {
    if (std::min({in.first, in.second, out.first, out.second, channels}) < 1)
        throw py::value_error("a size is below 1");
    return {in.first, in.second, channels, out.first, out.second, antialias};
}

constexpr const char *kEngines[] = {"copy", "taps", "blocks", "sums"};

// The engines that suit these sizes, the one in use first, and the bits of the accumulator; None where the sizes are
// too large.
py::object plan(Size in, Size out, int64_t channels, bool antialias) {
    const auto plan = isopixel::plan_resize(shape_of(in, out, channels, antialias));
    if (!plan) return py::none();
    py::list engines;
    for (size_t e = 0; e < std::size(kEngines); ++e)
        if (isopixel::suits(static_cast<isopixel::Engine>(e), *plan)) engines.append(kEngines[e]);
    return py::make_tuple(engines, plan->bits);
}

// The resize of one image by another engine, or with a wider accumulator, than its sizes need: for tests, which could
// reach some of these only with huge images.
void resize_by(const py::array &in, py::array &out, bool antialias, const std::string &engine, int bits) {
    check_pair(in, out);
    auto plan = isopixel::plan_resize(
        shape_of({in.shape(1), in.shape(2)}, {out.shape(1), out.shape(2)}, in.shape(3), antialias));
    if (!isopixel_get_isa() || !plan || bits < plan->bits) throw py::value_error("too few bits");
    plan->bits = bits;
    const auto found = std::find(std::begin(kEngines), std::end(kEngines), engine);
    plan->engine = static_cast<isopixel::Engine>(found - kEngines);
    if (found == std::end(kEngines) || !isopixel::suits(plan->engine, *plan)) throw py::value_error("no such engine");
    const auto resizer = isopixel::make_resizer(*plan);
    resizer->begin(writable(out), out.strides(1), 0, out.shape(1));
    resizer->push_rows(static_cast<const uint8_t *>(in.data()), in.shape(1), in.strides(1));
}

// Of an axis: w, v, the half-width R and the largest sum of its weights, where two taps count beyond
// an edge too; all are below 2^63. None where the sizes are too large. For what computes the resize without the core.
py::object axis(int64_t in, int64_t out, bool antialias) {
    if (std::min(in, out) < 1) throw py::value_error("a size is below 1");
    const isopixel::Axis axis(in, out, antialias);
    if (std::max(in, out) > isopixel::Axis::kMost || !axis.supported()) return py::none();
    const isopixel::U128 most = axis.max_weight_sum();
    if (bit_length(most) > 63) return py::none();
    return py::make_tuple(axis.w, axis.v, axis.half_width, most.lo);
}

// The canonical text of a layout; ValueError with what is wrong.
std::string canonical_layout(const std::string &text) {
    char canonical[1000];
    if (isopixel_layout_parse(c_text(text), canonical, sizeof canonical) != ISOPIXEL_OK)
        throw py::value_error(canonical);
    return canonical;
}

// The canonical line of a recipe, its layout, method, antialias, and size, mean and std or None; ValueError with what
// is wrong.
py::tuple parse_recipe(const std::string &line) {
    char canonical[1000];
    isopixel_recipe recipe;
    if (isopixel_recipe_parse(c_text(line), &recipe, canonical, sizeof canonical) != ISOPIXEL_OK)
        throw py::value_error(canonical);
    const py::object size =
        recipe.size.height ? py::object(py::make_tuple(recipe.size.height, recipe.size.width)) : py::none();
    const auto text = [](const char *decimals) { return *decimals ? py::object(py::str(decimals)) : py::none(); };
    return py::make_tuple(canonical, recipe.layout, recipe.method.name, recipe.method.antialias != 0, size,
                          text(recipe.mean), text(recipe.std));
}

// The table of R-30, float32 (channels, 256); ValueError with what is wrong with mean or std.
py::array normalization_table(const std::string &mean, const std::string &std, int64_t channels) {
    py::array_t<float> table({channels, int64_t{256}});
    char message[1000];
    const isopixel_status status = isopixel_normalization_table(c_text(mean), c_text(std), channels,
                                                                table.mutable_data(), message, sizeof message);
    if (status == ISOPIXEL_BAD_NORMALIZATION) throw py::value_error(message);
    check(status);
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
    isopixel_status status;
    {
        py::gil_scoped_release release;
        status = isopixel_normalize(numbers, shape[0], shape[1], {shape[2], shape[3]}, source, steps, result, threads);
    }
    check(status);
}

// isopixel_stream with the array that it writes to.
class Stream {
  public:
    // For an image of `in_size` that is pushed row by row; out: (1, H, W, C)
    Stream(Size in_size, py::array out, const std::string &method, bool antialias) : out_(std::move(out)) {
        check_target();
        row_ = {in_size.second, out_.shape(3)};
        check(isopixel_stream_begin(&stream_, {c_text(method), antialias}, out_.shape(3),
                                    {in_size.first, in_size.second}, size_of(out_), writable(out_), out_.strides(1)));
    }

    // For the image of n bytes in a layout; out: (1, H, W, C)
    Stream(const std::string &layout, uint64_t n_bytes, py::array out, const std::string &method, bool antialias)
        : out_(std::move(out)) {
        check_target();
        isopixel_size size;
        int64_t channels;
        check(isopixel_layout_size(c_text(layout), n_bytes, &size, &channels));
        if (out_.shape(3) != channels) throw py::value_error("the layout has another number of channels");
        check(isopixel_stream_begin_bytes(&stream_, c_text(layout), n_bytes, {c_text(method), antialias}, size_of(out_),
                                          writable(out_), out_.strides(1)));
    }

    Stream(const Stream &) = delete;
    ~Stream() { isopixel_stream_finish(stream_); }

    void push(const py::buffer &data) {
        const py::buffer_info info = data.request();
        if (info.ndim != 1 || info.itemsize != 1 || (info.shape[0] > 1 && info.strides[0] != 1))
            throw py::type_error("not contiguous bytes");
        isopixel_status status;
        {
            py::gil_scoped_release release;
            status = isopixel_stream_push(stream_, static_cast<const uint8_t *>(info.ptr),
                                          static_cast<size_t>(info.shape[0]));
        }
        check(status);
    }

    void push_rows(const py::array &rows) {
        check_pixels(rows);
        if (rows.shape(0) != 1 || row_ != Size(rows.shape(2), rows.shape(3)))
            throw py::value_error("not rows of this image");
        isopixel_status status;
        {
            py::gil_scoped_release release;
            status = isopixel_stream_push_rows(stream_, static_cast<const uint8_t *>(rows.data()), rows.shape(1),
                                               rows.strides(1));
        }
        check(status);
    }

    void finish() { check(isopixel_stream_finish(std::exchange(stream_, nullptr))); }

  private:
    void check_target() const {
        check_pixels(out_);
        if (out_.shape(0) != 1) throw py::value_error("not one image");
    }

    py::array out_;
    Size row_;  // pixels and channels, where rows can be pushed
    isopixel_stream *stream_ = nullptr;
};

py::tuple names(const char *(*name)(size_t)) {
    py::list list;
    for (size_t i = 0; name(i); ++i) list.append(name(i));
    return py::tuple(list);
}

}  // namespace

PYBIND11_MODULE(_core, m) {
    m.attr("version") = isopixel_version();
    m.attr("compiler") = isopixel_compiler();
    m.attr("methods") = names(isopixel_method_name);
    m.attr("layouts") = names(isopixel_layout_name);
    m.def("available_isas", [] { return names(isopixel_isa_name); });
    m.def("get_isa", isopixel_get_isa);
    m.def("set_isa", [](const std::string &name) { check(isopixel_set_isa(c_text(name))); }, py::arg("name"));
    m.def("resize", resize, py::arg("image"), py::arg("out"), py::arg("axes"), py::arg("method"), py::arg("antialias"),
          py::arg("threads"));
    m.def("resize_by", resize_by, py::arg("image"), py::arg("out"), py::arg("antialias"), py::arg("engine"),
          py::arg("bits"));
    m.def("plan", plan, py::arg("in_size"), py::arg("out_size"), py::arg("channels"), py::arg("antialias"));
    m.def("axis", axis, py::arg("n_in"), py::arg("n_out"), py::arg("antialias"));
    m.def("canonical_layout", canonical_layout, py::arg("text"));
    m.def("parse_recipe", parse_recipe, py::arg("line"));
    m.def("normalization_table", normalization_table, py::arg("mean"), py::arg("std"), py::arg("channels"));
    m.def("normalize", normalize, py::arg("image"), py::arg("axes"), py::arg("table"), py::arg("out"),
          py::arg("threads"));
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
            isopixel::Layout parsed;
            std::string problem;
            isopixel::Layout::parse(layout, &parsed, &problem);
            return isopixel::is_view(parsed, isopixel::image_shape(parsed, n_bytes), n_bytes);
        },
        py::arg("layout"), py::arg("n_bytes"));
    py::class_<Stream>(m, "Stream")
        .def(py::init<Size, py::array, const std::string &, bool>(), py::arg("in_size"), py::arg("out"),
             py::arg("method"), py::arg("antialias"))
        .def(py::init<const std::string &, uint64_t, py::array, const std::string &, bool>(), py::arg("layout"),
             py::arg("n_bytes"), py::arg("out"), py::arg("method"), py::arg("antialias"))
        .def("push", &Stream::push, py::arg("data"))
        .def("push_rows", &Stream::push_rows, py::arg("rows"))
        .def("finish", &Stream::finish);
}
