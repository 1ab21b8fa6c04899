// SPDX-License-Identifier: MIT
// One digest that is the same wherever isopixel is: runs cases through the C interface, with every instruction set that
// the CPU has, and prints a line for each, and last the SHA-256 of all those lines.
//
//     runner CASES [COUNT]
//
// CASES is a file of lines "case = result", from cases.py, whose results have to be these; then come COUNT random
// cases.
//     resize METHOD HxWxC HxW FORMULA K            = fingerprint of the array of three dimensions
//     bytes LENGTH FORMULA K RECIPE                = that of the array that the recipe makes of a formula's bytes
//     file PATH RECIPE                             = that of the array that the recipe makes of a file
//     fingerprint DTYPE SHAPE FORMULA K            = that of an array of a formula's bytes
//     normalize MEAN STD HxWxC FORMULA K           = that of the float32 array
//     jpeg PICTURE                                 = that of the image of a file of spec/pictures, or "refused"
//     recipe LINE (in hexadecimal digits)          = its canonical line, or "refused"
//     sizes HxW ORIENTATION LINE                   = the size after each step of a recipe of images, or "refused"
//     image HxWxC ORIENTATION FORMULA K LINE       = that of the array that it makes of an image, or "refused"
//     picture HxWxC ORIENTATION FORMULA K LINE     = the same, of a picture
//     data BYTES (in hexadecimal digits) RECIPE    = that of the array that the recipe makes of them, or "refused"
// Methods are written as in recipes. Those of sounds run once more, each of their levels decided in integers. It exits
// with 1 where a result is another one.
#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <sstream>
#include <string>
#include <type_traits>
#include <vector>

#include "../../src/base/sha256.h"
#include "isopixel.h"
#include "random_cases.h"
#ifdef RUNNER_SEES_THE_CORE
#include "sound/level_probe.h"
#endif

