# SPDX-License-Identifier: MIT
"""Resizes, with turns and colours before them, and crops and borders around them."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np

from isopixel._explain.colours import Colour
from isopixel._explain.filters import FILTERS, filter_of
from isopixel._explain.images import Array
from isopixel._explain.operation import Operation
from isopixel._explain.screen import Geometry, Linear, Points, numbers_of, points_of, survivors
from isopixel._explain.sizes import (
    Border,
    Candidate,
    border_of,
    cropped_resizes,
    fitted_resizes,
    short_resizes,
    turned_size,
    whole_resizes,
)
from isopixel._explain.turns import TURNS, turn_operations, turned
from isopixel._images import resize
from isopixel._methods import ALPHA_FORMS, METHODS, MethodName

# By how much a sample may differ from the real value of its filter (see screen): of a resize; of one of a gray, which
# differs from the linear one by at most 1 a pixel, of weights whose magnitudes sum to at most 3.3.
TOLERANCE, TOLERANCE_OF_GRAY = 3.0, 7.0
MOST_PROOFS = 400  # of one stage: an image of which more are left decides nothing

Chain = tuple[Operation, ...]


@dataclass
class Resizer:
    """Makes resized images of a source, each once."""

    source: Array
    made: dict[object, Array | None] = field(default_factory=dict)

    def resized(self, geometry: Geometry, method: MethodName, colour: Colour) -> Array | None:
        """Returns what a method makes of a part of the turned source; None if it refuses that."""
        before = None if colour.selects is not None else colour
        key = (geometry.turn, geometry.box, geometry.size, method, before and before.operations)
        if key not in self.made:
            self.made[key] = resized(self._part(geometry, before), geometry.size, method)
        image = self.made[key]
        return image if image is None or before is not None else colour.run(image)

    def _part(self, geometry: Geometry, before: Colour | None) -> Array:
        if before is not None:
            key = ("source", before.operations)
            if key not in self.made:
                self.made[key] = before.run(self.source)
        image = self.source if before is None else self.made[key]
        assert image is not None
        top, left, height, width = geometry.box
        return turned(image, geometry.turn)[top : top + height, left : left + width]


def resized(image: Array, size: tuple[int, int], method: MethodName) -> Array | None:
    """Returns an image (H, W, C) resized by a method; None if the method refuses it."""
    channels = "CMYK" if image.shape[2] == 4 and method in ALPHA_FORMS else None
    if not METHODS[method].covers(image.shape[2]):
        return None
    try:
        return resize(image, size, method=method, axes="HWC", channels=channels)
    except ValueError:
        return None


def resizes(source: Array, image: Array, colours: Sequence[Colour]) -> Iterator[Chain]:
    """Yields the chains with a resize that make an image of a source, both uint8 (H, W, C).

    The stages come in the order of their number of operations: a later one is looked at if none before found one.
    """
    search = _Search(source, image, colours, Resizer(source))
    before, size = source.shape[:2], image.shape[:2]
    border = border_of(image)
    stages: list[tuple[Callable[[], Iterable[Candidate]], Border | None]] = [
        (lambda: whole_resizes(before, size), None),
        (lambda: fitted_resizes(before, size, border) if border else (), border),
        (lambda: short_resizes(before, size, all_sides=False), None),
        (lambda: cropped_resizes(before, size), None),
        (lambda: short_resizes(before, size, all_sides=True), None),
    ]
    for candidates, outside in stages:
        found = list(search.chains(list(candidates()), outside))
        yield from found
        if found:
            return


@dataclass(frozen=True)
class _Search:
    source: Array
    image: Array
    colours: Sequence[Colour]
    resizer: Resizer

    def chains(self, candidates: Sequence[Candidate], border: Border | None) -> Iterator[Chain]:
        """Yields the chains of some candidates, proved."""
        if not candidates:
            return
        size = self.image.shape[:2]
        points = points_of(self.image, border.inside(size) if border else (0, 0, *size))
        left = list(self._left(candidates, points))
        order = {name: n for n, name in enumerate(METHODS)}
        left.sort(key=lambda one: (len(one[1].operations) + bool(one[0].geometry.turn), order[one[2]]))
        for candidate, colour, method in left[:MOST_PROOFS]:
            if self._proved(candidate.geometry, colour, method):
                yield chain_of(candidate, colour, method, self.source, self.image, border)

    def _left(
        self, candidates: Sequence[Candidate], points: Points
    ) -> Iterator[tuple[Candidate, Colour, MethodName]]:
        """Yields what the look at some points leaves: of colours that are linear but for rounding by their filters."""
        for colour in self.colours:
            if colour.weights is None:
                made = colour.run(self.source)
                linear = Linear(np.eye(made.shape[2]), TOLERANCE)
                yield from self._of_source(made, [colour], [linear], candidates, points)
        colours = [colour for colour in self.colours if colour.weights is not None]
        linears = [
            Linear(colour.weights, TOLERANCE_OF_GRAY if colour.selects is None else TOLERANCE)
            for colour in colours
            if colour.weights is not None
        ]
        yield from self._of_source(self.source, colours, linears, candidates, points)
        if self.source.shape[2] in (2, 4):
            yield from self._with_alpha(candidates, points)

    def _of_source(
        self,
        source: Array,
        colours: Sequence[Colour],
        linears: Sequence[Linear],
        candidates: Sequence[Candidate],
        points: Points,
        *,
        alpha: bool = False,
    ) -> Iterator[tuple[Candidate, Colour, MethodName]]:
        source = np.ascontiguousarray(source)
        geometries = [candidate.geometry for candidate in candidates]
        numbers = numbers_of(geometries, source)
        for name in FILTERS:
            for g, k in survivors(source, numbers, points, name, linears):
                for method in self._methods(name, geometries[g], alpha):
                    yield candidates[g], colours[k], method

    def _with_alpha(
        self, candidates: Sequence[Candidate], points: Points
    ) -> Iterator[tuple[Candidate, Colour, MethodName]]:
        """Yields the methods that multiply by alpha: alpha itself is resized as by the others, and is looked at.

        If alpha is dropped afterwards there is nothing to look at: then the source as it stands is resized by each.
        """
        channels = self.source.shape[2]
        colours = [colour for colour in self.colours if (colour.selects or (0,))[-1] == channels - 1]
        if self.image.shape[2] == channels:
            samples = Points(points.rows, points.columns, points.samples[:, -1:])
            linears = [Linear(np.eye(1), TOLERANCE)] * len(colours)
            yield from self._of_source(self.source[..., -1:], colours, linears, candidates, samples, alpha=True)
            return
        for candidate in candidates:
            if candidate.geometry.turn == 0 and len(candidates) <= len(TURNS):
                for colour in self.colours:
                    if colour.selects is not None and len(colour.selects) == channels - 1:
                        for method in ALPHA_FORMS.values():
                            yield candidate, colour, method

    def _methods(self, name: str, geometry: Geometry, alpha: bool) -> Iterator[MethodName]:
        """Yields the methods of a filter, which multiply by alpha or do not."""
        for method in METHODS.values():
            is_of = name == filter_of(method.name, geometry.size, geometry.box[2:])
            if is_of and (method.name in ALPHA_FORMS.values()) == alpha:
                yield method.name

    def _proved(self, geometry: Geometry, colour: Colour, method: MethodName) -> bool:
        made = self.resizer.resized(geometry, method, colour)
        if made is None:
            return False
        (top, left), (height, width) = geometry.at, self.image.shape[:2]
        part = made[max(0, top) : max(0, top + height), max(0, left) : max(0, left + width)]
        inner = self.image[max(0, -top) :, max(0, -left) :][: part.shape[0], : part.shape[1]]
        return np.array_equal(part, inner)


def chain_of(
    candidate: Candidate, colour: Colour, method: str, source: Array, image: Array, border: Border | None
) -> Chain:
    """Returns the operations of a resize with what is around it."""
    geometry, size = candidate.geometry, image.shape[:2]
    after = method in ALPHA_FORMS.values()  # alpha is dropped when it has served
    dropped = [operation for operation in colour.operations if after and operation.kind == "alpha"]
    operations = [operation for operation in colour.operations if operation not in dropped]
    operations += turn_operations(geometry.turn)
    top, left, height, width = geometry.box
    if (height, width) != turned_size(source.shape[:2], geometry.turn):
        operations.append(Operation("crop", "crop", (("size", (height, width)), ("at", (top, left)))))
    operations.append(Operation("resize", method, (("size", geometry.size), *candidate.arguments)))
    operations += dropped
    if border is not None:
        value = border.value[0] if len(set(border.value)) == 1 else border.value
        at = (-geometry.at[0], -geometry.at[1])
        operations.append(Operation("pad", "pad", (("size", size), ("at", at), ("value", value))))
    elif geometry.size != size:
        operations.append(Operation("crop", "crop", (("size", size), ("at", geometry.at))))
    return tuple(operations)
