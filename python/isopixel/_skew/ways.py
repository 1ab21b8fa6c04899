# SPDX-License-Identifier: MIT
"""Ways of making a model's input of a file: the recipe's own, and others that a deployment may use instead."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from isopixel._arguments import choices
from isopixel._bytes_image import from_file
from isopixel._images import UInt8Array
from isopixel._methods import LISTS_ALL, METHODS, kind_of_filter, methods
from isopixel._recipe import Recipe
from isopixel._skew.model import import_torch
from isopixel._skew.picture_ways import ways_of_pictures
from isopixel._skew.way import JPEG, Way, jpeg_way, told

FLOAT = "torch-float32"
FLOAT_MODES = ("bilinear", "bicubic")  # kinds of filters for which it is a way by default; of others it is bilinear


def ways_of(recipe: Recipe, names: Sequence[str] = ()) -> list[Way]:
    """Returns ways different from the recipe's.

    Args:
        recipe: what the model was made for.
        names: which ones: of a recipe of bytes a method of resizing that covers byte images, "torch-float32", or
            "jpeg-" with a quality from 1 to 100. By default those of the recipe's kind of filter, and the quality 75;
            without a size in the recipe only those that resize nothing. Of one of images see `ways_of_pictures`.

    Raises:
        ValueError: a name that is not known, that is the recipe's own, or that resizes although the recipe does not.
    """
    if recipe.layout is None:
        return ways_of_pictures(recipe.without_normalization(), names)
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
    if (jpeg := jpeg_way(recipe, name)) is not None:
        return jpeg
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
    return Way(name, told(method), Recipe(str(recipe.layout), recipe.size, method=method.name))


def _float(recipe: Recipe, size: tuple[int, int]) -> Way:
    """Returns the way of a resize in floating point, whose result is rounded to 8 bits again."""
    torch = import_torch()
    antialias = METHODS[recipe.method or "bilinear"].antialias
    mode = _kind(recipe) if _kind(recipe) in FLOAT_MODES else "bilinear"
    # The layout line is resized as a row, and then wrapped into rows.
    target = (1, size[0] * size[1]) if str(recipe.layout).partition(",")[0] == "line" else size

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
