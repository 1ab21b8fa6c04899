# SPDX-License-Identifier: MIT
"""Which resizes may have made an image, by some of its pixels: a look at many before a few are computed.

Every method of a kind of filter is that filter in real numbers, but for roundings: of 8 bits between the axes and at
the end (at most 1 together with weights that sum to 1, below 2 with negative ones), and of weights to 11 bits or more
(at most 1/8 a tap and axis). What is further from the real value at one pixel is not that filter.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import product

import numpy as np
import numpy.typing as npt

from isopixel._explain.blocks import Kind, Resized, Source, joined, products, weights_of
from isopixel._explain.filters import FILTERS, Filter, Reals, Taps
from isopixel._explain.images import Array

MOST = 1 << 21  # samples that are looked at together
ROUNDS = (1, 3, 12, 40)  # pixels that are looked at, of what is left each time
MOST_LOOKED_UP = 4096  # samples of a pixel; of more, a product of matrices is faster
BUILT = 2  # times the samples of the source are looked at, at least, where blocks are made of it
LEAST_SIDE = 4  # of blocks: with smaller ones the bounds cost what the values do
TOGETHER = 32  # geometries, near each other, whose samples are taken in one window
FINE = 8  # blocks for each pixel of the result along an axis, at least: else the bounds exclude little


@dataclass(frozen=True)
class Geometry:
    """Where an image's pixels come from.

    Attributes:
        turn: how the source is turned first, its number in TURNS.
        box: the part that is resized, (top, left, height, width), of the turned source.
        size: (height, width) to which it is resized.
        at: where the image begins in the resized one, (top, left); below 0 where it has a border.
    """

    turn: int
    box: tuple[int, int, int, int]
    size: tuple[int, int]
    at: tuple[int, int] = (0, 0)


@dataclass(frozen=True)
class Linear:
    """A function of one pixel of a resized image, from which an image differs but little.

    Attributes:
        weights: (c, C).
        tolerance: by how much a sample may differ.
        offset: (c,), or 0.
        clips: whether the result is limited to 0 … 255.
        pixels: what becomes of each pixel of the source before it is resized; None if it stays.
    """

    weights: Reals
    tolerance: float
    offset: Reals | float = 0.0
    clips: bool = True
    pixels: Kind = None

    @property
    def mixes(self) -> bool:
        """Whether a result is of several channels: then clipping between the axes may come before it or behind it."""
        return bool((np.count_nonzero(self.weights, axis=1) > 1).any())


@dataclass(frozen=True)
class Points:
    """Some pixels of the image that is to be explained: their places (P,), and their samples (P, c)."""

    rows: npt.NDArray[np.int64]
    columns: npt.NDArray[np.int64]
    samples: Reals

    def some(self, first: int, last: int) -> "Points":
        """Returns those from one on and before another."""
        part = slice(first, last)
        return Points(self.rows[part], self.columns[part], self.samples[part])


def points_of(image: Array, box: tuple[int, int, int, int]) -> Points:
    """Chooses pixels within a box (top, left, height, width), those first that differ most from what is beside them."""
    top, left, height, width = box
    rng = np.random.default_rng(0)
    many = 8 * sum(ROUNDS)
    rows = np.concatenate([[0, height - 1], rng.integers(0, height, many)])
    columns = np.concatenate([[0, width - 1], rng.integers(0, width, many)])
    rows, columns = np.divmod(np.unique(rows * width + columns), width)  # of a small image, each pixel once
    rows, columns = rows + top, columns + left
    samples = image[rows, columns].astype(np.float64)
    beside = image[rows, np.maximum(columns - 1, left)].astype(np.float64)
    order = np.argsort(-np.abs(samples - beside).max(-1), kind="stable")[: sum(ROUNDS)]
    return Points(rows[order], columns[order], samples[order])


def numbers_of(geometries: Sequence[Geometry], source: Source) -> npt.NDArray[np.int64]:
    """Returns the numbers of geometries of a source as rows: what `survivors` calculates with."""
    height, width = source.size
    turns = [turned(height, width) for turned in TURNED]
    rows = [(*g.box, *g.size, *g.at, *turns[g.turn]) for g in geometries]
    numbers = np.array(rows, np.int64).reshape(-1, 11)
    top, left, step_y, step_x = numbers[:, 0], numbers[:, 1], numbers[:, 9], numbers[:, 10]
    numbers[:, 8] += top * step_y + left * step_x
    return numbers


def survivors(
    source: Source,
    numbers: npt.NDArray[np.int64],
    points: Points,
    name: str,
    linears: Sequence[Linear],
) -> list[tuple[int, int]]:
    """Returns which geometries and functions of pixels may have made the points, by a filter: pairs of their numbers.

    Args:
        source: what is resized.
        numbers: of the geometries that are tried.
        points: of the image.
        name: of the filter.
        linears: the functions of pixels that are tried.
    """
    left = np.ones((len(numbers), len(linears)), np.bool_)
    begin = 0
    sides = _sides(source, numbers, FILTERS[name])
    for count in ROUNDS:
        part = points.some(begin, begin + count)
        begin += count
        for stage in (0, 1) if part.rows.size else ():
            for side in np.unique(sides[:, stage]):
                some = np.flatnonzero(left.any(1) & (sides[:, stage] == side))
                if some.size and (side or stage):
                    left[some] &= _fits(source, numbers[some], part, FILTERS[name], linears, int(side))
    return [(int(g), int(k)) for g, k in np.argwhere(left)]


def _sides(source: Source, numbers: npt.NDArray[np.int64], filter: Filter, points: int = 1) -> npt.NDArray[np.int64]:
    """Returns for each geometry the sides of the blocks that are looked at, (geometry, 2).

    The second is 1 for products of matrices, or 0 if samples are looked up; the first is 0 if it is the only one.
    """
    h, w, rows, columns = numbers.T[2:6]
    taps = math.prod(filter.axis(n, m, m // 2, 0).places.shape[-1] for n, m in ((h, rows), (w, columns)))
    last = int(taps > MOST_LOOKED_UP and min(source.size) > 1)
    side = 1 << np.maximum(np.frexp(np.minimum(h / rows, w / columns) / FINE)[1] - 1, 0)
    worth = side >= LEAST_SIDE if last and taps * points * len(numbers) > BUILT * math.prod(source.size) else False
    return np.stack([np.where(worth, side, 0), np.full(len(side), last)], axis=1)


def distances(
    source: Source, numbers: npt.NDArray[np.int64], points: Points, name: str, linears: Sequence[Linear]
) -> Reals:
    """Returns how far the points are on average from a filter's values: (geometry, function).

    It is infinite where blocks show that another geometry is nearer.
    """
    filter = replace(FILTERS[name], overshoots=False)
    coarse, last = (int(sides.min()) for sides in _sides(source, numbers, filter, len(points.rows)).T)
    far = np.zeros((len(numbers), len(linears)))
    for side in (coarse, last) if coarse else (last,):
        some = np.flatnonzero(np.isfinite(far).any(1))
        made = _resized(source, numbers[some], points, filter, (0, 0), linears, side)
        best = np.inf
        for k, linear in enumerate(linears):
            one, weights = made[linear.pixels], linear.weights.T
            gaps = np.abs((one.values[0] @ weights).clip(0, 255) - points.samples)
            near = one.near @ np.abs(weights)
            far[some, k] = np.maximum(gaps - near, 0).mean((1, 2))
            best = min(best, float((gaps + near).mean((1, 2)).min()))
        far[(far > best).all(1)] = np.inf
    return far


def all_distances(
    source: Source, numbers: npt.NDArray[np.int64], points: Points, name: str, linears: Sequence[Linear]
) -> Reals:
    """Returns how far the points are on average from a filter's values, of all geometries: (geometry, function)."""
    found = []
    variants = range(FILTERS[name].variants)
    for variant in product(variants, variants):
        made = _resized(source, numbers, points, FILTERS[name], variant, linears, 0)
        values = [made[linear.pixels].values[0] @ linear.weights.T for linear in linears]
        found.append(np.stack([np.abs(one.clip(0, 255) - points.samples).mean((1, 2)) for one in values], axis=1))
    least: Reals = np.min(found, axis=0)
    return least


