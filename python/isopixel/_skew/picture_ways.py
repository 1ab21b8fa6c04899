# SPDX-License-Identifier: MIT
"""Ways of making a model's input of a picture that differ from a recipe's in one thing."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from isopixel._arguments import choices
from isopixel._images import UInt8Array
from isopixel._methods import ALPHA_FORMS, METHODS, kind_of_filter, methods
from isopixel._recipe import Recipe, opened
from isopixel._skew.decoders import decoder_ways, missing_decoders, saved_way
from isopixel._skew.floats import FLOATS, MODES, finished, mode_for, resized, told_of_floats
from isopixel._skew.way import JPEG, Way, told
from isopixel._steps import Crop, Normalize, Pad, Resize

REVERSED = "channels-reversed"
SAVED = ("jpeg-95", JPEG)  # by default: hardly compressed, and as Pillow does it by itself
LUMAS = ("pillow-7", "opencv-3.4", "opencv-4")


def ways_of_pictures(recipe: Recipe, names: Sequence[str] = ()) -> list[Way]:
    """Returns ways different from that of a recipe of images.

    Args:
        recipe: what the model was made for.
        names: which ones of those that apply to the recipe: "channels-reversed", the other "orientation-…", "luma-…",
            the other rounding of crops as "crop-even" or "crop-down", "squashed", which resizes to the size of the crop
            or pad that follows, a method of resizing, "torch-float32" and "torch-float32-antialias", other decoders of
            JPEG as "decoder-…", "jpeg-" with a quality from 1 to 100. By default all of these that can be measured
            here, with the methods of the recipe's kinds of filters, and the qualities 95 and 75.

    Raises:
        ModuleNotFoundError: a way that is named needs a package that is not installed.
        ValueError: a name that is not known, or does not apply to the recipe.
    """
    pixels, normalizes = recipe.without_normalization(), recipe.normalization is not None
    found = (*_things(pixels), *_filters(pixels), *_floats(pixels, normalizes), *decoder_ways(pixels))
    ways = {way.name: way for way in found}
    if not names:
        kinds = {kind_of_filter(METHODS[step.method]) for step in recipe.steps if isinstance(step, Resize)}
        names = [name for name in ways if _is_kin(name, kinds)] + [*SAVED] * (recipe.mode != "rgba")
    return [_way(pixels, name, ways) for name in dict.fromkeys(names)]


def _is_kin(name: str, kinds: set[str]) -> bool:
    """Returns whether a way is of the kinds of the recipe's filters, or has nothing to do with filters."""
    if name in FLOATS:
        return kinds <= {*MODES}
    return name not in METHODS or kind_of_filter(METHODS[name]) in kinds


def _way(recipe: Recipe, name: str, ways: dict[str, Way]) -> Way:
    """Returns a way by its name."""
    if (package := missing_decoders().get(name)) is not None:
        raise ModuleNotFoundError(f"{name!r} needs {package}: pip install {package}", name=package)
    way = ways.get(name) or saved_way(recipe, name)
    if way is None:
        known = choices(name, ways, "`isopixel skew --help` names all")
        raise ValueError(f"there is no way {name!r} for this recipe{known}; and there are jpeg-1 to jpeg-100")
    if name not in ways and recipe.mode == "rgba":
        raise ValueError(f"{name!r} is not for the mode rgba: JPEG has no alpha")
    return way


