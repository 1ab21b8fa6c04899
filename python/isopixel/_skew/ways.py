# SPDX-License-Identifier: MIT
"""Ways of making a model's input of a file: the recipe's own, and others that a deployment may use instead."""

import io
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from isopixel._arguments import choices
from isopixel._bytes_image import from_file
from isopixel._images import UInt8Array
from isopixel._methods import LISTS_ALL, METHODS, kind_of_filter, methods
from isopixel._pictures import pillow
from isopixel._recipe import Recipe
from isopixel._skew.decoders import missing_decoders
from isopixel._skew.floats import FLOATS, MODES, finished, mode_for, resized, told_of_floats
from isopixel._skew.picture_ways import ways_of_pictures
from isopixel._skew.way import JPEG, Way, as_jpeg, jpeg_quality, told, told_of_jpeg


def ways_of(recipe: Recipe, names: Sequence[str] = ()) -> list[Way]:
    """Returns ways different from the recipe's.

    Args:
        recipe: what the model was made for.
        names: which ones: of a recipe of bytes a method of resizing that covers byte images, "torch-float32",
            "torch-float32-antialias", or "jpeg-" with a quality from 1 to 100. By default those of the recipe's kind of
            filter, and the quality 75; without a size in the recipe only those that resize nothing. Of one of images
            see `ways_of_pictures`.

    Raises:
        ModuleNotFoundError: a way that is named needs a package that is not installed.
        ValueError: a name that is not known, that is the recipe's own, or that resizes although the recipe does not.
    """
    if recipe.layout is None:
        return ways_of_pictures(recipe, names)
    if not names:
        names = [name for name in _resizing() if recipe.size is not None and _is_kin(name, recipe)] + [JPEG]
    return [_way(recipe, recipe.layout, name) for name in dict.fromkeys(names)]


def missing_ways(recipe: Recipe) -> dict[str, str]:
    """Returns the ways of a recipe that cannot be measured here, and the package that each needs."""
    return missing_decoders() if recipe.layout is None else {}


def _resizing() -> Iterator[str]:
    """Yields the names of the ways that resize."""
    yield from (method.name for method in methods() if method.covers_layouts)
    yield from FLOATS


def _is_kin(name: str, recipe: Recipe) -> bool:
    """Returns whether a way that resizes has a filter of the recipe's kind, and is not the recipe's own."""
    kind = kind_of_filter(METHODS[recipe.method or "bilinear"])
    if name in FLOATS:
        return kind in MODES
    return kind_of_filter(METHODS[name]) == kind and name != recipe.method


def _way(recipe: Recipe, layout: str, name: str) -> Way:
    """Returns a way by its name."""
    if (quality := jpeg_quality(name)) is not None:
        return _jpeg(recipe.without_normalization(), name, quality)
    known = list(_resizing())
    if name not in known:
        raise ValueError(f"there is no way {name!r}{choices(name, known, LISTS_ALL)}; and there are jpeg-1 to jpeg-100")
    if recipe.size is None:
        raise ValueError(f"{name!r} resizes, and the recipe {recipe.line!r} does not: compare it with {JPEG}, say")
    if name == recipe.method:
        raise ValueError(f"{name!r} is the recipe's own way: choose another one to compare it with")
    if name in FLOATS:
        return _float(recipe, layout, recipe.size, name)
    method = METHODS[name]
    return Way(name, told(method), Recipe(layout, recipe.size, method=method.name))


def _jpeg(recipe: Recipe, name: str, quality: int) -> Way:
    """Returns the way in which the image was once saved as JPEG."""

    def make(path: Path) -> UInt8Array:
        return np.asarray(pillow().Image.open(io.BytesIO(as_jpeg(recipe(path), quality))))

    return Way(name, f"the recipe's image, {told_of_jpeg(quality)}", make)


def _float(recipe: Recipe, layout: str, size: tuple[int, int], name: str) -> Way:
    """Returns a way of a resize in floating point."""
    mode, antialias, normalizes = mode_for(recipe.method or "bilinear"), FLOATS[name], recipe.normalization is not None
    # The layout line is resized as a row, and then wrapped into rows.
    target = (1, size[0] * size[1]) if layout.partition(",")[0] == "line" else size

    def make(path: Path) -> npt.NDArray[Any]:
        made = resized(np.atleast_3d(from_file(path, layout)), target, mode, antialias)
        return finished(made.reshape(*size, made.shape[2]), normalizes)

    return Way(name, told_of_floats(mode, antialias, normalizes), make)
