# SPDX-License-Identifier: MIT
"""The filters of resizes in real numbers: what all methods of one kind compute, but for how they round."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from isopixel._methods import METHODS, MethodName

Reals = npt.NDArray[np.float64]
Places = npt.NDArray[np.int64]
Lengths = npt.NDArray[np.int64] | npt.NDArray[np.float64]  # fractions are of means


@dataclass(frozen=True)
class Taps:
    """The samples of an axis that count for some results, with their weights: (…, T)."""

    places: Places
    weights: Reals


Axis = Callable[[Lengths, Places, Places, int], Taps]


@dataclass(frozen=True)
class Filter:
    """A filter.

    Attributes:
        axis: of the length of the source, that of the result and the number of a result, each (…), the samples.
        overshoots: whether it has weights below 0, so that a library may clip between the axes.
        before: by how much a result may differ because samples become means first, which are rounded; 0 if not.
        variants: how many functions `axis` is of, by its last argument: several if rounding decides which sample.
    """

    axis: Axis
    overshoots: bool = False
    before: float = 0.0
    variants: int = 1


def _window(support: float, function: Callable[[Reals], Reals]) -> Axis:
    """Returns a filter that widens with the scale (SPEC R-37)."""

    def axis(n_in: Lengths, n_out: Places, i: Places, variant: int) -> Taps:
        scale = n_in / n_out
        wide = np.maximum(scale, 1.0)
        centre = (i + 0.5) * scale
        low = np.maximum(0, np.trunc(centre - support * wide + 0.5)).astype(np.int64)
        high = np.minimum(np.ceil(n_in), np.trunc(centre + support * wide + 0.5)).astype(np.int64)
        places = low[..., None] + np.arange(max(1, int((high - low).max())))
        weights = function((places - centre[..., None] + 0.5) * (1 / wide)[..., None])
        weights = np.where(places < high[..., None], weights, 0.0)
        return _normalized(places, weights, n_in)

    return axis


def _normalized(places: Places, weights: Reals, n_in: Lengths) -> Taps:
    total = weights.sum(-1, keepdims=True)
    last = np.ceil(n_in[..., None]).astype(np.int64) - 1
    return Taps(np.clip(places, 0, last), weights / np.where(total == 0, 1, total))


def _of_means(gap: int, filter: Filter) -> Axis:
    """Returns a filter of the means of as many samples as Pillow's reducing_gap allows; a length may be a fraction."""

    def axis(n_in: Lengths, n_out: Places, i: Places, variant: int) -> Taps:
        factor = reducing_factor(n_in, n_out, gap)
        length = (n_in / factor).astype(np.float32).astype(np.float64)  # Pillow passes it so; "box" may hang on it
        taps = filter.axis(length, n_out, i, variant)
        first = taps.places * factor[..., None]
        count = np.minimum(factor[..., None], n_in[..., None] - first)  # the last mean is of what is left
        offsets = np.arange(int(factor.max()))
        places = np.minimum(first[..., None] + offsets, n_in[..., None, None] - 1)
        weights = np.where(offsets < count[..., None], (taps.weights / count)[..., None], 0.0)
        shape = (*first.shape[:-1], -1)
        return Taps(places.reshape(shape), weights.reshape(shape))

    return axis


def _of_first(filter: Filter) -> Axis:
    """Returns a filter that makes each result what it makes it, or what it makes the first one."""
    return lambda n_in, n_out, i, variant: filter.axis(n_in, n_out, i * 0 if variant else i, 0)


def reducing_factor(n_in: Lengths, n_out: Places, gap: int) -> Places:
    """Returns of how many samples Pillow takes the mean before it resizes with a reducing_gap."""
    return np.maximum(1, (n_in / n_out / gap).astype(np.int64))


def _near(before: int, function: Callable[[Reals], Reals]) -> Axis:
    """Returns a filter of the nearest samples: those from `before` before the place on, and as many behind it."""

    def axis(n_in: Lengths, n_out: Places, i: Places, variant: int) -> Taps:
        place = (n_in / n_out) * (i + 0.5) - 0.5
        first = np.floor(place).astype(np.int64) - before
        places = first[..., None] + np.arange(2 * before + 2)
        return _normalized(places, function(places - place[..., None]), n_in)

    return axis


def _area(n_in: Lengths, n_out: Places, i: Places, variant: int) -> Taps:
    scale = n_in / n_out
    begin, end = i * scale, (i + 1) * scale
    low = np.floor(begin).astype(np.int64)
    places = low[..., None] + np.arange(int(np.ceil(end - low).max()) + 1)
    shared = np.minimum(places + 1.0, end[..., None]) - np.maximum(places, begin[..., None])
    return _normalized(places, np.maximum(shared, 0.0), n_in)


def _area_growing(n_in: Lengths, n_out: Places, i: Places, variant: int) -> Taps:
    """The places and weights of SPEC R-44, rounded as there, since a share of nearly 1 and one of 0 are far apart."""
    grows = n_out / n_in
    place = np.floor(i * (1 / grows))
    q = (i + 1) - (place + 1) * grows
    single = q.astype(np.float32)
    share = np.where(q > 0, single - np.floor(single), 0.0)
    places = place.astype(np.int64)[..., None] + np.arange(2)
    return Taps(np.clip(places, 0, n_in[..., None] - 1), np.stack([1 - share, share], -1))


