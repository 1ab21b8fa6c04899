# SPDX-License-Identifier: MIT
"""Constants of normalisations that have no name: recovered where they are short decimal numbers."""

import itertools
from collections.abc import Iterator
from typing import Literal

import numpy as np

from isopixel._explain.constants import Constants
from isopixel._explain.images import Array
from isopixel._explain.values import FLOATS, Function, Table, normalizations

MOST_DIGITS = 6  # of a recovered constant
PRECISION = {"float16": 2e-3, "float32": 1e-6, "float64": 1e-9}  # of a recovered constant, relative
MOST_MEANS = 4  # that are tried: those with the fewest digits


def recovered_functions(some: Array, wanted: Array) -> Iterator[Function]:
    """Yields normalisations of floats or whole numbers whose constants show from some samples, (n, C)."""
    if wanted.dtype.kind != "f":
        return
    whole = some.dtype.kind != "f"
    lines = [_line(some[:, c].astype(np.float64), wanted[:, c].astype(np.float64)) for c in range(some.shape[1])]
    for scale in (1, 255) if whole else (1,):
        most = 255 if whole and scale == 1 else 1
        numbers = []
        for line in lines:
            if line is None:
                return
            slope, offset = line
            std = short(1 / (slope * most), wanted.dtype)
            mean = None if std is None else short(-offset * std, wanted.dtype, 1 / most)
            numbers.append((mean, std))
        if all(mean is not None and std is not None and std > 0 for mean, std in numbers):
            yield from _normalizations(numbers, scale, some, wanted)  # type: ignore[arg-type]
            return


def _line(x: Array, y: Array) -> tuple[float, float] | None:
    """Returns slope and offset of the line through samples; None if they do not lie on one."""
    low, high = int(x.argmin()), int(x.argmax())
    if not np.isfinite(y).all() or not np.isfinite(x).all() or x[low] == x[high] or y[low] == y[high]:
        return None
    slope, offset = np.polyfit(x, y, 1)
    if np.abs(slope * x + offset - y).max() > 1e-5 * np.abs(y).max():
        return None
    return float(slope), float(offset)


def short(number: float, dtype: "np.dtype[np.generic]", least: float = 0.0) -> float | None:
    """Returns the shortest decimal number near one; None if that has too many digits.

    Args:
        number: what was measured.
        dtype: of the samples by which it was measured.
        least: the magnitude to which the precision is relative, if the number is below it.
    """
    near = PRECISION[dtype.name] * max(abs(number), least, 1e-3)
    if abs(number) <= near:
        return 0.0
    candidates = (float(f"{number:.{digits}g}") for digits in range(1, MOST_DIGITS + 1))
    return next((candidate for candidate in candidates if abs(candidate - number) <= near), None)


def _normalizations(
    numbers: list[tuple[float, float]], scale: Literal[1, 255], some: Array, wanted: Array
) -> Iterator[Function]:
    constants = Constants("normalize", tuple(mean for mean, _ in numbers), tuple(std for _, std in numbers), scale)
    for function, made in normalizations(constants, some.dtype, len(numbers), orders=("rgb",)):
        if made == wanted.dtype:
            yield function
        else:
            yield function.then_cast(wanted.dtype)


def recovered_tables(image: Array) -> Iterator[Table]:
    """Yields tables of uint8 that may have made an image of floats: their steps show, and where they begin does not.

    Of each channel the samples are whole numbers of steps apart. The step tells the std; each place at which 256
    levels may begin tells a mean, of which the short decimal numbers count.
    """
    if image.dtype not in FLOATS:
        return
    rng = np.random.default_rng(0)
    height, width, channels = image.shape
    some = image[rng.integers(0, height, 4096), rng.integers(0, width, 4096)].astype(np.float64)
    steps = [_step(np.unique(some[:, c]), image.dtype) for c in range(channels)]
    for scale in (1, 255):
        per_channel = []
        for step in steps:
            if step is None:
                return
            means = sorted(_possible(*step, 255 if scale == 1 else 1, image.dtype), key=_digits)
            per_channel.append(means[:MOST_MEANS])
        together = sorted(itertools.product(*per_channel), key=lambda numbers: sum(map(_digits, numbers)))
        for numbers in together[:MOST_MEANS]:
            yield from _tables(list(numbers), scale, image)


def _digits(numbers: tuple[float, float]) -> int:
    return len(str(numbers[0]))


def _step(values: Array, dtype: "np.dtype[np.generic]") -> tuple[float, float, int] | None:
    """Returns the step between values, the first of them, and how many steps it is to the last one; None if none."""
    if len(values) < 8 or not np.isfinite(values).all():
        return None
    gaps = np.diff(values)
    step = float(gaps[gaps > 0].min())
    for _ in range(3):  # each time a longer way tells the step better
        places = np.rint((values - values[0]) / step)
        if places[-1] > 255:
            return None
        slope, first = np.polyfit(places, values, 1)
        step = float(slope)
    if np.abs(slope * places + first - values).max() > 4 * PRECISION[dtype.name] * np.abs(values).max():
        return None
    return step, float(first), int(places[-1])


def _possible(
    step: float, first: float, span: int, most: int, dtype: "np.dtype[np.generic]"
) -> Iterator[tuple[float, float]]:
    std = short(1 / (step * most), dtype)
    if std is None:
        return
    for level in range(256 - span):
        mean = short(level / most - first * std, dtype, 1.0 / most)
        if mean is not None and abs(mean) * most <= 512:
            yield mean, std


def _tables(numbers: list[tuple[float, float]], scale: Literal[1, 255], image: Array) -> Iterator[Table]:
    levels = np.repeat(np.arange(256, dtype=np.uint8)[:, None], image.shape[2], axis=1)
    for function in _normalizations(numbers, scale, levels, image):
        yield Table(function.operations, function.run(levels))
