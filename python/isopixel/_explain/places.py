# SPDX-License-Identifier: MIT
"""Turns, crops and borders without a resize."""

from collections.abc import Iterator, Sequence

import numpy as np

from isopixel._explain.colours import Colour
from isopixel._explain.images import Array, same
from isopixel._explain.operation import Operation
from isopixel._explain.sizes import turned_size
from isopixel._explain.turns import TURNS, places_in, turn_operations, turned

Chain = tuple[Operation, ...]

BORDERS = {"pad-edge": "edge", "pad-reflect": "reflect", "pad-symmetric": "symmetric"}  # as np.pad names them


def moved(source: Array, image: Array, colours: Sequence[Colour]) -> Iterator[Chain]:
    """Yields the chains that make an image of a source, (H, W, C), by colours, turns, and a crop or a border.

    Before a crop or a border it knows the colours that select channels.
    """
    found = list(_turned(source, image, colours))
    yield from found or _cut(source, image, [colour for colour in colours if colour.selects is not None])


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


def _cut(source: Array, image: Array, colours: Sequence[Colour], *, crops: bool = True) -> Iterator[Chain]:
    """Yields the chains of a colour, a turn, and a border or, if that is wanted, a crop."""
    size = image.shape[:2]
    for colour in colours:
        made: Array | None = None
        for turn in range(len(TURNS)):
            full = turned_size(source.shape[:2], turn)
            if full == size or source.dtype != image.dtype:
                continue
            is_crop = full[0] >= size[0] and full[1] >= size[1]
            if not crops if is_crop else full[0] > size[0] or full[1] > size[1]:
                continue
            if made is None:
                made = colour.run(source)
            before = (*colour.operations, *turn_operations(turn))
            whole = turned(made, turn)
            if is_crop:
                for at in places_in(whole, image):
                    yield (*before, Operation("crop", "crop", (("size", size), ("at", at))))
            else:
                for at in places_in(image, whole):
                    yield from ((*before, pad) for pad in _pads(whole, image, at))


def cut_of_grays(source: Array, image: Array, colours: Sequence[Colour]) -> Iterator[Chain]:
    """Yields the chains of a gray or alpha, turns, and a crop or a border.

    The gray by real weights, from which each formula differs by at most 1, tells the places where it may be cut out.
    """
    size = image.shape[:2]
    for weights in dict.fromkeys(
        tuple(one.weights[0]) for one in colours if one.selects is None and one.weights is not None
    ):
        grays = [colour for colour in colours if colour.weights is not None and tuple(colour.weights[0]) == weights]
        gray = np.rint(source.astype(np.float32) @ np.array(weights, np.float32)).astype(np.int16)[..., None]
        for turn in range(len(TURNS)):
            if turned_size(source.shape[:2], turn) == size:
                continue
            for top, left in places_in(turned(gray, turn), image.astype(np.int16), near=2):
                part = turned(source, turn)[top : top + size[0], left : left + size[1]]
                for colour in grays:
                    if same(colour.run(part), image):
                        crop = Operation("crop", "crop", (("size", size), ("at", (top, left))))
                        yield (*colour.operations, *turn_operations(turn), crop)
    others = [colour for colour in colours if colour.selects is None]
    yield from _cut(source, image, [colour for colour in others if colour.weights is None])
    yield from _cut(source, image, [colour for colour in others if colour.weights is not None], crops=False)


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
