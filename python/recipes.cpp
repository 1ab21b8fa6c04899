// SPDX-License-Identifier: MIT
// Recipes, by their lines: the Python functions that call these have checked the arguments.
#include <pybind11/numpy.h>
#include <pybind11/stl.h>

#include <memory>
#include <optional>
#include <string>

#include "arrays.h"

namespace {

// A recipe, open as long as the object lives; ValueError for what is not one.
class OpenRecipe {
  public:
    explicit OpenRecipe(const std::string &line) {
        char message[1000];
        isopixel_recipe *opened;
        check(isopixel_recipe_open(&opened, c_text(line), message, sizeof message), message);
        recipe_.reset(opened);
    }
    operator const isopixel_recipe *() const { return recipe_.get(); }

  private:
    struct Close {
        void operator()(isopixel_recipe *recipe) const { isopixel_recipe_close(recipe); }
    };
    std::unique_ptr<isopixel_recipe, Close> recipe_;
};

py::object text_or_none(const char *text) { return text ? py::object(py::str(text)) : py::none(); }

// (line, layout, mode, method, size); None for what it does not have.
py::tuple parse_recipe(const std::string &line) {
    const OpenRecipe recipe(line);
    const isopixel_size size = isopixel_recipe_size(recipe);
    return py::make_tuple(isopixel_recipe_line(recipe), text_or_none(isopixel_recipe_layout(recipe)),
                          text_or_none(isopixel_recipe_mode(recipe)),
                          text_or_none(size.height ? isopixel_recipe_method(recipe) : nullptr),
                          size.height ? py::object(py::make_tuple(size.height, size.width)) : py::none());
}

// float32 (channels, 256); None if the recipe does not normalise.
py::object recipe_table(const std::string &line) {
    const OpenRecipe recipe(line);
    if (!isopixel_recipe_table(recipe, nullptr)) return py::none();
    py::array_t<float> table({isopixel_recipe_channels(recipe), int64_t{256}});
    isopixel_recipe_table(recipe, table.mutable_data());
    return table;
}

// What each step makes of an image: (height, width, top, left).
py::tuple recipe_places(const std::string &line, Size size, int orientation) {
    const OpenRecipe recipe(line);
    py::list places;
    char message[1000];
    isopixel_placement place;
    for (;;) {
        const isopixel_status status = isopixel_recipe_place(recipe, {size.first, size.second}, orientation,
                                                             places.size(), &place, message, sizeof message);
        if (status == ISOPIXEL_BAD_SIZE) return py::tuple(places);
        check(status, message);
        places.append(py::make_tuple(place.size.height, place.size.width, place.top, place.left));
    }
}

// image: uint8 (H, W, C) at any strides. The result: float32 (C, H, W) or uint8 (H, W, C).
py::array run_recipe(const std::string &line, const py::array &image, int orientation, bool is_picture, int threads) {
    if (image.ndim() != 3 || image.dtype().kind() != 'u' || image.itemsize() != 1)
        throw py::type_error("not a uint8 array (H, W, C)");
    const OpenRecipe recipe(line);
    const isopixel_image source = {static_cast<const uint8_t *>(image.data()),
                                   {image.shape(0), image.shape(1)},
                                   image.shape(2),
                                   {0, image.strides(2), image.strides(0), image.strides(1)},
                                   orientation};
    char message[1000];
    isopixel_result result;
    check(isopixel_recipe_result(recipe, source.size, orientation, &result, message, sizeof message), message);
    const auto [height, width] = result.size;
    py::array made = result.is_float ? py::array(py::array_t<float>({result.channels, height, width}))
                                     : py::array(py::array_t<uint8_t>({height, width, result.channels}));
    void *out = made.mutable_data();
    const auto run = is_picture ? isopixel_recipe_run_picture : isopixel_recipe_run_image;
    check(without_gil([&] { return run(recipe, &source, out, result.bytes, threads, message, sizeof message); }),
          message);
    return made;
}

}  // namespace

void add_recipes(py::module_ &core) {
    core.def("parse_recipe", parse_recipe, py::arg("line"));
    core.def("recipe_table", recipe_table, py::arg("line"));
    core.def("recipe_places", recipe_places, py::arg("line"), py::arg("size"), py::arg("orientation"));
    core.def("run_recipe", run_recipe, py::arg("line"), py::arg("image"), py::arg("orientation"), py::arg("is_picture"),
             py::arg("threads"));
}
