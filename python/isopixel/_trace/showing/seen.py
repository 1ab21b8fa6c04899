# SPDX-License-Identifier: MIT
"""Arrays as pictures for people: brought to 8 bits, marked, enlarged, written into HTML."""

import base64
import io
from dataclasses import dataclass

import numpy as np

from isopixel._images import UINT8, UInt8Array, resize
from isopixel._pictures import pillow
from isopixel._trace.records import Array, Value
from isopixel._trace.values import tile_edges

RED, WHITE, GREEN = (220, 30, 40), (255, 255, 255), (60, 150, 90)
AROUND = 5  # pixels on each side of one that is enlarged
CELL = 20  # of its pixels
LARGE = 320  # pixels of a picture's longer side

Box = tuple[int, int, int, int]  # top, left, bottom, right


@dataclass(frozen=True)
class Scale:
    """How samples become levels from 0 to 255.

    Attributes:
        low: what becomes 0.
        high: what becomes 255.
        is_identity: whether the samples are levels.
    """

    low: float
    high: float
    is_identity: bool

    def levels(self, image: Array) -> Array:
        """Returns the levels of an image, float32 unless they are samples of uint8."""
        if self.is_identity:
            return image
        with np.errstate(invalid="ignore", over="ignore"):
            made: Array = ((image.astype(np.float64) - self.low) * (255 / (self.high - self.low))).astype(np.float32)
        return made

    @property
    def unit(self) -> str:
        """What a difference of 1 is, as the end of a heading."""
        return "" if self.is_identity else f" in 255ths of the span from {self.low:.4g} to {self.high:.4g}"

    @property
    def text(self) -> str:
        """How to read the pictures; "" if they are what they show."""
        return "" if self.is_identity else f"Values from {self.low:.4g} to {self.high:.4g} are shown as black to white."


def image_of(value: Value) -> Array | None:
    """Returns the image of a value, if its samples are kept, and are real numbers that can be seen."""
    image = value.image
    return image if image is not None and image.size and image.dtype.kind in "buif" else None


def scale_of(*images: Array) -> Scale:
    """Returns the scale on which images of one kind can be shown."""
    if all(image.dtype == UINT8 for image in images):
        return Scale(0, 255, True)
    numbers = [image[np.isfinite(image)] for image in images]
    ends = [float(end) for found in numbers if found.size for end in (found.min(), found.max())]
    low, high = (min(ends), max(ends)) if ends else (0.0, 1.0)
    return Scale(low, high if high > low else low + 1, False)


def seen(image: Array, scale: Scale) -> UInt8Array:
    """Returns an image (H, W, C) as one to look at, (H, W, 3): gray is repeated, alpha left out."""
    colours = image[..., :3] if image.shape[2] >= 3 else image[..., :1].repeat(3, axis=2)
    levels = scale.levels(colours)
    if levels.dtype != UINT8:
        levels = np.nan_to_num(levels, nan=0.0).clip(0, 255).astype(UINT8)
    return np.ascontiguousarray(levels)


def thumbnail(image: UInt8Array, longest: int) -> UInt8Array:
    """Returns an image whose longer side is at most that long."""
    height, width = image.shape[:2]
    if max(height, width) <= longest:
        return image
    sides = max(1, height * longest // max(height, width)), max(1, width * longest // max(height, width))
    return resize(image, sides)


def window_at(place: tuple[int, ...], shape: tuple[int, ...]) -> Box:
    """Returns the window round a pixel, moved such that it lies in the image."""
    sides = []
    for at, side in zip(place[:2], shape[:2], strict=True):
        first = max(0, min(at - AROUND, side - 2 * AROUND - 1))
        sides.append((first, min(side, first + 2 * AROUND + 1)))
    (top, bottom), (left, right) = sides
    return top, left, bottom, right


def marked(image: UInt8Array, box: Box | None) -> UInt8Array:
    """Returns an image in a size to look at, with a red frame round a window."""
    height, width = image.shape[:2]
    scale = LARGE / max(height, width)
    if scale >= 2:
        large = image.repeat(int(scale), axis=0).repeat(int(scale), axis=1)
    else:
        large = thumbnail(image, LARGE).copy()
    if box is not None:
        ratio = large.shape[0] / height, large.shape[1] / width
        top, bottom = (round(end * ratio[0]) for end in (box[0], box[2]))
        left, right = (round(end * ratio[1]) for end in (box[1], box[3]))
        _frame(large, (top, left, bottom, right), RED, 2)
    return large


def enlarged(image: UInt8Array, box: Box, place: tuple[int, int]) -> UInt8Array:
    """Returns a window of an image, each pixel a square, with a red frame round one of them."""
    top, left, bottom, right = box
    large = image[top:bottom, left:right].repeat(CELL, axis=0).repeat(CELL, axis=1)
    row, column = (place[0] - top) * CELL, (place[1] - left) * CELL
    _frame(large, (row, column, row + CELL, column + CELL), WHITE, 4)
    _frame(large, (row, column, row + CELL, column + CELL), RED, 2)
    return large


def _frame(image: UInt8Array, box: Box, colour: tuple[int, int, int], width: int) -> None:
    """Draws a frame into an image, inside of a box."""
    height, length = image.shape[:2]
    top, left = max(0, min(box[0], height - 6)), max(0, min(box[1], length - 6))
    bottom, right = min(height, max(box[2], top + 6)), min(length, max(box[3], left + 6))
    for rows, columns in (
        (slice(top, top + width), slice(left, right)),
        (slice(bottom - width, bottom), slice(left, right)),
        (slice(top, bottom), slice(left, left + width)),
        (slice(top, bottom), slice(right - width, right)),
    ):
        image[rows, columns] = colour


def tile_picture(a: Value, b: Value) -> UInt8Array:
    """Returns a picture of the tiles of two values of one size: those that differ are red, the others green."""
    edges = [[max(i, round(end * LARGE / max(a.size))) for i, end in enumerate(tile_edges(side))] for side in a.size]
    picture = np.empty((edges[0][-1], edges[1][-1], 3), UINT8)
    tiles = iter(zip(a.tiles, b.tiles, strict=True))
    for top, bottom in zip(edges[0], edges[0][1:], strict=False):
        for left, right in zip(edges[1], edges[1][1:], strict=False):
            one, other = next(tiles)
            picture[top:bottom, left:right] = WHITE
            picture[top + 1 : bottom, left + 1 : right] = GREEN if one == other else RED
    return picture


def as_element(image: UInt8Array, what: str, longest: int = 0) -> str:
    """Returns a picture as an element, with its data in it; magnified by a whole number up to a longest side."""
    file = io.BytesIO()
    pillow().Image.fromarray(np.ascontiguousarray(image)).save(file, format="PNG", optimize=True)
    height, width = image.shape[:2]
    scale = max(1, longest // max(height, width))
    data = base64.b64encode(file.getvalue()).decode("ascii")
    return f'<img width="{scale * width}" height="{scale * height}" alt="{what}" src="data:image/png;base64,{data}">'
