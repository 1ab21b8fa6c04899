# SPDX-License-Identifier: MIT
"""Pixels of resized images that are of very many samples each: by products of matrices, of samples or of blocks.

A product needs the weights of a pixel along all rows and columns of the source, most of which are 0: it is faster than
to look up the samples of each pixel where these are more than a hundredth of the source.

Of blocks the means count. With weights w of samples p, in a block whose weights sum to W and whose mean is m, the sum
of w · p is W · m but for the sum of (w - W / n) · (p - m): what the weights differ from their mean by, times the
farthest sample. So a bound comes with each value, which excludes as safely as the value itself would.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from isopixel._explain.filters import Places, Reals
from isopixel._explain.images import ROWS, Array

Singles = npt.NDArray[np.float32]
Kind = Callable[[Array], Array] | None

ALONG, ACROSS = "nh,chw->cnw", "nw,chw->cnh"  # not by a BLAS, whose threads wait for each other on a busy machine
ROUNDED = 2.0**-22  # by how much a sum of a product is rounded, relative, for each of its terms: weights sum to < 4


@dataclass(frozen=True)
class Blocks:
    """An image in blocks of side × side pixels; those at the edges as if its last pixels were repeated.

    Attributes:
        side: in pixels.
        means: (C, h, w).
        spread: (C, h, w), the largest distance of a sample from the mean of its block; of single pixels it is empty.
        peak: the largest magnitude of a sample.
    """

    side: int
    means: Singles
    spread: Singles
    peak: float

    @property
    def rounded(self) -> float:
        """By how much a value may be off because it was computed in float32."""
        return (sum(self.means.shape) + 2 * self.side) * ROUNDED * self.peak


class Source:
    """An image (H, W, C), C-contiguous, and its blocks, which are made when they are needed."""

    def __init__(self, pixels: Array) -> None:
        """Takes an image of whole numbers of 0 to 255, or of floats."""
        self.pixels = np.ascontiguousarray(pixels)
        self._blocks: dict[tuple[Kind, int], Blocks] = {}

    @property
    def size(self) -> tuple[int, int]:
        """Its height and width."""
        return self.pixels.shape[0], self.pixels.shape[1]

    def blocks(self, kind: Kind, side: int) -> Blocks:
        """Returns blocks of what a function makes of each pixel, (…, C) float32 of (…, C); None for the pixels."""
        if (kind, side) not in self._blocks:
            self._blocks[kind, side] = _single(self.pixels, kind) if side == 1 else _of(self.blocks(kind, 1), side)
        return self._blocks[kind, side]


def _single(pixels: Array, kind: Kind) -> Blocks:
    """Returns pixels as blocks."""
    parts = [pixels[y : y + ROWS] for y in range(0, len(pixels), ROWS)]
    planes = [(part if kind is None else kind(part)).transpose(2, 0, 1).astype(np.float32) for part in parts]
    made = np.concatenate(planes, axis=1)
    peak = 255.0 if pixels.dtype == np.uint8 else float(np.abs(pixels).max())
    return Blocks(1, made, made[:, :0], peak)


def _of(single: Blocks, side: int) -> Blocks:
    planes = single.means
    height, width = planes.shape[1:]
    if height % side or width % side:
        planes = np.pad(planes, ((0, 0), (0, -height % side), (0, -width % side)), mode="edge")
    means, low, high = (_reduced(planes, side, function) for function in (np.add, np.minimum, np.maximum))
    means /= side * side
    return Blocks(side, means, np.maximum(high - means, means - low), single.peak)


def _reduced(planes: Singles, side: int, function: np.ufunc) -> Singles:
    """Returns what a function of two makes of the samples of each block; a side is a power of two."""
    channels, height, width = planes.shape
    made: Singles = function.reduce(planes.reshape(channels, height // side, side, width), axis=2)
    while made.shape[2] > width // side:
        made = function(made[..., ::2], made[..., 1::2])
    return made


@dataclass(frozen=True)
class Resized:
    """What some pixels are in real numbers.

    Attributes:
        values: (way, geometry, point, channel). The ways are: without clipping, and if the filter overshoots, clipped
            between the axes, of which either may be the first.
        undecided: (geometry, point), where the ways differ.
        near: (geometry, point, channel), by how much the values may be off, or 0.
        clipped: the same, by how much clipping between the axes may change them, where it is no way of its own.
    """

    values: Reals
    undecided: npt.NDArray[np.bool_]
    near: Reals
    clipped: Reals

    def at(self, order: npt.NDArray[np.int64]) -> "Resized":
        """Returns the pixels of some geometries."""
        return Resized(self.values[:, order], self.undecided[order], self.near[order], self.clipped[order])


def joined(parts: Sequence[Resized], axis: int = 0) -> Resized:
    """Returns the pixels of parts together, along the axis of geometries, or of points."""
    values = np.concatenate([one.values for one in parts], axis + 1)
    undecided = np.concatenate([one.undecided for one in parts], axis)
    near, clipped = (np.concatenate([getattr(one, name) for one in parts], axis) for name in ("near", "clipped"))
    return Resized(values, undecided, near, clipped)


@dataclass(frozen=True)
class Weights:
    """The weights of the pixels of some geometries, one after the other, along an axis of the source.

    Attributes:
        part: the blocks that have any.
        sums: (N, n), of each of these.
        most: (N, n), what the magnitudes in a block sum to at most: that of the sum, and of what differs from the mean.
    """

    part: slice
    sums: Singles
    most: Singles


def weights_of(places: Places, weights: Reals, side: int) -> Weights:
    """Returns the weights (geometry, point, T) of the samples at places of an axis, by its blocks."""
    first, last = int(places.min()) // side, int(places.max()) // side + 1
    pixels, count = math.prod(places.shape[:-1]), last - first
    flat = np.arange(pixels)[:, None] * (count * side) + places.reshape(pixels, -1) - first * side
    dense = np.bincount(flat.ravel(), weights.ravel(), pixels * count * side).reshape(pixels, count, side)
    sums = dense.sum(-1)
    rest = np.abs(dense - sums[..., None] / side).sum(-1)
    return Weights(slice(first, last), sums.astype(np.float32), (np.abs(sums) + rest).astype(np.float32))


def products(blocks: Blocks, rows: Weights, columns: Weights, overshoots: bool, points: int) -> Resized:
    """Returns pixels, as many of each geometry, by their weights along both axes of the source."""
    part = (slice(None), rows.part, columns.part)
    means = blocks.means[part]
    along = np.einsum(ALONG, rows.sums, means)
    across = np.einsum(ACROSS, columns.sums, means) if overshoots else along
    values = [_sum(along, columns.sums)]
    undecided = np.zeros(len(rows.sums), np.bool_)
    clipped = np.zeros(values[0].shape)
    near = clipped + blocks.rounded
    if blocks.side == 1:
        if overshoots:
            values += [_sum(across.clip(0, 255), rows.sums), _sum(along.clip(0, 255), columns.sums)]
            for sums, weights in ((across, rows.sums), (along, columns.sums)):
                undecided |= (((sums < -0.5) | (sums > 255.5)).any(0) & (weights != 0)).any(-1)
    else:
        spread = blocks.spread[part]
        farthest, inside = (np.einsum(ALONG, one, spread) for one in (rows.most, np.abs(rows.sums)))
        near = _sum(farthest, columns.most) - _sum(inside, np.abs(columns.sums)) + blocks.rounded
        if overshoots:
            beside = np.einsum(ACROSS, columns.most, spread)
            for sums, far, weights in ((across, beside, rows.most), (along, farthest, columns.most)):
                over = np.maximum(np.maximum(far - sums, sums + far - 255) + np.float32(blocks.rounded), 0)
                undecided |= ((over > 0.5).any(0) & (weights != 0)).any(-1)
                clipped = np.maximum(clipped, _sum(over, weights))
    return Resized(
        np.stack(values).reshape(len(values), -1, points, len(means)),
        undecided.reshape(-1, points),
        near.reshape(-1, points, len(means)),
        clipped.reshape(-1, points, len(means)),
    )


def _sum(pixels: Singles, weights: Singles) -> Reals:
    """Returns the sums (N, C) of pixels (C, N, n) by weights (N, n)."""
    made: Reals = np.einsum("cni,ni->nc", pixels, weights).astype(np.float64)
    return made
