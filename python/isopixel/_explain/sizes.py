# SPDX-License-Identifier: MIT
"""Which sizes an image may have had on its way: by its shorter side, by what it was to lie within, by a crop before."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from isopixel._explain.images import Array
from isopixel._explain.operation import Operation
from isopixel._explain.screen import Geometry
from isopixel._explain.turns import TURNS, turned_size

Size = tuple[int, int]

# Shorter sides that are in use, and shares of a crop in them.
SHORTER_SIDES = [
    *(224, 232, 235, 236, 238, 240, 246, 248, 256, 272, 288, 292, 299, 304, 320, 330, 331, 336, 342),
    *(352, 368, 378, 384, 392, 400, 416, 432, 438, 440, 448, 480, 512, 518, 520, 544, 560, 576, 600),
    *(640, 672, 720, 768, 800, 896, 1024),
]
SHARES = (0.765, 0.77, 0.8, 0.85, 0.875, 0.88, 0.89, 0.9, 0.904, 0.922, 0.93, 0.94, 0.95, 0.96, 0.965, 0.97, 0.98, 0.99)
MOST_TIMES = 4  # of a crop's side, that a shorter side is
MOST_OF_TINY, TINY = 64, 512  # pixels of a result, and of the source for each of them
CENTRES = (0.875, 0.8, 0.9)  # shares of both sides that are cut out before a resize


@dataclass(frozen=True)
class Candidate:
    """A geometry, and how the size came about: arguments of the resize."""

    geometry: Geometry
    arguments: tuple[tuple[str, Any], ...] = ()


def is_tiny(source: Size, size: Size) -> bool:
    """Returns whether a size has so few pixels, each of so many of the source, that one look at one costs a resize.

    Then the whole source alone is looked at, as it stands: so few pixels would hardly tell its parts from each other.
    """
    pixels = size[0] * size[1]
    return pixels <= MOST_OF_TINY and source[0] * source[1] > TINY * pixels


def whole_resizes(source: Size, size: Size) -> Iterator[Candidate]:
    """Yields all turns of the source, resized to a size."""
    for turn in range(1 if is_tiny(source, size) else len(TURNS)):
        height, width = turned_size(source, turn)
        if (height, width) != size:
            yield Candidate(Geometry(turn, (0, 0, height, width), size))


@lru_cache(maxsize=4)  # asked for several times in a search
def short_resizes(source: Size, size: Size, *, all_sides: bool) -> tuple[Candidate, ...]:
    """Returns resizes of the shorter side, followed by a crop from the middle.

    Args:
        source: the size before, (height, width).
        size: that of the crop.
        all_sides: whether any shorter side up to twice the crop's is tried, without turns, or those that are in use.
    """
    found = []
    for turn in range(1 if all_sides else len(TURNS)):
        full = turned_size(source, turn)
        least = max(size[0] * min(full) // full[0], size[1] * min(full) // full[1], 1)
        usual = {side for side in _usual_sides(size) if least <= side <= MOST_TIMES * max(size)}
        for side in sorted(set(range(least, 2 * least + 1)) - usual) if all_sides else sorted(usual):
            for resized in _sides(full, side):
                if resized == size or resized[0] < size[0] or resized[1] < size[1]:
                    continue
                for at in _middles(resized, size):
                    found.append(Candidate(Geometry(turn, (0, 0, *full), resized, at), (("short", side),)))
    return tuple(found)


def _usual_sides(size: Size) -> set[int]:
    sides = set(SHORTER_SIDES)
    for crop in set(size):
        for share in SHARES:
            sides |= {int(crop / share), round(crop / share), -int(-crop // share)}
        sides |= {crop, crop + 32, crop * 256 // 224}
    return sides


def _sides(full: Size, short: int) -> Iterator[Size]:
    """Yields the sizes whose shorter side becomes `short`, by each rounding of the longer one."""
    height, width = full
    if height == width:
        yield short, short
        return
    exact, rest = divmod(short * max(full), min(full))
    for long in (exact, exact + 1) if rest else (exact,):
        yield (short, long) if height < width else (long, short)


def _middles(outer: Size, inner: Size) -> Iterator[Size]:
    """Yields where a size lies in the middle of another one, by each rounding of a half."""
    tops, lefts = (sorted({d // 2, (d + 1) // 2}) for d in (outer[0] - inner[0], outer[1] - inner[1]))
    for top in tops:
        for left in lefts:
            yield top, left


def cropped_resizes(source: Size, size: Size) -> Iterator[Candidate]:
    """Yields resizes of a part of the middle: a square, or a share of both sides."""
    for turn in range(len(TURNS)):
        height, width = full = turned_size(source, turn)
        parts = [(min(full), min(full))]
        for share in CENTRES:
            for fit in (int, round):
                parts.append((max(1, fit(height * share)), max(1, fit(width * share))))
        for part in dict.fromkeys(parts):
            if part in (full, size):
                continue
            for top, left in _middles(full, part):
                yield Candidate(Geometry(turn, (top, left, *part), size))


def fitted_resizes(source: Size, size: Size, border: "Border") -> Iterator[Candidate]:
    """Yields resizes in proportion to what lies within a size, whose border is filled."""
    for turn in range(len(TURNS)):
        full = turned_size(source, turn)
        for ratio in {size[0] / full[0], size[1] / full[1]}:
            heights, widths = ({max(1, int(n * ratio)), round(n * ratio), -int(-n * ratio // 1)} for n in full)
            for height in sorted(heights):
                for width in sorted(widths):
                    resized = (height, width)
                    if not 0 < height <= size[0] or not 0 < width <= size[1] or resized in (size, full):
                        continue
                    for top, left in (*_middles(size, resized), (0, 0), (size[0] - height, size[1] - width)):
                        if border.holds(top, left, resized, size):
                            geometry = Geometry(turn, (0, 0, *full), resized, (-top, -left))
                            yield Candidate(geometry, (("fit", size),))


@dataclass(frozen=True)
class Border:
    """How many rows and columns at the edges of an image have one colour: at the top, left, bottom and right."""

    value: tuple[Any, ...]
    top: int
    left: int
    bottom: int
    right: int

    def holds(self, top: int, left: int, inner: Size, outer: Size) -> bool:
        """Returns whether all that lies outside of an inner image has the colour."""
        return (
            top <= self.top
            and left <= self.left
            and outer[0] - inner[0] - top <= self.bottom
            and outer[1] - inner[1] - left <= self.right
        )

    def pad(self, size: Size, at: Size) -> Operation:
        """Returns the pad to a size that makes it."""
        value = self.value[0] if len(set(self.value)) == 1 else self.value
        return Operation("pad", "pad", (("size", size), ("at", at), ("value", value)))

    def inside(self, size: Size) -> tuple[int, int, int, int]:
        """Returns what lies inside, (top, left, height, width)."""
        height, width = size[0] - self.top - self.bottom, size[1] - self.left - self.right
        return (self.top, self.left, max(1, height), max(1, width)) if height > 0 and width > 0 else (0, 0, *size)


def border_of(image: Array) -> Border | None:
    """Returns the border of one colour that an image has; None if it has none."""
    for corner in (image[0, 0], image[-1, -1]):
        plain = (image == corner).all(-1)
        rows, columns = plain.all(1), plain.all(0)
        sides = [_run(rows), _run(columns), _run(rows[::-1]), _run(columns[::-1])]
        if any(sides):
            return Border(tuple(corner.tolist()), *sides)
    return None


def _run(flags: Array) -> int:
    """Returns how many are true from the first on."""
    return len(flags) if flags.all() else int(np.argmin(flags))
