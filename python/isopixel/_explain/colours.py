# SPDX-License-Identifier: MIT
"""Functions of one pixel: the order and number of channels, gray, alpha."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt

from isopixel._explain.images import Array
from isopixel._explain.operation import Operation
from isopixel._recipe import opened

PLACES = ("first", "second", "third", "fourth")
MOST_OFF = 0.1  # of the samples that one colour makes wrong, if another one of its kind is to make all of them right
FROZEN_GRAYS = ("pillow-7", "opencv-4", "opencv-3.4")  # those of recipes (SPEC R-51)


@dataclass(frozen=True)
class Colour:
    """A function of one pixel.

    Attributes:
        operations: what it is; () if it changes nothing.
        run: makes the image (H, W, c) of an image (H, W, C).
        weights: (c, C), of the linear function from which it differs by at most 1.
        selects: the channels that it selects, if it does nothing else: resizes of single channels commute with it.
        pixels: what the linear function is of, made of pixels (…, C) in real numbers of 0 to 255; None if it is of
            the pixels themselves.
        kind: what it has in common with others from which it differs in few samples, of which one is told; "" if none.
    """

    operations: tuple[Operation, ...]
    run: Callable[[Array], Array]
    weights: npt.NDArray[np.float64]
    selects: tuple[int, ...] | None = None
    pixels: Callable[[Array], Array] | None = None
    kind: str = ""

    def real(self, pixels: Array) -> Array:
        """Returns the real values, of pixels (…, C), from which this function of them differs by at most 1."""
        made = pixels.astype(np.float32) if self.pixels is None else self.pixels(pixels)
        values: Array = made @ self.weights.T.astype(np.float32)
        return values


UNCHANGED = Colour((), lambda image: image, np.empty((0, 0)), ())  # leaves all channels as they are


def alike(colours: Iterable[Colour]) -> list[list[Colour]]:
    """Returns colours in groups of those that are of the same linear function."""
    groups: dict[object, list[Colour]] = {}
    for colour in colours:
        groups.setdefault((colour.pixels, colour.weights.tobytes(), colour.selects is None), []).append(colour)
    return list(groups.values())


def colours(dtype: np.dtype[Any], channels: int, wanted: int) -> Iterator[Colour]:
    """Yields the functions from pixels of `channels` channels to ones of `wanted`, the simplest first."""
    if channels == wanted:
        yield _selection((), range(channels), channels)
    if channels >= 3 and wanted >= 3:
        yield from _orders(channels, wanted)
    if channels in (2, 4) and wanted == channels - 1:
        yield _selection((Operation("alpha", "dropped"),), range(wanted), channels)
    if channels >= 2 and wanted == 1:
        for place in range(channels - (channels == 2)):
            yield _selection((Operation("channels", PLACES[place]),), [place], channels)
        if channels == 2:
            yield _selection((Operation("channels", "second"),), [1], channels)
    if channels == 1 and wanted == 3:
        yield _selection((Operation("channels", "repeated"),), [0, 0, 0], 1)
    if dtype == np.uint8:
        if channels >= 3 and wanted == 1:
            yield from _grays(channels)
        if channels in (2, 4):
            yield from _alphas(channels, wanted)


def _orders(channels: int, wanted: int) -> Iterator[Colour]:
    reverse = Operation("channels", "reversed")
    if channels == wanted:
        yield _selection((reverse,), [2, 1, 0, *range(3, channels)], channels)
    elif channels == 4 and wanted == 3:
        yield _selection((reverse, Operation("alpha", "dropped")), [2, 1, 0], channels)


def _selection(operations: tuple[Operation, ...], places: "range | list[int]", channels: int) -> Colour:
    selects = tuple(places)
    weights = np.eye(channels)[list(selects)]
    if selects == tuple(range(channels)):
        return Colour(operations, lambda image: image, weights, selects)
    if selects == tuple(range(len(selects))):
        return Colour(operations, lambda image: image[..., : len(selects)], weights, selects)
    if selects == (2, 1, 0):
        return Colour(operations, lambda image: image[..., 2::-1], weights, selects)
    return Colour(operations, lambda image: image[..., list(selects)], weights, selects)


def _grays(channels: int) -> Iterator[Colour]:
    formulas: list[tuple[str, Callable[[Array], Array], tuple[float, float, float]]] = [
        *[(name, _frozen_gray(name), (0.299, 0.587, 0.114)) for name in FROZEN_GRAYS],
        ("opencv-png-3.4", lambda x: _whole(x, (9797, 19234, 3737)) >> 15, (0.299, 0.587, 0.114)),
        ("torchvision", _torchvision_gray, (0.2989, 0.587, 0.114)),
        ("mean", lambda x: _whole(x, (1, 1, 1)) // 3, (1 / 3, 1 / 3, 1 / 3)),
    ]
    for name, formula, weights in formulas:
        for order in ("rgb", "bgr") if name != "mean" else ("rgb",):
            arguments = (("order", "bgr"),) if order == "bgr" else ()
            step = -1 if order == "bgr" else 1

            def run(image: Array, formula: Callable[[Array], Array] = formula, step: int = step) -> Array:
                return formula(image[..., :3][..., ::step]).astype(np.uint8)[..., None]

            linear = np.zeros((1, channels))
            linear[0, :3] = weights[::step]
            dropped = (Operation("alpha", "dropped"),) if channels == 4 else ()
            yield Colour((*dropped, Operation("gray", name, arguments)), run, linear)


def _frozen_gray(name: str) -> Callable[[Array], Array]:
    def run(image: Array) -> Array:
        made: Array = _core_gray(name, image)
        return made

    return run


def _core_gray(name: str, image: Array) -> Array:
    """Returns the gray of an RGB image by a rule of recipes: as of a picture, whose colours a recipe makes gray."""
    recipe = opened(f"isopixel 1: image gray luma={name}")
    return recipe.run(np.ascontiguousarray(image), 1, True, 1)[..., 0]


def _whole(image: Array, weights: tuple[int, int, int]) -> Array:
    x = image.astype(np.int32)
    red, green, blue = weights
    made: Array = x[..., 0] * red + x[..., 1] * green + x[..., 2] * blue
    return made


def _torchvision_gray(image: Array) -> Array:
    x = image.astype(np.float32)
    red, green, blue = map(np.float32, (0.2989, 0.587, 0.114))
    made: Array = x[..., 0] * red + x[..., 1] * green + x[..., 2] * blue
    return made


def _alphas(channels: int, wanted: int) -> Iterator[Colour]:
    unchanged = np.eye(wanted)
    if wanted == channels:
        yield Colour((Operation("alpha", "premultiplied"),), _premultiplied, unchanged, pixels=_real_premultiplied)
    if wanted != channels - 1:
        return
    for value in (255, 0):
        for rule, run in (("rounded", _composited), ("down", _composited_down)):
            operation = Operation("alpha", "composited", (("value", value), ("rule", rule)))

            def forward(image: Array, run: Callable[[Array, int], Array] = run, value: int = value) -> Array:
                return run(image, value)

            def backward(image: Array, run: Callable[[Array, int], Array] = run, value: int = value) -> Array:
                return run(image, value)[..., ::-1]

            real = _REAL_COMPOSITED[value]
            yield Colour((operation,), forward, unchanged, pixels=real)
            if wanted == 3:
                yield Colour((Operation("channels", "reversed"), operation), backward, unchanged[::-1], pixels=real)


def _blended(image: Array, dtype: Any, blend: Callable[[Array, Array], Array]) -> Array:
    """Returns what a function makes of each colour with alpha: plane by plane, which is several times faster."""
    alpha = image[..., -1].astype(dtype)
    return np.stack([blend(image[..., c].astype(dtype), alpha) for c in range(image.shape[-1] - 1)], axis=-1)


def _premultiplied(image: Array) -> Array:
    """Multiplies colours by alpha as Pillow's mode RGBa does (SPEC R-23)."""

    def blend(colour: Array, alpha: Array) -> Array:
        t = colour * alpha + 128
        made: Array = (((t >> 8) + t) >> 8).astype(np.uint8)
        return made

    return np.concatenate([_blended(image, np.int32, blend), image[..., -1:]], axis=-1)


