# SPDX-License-Identifier: MIT
"""What comes nearest where nothing known is exact."""

import math
from collections.abc import Callable, Iterator, Sequence

import numpy as np

from isopixel._explain.blocks import Source
from isopixel._explain.colours import Colour
from isopixel._explain.images import Array
from isopixel._explain.operation import Explanation, Operation
from isopixel._explain.resizes import chain_of, filters_of, part_of
from isopixel._explain.screen import Linear, distances, numbers_of, points_of
from isopixel._explain.sizes import Candidate, whole_resizes
from isopixel._explain.turns import TURNS, turn_operations, turned, turned_size
from isopixel._explain.ways import Way, frozen_ways

MOST_LOOKS, MOST = 3, 3  # that are computed, with those that are as near; and that are told
MOST_TAPS = 1 << 17  # pixels of the source behind the points that are looked at, of one geometry
Chain = tuple[Operation, ...]
Near = tuple[float, Chain, Callable[[], Array | None]]


def nearest(source: Array, image: Array, colours: Sequence[Colour]) -> list[Explanation]:
    """Returns what comes nearest to an image of a source, both uint8 (H, W, C), by the share of samples that differ."""
    same_size = turned_size(source.shape[:2], 0) == image.shape[:2]
    near = list(_turned(source, image, colours) if same_size else _resized(source, image, colours))
    found = []
    near.sort(key=lambda one: one[0])
    last = near[min(len(near), MOST_LOOKS) - 1][0] if near else 0.0
    for _, chain, make in [one for one in near if one[0] <= last]:
        made = make()
        if made is not None:
            differs = made != image
            gap = np.abs(made.astype(np.int16) - image).max()
            found.append(Explanation(chain, float(differs.mean()), float(gap)))
    return sorted((one for one in found if one.share > 0), key=lambda one: one.share)[:MOST]


def _turned(source: Array, image: Array, colours: Sequence[Colour]) -> Iterator[Near]:
    rng = np.random.default_rng(0)
    size = image.shape[:2]
    y, x = rng.integers(0, size[0], 512), rng.integers(0, size[1], 512)
    for turn in range(len(TURNS)):
        if turned_size(source.shape[:2], turn) == size:
            whole = turned(source, turn)
            for colour in colours:
                distance = np.abs(colour.run(whole[y, x][None])[0].astype(np.int16) - image[y, x]).mean()
                chain = (*colour.operations, *turn_operations(turn))
                yield float(distance), chain, lambda colour=colour, whole=whole: colour.run(whole)  # type: ignore[misc]


def _resized(source: Array, image: Array, colours: Sequence[Colour]) -> Iterator[Near]:
    candidates = list(whole_resizes(source.shape[:2], image.shape[:2]))
    looked_at = Source(source)
    numbers = numbers_of([candidate.geometry for candidate in candidates], looked_at)
    points = points_of(image, (0, 0, *image.shape[:2])).some(0, max(1, int(MOST_TAPS / _taps(candidates))))
    linears = [Linear(colour.weights, 0.0, pixels=colour.pixels) for colour in colours]
    ways = [way for way in frozen_ways() if not way.multiplies]
    for name in filters_of(ways, [candidate.geometry for candidate in candidates]):
        far = distances(looked_at, numbers, points, name, linears)
        g, k = map(int, np.unravel_index(int(far.argmin()), far.shape))
        candidate, colour = candidates[g], colours[k]
        size, box = candidate.geometry.size, candidate.geometry.box[2:]
        for way in ways:
            if way.filter(size, box) == name:

                def make(way: Way = way, candidate: Candidate = candidate, colour: Colour = colour) -> Array | None:
                    return way.run(part_of(colour.run(source), candidate.geometry), image.shape[:2])

                yield float(far[g, k]), chain_of(candidate, colour, way, source, image.shape[:2], None), make


def _taps(candidates: Sequence[Candidate]) -> float:
    """Returns of how many pixels at most one of a result is."""
    geometries = [candidate.geometry for candidate in candidates]
    return max(math.prod(max(1.0, n / m) for n, m in zip(g.box[2:], g.size, strict=True)) for g in geometries)
