# SPDX-License-Identifier: MIT
"""Flips and turns by 90 degrees, and where an image lies in another one."""

from collections.abc import Iterator

import numpy as np

from isopixel._explain.images import Array
from isopixel._explain.operation import Operation

# The names of turns, the first of which changes nothing.
TURNS = (
    "",
    "flip-horizontal",
    "flip-vertical",
    "rotate-180",
    "rotate-90",
    "rotate-270",
    "transpose",
    "transverse",
)
EXCHANGED = 4  # the first turn that exchanges rows and columns


def turned(image: Array, turn: int) -> Array:
    """Returns an image turned, as a view."""
    if turn >= EXCHANGED:
        image = image.transpose(1, 0, 2)
    return image[:: -1 if turn in _UPSIDE_DOWN else 1, :: -1 if turn in _BACKWARDS else 1]


_UPSIDE_DOWN = (2, 3, 5, 7)
_BACKWARDS = (1, 3, 4, 7)


def turn_operations(turn: int) -> tuple[Operation, ...]:
    """Returns a turn as operations."""
    return (Operation("turn", TURNS[turn]),) if turn else ()


def places_in(image: Array, part: Array) -> Iterator[tuple[int, int]]:
    """Yields where a part lies in an image of the same dtype and channels, by (top, left); (0, 0) if it is all of it.

    A few pixels of the part are looked for in the whole image, those that differ most from what is beside them.
    """
    height, width = (n - m + 1 for n, m in zip(image.shape[:2], part.shape[:2], strict=True))
    if height < 1 or width < 1:
        return
    probes = _probes(part)
    (y, x), *rest = probes
    tops, lefts = np.nonzero(_equal(image[y : y + height, x : x + width], part[y, x]))
    for y, x in rest:
        kept = (image[tops + y, lefts + x] == part[y, x]).all(-1)
        tops, lefts = tops[kept], lefts[kept]
    for n, (top, left) in enumerate(zip(tops.tolist(), lefts.tolist(), strict=True)):
        if np.array_equal(image[top : top + part.shape[0], left : left + part.shape[1]], part):
            yield top, left
        if n == MOST_PLACES:
            return


MOST_PLACES = 64  # that are compared as a whole: with more, the part is as good as flat


def _equal(image: Array, pixel: Array) -> Array:
    found: Array = image[..., 0] == pixel[0]
    for c in range(1, image.shape[2]):
        found &= image[..., c] == pixel[c]
    return found


def _probes(part: Array) -> list[tuple[int, int]]:
    height, width = part.shape[:2]
    rng = np.random.default_rng(0)
    rows, columns = rng.integers(0, height, 256), rng.integers(0, width, 256)
    beside = part[rows, np.maximum(columns - 1, 0)]
    differs = np.abs(part[rows, columns].astype(np.float64) - beside.astype(np.float64)).max(-1)
    order = np.argsort(-differs, kind="stable")[:32]
    return list(zip(rows[order].tolist(), columns[order].tolist(), strict=True))
