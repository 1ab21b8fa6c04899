// SPDX-License-Identifier: MIT
// What the bindings share: errors, arrays, and a stream with the array that it fills.
#pragma once

#include <pybind11/numpy.h>
#include <pybind11/pybind11.h>

#include <string>
#include <utility>

#include "isopixel.h"

namespace py = pybind11;

// Adds the resize of arrays.
void add_resize(py::module_ &core);

// Adds the JPEG decoder.
void add_pictures(py::module_ &core);

// Adds recipes, by their lines.
void add_recipes(py::module_ &core);

// Adds sounds: what WAV files say of themselves.
void add_sounds(py::module_ &core);

// Adds the submodule _testing.
void add_testing(py::module_ &core);

using Size = std::pair<int64_t, int64_t>;

inline void check(isopixel_status status) {
    if (status == ISOPIXEL_OK) return;
    if (status == ISOPIXEL_NO_MEMORY) throw std::bad_alloc();
    throw py::value_error(isopixel_status_text(status));
}

// The same with what the function says of it, if it does.
inline void check(isopixel_status status, const char *message) {
    if (status != ISOPIXEL_OK && status != ISOPIXEL_NO_MEMORY && *message) throw py::value_error(message);
    check(status);
}

// One-dimensional bytes that follow each other, which stay as they are while the result lives.
inline py::buffer_info bytes_of(const py::buffer &data) {
    py::buffer_info info = data.request();
    if (info.ndim != 1 || info.itemsize != 1 || (info.shape[0] > 1 && info.strides[0] != 1))
        throw py::type_error("not contiguous bytes");
    return info;
}

// A text without a zero byte, at which the C interface would end it.
inline const char *c_text(const std::string &text) {
    if (text.find('\0') != std::string::npos) throw py::value_error("a name or text has a zero character in it");
    return text.c_str();
}

// An array (N, H, W, C) of uint8 whose pixels of a row follow each other. Strides of axes of length 1 mean nothing.
// (The dtype is compared by what it is: one that was pickled is another object.)
inline void check_pixels(const py::array &array) {
    if (array.ndim() != 4 || array.dtype().kind() != 'u' || array.itemsize() != 1)
        throw py::type_error("not a uint8 array (N, H, W, C)");
    const py::ssize_t channels = array.shape(3);
    if ((channels > 1 && array.strides(3) != 1) || (array.shape(2) > 1 && array.strides(2) != channels))
        throw py::value_error("the samples of a row do not follow each other");
}

inline isopixel_size size_of(const py::array &array) { return {array.shape(1), array.shape(2)}; }
inline uint8_t *writable(py::array &out) { return static_cast<uint8_t *>(out.mutable_data()); }

// The status of work of any length, which touches no object of Python: other threads of Python go on meanwhile.
template <class Work>
isopixel_status without_gil(Work work) {
    py::gil_scoped_release release;
    return work();
}

// isopixel_stream with the array that it writes to.
class Stream {
  public:
    // For the image of n bytes in a layout; out: (1, H, W, C)
    Stream(const std::string &layout, uint64_t n_bytes, py::array out, const std::string &method)
        : out_(std::move(out)) {
        check_target();
        isopixel_size size;
        int64_t channels;
        check(isopixel_layout_size(c_text(layout), n_bytes, &size, &channels));
        if (out_.shape(3) != channels) throw py::value_error("the layout has another number of channels");
        const char *named = c_text(method);
        const isopixel_size out_size = size_of(out_);
        uint8_t *result = writable(out_);
        const auto stride = out_.strides(1);
        check(without_gil([&] {
            return isopixel_stream_begin_bytes(&stream_, layout.c_str(), n_bytes, named, out_size, result, stride);
        }));
    }

    // For the image of a sound; out: (1, H, W, 1)
    Stream(const std::string &layout, const isopixel_sound &sound, py::array out, const std::string &method)
        : out_(std::move(out)) {
        check_target();
        if (out_.shape(3) != 1) throw py::value_error("a sound has one channel");
        const char *named = c_text(method);
        const isopixel_size out_size = size_of(out_);
        uint8_t *result = writable(out_);
        const auto stride = out_.strides(1);
        check(without_gil([&] {
            return isopixel_stream_begin_sound(&stream_, layout.c_str(), &sound, named, out_size, result, stride);
        }));
    }

    Stream(const Stream &) = delete;
    ~Stream() {
        if (stream_) without_gil([&] { return isopixel_stream_finish(stream_); });
    }

    void push(const py::buffer &data) {
        const py::buffer_info info = bytes_of(data);
        const isopixel_status status = without_gil([&] {
            return isopixel_stream_push(stream_, static_cast<const uint8_t *>(info.ptr),
                                        static_cast<size_t>(info.shape[0]));
        });
        check(status, status == ISOPIXEL_BAD_SOUND ? "a sample is infinite, or not a number" : "");
    }

    void finish() {
        isopixel_stream *stream = std::exchange(stream_, nullptr);
        check(without_gil([=] { return isopixel_stream_finish(stream); }));
    }

  protected:
    explicit Stream(py::array out) : out_(std::move(out)) { check_target(); }

    void check_target() const {
        check_pixels(out_);
        if (out_.shape(0) != 1) throw py::value_error("not one image");
    }

    py::array out_;
    isopixel_stream *stream_ = nullptr;
};
