# SPDX-License-Identifier: MIT
"""Crops from anywhere before a resize, as of detections and random crops: an estimate of where, and the proof."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from isopixel._explain.blocks import Source
from isopixel._explain.colours import Colour, alike
from isopixel._explain.filters import Reals
from isopixel._explain.images import Array
from isopixel._explain.operation import Operation
from isopixel._explain.registration import Part, parts
from isopixel._explain.resizes import Search, behind_resize, filters_of
from isopixel._explain.screen import Geometry, Linear, all_distances, numbers_of, points_of
from isopixel._explain.sizes import Candidate, is_tiny
from isopixel._explain.turns import turn_operations, turned_back, turned_edges, turned_size
from isopixel._explain.ways import frozen_ways, other_ways

Chain = tuple[Operation, ...]

FEWEST = 3  # rows and columns of an image, with fewer of which its place shows in no direction
NEAR = 0.75  # pixels from an estimate of an edge: half a pixel as nearest samples are cut off, and what it errs by
FEW = 24  # pixels that are looked at, to tell which crops and filters come nearest
TIMES, MORE = 1.2, 0.15  # of the least distance of these from a filter's values: what is within that is tried
STRIDE = "bilinear-align-corners"  # a filter that every n-th sample of a crop is too: it would name what it is not


class Boxes:
    """The crops from anywhere that an image may be of, by a resize: they are looked for once for all colours."""

    def __init__(self, source: Array, image: Array, colours: Sequence[Colour]) -> None:
        """Looks at nothing yet.

        Args:
            source: the image before, uint8 (H, W, C).
            image: the image afterwards, the same.
            colours: all that may have become of each pixel first.
        """
        ways = [way for way in (*frozen_ways(), *other_ways()) if way.filter((1, 1), (1, 1)) != STRIDE]
        self._search = Search(source, image, (), ways)
        is_small = min(*image.shape[:2], *source.shape[:2]) < FEWEST or is_tiny(source.shape[:2], image.shape[:2])
        self._views = [] if is_small else list(_views(source, image, colours))
        self._looks: list[list[_Look]] = []  # at the first views

    def chains(self, colours: Sequence[Colour]) -> Iterator[Chain]:
        """Yields the chains with a crop and a resize that make the image by some of the colours."""
        for number, view in enumerate(self._views if colours else ()):
            if number == len(self._looks):
                placed = parts(view.planes, view.target)
                self._looks.append([look for part in placed for look in _looks(part, view, self._search)])
            looks = self._looks[number]
            most = min((float(look.far.min()) for look in looks), default=0.0) * TIMES + MORE
            found: dict[Part, list[Chain]] = {}
            for look in looks:
                if not found.get(look.part):  # a turn before the resize, or else behind it
                    found[look.part] = list(look.chains(colours, most))
            yield from (chain for chains in found.values() for chain in chains)
            if any(found.values()):
                return


@dataclass(frozen=True)
class _View:
    """What of a source and an image is looked at: some planes, and one that is a mix of them.

    Attributes:
        planes: (H, W, C) of the source.
        target: (h, w, 1) of the image.
        mixes: those that it may be.
    """

    planes: Array
    target: Array
    mixes: tuple[Linear, ...] = (Linear(np.eye(1), 0.0),)


def _views(source: Array, image: Array, colours: Sequence[Colour]) -> Iterator[_View]:
    """Yields the channels of a gray; or alpha, of which all methods make the same, and the means of the others."""
    count, channels = source.shape[2], image.shape[2]
    if count >= 3 and channels == 1:
        mixes = tuple(Linear(group[0].weights[:, :3], 0.0) for group in alike(colours))
        yield _View(np.ascontiguousarray(source[..., :3]), image, mixes)
    elif count in (2, 4) and (source[..., -1] != 255).any():
        if channels == count:
            yield _View(np.ascontiguousarray(source[..., -1:]), image[..., -1:])
            yield _View(_mean(source[..., :-1]), _mean(image[..., :-1]))
        else:
            for pixels in dict.fromkeys(colour.pixels for colour in colours):
                made = source[..., :-1] if pixels is None else pixels(source)
                yield _View(_mean(made), _mean(image))
    else:
        yield _View(_mean(source[..., : min(count, channels)]), _mean(image))


def _mean(image: Array) -> Array:
    """Returns the mean of the channels: (H, W, 1)."""
    total: Array = image[..., :1].astype(np.float64)
    for c in range(1, image.shape[2]):
        total += image[..., c : c + 1]
    total /= image.shape[2]
    return total


@dataclass(frozen=True)
class _Look:
    """A look at the crops near a part: how far some pixels of an image are from what filters make of them.

    Attributes:
        part: the part.
        search: of the image, which is turned back if the turn is behind the resize.
        behind: the turn, then; or ().
        candidates: the crops.
        names: of the filters.
        far: (filter, candidate), the mean distances of the pixels.
    """

    part: Part
    search: Search
    behind: Chain
    candidates: Sequence[Candidate]
    names: Sequence[str]
    far: Reals

    def chains(self, colours: Sequence[Colour], most: float) -> Iterator[Chain]:
        """Yields the chains of the crops and filters that are not farther than most."""
        kept = [candidate for candidate, far in zip(self.candidates, self.far.T, strict=True) if far.min() <= most]
        names = {name for name, far in zip(self.names, self.far, strict=True) if far.min() <= most}
        sizes = [(one.geometry.size, one.geometry.box[2:]) for one in kept]
        ways = [way for way in self.search.ways if names & {way.filter(*both) for both in sizes}]
        for chain in replace(self.search, colours=colours, ways=ways).chains(kept, None):
            yield behind_resize(self.behind, chain)


def _looks(part: Part, view: _View, search: Search) -> Iterator[_Look]:
    """Yields the looks at a part: turned before the resize, and behind it, where some filters make another image."""
    planes = Source(view.planes)
    orders = [(part.turn, 0), (0, part.turn)] if part.turn else [(0, 0)]
    for before, behind in orders:
        image, target = turned_back(search.image, behind), turned_back(view.target, behind)
        candidates = _candidates(part, search.source, image.shape[:2], before)
        if not candidates:
            continue
        geometries = [candidate.geometry for candidate in candidates]
        names = filters_of(search.ways, geometries)
        numbers = numbers_of(geometries, planes)
        points = points_of(target, (0, 0, *image.shape[:2])).some(0, FEW)
        far = np.stack([all_distances(planes, numbers, points, name, view.mixes).min(1) for name in names])
        yield _Look(part, replace(search, image=image), turn_operations(behind), candidates, names, far)


def _candidates(part: Part, source: Array, size: tuple[int, int], turn: int) -> list[Candidate]:
    """Returns the crops of the turned source near a part: by where filters have the middles of their samples."""
    full = turned_size(source.shape[:2], turn)
    found = []
    for edges in part.edges:
        top, bottom, left, right = turned_edges(edges, source.shape[:2], turn)
        for down, on in _shifts((bottom - top) / size[0], (right - left) / size[1]):
            for y, below in _whole(top + down, bottom + down, full[0]):
                for x, behind in _whole(left + on, right + on, full[1]):
                    if (below - y, behind - x) != size:
                        found.append(Candidate(Geometry(turn, (y, x, below - y, behind - x), size)))
    return list(dict.fromkeys(found))


def _shifts(step_y: float, step_x: float) -> Iterator[tuple[float, float]]:
    """Yields by how much crops lie below and right of estimates, which take results for the middles of their shares.

    Those of some nearest samples are the beginnings; and those of areas, where one axis grows and the other one
    shrinks, are near to the beginnings on this axis (SPEC R-44).
    """
    yield 0.0, 0.0
    yield step_y / 2, step_x / 2
    if (step_y < 1) != (step_x < 1):
        yield max(0.0, step_y / 2 - NEAR), max(0.0, step_x / 2 - NEAR)


def _whole(begin: float, end: float, full: int) -> Iterator[tuple[int, int]]:
    """Yields the whole numbers near a beginning and an end."""
    for first in range(max(0, math.ceil(begin - NEAR)), math.floor(begin + NEAR) + 1):
        for last in range(math.ceil(end - NEAR), min(full, math.floor(end + NEAR)) + 1):
            if first < last:
                yield first, last
