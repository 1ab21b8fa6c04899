# SPDX-License-Identifier: MIT
"""Turns, crops and borders without a resize."""

from collections.abc import Iterator, Sequence

import numpy as np

from isopixel._explain.colours import MOST_OFF, UNCHANGED, Colour, alike
from isopixel._explain.images import Array, same
from isopixel._explain.operation import Operation
from isopixel._explain.turns import TURNS, Run, places_in, turn_operations, turned, turned_size

Chain = tuple[Operation, ...]

NEAR = 1.01  # within which the real values of formulas are, which are computed in float32
BORDERS = {"pad-edge": "edge", "pad-reflect": "reflect", "pad-symmetric": "symmetric"}  # as np.pad names them


def moved(source: Array, image: Array, colours: Sequence[Colour]) -> Iterator[Chain]:
    """Yields the chains that make an image of a source, (H, W, C), by colours, turns, and a crop or a border.

    Before a crop or a border it knows the colours that select channels.
    """
    found = list(_turned(source, image, colours))
    if not found and source.dtype == image.dtype:
        for colour in colours:
            if colour.selects is not None:
                found += _cut(source, image, [colour], colour.run, 0)
    yield from found


def cut_of_others(source: Array, image: Array, colours: Sequence[Colour]) -> Iterator[Chain]:
    """Yields the chains of a gray or alpha, turns, and a crop or a border.

    The real values, from which each formula differs by at most 1, tell the places: several formulas have the same ones.
    """
    for group in alike(colour for colour in colours if colour.selects is None):
        yield from _cut(source, image, group, group[0].real, NEAR)


def cut_of_written(source: Array, image: Array, grays: Sequence[Colour]) -> Iterator[Chain]:
    """Yields the chains of a gray that code writes out, turns, and a crop or a border: of the whole gray image."""
    for group in alike(grays):
        places = list(places_in(source, image, group[0].real, NEAR))
        settled: set[str] = set()
        for gray in group if places else ():
            if gray.kind in settled:
                continue
            made = gray.run(source)
            found = list(moved(made, image, [UNCHANGED]))
            yield from ((*gray.operations, *chain) for chain in found)
            if found or min(_off(made, image, *place) for place in places) > MOST_OFF:
                settled.add(gray.kind)


def _off(source: Array, image: Array, turn: int, top: int, left: int) -> float:
    """Returns the share of samples that differ of an image that lies in a turned source, or of this in the image."""
    large, small = turned(source, turn), image
    if large.size < small.size:
        large, small = small, large
    return float((large[top : top + small.shape[0], left : left + small.shape[1]] != small).mean())


def _turned(source: Array, image: Array, colours: Sequence[Colour]) -> Iterator[Chain]:
    """Yields turns; some pixels are looked at before all are."""
    size = image.shape[:2]
    turns = [turn for turn in range(len(TURNS)) if turned_size(source.shape[:2], turn) == size]
    rng = np.random.default_rng(0)
    y, x = rng.integers(0, size[0], 64), rng.integers(0, size[1], 64)
    for turn in turns:
        some = turned(source, turn)[y, x][None]
        for colour in colours:
            if not same(colour.run(some), image[y, x][None]):
                continue
            if same(colour.run(turned(source, turn)), image):
                yield (*colour.operations, *turn_operations(turn))


def _cut(source: Array, image: Array, colours: Sequence[Colour], run: Run, near: float) -> Iterator[Chain]:
    """Yields the chains of one of some colours, a turn, and a crop or a border.

    Args:
        source: the image before.
        image: the image afterwards.
        colours: what may have become of each pixel.
        run: what all of these make of pixels.
        near: but for this difference.
    """
    size = image.shape[:2]
    for turn, top, left in places_in(source, image, run, near):
        whole = turned(source, turn)
        is_crop = whole.shape[0] >= size[0] and whole.shape[1] >= size[1]
        for colour in colours:
            before = (*colour.operations, *turn_operations(turn))
            if is_crop and same(colour.run(whole[top : top + size[0], left : left + size[1]]), image):
                yield (*before, Operation("crop", "crop", (("size", size), ("at", (top, left)))))
            elif not is_crop:
                made = colour.run(whole)
                if same(made, image[top : top + made.shape[0], left : left + made.shape[1]]):
                    yield from ((*before, pad) for pad in _pads(made, image, (top, left)))


def _pads(whole: Array, image: Array, at: tuple[int, int]) -> Iterator[Operation]:
    """Yields the borders that an image has around another one."""
    size = image.shape[:2]
    outside = np.ones(size, np.bool_)
    outside[at[0] : at[0] + whole.shape[0], at[1] : at[1] + whole.shape[1]] = False
    values = image[outside]
    if (values == values[0]).all():
        numbers = tuple(values[0].tolist())
        value = numbers[0] if len(set(numbers)) == 1 else numbers
        yield Operation("pad", "pad", (("size", size), ("at", at), ("value", value)))
        return
    below, behind = size[0] - at[0] - whole.shape[0], size[1] - at[1] - whole.shape[1]
    for name, mode in BORDERS.items():
        widths = ((at[0], below), (at[1], behind), (0, 0))
        if same(np.pad(whole, widths, mode=mode), image):  # type: ignore[call-overload]
            yield Operation("pad", name, (("size", size), ("at", at)))