def _fits(
    source: Source,
    numbers: npt.NDArray[np.int64],
    points: Points,
    filter: Filter,
    linears: Sequence[Linear],
    side: int,
) -> npt.NDArray[np.bool_]:
    """Returns (geometry, function): whether no point is too far from the filter's value."""
    found = np.zeros((len(numbers), len(linears), len(points.rows)), np.bool_)
    for variant_y in range(filter.variants):
        for variant_x in range(filter.variants):
            resized = _resized(source, numbers, points, filter, (variant_y, variant_x), linears, side)
            for k, linear in enumerate(linears):
                one = resized[linear.pixels]
                # What comes first may be clipped, or not.
                if linear.clips and one.undecided.any() and (linear.mixes or filter.before):
                    found[:, k] |= one.undecided
                near: Reals | float = linear.tolerance + filter.before
                if side > 1:
                    off = one.near + one.clipped if linear.clips else one.near
                    near = near + off @ np.abs(linear.weights.T)
                for values in one.values if linear.clips else one.values[:1]:
                    made = values @ linear.weights.T + linear.offset
                    if linear.clips:
                        made = made.clip(0, 255)
                    found[:, k] |= (np.abs(made - points.samples) <= near).all(-1)
    fits: npt.NDArray[np.bool_] = np.logical_and.reduce(found, axis=-1)
    return fits


