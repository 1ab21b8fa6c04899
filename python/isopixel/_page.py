# SPDX-License-Identifier: MIT
"""The sheet of paper that figures are drawn on."""

from typing import TYPE_CHECKING

import numpy as np

from isopixel._difference import SCALE
from isopixel._images import UInt8Array
from isopixel._pictures import pillow

if TYPE_CHECKING:
    from PIL.ImageDraw import ImageDraw
    from PIL.ImageFont import FreeTypeFont

PAPER, INK, PALE, FRAME = (255, 255, 255), (32, 32, 32), (112, 112, 112), (208, 208, 208)


def ascii_of(text: str) -> str:
    """Returns a text in the characters that the font has."""
    return text.encode("ascii", "replace").decode("ascii")


class Page:
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

    def write_left(self, x: int, y: int, text: str, colour: tuple[int, int, int]) -> None:
        """Writes a line of text that ends at x."""
        self.write(x - self.text_width(text), y, text, colour)

    def rule(self, x: int, y: int, to_x: int, to_y: int) -> None:
        """Draws a thin line, both ends included."""
        self._draw.line((x, y, to_x, to_y), fill=INK)

    def paste(self, x: int, y: int, picture: UInt8Array) -> None:
        """Pastes a picture in a thin frame."""
        height, width = picture.shape[:2]
        self._draw.rectangle((x, y, x + width + 1, y + height + 1), outline=FRAME)
        self._sheet.paste(pillow().Image.fromarray(picture), (x + 1, y + 1))

    def write_scale(self, x: int, y: int) -> None:
        """Writes the legend of SCALE, one line for each colour."""
        side = self.line * 2 // 3
        for i, step in enumerate(SCALE):
            top = y + i * self.line + self.line // 6
            self._draw.rectangle((x, top, x + side, top + side), fill=step.colour, outline=FRAME)
            self.write(x + 2 * side, y + i * self.line, str(step), INK)

    def pixels(self) -> UInt8Array:
        """Returns the sheet as an array."""
        return np.asarray(self._sheet)
