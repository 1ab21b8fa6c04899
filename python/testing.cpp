// SPDX-License-Identifier: MIT
// isopixel._core._testing: what only tests call.
#include <pybind11/stl.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <string>
#include <vector>

#include "arrays.h"
#include "frozen/trigonometry.h"
#include "pictures/jpeg.h"
#include "plan.h"
#include "sound/bands.h"
#include "sound/cosines.h"
#include "sound/level_probe.h"
#include "sound/levels.h"
#include "sound/samples.h"
#include "windowed/windowed.h"

namespace {

void check_pair(const py::array &in, const py::array &out) {
    check_pixels(in);
    check_pixels(out);
    if (in.shape(0) != out.shape(0) || in.shape(3) != out.shape(3)) throw py::value_error("images or channels differ");
}

isopixel::ResizeShape shape_of(Size in, Size out, int64_t channels) {
    if (std::min({in.first, in.second, out.first, out.second, channels}) < 1)
        throw py::value_error("a size is below 1");
    return {in.first, in.second, channels, out.first, out.second};
}

const isopixel::Method &method_for(const std::string &name) {
    const isopixel::Method *method = isopixel::find_method(name);
    if (!method) throw py::value_error("no such method");
    return *method;
}

constexpr const char *kEngines[] = {"copy", "taps",    "direct",  "fused",   "blocks",
                                    "sums", "nearest", "halving", "windowed"};

// The engines that suit these sizes, the one in use first, and the bits of the accumulator; None if the sizes are
// too large.
py::object plan(Size in, Size out, int64_t channels, const std::string &method) {
    const auto plan = isopixel::plan_resize(shape_of(in, out, channels), method_for(method));
    if (!plan) return py::none();
    py::list engines;
    if (plan->engine != isopixel::Engine::kFrozen) engines.append(kEngines[static_cast<size_t>(plan->engine)]);
    for (size_t e = 0; e < std::size(kEngines); ++e) {
        const auto engine = static_cast<isopixel::Engine>(e);
        if (engine != plan->engine && isopixel::suits(engine, *plan)) engines.append(kEngines[e]);
    }
    return py::make_tuple(engines, plan->bits);
}

// The amounts of work of the engines that have costs, by their names: what `make tune` fits these costs to.
py::dict work(Size in, Size out, int64_t channels) {
    py::dict amounts;
    const auto plan = isopixel::plan_resize(shape_of(in, out, channels), method_for("bilinear"));
    for (const auto engine : {isopixel::Engine::kDirect, isopixel::Engine::kFused, isopixel::Engine::kBlocks})
        if (isopixel::suits(engine, plan.value()))
            amounts[kEngines[static_cast<size_t>(engine)]] = isopixel::work_of(engine, *plan);
    return amounts;
}

// The resize of one image by another engine, or with a wider accumulator, than its sizes need: for tests, which could
// reach some of these only with huge images. It is done `times` times by one resizer, for those who measure.
void resize_by(const py::array &in, py::array &out, const std::string &method, const std::string &engine, int bits,
               int times) {
    check_pair(in, out);
    auto plan = isopixel::plan_resize(shape_of({in.shape(1), in.shape(2)}, {out.shape(1), out.shape(2)}, in.shape(3)),
                                      method_for(method));
    if (!isopixel_get_isa() || !plan || bits < plan->bits) throw py::value_error("too few bits");
    plan->bits = bits;
    const auto found = std::find(std::begin(kEngines), std::end(kEngines), engine);
    plan->engine = static_cast<isopixel::Engine>(found - kEngines);
    if (found == std::end(kEngines) || !isopixel::suits(plan->engine, *plan)) throw py::value_error("no such engine");
    const auto resizer = isopixel::make_resizer(*plan);
    for (int i = 0; i < times; ++i) {
        resizer->begin(writable(out), out.strides(1), 0, out.shape(1));
        resizer->push_rows(static_cast<const uint8_t *>(in.data()), in.shape(1), in.strides(1));
    }
}

// The resize of one image by a windowed method; returns how many samples were settled in integers.
int64_t settle(const py::array &in, py::array &out, const std::string &method, bool settle_all) {
    check_pair(in, out);
    const auto plan = isopixel::plan_resize(
        shape_of({in.shape(1), in.shape(2)}, {out.shape(1), out.shape(2)}, in.shape(3)), method_for(method));
    if (!isopixel_get_isa() || !plan || !isopixel::suits(isopixel::Engine::kWindowed, *plan))
        throw py::value_error("not a resize by windows");
    isopixel::SettlingProbe probe{settle_all};
    const auto resizer = isopixel::make_windowed_resizer(*plan, &probe);
    resizer->begin(writable(out), out.strides(1), 0, out.shape(1));
    resizer->push_rows(static_cast<const uint8_t *>(in.data()), in.shape(1), in.strides(1));
    return probe.settled;
}

// A stream of an image that is pushed row by row.
class RowStream final : public Stream {
  public:
    // out: (1, H, W, C)
    RowStream(Size in_size, py::array out, const std::string &method) : Stream(std::move(out)) {
        row_ = {in_size.second, out_.shape(3)};
        check(isopixel_stream_begin(&stream_, c_text(method), out_.shape(3), {in_size.first, in_size.second},
                                    size_of(out_), writable(out_), out_.strides(1)));
    }

