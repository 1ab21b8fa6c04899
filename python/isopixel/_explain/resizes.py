# SPDX-License-Identifier: MIT
"""Resizes, with turns and colours before them, and crops and borders around them."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import product

import numpy as np

from isopixel._explain.blocks import Source
from isopixel._explain.colours import MOST_OFF, UNCHANGED, Colour, alike
from isopixel._explain.filters import FILTERS
from isopixel._explain.images import Array
from isopixel._explain.operation import Operation
from isopixel._explain.screen import Geometry, Linear, Points, numbers_of, points_of, survivors
from isopixel._explain.sizes import (
    Border,
    Candidate,
    border_of,
    cropped_resizes,
    fitted_resizes,
    is_tiny,
    short_resizes,
    whole_resizes,
)
from isopixel._explain.turns import TURNS, turn_operations, turned, turned_size
from isopixel._explain.ways import Way, frozen_ways, other_ways, reducing_ways

# By how much a sample may differ from the real value of its filter (see screen): of a resize; of one of a gray, which
# differs from the linear one by at most 1 a pixel, of weights whose magnitudes sum to at most 3.3.
TOLERANCE, TOLERANCE_OF_GRAY = 3.0, 7.0
MOST_LEFT = 48  # geometries and colours of a filter, for each kind of pixels; and
FEW_ROWS = 16  # of a gray that are computed before all are
MOST_PROOFS = 400  # what is computed, of one stage, and not more than there are samples: else nothing is decided

Chain = tuple[Operation, ...]
Chosen = tuple[Candidate, Colour, Way]


def resizes(source: Array, image: Array, colours: Sequence[Colour], *, whole: bool) -> Iterator[Chain]:
    """Yields the chains with a resize that make an image of a source, both uint8 (H, W, C).

    The stages come in the order of their number of operations: a later one is looked at if none before found one.

    Args:
        source: the image before.
        image: the image afterwards.
        colours: what may have become of each pixel first.
        whole: whether all of the source becomes all of the image; otherwise with crops or borders.
    """
    search = Search(source, image, colours, [*frozen_ways(), *other_ways()])
    for candidates, border in stages(source, image, whole=whole):
        found = list(search.chains(list(candidates()), border))
        yield from found
        if found:
            return
    if whole and not is_tiny(source.shape[:2], image.shape[:2]):
        reducing = replace(search, ways=list(reducing_ways()))
        yield from reducing.chains(list(whole_resizes(source.shape[:2], image.shape[:2])), None)


def stages(
    source: Array, image: Array, *, whole: bool
) -> Iterator[tuple[Callable[[], Iterable[Candidate]], Border | None]]:
    """Yields candidates, the simplest first, and the border that they have."""
    before, size = source.shape[:2], image.shape[:2]
    if not whole and is_tiny(before, size):
        return
    if whole:
        yield lambda: whole_resizes(before, size), None
    else:
        border = border_of(image)
        if border is not None:
            yield lambda: fitted_resizes(before, size, border), border
        yield lambda: short_resizes(before, size, all_sides=False), None
        yield lambda: cropped_resizes(before, size), None
        yield lambda: short_resizes(before, size, all_sides=True), None


@dataclass(frozen=True)
class Search:
    """A search for resizes from one uint8 image to another.

    Attributes:
        source: the image before, (H, W, C).
        image: the image afterwards.
        colours: what may have become of each pixel first.
        ways: to resize.
        made: what was made on the way.
    """

    source: Array
    image: Array
    colours: Sequence[Colour]
    ways: Sequence[Way]
    made: dict[object, Array | None] = field(default_factory=dict)

    @cached_property
    def looked_at(self) -> Source:
        """The source, as it is screened."""
        return Source(self.source)

    @cached_property
    def alpha(self) -> Source:
        """The last channel of the source."""
        return Source(self.source[..., -1:])

    def chains(self, candidates: Sequence[Candidate], border: Border | None) -> Iterator[Chain]:
        """Yields the chains of some candidates, proved."""
        if not candidates:
            return
        size = self.image.shape[:2]
        points = points_of(self.image, border.inside(size) if border else (0, 0, *size))
        left = list(self._left(candidates, points))
        order = {way: n for n, way in enumerate(self.ways)}
        left.sort(key=lambda one: (*_rank(one), order[one[2]]))
        found, proofs = False, 0
        settled: set[object] = set()
        for candidate, colour, way in left:
            key = (candidate.geometry, way, colour.kind)
            if (found and way.is_installed) or key in settled:
                continue
            proofs += 1
            if proofs > min(MOST_PROOFS, self.image.size):
                return
            chain, off = self._proved(candidate, colour, way, border)
            if colour.kind and (chain or off > MOST_OFF):
                settled.add(key)
            if chain:
                found = True
                yield chain

    def _proved(
        self, candidate: Candidate, colour: Colour, way: Way, border: Border | None
    ) -> tuple[Chain | None, float]:
        """Returns the chain that makes the image, or None, and the share of samples that differ at least."""
        size = self.image.shape[:2]
        off = self._off(candidate.geometry, colour, way)
        if off == 0:
            return chain_of(candidate, colour, way, self.source, size, border), off
        if colour.selects is None and colour.pixels is None:
            off = min(off, self._off_after(candidate, colour, way))
            if off == 0:
                chain = chain_of(candidate, UNCHANGED, way, self.source, size, border)
                return behind_resize(colour.operations, chain), off
        upright = self._upright(candidate)
        if upright is not None:
            off = min(off, self._off_before(candidate, upright, colour, way))
            if off == 0:
                chain = chain_of(upright, colour, way, self.source, upright.geometry.size, None)
                return behind_resize(turn_operations(candidate.geometry.turn), chain), off
        return None, off

    def _left(self, candidates: Sequence[Candidate], points: Points) -> Iterator[Chosen]:
        """Yields what the look at some points leaves, by the filters."""
        groups = alike(self.colours)
        yield from self._of_source(self.looked_at, groups, _linears(groups), candidates, points)
        if self.source.shape[2] in (2, 4):
            yield from self._with_alpha(candidates, points)

    def _of_source(
        self,
        source: Source,
        groups: Sequence[Sequence[Colour]],
        linears: Sequence[Linear],
        candidates: Sequence[Candidate],
        points: Points,
        *,
        multiplies: bool = False,
    ) -> Iterator[Chosen]:
        geometries = [candidate.geometry for candidate in candidates]
        numbers = numbers_of(geometries, source)
        most = MOST_LEFT * len({linear.pixels for linear in linears})
        ways = [way for way in self.ways if way.multiplies == multiplies]
        for name in filters_of(ways, geometries):
            for g, k in survivors(source, numbers, points, name, linears)[:most]:
                size, box = geometries[g].size, geometries[g].box[2:]
                for colour, way in product(groups[k], ways):
                    if way.filter(size, box) == name:
                        yield candidates[g], colour, way

    def _with_alpha(self, candidates: Sequence[Candidate], points: Points) -> Iterator[Chosen]:
        """Yields the ways that multiply by alpha: alpha itself is resized as by the others, and is looked at.

        If alpha is dropped afterwards there is nothing to look at: then the source as it stands is resized by each.
        """
        channels = self.source.shape[2]
        if (self.source[..., -1] == 255).all():  # then they differ from the others by roundings alone
            groups = alike(colour for colour in self.colours if len(colour.selects or ()) >= channels - 1)
            yield from self._of_source(self.looked_at, groups, _linears(groups), candidates, points, multiplies=True)
            return
        if self.image.shape[2] == channels:
            colours = [colour for colour in self.colours if (colour.selects or (0,))[-1] == channels - 1]
            samples = Points(points.rows, points.columns, points.samples[:, -1:])
            linears = [Linear(np.eye(1), TOLERANCE)]
            yield from self._of_source(self.alpha, [colours], linears, candidates, samples, multiplies=True)
            return
        for candidate in candidates if len(candidates) <= len(TURNS) else ():
            for colour in self.colours:
                if candidate.geometry.turn == 0 and len(colour.selects or ()) == channels - 1:
                    yield from ((candidate, colour, way) for way in self.ways if way.multiplies)

    def _off(self, geometry: Geometry, colour: Colour, way: Way) -> float:
        """Returns the share of samples by which the image differs from what a way makes; 1 if that makes none."""
        made = self._resized(geometry, colour, way)
        return 1.0 if made is None else _share(*shared(made, self.image, geometry))

    def _off_after(self, candidate: Candidate, colour: Colour, way: Way) -> float:
        """Returns the share by which it differs from the gray of what a way makes; of a few rows, if these do."""
        made = self._resized(candidate.geometry, UNCHANGED, way)
        if made is None:
            return 1.0
        part, wanted = shared(made, self.image, candidate.geometry)
        some = slice(None, None, 1 + len(part) // FEW_ROWS)
        return _share(colour.run(part[some]), wanted[some]) or _share(colour.run(part), wanted)

    def _upright(self, candidate: Candidate) -> Candidate | None:
        """Returns a resize of the whole source before a turn, instead of behind it; None if there is no turn."""
        geometry = candidate.geometry
        if not geometry.turn or geometry.size != self.image.shape[:2] or geometry.box[:2] != (0, 0):
            return None
        if geometry.box[2:] != turned_size(self.source.shape[:2], geometry.turn):
            return None
        return Candidate(Geometry(0, (0, 0, *self.source.shape[:2]), turned_size(geometry.size, geometry.turn)))

    def _off_before(self, candidate: Candidate, upright: Candidate, colour: Colour, way: Way) -> float:
        """Returns the share, if the image is turned after its resize: not all ways round alike from either side."""
        made = self._resized(upright.geometry, colour, way)
        return 1.0 if made is None else _share(turned(made, candidate.geometry.turn), self.image)

    def _resized(self, geometry: Geometry, colour: Colour, way: Way) -> Array | None:
        """Returns what a way makes of a part of the turned source; None if it refuses that."""
        before = None if colour.selects is not None else colour
        key = (geometry.turn, geometry.box, geometry.size, way, before and id(self._coloured(before)))
        if key not in self.made:
            self.made[key] = way.run(self._part(geometry, before), geometry.size)
        image = self.made[key]
        return image if image is None or before is not None else colour.run(image)

    def _part(self, geometry: Geometry, before: Colour | None) -> Array:
        """Returns what is resized of the turned source, in the memory's order: each way would copy it."""
        key = (geometry.turn, geometry.box, before and id(self._coloured(before)))
        part = self.made.get(key)
        if part is None:
            whole = self.source if before is None else self._coloured(before)
            part = self.made[key] = np.ascontiguousarray(part_of(whole, geometry))
        return part

    def _coloured(self, colour: Colour) -> Array:
        """Returns what a colour makes of the source: one array for colours of a kind that make the same samples."""
        image = self.made.get(colour.operations)
        if image is None:
            image = colour.run(self.source)
            if colour.kind:
                image = self.made.setdefault((colour.kind, image.tobytes()), image)
            self.made[colour.operations] = image
        return image  # type: ignore[return-value]