namespace {

using Bytes = std::vector<uint8_t>;

std::string current;  // the case that is run

[[noreturn]] void fail(const std::string &what) {
    const char *isa = isopixel_get_isa();
    std::fprintf(stderr, "runner: %s: %s: %s\n", isa ? isa : "no instruction set", current.c_str(), what.c_str());
    std::exit(1);
}

void check(isopixel_status status) {
    if (status != ISOPIXEL_OK) fail(isopixel_status_text(status));
}

template <class T>
T read(std::istream &words) {
    T value;
    if (!(words >> value)) fail("the case cannot be read");
    return value;
}

// The numbers of "3x4x5".
std::vector<int64_t> read_shape(std::istream &words) {
    std::vector<int64_t> shape = {0};
    for (const char c : read<std::string>(words))
        if (c == 'x') shape.push_back(0);
        else shape.back() = 10 * shape.back() + (c - '0');
    return shape;
}

// (Not by std::ifstream, which a C++ library for WebAssembly may lack.)
Bytes contents(const std::string &path) {
    std::FILE *file = std::fopen(path.c_str(), "rb");
    if (!file) fail("cannot read " + path);
    Bytes bytes;
    for (int c; (c = std::getc(file)) != EOF;) bytes.push_back(static_cast<uint8_t>(c));
    std::fclose(file);
    return bytes;
}

std::string rest(std::istream &words) {
    std::string text;
    std::getline(words >> std::ws, text);
    return text;
}

//
uint8_t noise(uint32_t s, uint32_t k) {
    uint32_t z = s + UINT32_C(2654435769) * k;
    z = (z ^ (z >> 16)) * UINT32_C(2146121005);
    z = (z ^ (z >> 15)) * UINT32_C(2221713035);
    return static_cast<uint8_t>(z ^ (z >> 16));
}

uint8_t sample(const std::string &formula, uint32_t s, uint32_t k) {
    if (formula == "constant") return static_cast<uint8_t>(k);
    if (formula == "ramp") return static_cast<uint8_t>(k * s);
    if (formula == "noise") return noise(s, k);
    if (formula == "extremes") return noise(s, k) >= 128 ? 255 : 0;
    fail("unknown formula");
}

Bytes read_input(std::istream &words, int64_t n) {
    const std::string formula = read<std::string>(words);
    const uint32_t k = read<uint32_t>(words);
    Bytes bytes(static_cast<size_t>(n));
    for (size_t s = 0; s < bytes.size(); ++s) bytes[s] = sample(formula, static_cast<uint32_t>(s), k);
    return bytes;
}

// Of bytes or floats.
template <class Sample>
std::string fingerprint(const std::vector<int64_t> &shape, const std::vector<Sample> &samples) {
    char text[ISOPIXEL_FINGERPRINT_SIZE];
    check(isopixel_fingerprint(samples.data(), std::is_same<Sample, float>(), shape.data(), shape.size(), text));
    return text;
}

// The image in one piece; in pieces of `step` bytes; and as the second of two flipped ones with gaps between the rows,
// in several threads.
Bytes resize_whole(const char *method, int64_t channels, isopixel_size size, const Bytes &in, isopixel_size out_size) {
    Bytes out(static_cast<size_t>(out_size.height * out_size.width * channels));
    check(isopixel_resize(method, 1, channels, size, in.data(), {0, static_cast<ptrdiff_t>(size.width * channels)},
                          out_size, out.data(), {0, static_cast<ptrdiff_t>(out_size.width * channels)}, 1));
    return out;
}

void push_in_pieces(isopixel_stream *stream, const Bytes &in, size_t step) {
    for (size_t i = 0; i < in.size(); i += step)
        check(isopixel_stream_push(stream, in.data() + i, std::min(step, in.size() - i)));
    check(isopixel_stream_finish(stream));
}

Bytes resize_in_pieces(const char *method, int64_t channels, isopixel_size size, const Bytes &in,
                       isopixel_size out_size) {
    const int64_t out_row = out_size.width * channels;
    Bytes out(static_cast<size_t>(out_size.height * out_row));
    isopixel_stream *stream;
    check(
        isopixel_stream_begin(&stream, method, channels, size, out_size, out.data(), static_cast<ptrdiff_t>(out_row)));
    push_in_pieces(stream, in, 1021);
    return out;
}

Bytes resize_flipped(const char *method, int64_t channels, isopixel_size size, const Bytes &in,
                     isopixel_size out_size) {
    constexpr int64_t kGap = 3;
    const int64_t in_row = size.width * channels, out_row = out_size.width * channels;
    const int64_t in_step = in_row + kGap, out_step = out_row + kGap;
    const int64_t in_image = size.height * in_step, out_image = out_size.height * out_step;
    Bytes from(static_cast<size_t>(2 * in_image), 0xA5), to(static_cast<size_t>(2 * out_image), 0x5A);
    for (int64_t y = 0; y < size.height; ++y)
        std::copy_n(in.begin() + y * in_row, in_row, from.begin() + in_image + (size.height - 1 - y) * in_step);
    check(isopixel_resize(method, 2, channels, size, from.data() + in_image - in_step,
                          {static_cast<ptrdiff_t>(in_image), static_cast<ptrdiff_t>(-in_step)}, out_size,
                          to.data() + out_image - out_step,
                          {static_cast<ptrdiff_t>(out_image), static_cast<ptrdiff_t>(-out_step)}, 3));
    Bytes out;
    for (int64_t y = 0; y < out_size.height; ++y) {
        const auto row = to.begin() + out_image + (out_size.height - 1 - y) * out_step;
        out.insert(out.end(), row, row + out_row);
        if (*(row + out_row) != 0x5A) fail("bytes between the rows of the result were written");
    }
    return out;
}

std::string resize(std::istream &words) {
    const std::string name = read<std::string>(words);
    const char *method = name.c_str();
    const std::vector<int64_t> shape = read_shape(words), size = read_shape(words);
    if (shape.size() != 3 || size.size() != 2) fail("the case cannot be read");
    const Bytes in = read_input(words, shape[0] * shape[1] * shape[2]);
    const isopixel_size in_size = {shape[0], shape[1]}, out_size = {size[0], size[1]};
    const Bytes out = resize_whole(method, shape[2], in_size, in, out_size);
    if (resize_in_pieces(method, shape[2], in_size, in, out_size) != out) fail("another result in pieces");
    if (resize_flipped(method, shape[2], in_size, in, out_size) != out) fail("another result in another place");
    return fingerprint({size[0], size[1], shape[2]}, out);
}

// Of bytes in the order of R-8.
std::vector<float> floats_of(const Bytes &bytes) {
    std::vector<float> numbers(bytes.size() / 4);
    for (size_t i = 0; i < numbers.size(); ++i) {
        uint32_t bits = 0;
        for (size_t b = 0; b < 4; ++b) bits |= uint32_t{bytes[4 * i + b]} << 8 * b;
        std::memcpy(&numbers[i], &bits, sizeof bits);
    }
    return numbers;
}

// R-31, of one image, by its table.
std::vector<float> normalize(const std::vector<float> &table, isopixel_size size, int64_t channels, const Bytes &in) {
    std::vector<float> out(in.size());
    const isopixel_sample_strides strides = {0, 1, static_cast<ptrdiff_t>(size.width * channels),
                                             static_cast<ptrdiff_t>(channels)};
    check(isopixel_normalize(table.data(), 1, channels, size, in.data(), strides, out.data(), 3));
    return out;
}

struct Close {
    void operator()(isopixel_recipe *recipe) const { isopixel_recipe_close(recipe); }
};
using Recipe = std::unique_ptr<isopixel_recipe, Close>;

Recipe open(const std::string &line) {
    isopixel_recipe *recipe;
    check(isopixel_recipe_open(&recipe, line.c_str(), nullptr, 0));
    return Recipe(recipe);
}

std::vector<int64_t> image_shape(isopixel_size size, int64_t channels) {
    std::vector<int64_t> shape = {size.height, size.width};
    if (channels != 1) shape.push_back(channels);
    return shape;
}

std::string made_of(const Bytes &in, const std::string &line) {
    const Recipe recipe = open(line);
    const char *layout = isopixel_recipe_layout(recipe.get()), *method = isopixel_recipe_method(recipe.get());
    int64_t channels;
    isopixel_size size;
    check(isopixel_layout_size(layout, in.size(), &size, &channels));
    if (isopixel_recipe_size(recipe.get()).height > 0) size = isopixel_recipe_size(recipe.get());
    const int64_t row = size.width * channels;
    Bytes out, first;
    for (const size_t step : {in.size(), size_t{97}}) {
        first = std::move(out);
        out.assign(static_cast<size_t>(size.height * row), 0);
        isopixel_stream *stream;
        check(isopixel_stream_begin_bytes(&stream, layout, in.size(), method, size, out.data(),
                                          static_cast<ptrdiff_t>(row)));
        push_in_pieces(stream, in, step);
    }
    if (out != first) fail("another result in pieces");
    std::vector<float> table(static_cast<size_t>(256 * channels));
    if (isopixel_recipe_table(recipe.get(), table.data()))
        return fingerprint({channels, size.height, size.width}, normalize(table, size, channels, out));
    return fingerprint(image_shape(size, channels), out);
}

std::string bytes(std::istream &words) {
    const int64_t length = read<int64_t>(words);
    const Bytes in = read_input(words, length);
    return made_of(in, rest(words));
}

std::string file(std::istream &words) {
    const Bytes in = contents(read<std::string>(words));
    return made_of(in, rest(words));
}

std::string array(std::istream &words) {
    const std::string dtype = read<std::string>(words);
    const std::vector<int64_t> shape = read_shape(words);
    int64_t n = dtype == "float32" ? 4 : 1;
    for (const int64_t side : shape) n *= side;
    const Bytes in = read_input(words, n);
    return dtype == "float32" ? fingerprint(shape, floats_of(in)) : fingerprint(shape, in);
}

std::string normalized(std::istream &words) {
    const std::string mean = read<std::string>(words), deviation = read<std::string>(words);
    const std::vector<int64_t> shape = read_shape(words);
    if (shape.size() != 3) fail("the case cannot be read");
    const Bytes in = read_input(words, shape[0] * shape[1] * shape[2]);
    std::vector<float> table(static_cast<size_t>(256 * shape[2]));
    char message[200];
    if (isopixel_normalization_table(mean.c_str(), deviation.c_str(), shape[2], table.data(), message, sizeof message))
        fail(message);
    return fingerprint({shape[2], shape[0], shape[1]}, normalize(table, {shape[0], shape[1]}, shape[2], in));
}

std::string jpeg(std::istream &words) {
    const Bytes in = contents("spec/pictures/" + read<std::string>(words));
    isopixel_size size;
    int64_t channels;
    int orientation;
    isopixel_status status = isopixel_jpeg_info(in.data(), in.size(), &size, &channels, &orientation, nullptr, 0);
    if (status == ISOPIXEL_BAD_PICTURE) return "refused";
    check(status);
    Bytes out(static_cast<size_t>(size.height * size.width * channels));
    status = isopixel_jpeg_decode(in.data(), in.size(), out.data(), out.size(), nullptr, 0);
    if (status == ISOPIXEL_BAD_PICTURE) return "refused";
    check(status);
    return fingerprint({size.height, size.width, channels}, out);
}

// Written as hexadecimal digits.
Bytes read_digits(std::istream &words) {
    const std::string digits = read<std::string>(words);
    Bytes bytes;
    for (size_t i = 0; i + 1 < digits.size(); i += 2)
        bytes.push_back(static_cast<uint8_t>(std::strtol(digits.substr(i, 2).c_str(), nullptr, 16)));
    return bytes;
}

std::string data(std::istream &words) {
    const Bytes in = read_digits(words);
    const Recipe recipe = open(rest(words));
    isopixel_result made;
    isopixel_status status = isopixel_recipe_result_of_bytes(recipe.get(), in.data(), in.size(), &made, nullptr, 0);
    // bytes that end before the offset, or are no listing; none; too few; no sound
    for (const isopixel_status refused : {ISOPIXEL_BAD_BYTES, ISOPIXEL_BAD_SIZE, ISOPIXEL_NO_ROWS, ISOPIXEL_BAD_SOUND})
        if (status == refused) return "refused";
    check(status);
    if (made.is_float) fail("the case cannot be read");
    Bytes out(made.bytes);
    status = isopixel_recipe_run_bytes(recipe.get(), in.data(), in.size(), out.data(), out.size(), 3, nullptr, 0);
    if (status == ISOPIXEL_BAD_SOUND) return "refused";  // a sample that is not finite
    check(status);
    return fingerprint(image_shape(made.size, made.channels), out);
}

std::string recipe(std::istream &words) {
    const Bytes text = read_digits(words);
    const std::string line(text.begin(), text.end());
    isopixel_recipe *opened;
    const isopixel_status status = isopixel_recipe_open(&opened, line.c_str(), nullptr, 0);
    if (status == ISOPIXEL_BAD_RECIPE) return "refused";
    check(status);
    return isopixel_recipe_line(Recipe(opened).get());
}

std::string sizes(std::istream &words) {
    const std::vector<int64_t> shape = read_shape(words);
    if (shape.size() != 2) fail("the case cannot be read");
    const int orientation = read<int>(words);
    const Recipe recipe = open(rest(words));
    std::string text;
    isopixel_placement place;
    for (size_t step = 0;; ++step) {
        const isopixel_status status =
            isopixel_recipe_place(recipe.get(), {shape[0], shape[1]}, orientation, step, &place, nullptr, 0);
        if (status == ISOPIXEL_BAD_SIZE) return text;
        if (status == ISOPIXEL_BAD_IMAGE) return "refused";
        check(status);
        text += (step ? " " : "") + std::to_string(place.size.height) + "x" + std::to_string(place.size.width);
    }
}

std::string image(std::istream &words, decltype(isopixel_recipe_run_image) run) {
    const std::vector<int64_t> shape = read_shape(words);
    if (shape.size() != 3) fail("the case cannot be read");
    const int orientation = read<int>(words);
    const Bytes in = read_input(words, shape[0] * shape[1] * shape[2]);
    const Recipe recipe = open(rest(words));
    const isopixel_sample_strides strides = {0, 1, static_cast<ptrdiff_t>(shape[1] * shape[2]),
                                             static_cast<ptrdiff_t>(shape[2])};
    const isopixel_image source = {in.data(), {shape[0], shape[1]}, shape[2], strides, orientation};
    isopixel_result made;
    isopixel_status status = isopixel_recipe_result(recipe.get(), source.size, orientation, &made, nullptr, 0);
    if (status == ISOPIXEL_BAD_IMAGE) return "refused";
    check(status);
    Bytes pixels(made.is_float ? 0 : made.bytes);
    std::vector<float> numbers(made.is_float ? made.bytes / sizeof(float) : 0);
    void *out = made.is_float ? static_cast<void *>(numbers.data()) : pixels.data();
    status = run(recipe.get(), &source, out, made.bytes, 3, nullptr, 0);
    if (status == ISOPIXEL_BAD_IMAGE || status == ISOPIXEL_NOT_COVERED) return "refused";
    check(status);
    if (made.is_float) return fingerprint({made.channels, made.size.height, made.size.width}, numbers);
    return fingerprint(image_shape(made.size, made.channels), pixels);
}

std::string result_of(const std::string &text) {
    current = text;
    std::istringstream words(text);
    const std::string kind = read<std::string>(words);
    if (kind == "resize") return resize(words);
    if (kind == "bytes") return bytes(words);
    if (kind == "file") return file(words);
    if (kind == "data") return data(words);
    if (kind == "fingerprint") return array(words);
    if (kind == "normalize") return normalized(words);
    if (kind == "jpeg") return jpeg(words);
    if (kind == "recipe") return recipe(words);
    if (kind == "sizes") return sizes(words);
    if (kind == "image") return image(words, isopixel_recipe_run_image);
    if (kind == "picture") return image(words, isopixel_recipe_run_picture);
    fail("no such case");
}

// The lines of all cases with the instruction set in use.
std::string run(const std::vector<std::string> &cases, uint64_t count) {
    std::string lines;
    for (const std::string &line : cases) {
        const size_t equals = line.find(" = ");
        const std::string result = result_of(line.substr(0, equals));
        if (line.substr(equals + 3) != result) fail("the result is " + result + ", not" + line.substr(equals + 2));
        lines += line + "\n";
    }
    for (uint64_t number = 0; number < count; ++number) {
        const std::string text = random_case(number);
        lines += text + " = " + result_of(text) + "\n";
    }
    return lines;
}

// The names of the sets that are to run: all, or the one of ISOPIXEL_ISA.
std::vector<std::string> isas() {
    const char *used = isopixel_get_isa();
    if (!used) fail("ISOPIXEL_ISA names another one than this CPU and this build have");
    const char *wanted = std::getenv("ISOPIXEL_ISA");
    if (wanted && *wanted) return {used};
    std::vector<std::string> names;
    for (size_t i = 0; const char *name = isopixel_isa_name(i); ++i) names.emplace_back(name);
    if (names.back() != used) fail("the instruction set in use is not the best");
    return names;
}

}  // namespace

