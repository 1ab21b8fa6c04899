# SPDX-License-Identifier: MIT
"""Ways of making a model's input of a file: the recipe's own, and others that a deployment may use instead."""

import io
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from isopixel._arguments import choices
from isopixel._bytes_image import from_file
from isopixel._images import UInt8Array
from isopixel._methods import LISTS_ALL, METHODS, Method, kind_of_filter, methods
from isopixel._pictures import pillow
from isopixel._recipe import Recipe
from isopixel._skew.model import import_torch

FLOAT = "torch-float32"
FLOAT_MODES = ("bilinear", "bicubic")  # kinds of filters for which it is a way by default; of others it is bilinear
JPEG = "jpeg-75"  # Pillow's own quality, if none is given


@dataclass(frozen=True)
class Way:
    """A way of making an image of a file; if the recipe normalises, all images are normalised afterwards.

    Attributes:
        name: as `--against` accepts it; of the recipe itself, its line.
        how: what is done, for people.
        make: makes the image of a file, uint8, (H, W) or (H, W, 3).
    """

    name: str
    how: str
    make: Callable[[Path], UInt8Array]


def recipes_way(recipe: Recipe) -> Way:
    """Returns the way of the recipe itself."""
    return Way(recipe.line, "the recipe", recipe.without_normalization())


def ways_of(recipe: Recipe, names: Sequence[str] = ()) -> list[Way]:
    """Returns ways different from the recipe's.

    Args:
        recipe: what the model was made for.
        names: which ones: a method of resizing that covers byte images, "torch-float32", or
            "jpeg-" with a quality from 1 to 100. By default those of the recipe's kind of filter, and the quality 75;
            without a size in the recipe only those that resize nothing.

    Raises:
        ValueError: a name that is not known, that is the recipe's own, or that resizes although the recipe does not.
    """
    if recipe.layout is None:
        raise ValueError(f"the recipe '{recipe}' is of images: ways are there for recipes of bytes alone")
    if not names:
        names = [name for name in _resizing(recipe) if _is_kin(name, recipe) and name != recipe.method] + [JPEG]
    return [_way(recipe.without_normalization(), name) for name in dict.fromkeys(names)]


def _resizing(recipe: Recipe) -> Iterator[str]:
    """Yields the names of the ways that resize; none if the recipe does not resize."""
    if recipe.size is not None:
        yield from (method.name for method in methods() if method.covers_layouts)
        yield FLOAT


def _is_kin(name: str, recipe: Recipe) -> bool:
    """Returns whether a way that resizes has a filter of the recipe's kind."""
    kind = _kind(recipe)
    return kind in FLOAT_MODES if name == FLOAT else kind_of_filter(METHODS[name]) == kind


def _kind(recipe: Recipe) -> str:
    return kind_of_filter(METHODS[recipe.method or "bilinear"])


def _way(recipe: Recipe, name: str) -> Way:
    """Returns a way by its name."""
    if match := re.fullmatch(r"jpeg-([1-9]\d?|100)", name):
        return _jpeg(recipe, name, int(match[1]))
    known = list(_resizing(Recipe(str(recipe.layout), (1, 1))))
    if name not in known:
        raise ValueError(f"there is no way {name!r}{choices(name, known, LISTS_ALL)}; and there are jpeg-1 to jpeg-100")
    if recipe.size is None:
        raise ValueError(f"{name!r} resizes, and the recipe {recipe.line!r} does not: compare it with {JPEG}, say")
    if name == recipe.method:
        raise ValueError(f"{name!r} is the recipe's own way: choose another one to compare it with")
    if name == FLOAT:
        return _float(recipe, recipe.size)
    method = METHODS[name]
    return Way(name, _told(method), Recipe(str(recipe.layout), recipe.size, method=method.name))


def _told(method: Method) -> str:
    """Returns what a method does, for people."""
    if not method.releases:
        return method.call
    return f"{method.library} {' to '.join(dict.fromkeys(method.releases))}, {method.call}"


def _jpeg(recipe: Recipe, name: str, quality: int) -> Way:
    """Returns the way in which the image was once saved as JPEG."""
    image_module = pillow().Image

    def make(path: Path) -> UInt8Array:
        file = io.BytesIO()
        image_module.fromarray(recipe(path)).save(file, format="JPEG", quality=quality)
        return np.asarray(image_module.open(file))

    version = pillow().__version__
    return Way(name, f"the recipe's image, saved as JPEG by Pillow {version}, quality {quality}, and read again", make)


def _float(recipe: Recipe, size: tuple[int, int]) -> Way:
    """Returns the way of a resize in floating point, whose result is rounded to 8 bits again."""
    torch = import_torch()
    antialias = METHODS[recipe.method or "bilinear"].antialias
    mode = _kind(recipe) if _kind(recipe) in FLOAT_MODES else "bilinear"
    # The layout line is resized as a row, and then wrapped into rows.
    target = (1, size[0] * size[1]) if str(recipe.layout) == "line" else size

    def make(path: Path) -> UInt8Array:
        image = from_file(path, str(recipe.layout))
        pixels = image if image.ndim == 3 else image[:, :, None]
        tensor = torch.from_numpy(pixels).permute(2, 0, 1)[None].to(torch.float32)
        resized = torch.nn.functional.interpolate(tensor, target, mode=mode, antialias=antialias)
        rounded = resized[0].permute(1, 2, 0).round().clamp(0, 255).to(torch.uint8)
        result: UInt8Array = rounded.numpy().reshape(*size, *image.shape[2:])
        return result

    how = f"torch {torch.__version__} in float32, interpolate({mode=}, {antialias=})"
    return Way(FLOAT, f"{how}, of values from 0 to 255, rounded half to even to 8 bits", make)
