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


def places_in(image: Array, part: Array, near: int = 0) -> Iterator[tuple[int, int]]:
    """Yields where a part lies in an image of the same channels, by (top, left); (0, 0) if it is all of it.

    A few pixels of the part are looked for in the whole image, those that differ most from what is beside them.

    Args:
        image: (H, W, C).
        part: (h, w, C).
        near: by how much samples may differ; if it is not 0, the places are those at which a few do not differ by more.
    """
    height, width = (n - m + 1 for n, m in zip(image.shape[:2], part.shape[:2], strict=True))
    if height < 1 or width < 1:
        return
    (y, x), *rest = _probes(part)
    hits = _near(image[y : y + height, x : x + width], part[y, x], near)
    tops, lefts = np.divmod(np.flatnonzero(hits), width)
    for y, x in rest:
        kept = _near(image[tops + y, lefts + x], part[y, x], near)
        tops, lefts = tops[kept], lefts[kept]
    for top, left in zip(tops[:MOST_PLACES].tolist(), lefts[:MOST_PLACES].tolist(), strict=True):
        if near or np.array_equal(image[top : top + part.shape[0], left : left + part.shape[1]], part):
            yield top, left


MOST_PLACES = 8  # that are compared as a whole: with more, the part is as good as flat


def _near(image: Array, pixel: Array, near: int) -> Array:
    """Returns where an image (…, C) has a pixel."""
    found = np.ones(image.shape[:-1], np.bool_)
    for c in range(image.shape[-1]):
        found &= np.abs(image[..., c] - pixel[c]) <= near if near else image[..., c] == pixel[c]
    return found


def _probes(part: Array) -> list[tuple[int, int]]:
    height, width = part.shape[:2]
    rng = np.random.default_rng(0)
    rows, columns = rng.integers(0, height, 256), rng.integers(0, width, 256)
    beside = part[rows, np.maximum(columns - 1, 0)]
    differs = np.abs(part[rows, columns].astype(np.float64) - beside.astype(np.float64)).max(-1)
    order = np.argsort(-differs, kind="stable")[:32]
    return list(zip(rows[order].tolist(), columns[order].tolist(), strict=True))
