# SPDX-License-Identifier: MIT
"""Figures: the results of methods beside each other with their differences, and the differences of two pictures."""

from dataclasses import dataclass

import numpy as np

from isopixel._difference import SCALE, Difference, difference, difference_picture
from isopixel._images import UInt8Array
from isopixel._page import INK, PALE, Page, ascii_of

SMALL = 256  # pictures whose longer side is below this are magnified by a whole number
WIDTH = 1800  # of a figure, beyond which its columns continue below
TITLE = 600  # the least width of a figure, if its title needs it
COLUMNS = 4  # that stay beside each other, however wide they are


@dataclass(frozen=True)
class Column:
    """What is shown for a method.

    Attributes:
        name: of the method.
        pictures: the result, then the differences unless this is the first method, (h, w, 3).
        notes: the lines below them.
    """

    name: str
    pictures: tuple[UInt8Array, ...]
    notes: tuple[str, ...]


def numbers(found: Difference) -> str:
    """Returns the share, the maximum and the mean of a difference, as a text."""
    if not found.differing:
        return "equal"
    return f"{100 * found.share:.3g} % differ, max {found.maximum:g}, mean {found.mean:.3g}"


def figure(title: str, results: dict[str, UInt8Array]) -> UInt8Array:
    """Draws the results of methods, and under each its absolute differences from the first, in the colours of SCALE.

    Args:
        title: what was resized.
        results: by the names of the methods, images of one shape, (H, W) or (H, W, C) with at most 4 channels. With 2
            or 4 channels, the last one is shown as alpha.

    Returns:
        The figure, (h, w, 3).

    Raises:
        ModuleNotFoundError: Pillow is not installed.
        ValueError: Pillow is older than 10.1, and its font has one size.
    """
    images = list(results.values())
    height, width = images[0].shape[:2]
    scale = max(1, SMALL // max(height, width))
    page = Page(max(14, min(28, scale * width // 24)))
    columns = [_column(name, image, images[0], scale) for name, image in results.items()]
    heading = f"differences from {columns[0].name}"
    texts = [heading] + [line for column in columns for line in (column.name, *column.notes)]
    wide = max(scale * width + 2, *map(page.text_width, texts))
    tall = scale * height + 2 + page.gap // 2
    across = min(len(columns), max(COLUMNS, (WIDTH - page.gap) // (wide + page.gap)))
    bands = -(-len(columns) // across)
    across = -(-len(columns) // bands)  # so that all bands have about the same number
    below = [(len(column.pictures) - 1) * tall + len(column.notes) * page.line for column in columns]
    legend = (1 + len(SCALE)) * page.line if len(columns) > 1 else 0
    band = page.line + tall + max(legend, *below) + page.gap
    title = ascii_of(title)
    body = max(across * (wide + page.gap) - page.gap, min(TITLE, page.text_width(title)))
    page.open(body + 2 * page.gap, 2 * page.gap + page.line + bands * band)
    page.write(page.gap, page.gap, page.shortened(title, body), PALE)
    for n, column in enumerate(columns):
        x = page.gap + n % across * (wide + page.gap)
        y = 2 * page.gap + page.line + n // across * band
        page.write(x, y, column.name, INK)
        y += page.line
        for picture in column.pictures:
            page.paste(x, y, picture)
            y += tall
        for i, line in enumerate(column.notes):
            page.write(x, y + i * page.line, line, INK)
        if n == 0 and legend:
            page.write(x, y, heading, PALE)
            page.write_scale(x, y + page.line)
    return page.pixels()


def difference_figure(title: str, a: UInt8Array, b: UInt8Array) -> UInt8Array:
    """Draws the absolute differences of two images, (H, W) or (H, W, C), and below them the legend of SCALE.

    Returns:
        The figure, (h, w, 3).

    Raises:
        ModuleNotFoundError, ValueError: as `figure`.
    """
    height, width = a.shape[:2]
    scale = max(1, SMALL // max(height, width))
    page = Page(14)
    notes = (numbers(difference(a, b)), "absolute differences:")
    body = max(scale * width + 2, TITLE // 2, *map(page.text_width, notes))
    top = page.gap + page.line
    below = top + scale * height + 2 + page.gap // 2
    page.open(body + 2 * page.gap, below + (len(notes) + len(SCALE)) * page.line + page.gap)
    page.write(page.gap, page.gap, page.shortened(ascii_of(title), body), PALE)
    page.paste(page.gap, top, _magnified(difference_picture(a, b), scale))
    for i, line in enumerate(notes):
        page.write(page.gap, below + i * page.line, line, INK)
    page.write_scale(page.gap, below + len(notes) * page.line)
    return page.pixels()


def _column(name: str, image: UInt8Array, first: UInt8Array, scale: int) -> Column:
    """Makes what is shown for a method's result."""
    shown = _magnified(_rgb(image, scale), scale)
    if image is first:
        return Column(name, (shown,), ())
    differences = _magnified(difference_picture(first, image), scale)
    return Column(name, (shown, differences), (numbers(difference(first, image)),))


def _rgb(image: UInt8Array, scale: int) -> UInt8Array:
    """Returns an image as (H, W, 3), with alpha over a board of gray squares of about 8 pixels in the figure."""
    pixels = image[:, :, None] if image.ndim == 2 else image
    channels = pixels.shape[2]
    colours = pixels[..., : 3 if channels >= 3 else 1].repeat(3 if channels < 3 else 1, axis=2)
    if channels in (1, 3):
        return colours
    side = -(-8 // scale)
    y, x = np.ogrid[: image.shape[0], : image.shape[1]]
    board = np.where((y // side + x // side) % 2, 204, 255)[..., None]
    alpha = pixels[..., -1:] / 255
    return np.rint(colours * alpha + board * (1 - alpha)).astype(np.uint8)


def _magnified(pixels: UInt8Array, scale: int) -> UInt8Array:
    return pixels.repeat(scale, axis=0).repeat(scale, axis=1)