int main(int count, char **arguments) {
    if (count < 2) fail("usage: runner CASES [COUNT]");
    const Bytes known = contents(arguments[1]);
    std::istringstream file(std::string(known.begin(), known.end()));
    const uint64_t random = count > 2 ? std::strtoull(arguments[2], nullptr, 10) : 0;
    std::vector<std::string> cases;
    for (std::string line; std::getline(file, line);) cases.push_back(line);
    std::string lines, names;
    for (const std::string &isa : isas()) {
        check(isopixel_set_isa(isa.c_str()));
        const std::string now = run(cases, random);
        if (!lines.empty() && now != lines) fail("another result with this instruction set");
        lines = now;
        names += isa + " ";
    }
#ifdef RUNNER_SEES_THE_CORE
    isopixel::level_probe.forces_exact = true;
    std::vector<std::string> sounds;
    for (const std::string &line : cases)
        if (line.find(" isopixel 1: log") != std::string::npos) sounds.push_back(line);
    run(sounds, 0);
    if (sounds.size() > 10 && isopixel::level_probe.settled == 0) fail("no level was decided in integers");
#endif
    std::fprintf(stderr, "%spassed, built by %s\n", names.c_str(), isopixel_compiler());
    isopixel::Sha256 digest;
    digest.push(reinterpret_cast<const uint8_t *>(lines.data()), lines.size());
    std::printf("%sdigest %s\n", lines.c_str(), digest.finish().c_str());
}
