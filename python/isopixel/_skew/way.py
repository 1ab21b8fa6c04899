# SPDX-License-Identifier: MIT
"""What a way of making a model's input is, and what those of recipes of bytes and of images share."""

import io
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

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
        make: makes the image of a file, (H, W) or (H, W, C): uint8, or float32 of the same range, not rounded, if the
            recipe normalises.
    """

    name: str
    how: str
    make: Callable[[Path], npt.NDArray[Any]]


def recipes_way(recipe: Recipe) -> Way:
    """Returns the way of the recipe itself."""
    return Way(recipe.line, "the recipe", recipe.without_normalization())


def told(method: Method) -> str:
    """Returns what a method does, for people."""
    if not method.releases:
        return method.call
    return f"{method.library} {' to '.join(dict.fromkeys(method.releases))}, {method.call}"


def jpeg_quality(name: str) -> int | None:
    """Returns the quality in the name of a way by which something is saved as JPEG; None of other ways."""
    match = re.fullmatch(r"jpeg-([1-9]\d?|100)", name)
    return None if match is None else int(match[1])


def as_jpeg(image: UInt8Array, quality: int) -> bytes:
    """Returns an image, (H, W) or (H, W, 3) in the order red, green, blue, as Pillow saves it as JPEG."""
    file = io.BytesIO()
    pillow().Image.fromarray(np.ascontiguousarray(image)).save(file, format="JPEG", quality=quality)
    return file.getvalue()


def told_of_jpeg(quality: int) -> str:
    """Returns what `as_jpeg` does, for people."""
    return f"saved as JPEG by Pillow {pillow().__version__}, quality {quality}, and read again"