def _share(made: Array, wanted: Array) -> float:
    """Returns the share of samples that differ; 1 if there are others."""
    return np.count_nonzero(made != wanted) / wanted.size if made.shape == wanted.shape else 1.0


def _linears(groups: Sequence[Sequence[Colour]]) -> list[Linear]:
    """Returns the linear functions of groups of colours."""
    return [
        Linear(group[0].weights, TOLERANCE if group[0].selects else TOLERANCE_OF_GRAY, pixels=group[0].pixels)
        for group in groups
    ]


def filters_of(ways: Sequence[Way], geometries: Sequence[Geometry]) -> list[str]:
    """Returns the names of the filters of some ways, in the order of FILTERS."""
    functions = {way.filter for way in ways}
    sizes = {(g.size, g.box[2:]) for g in geometries}
    names = {function(*both) for function in functions for both in sizes}
    return [name for name in FILTERS if name in names]


def behind_resize(operations: Chain, chain: Chain) -> Chain:
    """Returns a chain with operations behind its resize."""
    behind = next(n for n, operation in enumerate(chain) if operation.kind == "resize") + 1
    return (*chain[:behind], *operations, *chain[behind:])


def _rank(chosen: Chosen) -> tuple[int, ...]:
    """Returns what makes a choice come later: first the methods are tried, of these the simplest chains."""
    candidate, colour, way = chosen
    return len(way.cast), way.is_installed, bool(candidate.geometry.turn) + len(colour.operations)