def _resized(
    source: Source,
    numbers: npt.NDArray[np.int64],
    points: Points,
    filter: Filter,
    variant: tuple[int, int],
    linears: Sequence[Linear],
    side: int,
) -> dict[Kind, Resized]:
    """Returns the resized points by what becomes of the source's pixels first: those are looked up once for all."""
    kinds = dict.fromkeys(linear.pixels for linear in linears)
    h, w, rows, columns, top, left = numbers.T[2:8, :, None]
    taps_y = filter.axis(h, rows, points.rows + top, variant[0])
    taps_x = filter.axis(w, columns, points.columns + left, variant[1])
    longest = [
        -(-n // side) if side else t.places.shape[-1] for n, t in zip(source.size, (taps_y, taps_x), strict=True)
    ]
    samples = sum(longest) if side else math.prod(longest)
    some = max(1, MOST // (samples * source.pixels.shape[2] * len(kinds) * len(points.rows)))
    made: dict[Kind, list[Resized]] = {kind: [] for kind in kinds}
    for g in range(0, len(numbers), some):
        part = slice(g, g + some)
        y, x = (Taps(taps.places[part], taps.weights[part]) for taps in (taps_y, taps_x))
        run = _multiplied if side else _looked_up
        for kind, one in run(source, numbers[part], y, x, kinds, filter.overshoots, side).items():
            made[kind].append(one)
    return {kind: joined(parts) for kind, parts in made.items()}


def _looked_up(
    source: Source, numbers: npt.NDArray[np.int64], y: Taps, x: Taps, kinds: Iterable[Kind], overshoots: bool, side: int
) -> dict[Kind, Resized]:
    """Returns the sums of what becomes of the samples at taps (geometry, point, tap)."""
    start, step_y, step_x = numbers.T[8:, :, None, None]
    down, across = start + y.places * step_y, x.places * step_x
    p = source.pixels.reshape(-1, source.pixels.shape[2])[down[..., :, None] + across[..., None, :]]
    return {kind: _filtered(p if kind is None else kind(p), y.weights, x.weights, overshoots) for kind in kinds}


def _multiplied(
    source: Source, numbers: npt.NDArray[np.int64], y: Taps, x: Taps, kinds: Iterable[Kind], overshoots: bool, side: int
) -> dict[Kind, Resized]:
    """Returns the same by products with the blocks of a side."""
    start, step_y, step_x = numbers.T[8:]
    first = np.divmod(start, source.size[1])
    axes = [(taps.places * np.sign(step)[:, None, None], taps.weights) for taps, step in ((y, step_y), (x, step_x))]
    made: dict[Kind, list[Resized]] = {kind: [] for kind in kinds}
    groups = []
    for step in np.unique(numbers[:, 9:], axis=0):  # a turn
        some = np.flatnonzero((numbers[:, 9:] == step).all(1))
        some = some[np.argsort(y.places[some, 0, 0], kind="stable")]
        groups += [some[n : n + TOGETHER] for n in range(0, len(some), TOGETHER)]
    count = y.places.shape[1]
    for some in groups:
        upright = abs(step_x[some[0]]) == 1
        parts: dict[Kind, list[Resized]] = {kind: [] for kind in kinds}
        for part in [slice(n, n + 1) for n in range(count)] if side == 1 else [slice(0, count)]:  # each has a place
            rows, columns = (
                weights_of(at[some, None, None] + places[some, part], weights[some, part], side)
                for at, (places, weights) in zip(first, axes if upright else axes[::-1], strict=True)
            )
            for kind in kinds:
                one = products(source.blocks(kind, side), rows, columns, overshoots, part.stop - part.start)
                parts[kind].append(one)
        for kind in kinds:
            made[kind].append(joined(parts[kind], axis=1))
    back = np.argsort(np.concatenate(groups))
    return {kind: joined(parts).at(back) for kind, parts in made.items()}


def _filtered(pixels: Array, weights_y: Reals, weights_x: Reals, overshoots: bool) -> Resized:
    """Returns the sums of pixels (geometry, point, y, x, channel) by weights (geometry, point, y or x)."""
    p, y, x = pixels.astype(np.float32), weights_y.astype(np.float32), weights_x.astype(np.float32)
    across = np.einsum("gpyxc,gpx->gpyc", p, x)
    values = [np.einsum("gpyc,gpy->gpc", across, y)]
    undecided = np.zeros(p.shape[:2], np.bool_)
    if overshoots:
        along = np.einsum("gpyxc,gpy->gpxc", p, y)
        values.append(np.einsum("gpyc,gpy->gpc", across.clip(0, 255), y))
        values.append(np.einsum("gpxc,gpx->gpc", along.clip(0, 255), x))
        for sums in (across, along):
            undecided |= ((sums < -0.5) | (sums > 255.5)).any((2, 3))
    none = np.zeros(values[0].shape)
    return Resized(np.stack(values).astype(np.float64), undecided, none, none)


# For each of TURNS the first pixel of a turned image (H, W), and the steps of its rows and columns.
TURNED = (
    lambda h, w: (0, w, 1),
    lambda h, w: (w - 1, w, -1),
    lambda h, w: ((h - 1) * w, -w, 1),
    lambda h, w: (h * w - 1, -w, -1),
    lambda h, w: ((h - 1) * w, 1, -w),
    lambda h, w: (w - 1, -1, w),
    lambda h, w: (0, 1, w),
    lambda h, w: (h * w - 1, -1, -w),
)