def _real_premultiplied(pixels: Array) -> Array:
    """Returns pixels whose colours are multiplied by alpha, in real numbers."""
    made = _blended(pixels, np.float32, lambda colour, alpha: colour * (alpha * np.float32(1 / 255)))
    return np.concatenate([made, pixels[..., -1:].astype(np.float32)], axis=-1)


def _composited(image: Array, value: int) -> Array:
    """Returns colours over an opaque background, rounded: what Pillow's alpha_composite and paste make too."""
    return _blended(image, np.int32, lambda colour, alpha: _over(colour, alpha, value, 127).astype(np.uint8))


def _composited_down(image: Array, value: int) -> Array:
    return _blended(image, np.int32, lambda colour, alpha: _over(colour, alpha, value, 0).astype(np.uint8))


def _over(colour: Array, alpha: Array, value: int, half: int) -> Array:
    made: Array = (colour * alpha + (value * (255 - alpha) + half)) // 255
    return made


def _real_composited(pixels: Array, value: int) -> Array:
    """Returns colours over an opaque background, in real numbers."""
    v, share = np.float32(value), np.float32(1 / 255)
    return _blended(pixels, np.float32, lambda colour, alpha: (colour - v) * (alpha * share) + v)


# The same object for a value always: functions of pixels that are the same one are computed once.
_REAL_COMPOSITED = {value: partial(_real_composited, value=value) for value in (255, 0)}
