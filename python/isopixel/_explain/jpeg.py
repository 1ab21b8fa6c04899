# SPDX-License-Identifier: MIT
"""Pictures that were saved as JPEG and read again, by the installed Pillow."""

import io
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from isopixel._explain.colours import Colour
from isopixel._explain.images import Array
from isopixel._explain.operation import Operation
from isopixel._explain.turns import TURNS, turn_operations, turned, turned_size
from isopixel._pictures import pillow

Chain = tuple[Operation, ...]

SUBSAMPLINGS = {"4:2:0": 2, "4:4:4": 0, "4:2:2": 1}
UNIT = 16  # pixels of the largest unit that is encoded for itself
MOST_PROOFS = 8  # qualities that are tried on the whole image
FARTHEST = 24.0  # on average, of a sample of a picture that was saved at any quality that is looked for
AS_NEAR = 1.5  # turns and colours are tried whose distance is at most this often the least


def jpegs(source: Array, image: Array, colours: Sequence[Colour]) -> Iterator[Chain]:
    """Yields the chains of a colour, a turn, and a JPEG round trip that make an image of a source, both uint8."""
    if image.shape[2] not in (1, 3):
        return
    try:
        library = pillow()
    except ModuleNotFoundError:
        return
    starts = sorted(_starts(source, image, colours), key=lambda start: start[0])
    for _, turn, colour in [start for start in starts if start[0] <= AS_NEAR * starts[0][0]][:2]:
        before = np.ascontiguousarray(colour.run(turned(source, turn)))
        for quality, subsampling in list(_possible(library, before, image))[:MOST_PROOFS]:
            if np.array_equal(_round_trip(library, before, quality, subsampling), image):
                arguments: tuple[tuple[str, Any], ...] = (("quality", quality),)
                if image.shape[2] == 3:
                    arguments += (("subsampling", subsampling),)
                yield (*colour.operations, *turn_operations(turn), Operation("jpeg", "pillow", arguments))


def _starts(source: Array, image: Array, colours: Sequence[Colour]) -> Iterator[tuple[float, int, Colour]]:
    """Yields turns and colours by how near they come: no bound excludes any, so that the nearest ones are tried."""
    size = image.shape[:2]
    rng = np.random.default_rng(0)
    y, x = rng.integers(0, size[0], 512), rng.integers(0, size[1], 512)
    wanted = image[y, x].astype(np.float64)
    for turn in range(len(TURNS)):
        if turned_size(source.shape[:2], turn) == size:
            whole = turned(source, turn)
            for colour in colours:
                distance = float(np.abs(colour.run(whole[y, x][None])[0] - wanted).mean())
                if distance < FARTHEST:
                    yield distance, turn, colour


def _possible(library: Any, before: Array, image: Array) -> Iterator[tuple[int, str]]:
    """Yields the qualities and subsamplings that make a unit in the middle of an image.

    Units are encoded for themselves, and colours interpolated by those of the pixels beside them: a part of three
    units each way makes the same of the one in its middle as the whole image does.
    """
    names = SUBSAMPLINGS if image.shape[2] == 3 else {"4:2:0": 2}
    top, left = _busy(before)
    part = before[top : top + 3 * UNIT, left : left + 3 * UNIT]
    inner = [slice(UNIT if n > 2 * UNIT else 0, 2 * UNIT if n > 2 * UNIT else n) for n in part.shape[:2]]
    wanted = image[top : top + 3 * UNIT, left : left + 3 * UNIT][inner[0], inner[1]]
    for quality in sorted(range(1, 101), key=lambda q: (q % 5 != 0, -q)):
        for subsampling in names:
            made = _round_trip(library, part, quality, subsampling)
            if np.array_equal(made[inner[0], inner[1]], wanted):
                yield quality, subsampling


def _busy(image: Array) -> tuple[int, int]:
    """Returns where three units with much between black and white begin: a flat one decides no quality."""
    rng = np.random.default_rng(0)
    last = [max(0, n // UNIT - 3) for n in image.shape[:2]]
    places = [(int(rng.integers(last[0] + 1)) * UNIT, int(rng.integers(last[1] + 1)) * UNIT) for _ in range(16)]
    middle = slice(UNIT, 2 * UNIT)
    spread = [image[y : y + 3 * UNIT, x : x + 3 * UNIT][middle, middle] for y, x in places]
    return max(zip([float(part.std()) if part.size else 0.0 for part in spread], places, strict=True))[1]


def _round_trip(library: Any, image: Array, quality: int, subsampling: str) -> Array:
    file = io.BytesIO()
    picture = library.Image.fromarray(image[..., 0] if image.shape[2] == 1 else image)
    picture.save(file, "JPEG", quality=quality, subsampling=SUBSAMPLINGS[subsampling])
    return np.asarray(library.Image.open(file)).reshape(image.shape)