def _nearest(centre: float) -> Axis:
    """Returns the sample at a place, which binary32 may move across a border by less than 10⁻³ of a sample."""

    def axis(n_in: Lengths, n_out: Places, i: Places, variant: int) -> Taps:
        place = np.floor((i + centre) * (n_in / n_out) + (1e-3 if variant else -1e-3))
        places = np.clip(place.astype(np.int64), 0, n_in - 1)[..., None]
        return Taps(places, np.ones(places.shape))

    return axis


def _align_corners(n_in: Lengths, n_out: Places, i: Places, variant: int) -> Taps:
    place = i * ((n_in - 1) / np.maximum(n_out - 1, 1))
    places = np.floor(place).astype(np.int64)[..., None] + np.arange(2)
    return _normalized(places, np.maximum(0, 1 - np.abs(places - place[..., None])), n_in)


def _triangle(x: Reals) -> Reals:
    return np.maximum(0.0, 1.0 - np.abs(x))


def _cubic(a: float) -> Callable[[Reals], Reals]:
    def function(x: Reals) -> Reals:
        x = np.abs(x)
        near = ((a + 2) * x - (a + 3)) * x * x + 1
        far = (((x - 5) * x + 8) * x - 4) * a
        return np.where(x < 1, near, np.where(x < 2, far, 0.0))

    return function


def _box(x: Reals) -> Reals:
    return np.where((x > -0.5) & (x <= 0.5), 1.0, 0.0)


def _hamming(x: Reals) -> Reals:
    return np.where(np.abs(x) < 1, np.sinc(x) * (0.54 + 0.46 * np.cos(np.pi * x)), 0.0)


def _lanczos(lobes: int) -> Callable[[Reals], Reals]:
    def function(x: Reals) -> Reals:
        return np.where(np.abs(x) < lobes, np.sinc(x) * np.sinc(x / lobes), 0.0)

    return function


FILTERS = {
    "nearest": Filter(_nearest(0.5), variants=2),
    "nearest-edge": Filter(_nearest(0.0), variants=2),
    "bilinear": Filter(_window(1, _triangle)),
    "bilinear-two-tap": Filter(_near(0, _triangle)),
    "bilinear-align-corners": Filter(_align_corners),
    "area": Filter(_area),
    "area-growing": Filter(_area_growing),
    "box": Filter(_window(0.5, _box)),
    "hamming": Filter(_window(1, _hamming)),
    "bicubic": Filter(_window(2, _cubic(-0.5)), overshoots=True),
    "bicubic-four-tap": Filter(_near(1, _cubic(-0.75)), overshoots=True),
    "lanczos": Filter(_window(3, _lanczos(3)), overshoots=True),
    "lanczos4": Filter(_near(3, _lanczos(4)), overshoots=True),
}


PILLOW = ("bilinear", "bicubic", "lanczos", "hamming", "box")
GAPS = (2, 3)  # of Pillow's reducing_gap


def reduced(gap: int, name: str) -> str:
    """Returns the name of a filter that reduces first."""
    return f"{name}-reduced-{gap}"


# Filters after the means of reducing_gap, which are rounded: by at most 1 each, of weights whose magnitudes sum to at
# most 3.3 in both axes together.
FILTERS |= {
    reduced(gap, name): Filter(_of_means(gap, FILTERS[name]), FILTERS[name].overshoots, before=4.0)
    for name in PILLOW
    for gap in GAPS
}


def narrow(name: str) -> str:
    """Returns the name of a filter that makes all rows of a result of one column the first one, or does not."""
    return f"{name}-narrow"


# What torch's antialiased resizes of floats do to a width of 1, as of 2.13.
FILTERS |= {
    narrow(name): Filter(_of_first(FILTERS[name]), FILTERS[name].overshoots, variants=2)
    for name in ("bilinear", "bicubic")
}


def filter_of(name: MethodName, size: tuple[int, int], source: tuple[int, int]) -> str:
    """Returns the filter, of FILTERS, that a method is a form of when it resizes from a size to another."""
    if name == "opencv-3.4-area" and (size[0] > source[0] or size[1] > source[1]):
        return "area-growing"
    return _FILTER_OF[name]


# By library and filter, what is not named as in FILTERS.
_FORMS = {
    "opencv nearest": "nearest-edge",
    "opencv linear": "bilinear-two-tap",
    "opencv linear-exact": "bilinear-two-tap",
    "opencv cubic": "bicubic-four-tap",
    "torch nearest": "nearest-edge",
    "torch bilinear": "bilinear-two-tap",
    "torch bilinear-antialias": "bilinear",
    "torch bicubic": "bicubic-four-tap",
    "torch bicubic-antialias": "bicubic",
}

_FILTER_OF = {
    method.name: _FORMS.get(f"{method.library} {word}", word)
    for method in METHODS.values()
    for word in (method.filter.removesuffix("-alpha"),)
}
