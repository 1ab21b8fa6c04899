# SPDX-License-Identifier: MIT
"""How two arrays differ: by bits, by pixels, and by how much."""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from isopixel._images import MOST_CHANNELS, UINT8, UInt8Array

Array = npt.NDArray[Any]


@dataclass(frozen=True)
class Bin:
    """How many samples differ by at least `low`, and by less than `high`."""

    low: float
    high: float
    samples: int


@dataclass(frozen=True)
class Step:
    """The colour, (red, green, blue), of the absolute differences of uint8 samples from `low` to `high`."""

    low: int
    high: int
    colour: tuple[int, int, int]

    def __str__(self) -> str:
        """Returns the differences as a text."""
        return "equal" if self.high == 0 else f"{self.low}" if self.low == self.high else f"{self.low}-{self.high}"


# Black, then one colour for each power of 2, up to 128-255: each lighter than the one before, to all eyes.
SCALE = (
    Step(0, 0, (0, 0, 0)),
    Step(1, 1, (62, 40, 130)),
    Step(2, 3, (104, 46, 150)),
    Step(4, 7, (152, 52, 142)),
    Step(8, 15, (196, 66, 116)),
    Step(16, 31, (226, 98, 84)),
    Step(32, 63, (242, 142, 62)),
    Step(64, 127, (250, 192, 80)),
    Step(128, 255, (255, 246, 200)),
)


@dataclass(frozen=True)
class Difference:
    """How two arrays of one shape and dtype differ.

    Attributes:
        unit: "pixels" of images, (H, W) or (H, W, C) with at most 4 channels; "samples" of other arrays.
        total: how many there are.
        differing: how many are not the same, bit for bit.
        maximum: the largest absolute difference of two samples; infinity if one is not a number.
        mean: the mean absolute difference, over all samples.
        first: the place of the first pixel or sample that differs; None for equal arrays.
        values: the two pixels (all their channels) or samples at that place; () for equal arrays.
        bins: the differing samples by their difference, without empty bins; -0.0 and 0.0 differ by 0.
    """

    unit: str
    total: int
    differing: int
    maximum: float
    mean: float
    first: tuple[int, ...] | None
    values: tuple[Any, ...]
    bins: tuple[Bin, ...]

    @property
    def share(self) -> float:
        """The share of pixels or samples that differ, from 0 to 1."""
        return self.differing / self.total


def is_image(array: Array) -> bool:
    """Returns whether an array counts as an image: (H, W), or (H, W, C) with at most 4 channels."""
    return array.ndim == 2 or (array.ndim == 3 and array.shape[2] <= MOST_CHANNELS)


def difference(a: Array, b: Array) -> Difference:
    """Compares two arrays bit for bit.

    Args:
        a: uint8 or float32, in the machine's byte order; of rank 1 or more, and not empty.
        b: of the same dtype and shape.

    Returns:
        How they differ.
    """
    amount = absolute_difference(a, b)
    differs = differing_bits(a, b)
    amounts = amount[differs]
    places = differs.any(axis=-1) if is_image(a) and a.ndim == 3 else differs
    differing = int(np.count_nonzero(places))
    first = tuple(int(i) for i in np.unravel_index(int(places.argmax()), places.shape)) if differing else None
    return Difference(
        unit="pixels" if is_image(a) else "samples",
        total=places.size,
        differing=differing,
        maximum=float(amount.max()),
        mean=float(amount.mean(dtype=np.float64)),
        first=first,
        values=() if first is None else (a[first].tolist(), b[first].tolist()),
        bins=_bins(amounts, a.dtype == UINT8),
    )


def differing_bits(a: Array, b: Array) -> npt.NDArray[np.bool_]:
    """Returns where two arrays of one shape and dtype are not the same, bit for bit."""
    bits = f"u{a.dtype.itemsize}"
    differs: npt.NDArray[np.bool_] = np.ascontiguousarray(a).view(bits) != np.ascontiguousarray(b).view(bits)
    return differs


def absolute_difference(a: Array, b: Array) -> Array:
    """Returns |a − b|, uint8 for uint8, otherwise float64; infinity if one of two different samples is not a number."""
    if a.dtype == UINT8:
        return np.where(a > b, a - b, b - a)
    with np.errstate(invalid="ignore"):
        amount = np.abs(a.astype(np.float64) - b.astype(np.float64))
    amount[(a == b) | (np.isnan(a) & np.isnan(b))] = 0
    amount[np.isnan(amount)] = np.inf
    return amount


def _bins(amounts: Array, is_uint8: bool) -> tuple[Bin, ...]:
    """Sorts differences into bins by powers of 2 for uint8, by powers of 10 otherwise."""
    powers_of_10 = [0.0, *(10.0**k for k in range(-45, 40)), math.inf]  # float32 goes from 1.4·10^-45 to 3.4·10^38
    edges = [2.0**k for k in range(9)] if is_uint8 else powers_of_10
    place = np.searchsorted(edges, amounts.astype(np.float64), side="right") - 1
    counts = np.bincount(place, minlength=len(edges))
    return tuple(
        Bin(edges[i], edges[i + 1] if i + 1 < len(edges) else math.inf, int(counts[i])) for i in np.flatnonzero(counts)
    )


def difference_picture(a: Array, b: Array) -> UInt8Array:
    """Makes differences visible, by the colours of SCALE: a larger one is lighter, in this picture and in any other.

    Args:
        a: an image, (H, W) or (H, W, C), uint8, or float32 of the same range.
        b: another one of its shape and dtype.

    Returns:
        An image (H, W, 3), uint8, with the colour of the largest absolute difference among the channels of each pixel,
        rounded up: only equal pixels are black.
    """
    amount = absolute_difference(a, b)
    if amount.ndim == 3:
        amount = amount.max(axis=-1)
    colours = np.array([step.colour for step in SCALE for _ in range(step.low, step.high + 1)], UINT8)
    return colours[np.ceil(amount).clip(0, 255).astype(UINT8)]