def _things(recipe: Recipe) -> Iterator[Way]:
    """Yields the ways that apply to the recipe and are not methods."""
    source, *texts = recipe.line.split(" | ")
    if recipe.mode in ("rgb", "bgr"):

        def reverse(path: Path) -> UInt8Array:
            return np.ascontiguousarray(recipe(path)[..., ::-1])

        yield Way(REVERSED, "the recipe's image, red and blue exchanged", reverse)
    other = {"apply": "ignore", "ignore": "apply"}.get(str(_option(source, "orientation")))
    if other is not None and None not in recipe._shape(None):  # which turning does not change
        how = {"ignore": "pictures as they are stored", "apply": "pictures turned upright"}[other]
        yield _changed(recipe, f"orientation-{other}", how, _with(source, "orientation", other), texts)
    if (luma := _option(source, "luma")) is not None:
        for formula in LUMAS:
            if formula != luma:
                line = _with(source, "luma", formula)
                yield _changed(recipe, f"luma-{formula}", f"gray by the formula {formula}", line, texts)
    crops = [step.round for step in recipe.steps if isinstance(step, Crop)]
    for rounding in ("even", "down"):
        if any(used != rounding for used in crops):
            new = [_with(text, "round", rounding) if text.startswith("crop ") else text for text in texts]
            how = f"half of an odd difference is rounded {'to even' if rounding == 'even' else 'down'} in crops"
            yield _changed(recipe, f"crop-{rounding}", how, source, new)
    for i, (step, after) in enumerate(zip(recipe.steps, recipe.steps[1:], strict=False)):
        if isinstance(step, Resize) and step.size is None and isinstance(after, Crop | Pad) and after.size is not None:
            height, width = after.size
            new = [*texts[:i], f"{step.method} {height},{width}", *texts[i + 2 :]]
            how = f"resized to {height},{width} without keeping the proportions"
            yield _changed(recipe, "squashed", how, source, new)
            break


def _filters(recipe: Recipe) -> Iterator[Way]:
    """Yields the ways in which all resizes are by one other method."""
    source, *texts = recipe.line.split(" | ")
    used = {step.method for step in recipe.steps if isinstance(step, Resize)}
    assert recipe.mode is not None
    channels = 1 if recipe.mode == "gray" else len(recipe.mode)
    for method in methods() if used else ():
        if used == {method.name} or not method.covers(channels) or (channels == 4 and method.name in ALPHA_FORMS):
            continue
        new = [
            f"{method.name} {text.partition(' ')[2]}" if isinstance(step, Resize) else text
            for step, text in zip(recipe.steps, texts, strict=True)
        ]
        yield _changed(recipe, method.name, told(method), source, new)


def _floats(recipe: Recipe, normalizes: bool) -> Iterator[Way]:
    """Yields the ways in which all resizes are done in floating point."""
    modes = [mode_for(step.method) for step in recipe.steps if isinstance(step, Resize)]
    source = Recipe.parse(recipe.line.partition(" | ")[0])
    for name, antialias in FLOATS.items() if modes else ():

        def make(path: Path, antialias: bool = antialias) -> npt.NDArray[Any]:
            image = np.atleast_3d(source(path)).astype(np.float32)
            places = opened(recipe.line).places(image.shape[:2], 1)
            for step, (height, width, top, left) in zip(recipe.steps, places, strict=True):
                assert not isinstance(step, Normalize)
                if isinstance(step, Resize):
                    image = resized(image, (height, width), mode_for(step.method), antialias)
                elif isinstance(step, Crop):
                    image = image[top : top + height, left : left + width]
                else:
                    inside, shape = image, (height, width, image.shape[2])
                    image = np.broadcast_to(np.array(step.value, np.float32), shape).copy()
                    image[top : top + inside.shape[0], left : left + inside.shape[1]] = inside
            return finished(image, normalizes)

        yield Way(name, told_of_floats(" and ".join(dict.fromkeys(modes)), antialias, normalizes), make)


def _changed(recipe: Recipe, name: str, how: str, source: str, texts: Sequence[str]) -> Way:
    """Returns the way of a recipe of this source and these steps."""
    line = " | ".join([source, *texts])
    assert line != recipe.line
    return Way(name, how, Recipe.parse(line))


def _option(text: str, name: str) -> str | None:
    """Returns the value of an option of a source; None if it is not there."""
    return dict(word.split("=") for word in text.split(" ") if "=" in word).get(name)


def _with(text: str, name: str, value: str) -> str:
    """Returns the text of a source or step with the value of an option."""
    return " ".join([word for word in text.split(" ") if not word.startswith(f"{name}=")] + [f"{name}={value}"])
