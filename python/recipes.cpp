// SPDX-License-Identifier: MIT
// Recipes, by their lines: the Python functions that call these have checked the arguments.
#include <pybind11/numpy.h>
#include <pybind11/stl.h>

#include <memory>
#include <optional>
#include <string>

#include "arrays.h"

namespace {

py::object text_or_none(const char *text) { return text ? py::object(py::str(text)) : py::none(); }

// A recipe, open as long as the object lives; of use to any thread.
class OpenRecipe {
  public:
    // ValueError for what is not a recipe.
    explicit OpenRecipe(const std::string &line) {
        char message[1000];
        isopixel_recipe *opened;
        check(isopixel_recipe_open(&opened, c_text(line), message, sizeof message), message);
        recipe_.reset(opened);
    }

    // (line, layout, mode, method, size); None for what it does not have.
    py::tuple fields() const {
        const isopixel_size size = isopixel_recipe_size(get());
        return py::make_tuple(isopixel_recipe_line(get()), text_or_none(isopixel_recipe_layout(get())),
                              text_or_none(isopixel_recipe_mode(get())),
                              text_or_none(size.height ? isopixel_recipe_method(get()) : nullptr),
                              size.height ? py::object(py::make_tuple(size.height, size.width)) : py::none());
    }

    // float32 (channels, 256); None if the recipe does not normalise.
    py::object table() const {
        if (!isopixel_recipe_table(get(), nullptr)) return py::none();
        py::array_t<float> table({isopixel_recipe_channels(get()), int64_t{256}});
        isopixel_recipe_table(get(), table.mutable_data());
        return table;
    }

    // What each step makes of an image: (height, width, top, left).
    py::tuple places(Size size, int orientation) const {
        py::list places;
        char message[1000];
        isopixel_placement place;
        for (;;) {
            const isopixel_status status = isopixel_recipe_place(get(), {size.first, size.second}, orientation,
                                                                 places.size(), &place, message, sizeof message);
            if (status == ISOPIXEL_BAD_SIZE) return py::tuple(places);
            check(status, message);
            places.append(py::make_tuple(place.size.height, place.size.width, place.top, place.left));
        }
    }

    // image: uint8 (H, W, C) at any strides. The result: float32 (C, H, W) or uint8 (H, W, C).
    py::array run(const py::array &image, int orientation, bool is_picture, int threads) const {
        if (image.ndim() != 3 || image.dtype().kind() != 'u' || image.itemsize() != 1)
            throw py::type_error("not a uint8 array (H, W, C)");
        const isopixel_image source = {static_cast<const uint8_t *>(image.data()),
                                       {image.shape(0), image.shape(1)},
                                       image.shape(2),
                                       {0, image.strides(2), image.strides(0), image.strides(1)},
                                       orientation};
        char message[1000];
        isopixel_result result;
        check(isopixel_recipe_result(get(), source.size, orientation, &result, message, sizeof message), message);
        const auto [height, width] = result.size;
        py::array made = result.is_float ? py::array(py::array_t<float>({result.channels, height, width}))
                                         : py::array(py::array_t<uint8_t>({height, width, result.channels}));
        void *out = made.mutable_data();
        const auto run = is_picture ? isopixel_recipe_run_picture : isopixel_recipe_run_image;
        check(without_gil([&] { return run(get(), &source, out, result.bytes, threads, message, sizeof message); }),
              message);
        return made;
    }

  private:
    struct Close {
        void operator()(isopixel_recipe *recipe) const { isopixel_recipe_close(recipe); }
    };

    const isopixel_recipe *get() const { return recipe_.get(); }

    std::unique_ptr<isopixel_recipe, Close> recipe_;
};

}  // namespace

void add_recipes(py::module_ &core) {
    py::class_<OpenRecipe>(core, "OpenRecipe")
        .def(py::init<const std::string &>(), py::arg("line"))
        .def("fields", &OpenRecipe::fields)
        .def("table", &OpenRecipe::table)
        .def("places", &OpenRecipe::places, py::arg("size"), py::arg("orientation"))
        .def("run", &OpenRecipe::run, py::arg("image"), py::arg("orientation"), py::arg("is_picture"),
             py::arg("threads"));
}
