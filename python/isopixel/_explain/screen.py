# SPDX-License-Identifier: MIT
"""Which resizes may have made an image, by some of its pixels: a look at many before a few are computed.

Every method of a kind of filter is that filter in real numbers, but for roundings: of 8 bits between the axes and at
the end (at most 1 together with weights that sum to 1, below 2 with negative ones), and of weights to 11 bits or more
(at most 1/8 a tap and axis). What is further from the real value at one pixel is not that filter.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from isopixel._explain.filters import FILTERS, Filter, Reals
from isopixel._explain.images import Array

MOST = 1 << 21  # samples that are looked at together
ROUNDS = (1, 3, 12, 40)  # pixels that are looked at, of what is left each time


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
    pixels: Callable[[Array], Array] | None = None

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


def numbers_of(geometries: Sequence[Geometry], source: Array) -> npt.NDArray[np.int64]:
    """Returns the numbers of geometries of a source as rows: what `survivors` calculates with."""
    height, width = source.shape[:2]
    turns = [turned(height, width) for turned in TURNED]
    rows = [(*g.box, *g.size, *g.at, *turns[g.turn]) for g in geometries]
    numbers = np.array(rows, np.int64).reshape(-1, 11)
    top, left, step_y, step_x = numbers[:, 0], numbers[:, 1], numbers[:, 9], numbers[:, 10]
    numbers[:, 8] += top * step_y + left * step_x
    return numbers


def survivors(
    source: Array,
    numbers: npt.NDArray[np.int64],
    points: Points,
    name: str,
    linears: Sequence[Linear],
) -> list[tuple[int, int]]:
    """Returns which geometries and functions of pixels may have made the points, by a filter: pairs of their numbers.

    Args:
        source: (H, W, C), C-contiguous, whole numbers of 0 to 255, or floats.
        numbers: of the geometries that are tried.
        points: of the image.
        name: of the filter.
        linears: the functions of pixels that are tried.
    """
    left = np.ones((len(numbers), len(linears)), np.bool_)
    begin = 0
    for count in ROUNDS:
        part = points.some(begin, begin + count)
        begin += count
        some = np.flatnonzero(left.any(1))
        if some.size and part.rows.size:
            left[some] &= _fits(source, numbers[some], part, FILTERS[name], linears)
    return [(int(g), int(k)) for g, k in np.argwhere(left)]


def distances(
    source: Array, numbers: npt.NDArray[np.int64], points: Points, name: str, linears: Sequence[Linear]
) -> Reals:
    """Returns how far the points are on average from a filter's values: (geometry, function)."""
    made = _resized(source, numbers, points, FILTERS[name], (0, 0), linears)
    values = [made[linear.pixels].values[0] @ linear.weights.T for linear in linears]
    return np.stack([np.abs(one.clip(0, 255) - points.samples).mean((1, 2)) for one in values], axis=1)


def _fits(
    source: Array,
    numbers: npt.NDArray[np.int64],
    points: Points,
    filter: Filter,
    linears: Sequence[Linear],
) -> npt.NDArray[np.bool_]:
    """Returns (geometry, function): whether no point is too far from the filter's value."""
    found = np.zeros((len(numbers), len(linears), len(points.rows)), np.bool_)
    for variant_y in range(filter.variants):
        for variant_x in range(filter.variants):
            resized = _resized(source, numbers, points, filter, (variant_y, variant_x), linears)
            for k, linear in enumerate(linears):
                one = resized[linear.pixels]
                if linear.clips and (linear.mixes or filter.before):  # as what comes first may be clipped, or not
                    found[:, k] |= one.undecided
                for values in one.values if linear.clips else one.values[:1]:
                    made = values @ linear.weights.T + linear.offset
                    if linear.clips:
                        made = made.clip(0, 255)
                    found[:, k] |= (np.abs(made - points.samples) <= linear.tolerance + filter.before).all(-1)
    fits: npt.NDArray[np.bool_] = np.logical_and.reduce(found, axis=-1)
    return fits


@dataclass(frozen=True)
class _Resized:
    """What some pixels are in real numbers.

    Attributes:
        values: (way, geometry, point, channel). The ways are: without clipping, and if the filter overshoots, clipped
            between the axes that are resized first horizontally, and first vertically.
        undecided: (geometry, point), where the ways differ.
    """

    values: Reals
    undecided: npt.NDArray[np.bool_]


def _resized(
    source: Array,
    numbers: npt.NDArray[np.int64],
    points: Points,
    filter: Filter,
    variant: tuple[int, int],
    linears: Sequence[Linear],
) -> dict[Callable[[Array], Array] | None, _Resized]:
    """Returns the resized points by what becomes of the source's pixels first: those are looked up once for all."""
    pixels = source.reshape(-1, source.shape[2])
    kinds = dict.fromkeys(linear.pixels for linear in linears)
    h, w, rows, columns, top, left, start, step_y, step_x = numbers.T[2:, :, None]
    taps_y = filter.axis(h, rows, points.rows + top, variant[0])
    taps_x = filter.axis(w, columns, points.columns + left, variant[1])
    work = taps_y.places.shape[-1] * taps_x.places.shape[-1] * source.shape[2] * len(kinds) * len(points.rows)
    some = max(1, MOST // work)
    made: dict[Callable[[Array], Array] | None, list[_Resized]] = {kind: [] for kind in kinds}
    for g in range(0, len(numbers), some):
        part = slice(g, g + some)
        down = start[part, :, None] + taps_y.places[part] * step_y[part, :, None]
        places = down[..., :, None] + (taps_x.places[part] * step_x[part, :, None])[..., None, :]
        p = pixels[places]
        weights_y, weights_x = taps_y.weights[part], taps_x.weights[part]
        for kind, parts in made.items():
            parts.append(_filtered(p if kind is None else kind(p), weights_y, weights_x, filter.overshoots))
    return {
        kind: _Resized(
            np.concatenate([one.values for one in parts], axis=1), np.concatenate([one.undecided for one in parts])
        )
        for kind, parts in made.items()
    }


def _filtered(pixels: Array, weights_y: Reals, weights_x: Reals, overshoots: bool) -> _Resized:
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
    return _Resized(np.stack(values).astype(np.float64), undecided)


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
