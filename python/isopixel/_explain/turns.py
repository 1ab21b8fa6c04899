# SPDX-License-Identifier: MIT
"""Flips and turns by 90 degrees, and where an image lies in another one."""

from collections.abc import Callable, Iterator

import numpy as np

from isopixel._explain.images import ROWS, Array
from isopixel._explain.operation import Operation

Run = Callable[[Array], Array]
Edges = tuple[float, float, float, float]

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


def turned_size(size: tuple[int, int], turn: int) -> tuple[int, int]:
    """Returns the size of an image after a turn."""
    return size[::-1] if turn >= EXCHANGED else size


def turned_places(rows: Array, columns: Array, size: tuple[int, int], turn: int) -> tuple[Array, Array]:
    """Returns where pixels of an image of a size lie after a turn: their rows and columns."""
    height, width = turned_size(size, turn)
    if turn >= EXCHANGED:
        rows, columns = columns, rows
    return (height - 1 - rows if turn in _UPSIDE_DOWN else rows, width - 1 - columns if turn in _BACKWARDS else columns)


def turned_edges(edges: Edges, size: tuple[int, int], turn: int) -> Edges:
    """Returns top, bottom, left and right of a part of an image of a size, after a turn of the whole image."""
    height, width = turned_size(size, turn)
    top, bottom, left, right = (*edges[2:], *edges[:2]) if turn >= EXCHANGED else edges
    if turn in _UPSIDE_DOWN:
        top, bottom = height - bottom, height - top
    if turn in _BACKWARDS:
        left, right = width - right, width - left
    return top, bottom, left, right


def turned_back(image: Array, turn: int) -> Array:
    """Returns an image before a turn, as a view."""
    name = {"rotate-90": "rotate-270", "rotate-270": "rotate-90"}.get(TURNS[turn], TURNS[turn])
    return turned(image, TURNS.index(name))


def turn_operations(turn: int) -> tuple[Operation, ...]:
    """Returns a turn as operations."""
    return (Operation("turn", TURNS[turn]),) if turn else ()


def places_in(source: Array, image: Array, run: Run, near: float = 0) -> Iterator[tuple[int, int, int]]:
    """Yields where an image may lie in a turned source, or the turned source in it, by (turn, top, left).

    A few pixels of the smaller one are looked for in the larger one, those that differ most from what is beside them.

    Args:
        source: (H, W, C).
        image: (h, w, c).
        run: makes pixels (…, c) of pixels (…, C) of the source.
        near: by how much samples may differ.
    """
    whole, size = source.shape[:2], image.shape[:2]
    is_crop = whole[0] * whole[1] > size[0] * size[1]
    probes = _probes(image if is_crop else source)
    y, x = probes
    values = image[y, x] if is_crop else run(source[y, x])
    hits: tuple[Array, Array] | None = None
    for turn in range(len(TURNS)):
        full = turned_size(whole, turn)
        height, width = (abs(n - m) + 1 for n, m in zip(full, size, strict=True))
        if full == size or any((n < m) == is_crop for n, m in zip(full, size, strict=True) if n != m):
            continue
        if hits is None:
            hits = _hits(source if is_crop else image, values[0], run if is_crop else None, near)
        rows, columns = turned_places(*hits, whole, turn) if is_crop else hits
        y, x = probes if is_crop else turned_places(*probes, whole, turn)
        fits = (rows >= y[0]) & (rows < y[0] + height) & (columns >= x[0]) & (columns < x[0] + width)
        if not fits.all():
            rows, columns = rows[fits], columns[fits]
        tops, lefts = rows - y[0], columns - x[0]
        large = turned(source, turn) if is_crop else image
        for n in range(1, len(y)):
            if not tops.size:
                break
            pixels = large[tops + y[n], lefts + x[n]]
            kept = _are_near(run(pixels) if is_crop else pixels, values[n], near)
            tops, lefts = tops[kept], lefts[kept]
        places = tops * width + lefts
        places = np.sort(np.partition(places, MOST_PLACES)[:MOST_PLACES] if len(places) > MOST_PLACES else places)
        yield from ((turn, int(place) // width, int(place) % width) for place in places)


MOST_PLACES = 8  # that are compared as a whole: with more, the part is as good as flat


def _hits(image: Array, pixel: Array, run: Run | None, near: float) -> tuple[Array, Array]:
    """Returns the rows and columns where an image has a pixel: it is looked at some rows after the other."""
    found = []
    for top in range(0, len(image), ROWS):
        some = image[top : top + ROWS]
        rows, columns = np.nonzero(_are_near(some if run is None else run(some), pixel, near))
        found.append((rows + top, columns))
    rows, columns = (np.concatenate(parts) for parts in zip(*found, strict=True))
    return rows, columns


def _are_near(pixels: Array, pixel: Array, near: float) -> Array:
    """Returns which pixels (…, c) are a pixel."""
    found = np.ones(pixels.shape[:-1], np.bool_)
    for c in range(pixels.shape[-1]):
        found &= np.abs(pixels[..., c] - np.float32(pixel[c])) <= near if near else pixels[..., c] == pixel[c]
    return found


def _probes(part: Array) -> tuple[Array, Array]:
    """Returns the rows and columns of pixels that differ much from what is beside them."""
    height, width = part.shape[:2]
    rng = np.random.default_rng(0)
    rows, columns = rng.integers(0, height, 256), rng.integers(0, width, 256)
    beside = part[rows, np.maximum(columns - 1, 0)]
    differs = np.abs(part[rows, columns].astype(np.float64) - beside.astype(np.float64)).max(-1)
    order = np.argsort(-differs, kind="stable")[:32]
    places = dict.fromkeys(zip(rows[order].tolist(), columns[order].tolist(), strict=True))  # once each
    rows, columns = np.array(list(places)).T
    return rows, columns