    void push_rows(const py::array &rows) {
        check_pixels(rows);
        if (rows.shape(0) != 1 || row_ != Size(rows.shape(2), rows.shape(3)))
            throw py::value_error("not rows of this image");
        const auto *first = static_cast<const uint8_t *>(rows.data());
        const auto count = rows.shape(1), stride = rows.strides(1);
        check(without_gil([=] { return isopixel_stream_push_rows(stream_, first, count, stride); }));
    }

  private:
    Size row_;  // pixels and channels
};

}  // namespace

namespace {

// How often coefficients of a JPEG file are visited, which is accepted.
int64_t jpeg_visits(const py::bytes &file, py::array_t<uint8_t> out) {
    const std::string bytes = file;
    const auto *begin = reinterpret_cast<const uint8_t *>(bytes.data());
    isopixel::JpegInfo info;
    int64_t visits = 0;
    const isopixel::ByteRange range = {begin, begin + bytes.size()};
    if (isopixel::read_jpeg_info(range, &info) || out.size() != info.height * info.width * info.channels ||
        isopixel::decode_jpeg(range, isopixel::kScalarPictures, out.mutable_data(), &visits))
        throw py::value_error("not a JPEG file, or not of this size");
    return visits;
}

}  // namespace

namespace {

// the x(i) of some blocks; ValueError if a sample is not finite.
std::vector<int32_t> samples(const isopixel_sound &sound, int64_t channel, const py::bytes &blocks) {
    const std::string bytes = blocks;
    std::vector<int32_t> made(bytes.size() / isopixel::block_of(sound));
    if (!isopixel::read_samples(sound, channel, reinterpret_cast<const uint8_t *>(bytes.data()), made.size(),
                                made.data()))
        throw py::value_error("a sample is not finite");
    return made;
}

// c and d.
py::tuple cosines(int64_t window) {
    const isopixel::Cosines made(window);
    return py::make_tuple(py::cast(made.c), py::cast(made.d));
}

// (first bin, weights) of each band; ValueError with what is wrong.
py::list mel_weights(int64_t rate, int64_t window, int64_t bands, int64_t low, int64_t high) {
    std::string problem;
    const isopixel::BandSettings settings = {rate, window, bands, low, high};
    if (!check_bands(settings, &problem)) throw py::value_error(problem);
    const isopixel::Bands made = bands_of(settings);
    py::list rows;
    for (const isopixel::Band &band : made.bands) {
        const auto first = made.weights.begin() + static_cast<ptrdiff_t>(band.at);
        rows.append(
            py::make_tuple(band.first, std::vector<uint32_t>(first, first + static_cast<ptrdiff_t>(band.count))));
    }
    return rows;
}

// the level of an energy, of its words of 64 bits, the lowest first.
int level(int64_t window, int64_t channels, int64_t scale, int64_t gain, std::array<uint64_t, 3> words) {
    isopixel::Energy energy;
    std::copy(words.begin(), words.end(), energy.words);
    return isopixel::Levels(window, channels, scale, gain).level(energy);
}

// How many levels have been decided in integers since the last call; and whether those of spectrograms that begin from
// now on are all to be.
int64_t force_exact_levels(bool is_forced) {
    isopixel::level_probe.forces_exact = is_forced;
    return isopixel::level_probe.settled.exchange(0);
}

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

}  // namespace

void add_testing(py::module_ &core) {
    py::module_ m = core.def_submodule("_testing");
    m.def("wav_info", wav_info, py::arg("head"), py::arg("n_bytes"));
    m.def("samples", samples, py::arg("sound"), py::arg("channel"), py::arg("blocks"));
    m.def("cosines", cosines, py::arg("window"));
    m.def("mel_edges", isopixel::mel_edges, py::arg("bands"), py::arg("low"), py::arg("high"));
    m.def("mel_weights", mel_weights, py::arg("rate"), py::arg("window"), py::arg("bands"), py::arg("low"),
          py::arg("high"));
    m.def("level", level, py::arg("window"), py::arg("channels"), py::arg("scale"), py::arg("gain"), py::arg("words"));
    m.def("force_exact_levels", force_exact_levels, py::arg("is_forced"));
    m.def("plan", plan, py::arg("in_size"), py::arg("out_size"), py::arg("channels"), py::arg("method"));
    m.def("jpeg_visits", jpeg_visits, py::arg("file"), py::arg("out"));
    m.def("sine", isopixel::frozen::sine, py::arg("y"));
    m.def("cosine", isopixel::frozen::cosine, py::arg("y"));
    m.def("work", work, py::arg("in_size"), py::arg("out_size"), py::arg("channels"));
    m.def("resize_by", resize_by, py::arg("image"), py::arg("out"), py::arg("method"), py::arg("engine"),
          py::arg("bits"), py::arg("times") = 1);
    m.def("settle", settle, py::arg("image"), py::arg("out"), py::arg("method"), py::arg("settle_all") = false);
    py::class_<RowStream, Stream>(m, "RowStream")
        .def(py::init<Size, py::array, const std::string &>(), py::arg("in_size"), py::arg("out"), py::arg("method"))
        .def("push_rows", &RowStream::push_rows, py::arg("rows"));
}
