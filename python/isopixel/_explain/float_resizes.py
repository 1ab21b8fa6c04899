# SPDX-License-Identifier: MIT
"""Resizes of floats by the loaded libraries, with scales and normalisations around them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from isopixel._explain.blocks import Source
from isopixel._explain.colours import Colour
from isopixel._explain.filters import Reals
from isopixel._explain.images import Array, same
from isopixel._explain.operation import Operation
from isopixel._explain.resizes import Chain, chain_of, filters_of, part_of, shared
from isopixel._explain.screen import Geometry, Linear, numbers_of, points_of, survivors
from isopixel._explain.sizes import Candidate, is_tiny, short_resizes, whole_resizes
from isopixel._explain.values import Dtype, Function, functions
from isopixel._explain.ways import Way, float_ways

FLOAT32 = np.dtype(np.float32)
WHOLE = np.dtype(np.uint16)  # stands for samples of 0 to 255, in floats
PRECISION = 1e-4  # of the samples of a float resize, relative to the largest of the source: far above what is lost
MOST_PROOFS = 24  # of one stage, of the pairs of a geometry and a way

Scale = tuple[Chain, Array]


@dataclass(frozen=True)
class _View:
    """Functions of each sample after a resize that are the same but for rounding.

    Attributes:
        weights: (C,), by which a sample is multiplied.
        offset: (C,), what is added.
        functions: what is computed, by the number of the scale before the resize.
    """

    weights: Reals
    offset: Reals
    functions: list[tuple[int, Function]]


def float_resizes(source: Array, image: Array, colours: Sequence[Colour]) -> Iterator[Chain]:
    """Yields the chains with a resize of floats that make an image of floats of a source, (H, W, C)."""
    selections = [colour for colour in colours if colour.selects is not None]
    if source.dtype == np.uint8:
        whole = source.astype(FLOAT32)
        scales: list[Scale] = [((), whole)]
        for name, scaled in (
            ("divided-by-255", whole / FLOAT32.type(255)),
            ("times-1/255", whole * FLOAT32.type(1 / 255)),
        ):
            scales.append(((Operation("scale", name, (("arithmetic", "float32"),)),), scaled))
    elif source.dtype.kind == "f" and source.dtype.itemsize > 2:
        scales = [((), source)]
    else:
        return
    ways = list(float_ways(scales[0][1].dtype.name))
    if not ways or not np.isfinite(scales[0][1]).all():
        return
    kinds = [scaled.dtype for _, scaled in scales]
    if source.dtype == np.uint8:
        kinds[0] = WHOLE
    views = _views(tuple(kinds), scales[0][1].dtype, image.dtype, image.shape[2])
    before, size = source.shape[:2], image.shape[:2]
    short = () if is_tiny(before, size) else short_resizes(before, size, all_sides=False)
    for candidates in (whole_resizes(before, size), short):
        found = list(_chains(scales, image, selections, views, ways, list(candidates)))
        yield from found
        if found:
            return


@lru_cache(maxsize=16)
def _views(kinds: tuple[Dtype, ...], made: Dtype, target: Dtype, channels: int) -> tuple[_View, ...]:
    """Returns the functions that may follow a resize, those together that are the same but for rounding.

    Args:
        kinds: for each scale before the resize, the type of samples of which the functions are: WHOLE for 0 to 255.
        made: the type of the resized samples.
        target: the type that the functions make.
        channels: of the image.
    """
    found: dict[tuple[float, ...], _View] = {}
    for number, kind in enumerate(kinds):
        known = [Function((), lambda x: x)] if made == target else []
        for function in (*known, *functions(kind, target, channels)):
            if function.operations and function.operations[0].kind == "cast" and made == target:
                continue
            unit = 255.0 if kind == WHOLE else 1.0
            with np.errstate(all="ignore"):
                ends = function.run(np.array([[0.0] * channels, [unit] * channels], made)).astype(np.float64)
            weights = (ends[1] - ends[0]) / unit * (1.0 if number == 0 else 1 / 255)  # of the source as it stands
            key = tuple(float(f"{value:.5g}") for value in (*weights, *ends[0]))
            found.setdefault(key, _View(weights, ends[0], [])).functions.append((number, function))
    return tuple(found.values())


def _chains(
    scales: Sequence[Scale],
    image: Array,
    colours: Sequence[Colour],
    views: Sequence[_View],
    ways: Sequence[Way],
    candidates: Sequence[Candidate],
) -> Iterator[Chain]:
    if not candidates:
        return
    source = Source(scales[0][1])
    points = points_of(image, (0, 0, *image.shape[:2]))
    near = PRECISION * max(1.0, float(np.abs(source.pixels).max()))
    choices = [(colour, view) for colour in colours for view in views]
    linears = [
        Linear(colour.weights * view.weights[:, None], near * float(view.weights.max()), view.offset, clips=False)
        for colour, view in choices
    ]
    geometries = [candidate.geometry for candidate in candidates]
    numbers = numbers_of(geometries, source)
    made: dict[object, Array | None] = {}
    proofs = 0
    for name in filters_of(ways, geometries):
        for g, k in survivors(source, numbers, points, name, linears):
            colour, view = choices[k]
            for way in ways:
                if way.filter(geometries[g].size, geometries[g].box[2:]) == name and proofs < MOST_PROOFS:
                    proofs += 1
                    for before, after in _proved(scales, image, geometries[g], colour, view, way, made):
                        chain = chain_of(candidates[g], colour, way, source.pixels, image.shape[:2], None)
                        resize = next(n for n, operation in enumerate(chain) if operation.kind == "resize")
                        yield (*chain[:resize], *before, *chain[resize:], *after)


def _proved(
    scales: Sequence[Scale],
    image: Array,
    geometry: Geometry,
    colour: Colour,
    view: _View,
    way: Way,
    made: dict[object, Array | None],
) -> Iterator[tuple[Chain, Chain]]:
    """Yields the scales before and the functions behind a resize that make the image."""
    for number, function in view.functions:
        before, scaled = scales[number]
        key = (number, geometry, way)
        if key not in made:
            made[key] = way.run(part_of(scaled, geometry), geometry.size)
        resized = made[key]
        if resized is None:
            continue
        part, wanted = shared(colour.run(resized), image, geometry)
        with np.errstate(all="ignore"):
            if same(np.ascontiguousarray(function.run(part)), wanted):
                yield before, function.operations
