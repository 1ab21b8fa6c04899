# SPDX-License-Identifier: MIT
"""Which resizes may have made an image, by some of its pixels: a look at many before a few are computed.

Every method of a kind of filter is that filter in real numbers, but for roundings: of 8 bits between the axes and at
the end (at most 1 together with weights that sum to 1, below 2 with negative ones), and of weights to 11 bits or more
(at most 1/8 a tap and axis). What is further from the real value at one pixel is not that filter.
"""

from collections.abc import Sequence
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
    rows = np.concatenate([[0, height - 1], rng.integers(0, height, many)]) + top
    columns = np.concatenate([[0, width - 1], rng.integers(0, width, many)]) + left
    samples = image[rows, columns].astype(np.float64)
    beside = image[rows, np.maximum(columns - 1, left)].astype(np.float64)
    order = np.argsort(-np.abs(samples - beside).max(-1), kind="stable")[: sum(ROUNDS)]
    return Points(rows[order], columns[order], samples[order])


def survivors(
    source: Array,
    geometries: Sequence[Geometry],
    points: Points,
    name: str,
    weights: Sequence[npt.NDArray[np.float64]],
    tolerance: Sequence[float],
) -> list[tuple[int, int]]:
    """Returns which geometries and colours may have made the points, by a filter: pairs of their numbers.

    Args:
        source: (H, W, C), whole numbers of 0 to 255, or floats.
        geometries: what is tried.
        points: of the image.
        name: of the filter.
        weights: of linear functions of a pixel, each (c, C), which are tried too.
        tolerance: by how much a sample may differ with each of them.
    """
    left = [(g, k) for g in range(len(geometries)) for k in range(len(weights))]
    begin = 0
    for count in ROUNDS:
        part = points.some(begin, begin + count)
        begin += count
        if not left or not len(part.rows):
            break
        numbers = sorted({g for g, _ in left})
        place = {g: n for n, g in enumerate(numbers)}
        fits = _fits(source, [geometries[g] for g in numbers], part, FILTERS[name], weights, tolerance)
        left = [(g, k) for g, k in left if fits[place[g], k]]
    return left


def _fits(
    source: Array,
    geometries: Sequence[Geometry],
    points: Points,
    filter: Filter,
    weights: Sequence[npt.NDArray[np.float64]],
    tolerance: Sequence[float],
) -> npt.NDArray[np.bool_]:
    """Returns (geometry, colour): whether no point is too far from the filter's value."""
    found = np.zeros((len(geometries), len(weights), len(points.rows)), np.bool_)
    for variant_y in range(filter.variants):
        for variant_x in range(filter.variants):
            values, undecided = _values(source, geometries, points, filter, (variant_y, variant_x))
            for k, linear in enumerate(weights):
                made = values @ linear.T
                if source.dtype == np.uint8:
                    made = made.clip(0, 255)
                found[:, k] |= undecided | (np.abs(made - points.samples) <= tolerance[k]).all(-1)
    fits: npt.NDArray[np.bool_] = np.logical_and.reduce(found, axis=-1)
    return fits


def _values(
    source: Array, geometries: Sequence[Geometry], points: Points, filter: Filter, variant: tuple[int, int]
) -> tuple[Reals, npt.NDArray[np.bool_]]:
    """Returns the real values (geometry, point, channel), and where clipping between the axes may change them."""
    height, width, channels = source.shape
    pixels = source.reshape(-1, channels)
    values = np.empty((len(geometries), len(points.rows), channels))
    undecided = np.zeros(values.shape[:2], np.bool_)
    numbers = np.array([(*g.box, *g.size, *g.at, *strides(g, height, width)) for g in geometries]).T[..., None]
    h, w, rows, columns, top, left, start, step_y, step_x = numbers[2:]
    taps_y = filter.axis(h, rows, points.rows + top, variant[0])
    taps_x = filter.axis(w, columns, points.columns + left, variant[1])
    work = taps_y.places.shape[-1] * taps_x.places.shape[-1] * channels * len(points.rows)
    some = max(1, MOST // work)
    for g in range(0, len(geometries), some):
        part = slice(g, g + some)
        y, x = taps_y.places[part], taps_x.places[part]
        places = (start[part] + 0 * y[..., 0])[..., None, None]
        places = places + (y * step_y[part][..., None])[..., :, None] + (x * step_x[part][..., None])[..., None, :]
        p = pixels[places].astype(np.float32)
        across = np.einsum("gpyxc,gpx->gpyc", p, taps_x.weights[part].astype(np.float32))
        values[part] = np.einsum("gpyc,gpy->gpc", across, taps_y.weights[part].astype(np.float32))
        if filter.overshoots and source.dtype == np.uint8:
            down = np.einsum("gpyxc,gpy->gpxc", p, taps_y.weights[part].astype(np.float32))
            for sums in (across, down):
                undecided[part] |= ((sums < -0.5) | (sums > 255.5)).any((2, 3))
    return values, undecided


def strides(geometry: Geometry, height: int, width: int) -> tuple[int, int, int]:
    """Returns where the part that is resized begins in a source of this size, in pixels, and the steps of its axes."""
    turned = TURNED[geometry.turn]
    start, step_y, step_x = turned(height, width)
    top, left, _, _ = geometry.box
    return start + top * step_y + left * step_x, step_y, step_x


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
