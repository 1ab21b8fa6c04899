# SPDX-License-Identifier: MIT
"""A figure of the results of several methods beside each other, and below them their differences from the first."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from isopixel._difference import Difference, difference, difference_picture
from isopixel._images import UInt8Array
from isopixel._pictures import pillow

if TYPE_CHECKING:
    from PIL.ImageDraw import ImageDraw
    from PIL.ImageFont import FreeTypeFont

SMALL = 256  # pictures whose longer side is below this are magnified by a whole number
WIDTH = 1800  # of a figure, beyond which its columns continue below
TITLE = 600  # the least width of a figure, if its title needs it
COLUMNS = 4  # that stay beside each other, however wide they are
PAPER, INK, PALE, FRAME = (255, 255, 255), (32, 32, 32), (112, 112, 112), (208, 208, 208)


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
    """Draws the results of methods, and under each its absolute differences from the first, amplified.

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
    page = _Page(max(14, min(28, scale * width // 24)))
    columns = [_column(name, image, images[0], scale) for name, image in results.items()]
    legend = ("absolute differences", f"from {columns[0].name}", "(black: none)") if len(columns) > 1 else ()
    texts = [line for column in columns for line in (column.name, *column.notes)] + list(legend)
    wide = max(scale * width + 2, *map(page.text_width, texts))
    tall = scale * height + 2 + page.gap // 2
    across = min(len(columns), max(COLUMNS, (WIDTH - page.gap) // (wide + page.gap)))
    bands = -(-len(columns) // across)
    across = -(-len(columns) // bands)  # so that all bands have about the same number
    below = [(len(column.pictures) - 1) * tall + len(column.notes) * page.line for column in columns]
    band = page.line + tall + max(len(legend) * page.line, *below) + page.gap
    title = title.encode("ascii", "replace").decode("ascii")  # the font has no other characters
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
        for i, line in enumerate(column.notes or legend):
            page.write(x, y + i * page.line, line, INK if column.notes else PALE)
    return page.pixels()


def _column(name: str, image: UInt8Array, first: UInt8Array, scale: int) -> Column:
    """Makes what is shown for a method's result."""
    shown = _magnified(_rgb(image, scale), scale)
    if image is first:
        return Column(name, (shown,), ())
    amounts, factor = difference_picture(first, image)
    found = difference(first, image)
    notes = (numbers(found), f"differences times {factor}") if found.differing else (numbers(found),)
    return Column(name, (shown, _magnified(_rgb(amounts, scale), scale)), notes)


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


class _Page:
    """A sheet of paper, and a font."""

    def __init__(self, font_size: int) -> None:
        try:
            self._font: FreeTypeFont = pillow().ImageFont.load_default(font_size)
        except TypeError:
            raise ValueError("figures need Pillow 10.1 or newer, for their captions") from None
        self.line = font_size * 3 // 2
        self.gap = font_size * 3 // 2

    def open(self, width: int, height: int) -> None:
        """Starts the sheet."""
        self._sheet = pillow().Image.new("RGB", (width, height), PAPER)
        self._draw: ImageDraw = pillow().ImageDraw.Draw(self._sheet)

    def text_width(self, text: str) -> int:
        """Returns the width of a text."""
        return -int(-self._font.getlength(text) // 1)

    def shortened(self, text: str, width: int) -> str:
        """Returns a text, without some of its middle if it would be wider."""
        short, keep = text, len(text)
        while self.text_width(short) > width and keep > 0:
            keep -= 1
            short = f"{text[: keep // 2]}...{text[len(text) - keep + keep // 2 :]}"
        return short

    def write(self, x: int, y: int, text: str, colour: tuple[int, int, int]) -> None:
        """Writes a line of text."""
        self._draw.text((x, y), text, fill=colour, font=self._font)

    def paste(self, x: int, y: int, picture: UInt8Array) -> None:
        """Pastes a picture in a thin frame."""
        height, width = picture.shape[:2]
        self._draw.rectangle((x, y, x + width + 1, y + height + 1), outline=FRAME)
        self._sheet.paste(pillow().Image.fromarray(picture), (x + 1, y + 1))

    def pixels(self) -> UInt8Array:
        """Returns the sheet as an array."""
        return np.asarray(self._sheet)