def part_of(image: Array, geometry: Geometry) -> Array:
    """Returns the part of an image that a geometry resizes, turned."""
    top, left, height, width = geometry.box
    return turned(image, geometry.turn)[top : top + height, left : left + width]


def shared(resized: Array, image: Array, geometry: Geometry) -> tuple[Array, Array]:
    """Returns what a resized image and an image have in common: the part of either."""
    (top, left), (height, width) = geometry.at, image.shape[:2]
    part = resized[max(0, top) : max(0, top + height), max(0, left) : max(0, left + width)]
    return part, image[max(0, -top) :, max(0, -left) :][: part.shape[0], : part.shape[1]]


def chain_of(
    candidate: Candidate, colour: Colour, way: Way, source: Array, size: tuple[int, int], border: Border | None
) -> Chain:
    """Returns the operations of a resize with what is around it, by the size of the image that they make."""
    geometry = candidate.geometry
    # Alpha is dropped when it has served.
    dropped = [operation for operation in colour.operations if way.multiplies and operation.kind == "alpha"]
    operations = [operation for operation in colour.operations if operation not in dropped]
    operations += turn_operations(geometry.turn)
    top, left, height, width = geometry.box
    if (height, width) != turned_size(source.shape[:2], geometry.turn):
        operations.append(Operation("crop", "crop", (("size", (height, width)), ("at", (top, left)))))
    operations.append(Operation("resize", way.name, (("size", geometry.size), *candidate.arguments)))
    operations += dropped
    if border is not None:
        operations.append(border.pad(size, (-geometry.at[0], -geometry.at[1])))
    elif geometry.size != size:
        operations.append(Operation("crop", "crop", (("size", size), ("at", geometry.at))))
    return (*operations, *way.cast)
