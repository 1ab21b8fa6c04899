# SPDX-License-Identifier: MIT
"""What a way of making a model's input is, and those that recipes of bytes and of images share."""

import io
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from isopixel._images import UInt8Array
from isopixel._methods import Method
from isopixel._pictures import pillow
from isopixel._recipe import Recipe

JPEG = "jpeg-75"  # Pillow's own quality, if none is given


@dataclass(frozen=True)
class Way:
    """A way of making an image of a file; if the recipe normalises, all images are normalised afterwards.

    Attributes:
        name: as `--against` accepts it; of the recipe itself, its line.
        how: what is done, for people.
        make: makes the image of a file, uint8, (H, W) or (H, W, C).
    """

    name: str
    how: str
    make: Callable[[Path], UInt8Array]


def recipes_way(recipe: Recipe) -> Way:
    """Returns the way of the recipe itself."""
    return Way(recipe.line, "the recipe", recipe.without_normalization())


def told(method: Method) -> str:
    """Returns what a method does, for people."""
    if not method.releases:
        return method.call
    return f"{method.library} {' to '.join(dict.fromkeys(method.releases))}, {method.call}"


def jpeg_way(recipe: Recipe, name: str) -> Way | None:
    """Returns the way in which the image was once saved as JPEG, if it has such a name: jpeg- and the quality."""
    match = re.fullmatch(r"jpeg-([1-9]\d?|100)", name)
    if match is None:
        return None
    quality = int(match[1])
    image_module = pillow().Image

    def make(path: Path) -> UInt8Array:
        file = io.BytesIO()
        image_module.fromarray(recipe(path)).save(file, format="JPEG", quality=quality)
        return np.asarray(image_module.open(file))

    version = pillow().__version__
    return Way(name, f"the recipe's image, saved as JPEG by Pillow {version}, quality {quality}, and read again", make)
