# SPDX-License-Identifier: MIT
"""Grays that code writes out: weighted sums of floats, rounded or cut off.

A product of matrices (sum=product, products) is that of the BLAS of the machine that explains: another BLAS, or another
processor, may add in another order, and make other bits of the same code. A sum in a row is the same everywhere.
"""

from collections.abc import Callable, Iterator
from itertools import product

import numpy as np

from isopixel._explain.colours import Colour
from isopixel._explain.images import Array, same
from isopixel._explain.operation import Operation
from isopixel._explain.turns import TURNS, turn_operations, turned_back, turned_size
from isopixel._explain.values import FLOATS, Dtype

Chain = tuple[Operation, ...]

WEIGHTS = {
    "rec601": (0.299, 0.587, 0.114),  # ITU-R BT.601, as Pillow and OpenCV have them
    "rec601-4-digits": (0.2989, 0.587, 0.114),  # as torchvision and MATLAB write them
    "rec709": (0.2126, 0.7152, 0.0722),  # ITU-R BT.709
    "skimage": (0.2125, 0.7154, 0.0721),  # skimage.color.rgb2gray
    "mean": (1 / 3, 1 / 3, 1 / 3),
}
NEAR = 1.01  # within which whole numbers are of the real values, which are computed in float64
PRECISION = 1e-4  # relative: within which floats are
BACKWARDS = "-backwards"
SUMS = [f"{how}{end}" for end in ("", BACKWARDS) for how in ("row", "product", "products")]
DIVIDED = "divided"  # a mean as NumPy's, of channels that are added in a row
ROUNDINGS: tuple[tuple[str, Callable[[Array], Array]], ...] = (("nearest", np.rint), ("down", np.trunc))
LEVELS = 255.0
SCALE = "divided-by-255"


def written_grays(source: Array, image: Array) -> Iterator[Chain]:
    """Yields the chains of a gray and a turn that make an image (h, w, 1), whole or floats, of colours (H, W, C).

    Sums of floats depend on how they are added: in a row, by one product of matrices, or by one of each row; and on
    which channel is the first. A mean is also a sum that is divided.
    """
    if source.dtype != np.uint8 or source.shape[2] < 3 or image.shape[2] != 1:
        return
    if image.dtype != np.uint8 and image.dtype not in FLOATS:
        return
    dropped = (Operation("alpha", "dropped"),) if source.shape[2] == 4 else ()
    for turn in range(len(TURNS)):
        if turned_size(source.shape[:2], turn) != image.shape[:2]:
            continue
        upright = turned_back(image, turn)[..., 0]
        for name, order in _orders():
            weights = WEIGHTS[name][:: -1 if order else 1]
            for chain in _of_weights(source[..., :3], upright, name, weights, order):
                yield (*dropped, *chain, *turn_operations(turn))


def written_colours(channels: int) -> Iterator[Colour]:
    """Yields the grays of uint8 as colours, for what comes behind them: a product is that of the whole image."""
    dropped = (Operation("alpha", "dropped"),) if channels == 4 else ()
    for name, order in _orders():
        weights = WEIGHTS[name][:: -1 if order else 1]
        linear = np.array([[*weights, 0.0][:channels]])
        for (arithmetic, how), (rounding, whole) in product(_arithmetics(name), ROUNDINGS):

            def run(
                image: Array,
                weights: tuple[float, ...] = weights,
                arithmetic: Dtype = arithmetic,
                how: str = how,
                whole: Callable[[Array], Array] = whole,
            ) -> Array:
                return whole(_summed(image[..., :3], weights, arithmetic, how, 1.0)).astype(np.uint8)[..., None]

            arguments = (("rounding", rounding), ("arithmetic", arithmetic.name), ("sum", how), *order)
            kind = f"{name} {order} {rounding}"
            yield Colour((*dropped, Operation("gray", name, arguments)), run, linear, kind=kind)


def _orders() -> Iterator[tuple[str, tuple[tuple[str, str], ...]]]:
    """Yields the names of weights, with the argument of the order of channels."""
    for name in WEIGHTS:
        yield name, ()
        if name != "mean":
            yield name, (("order", "bgr"),)


def _arithmetics(name: str) -> list[tuple[Dtype, str]]:
    """Returns the ways to compute the gray of a name: by which floats, and how they are added."""
    sums = [*SUMS, DIVIDED] if name == "mean" else SUMS
    return [(dtype, how) for dtype in FLOATS for how in sums]


def _of_weights(
    colours: Array, image: Array, name: str, weights: tuple[float, ...], order: tuple[tuple[str, str], ...]
) -> Iterator[Chain]:
    for before, most in ((False, 1.0), (False, LEVELS), (True, LEVELS)):
        if (image.dtype == np.uint8 and most != 1) or not _is_near(colours, image, weights, most):
            continue
        for arithmetic, how in _arithmetics(name):
            if image.dtype in FLOATS and arithmetic != image.dtype:
                continue
            made = _summed(colours, weights, arithmetic, how, most if before else 1.0)
            made = made / arithmetic.type(most) if most != 1 and not before else made
            scale = (Operation("scale", SCALE, (("arithmetic", arithmetic.name),)),) if most != 1 else ()
            arguments = (("arithmetic", arithmetic.name), ("sum", how), *order)
            for rounding, whole in ROUNDINGS:
                if image.dtype != np.uint8:
                    gray = (Operation("gray", name, arguments),)
                    if rounding == "nearest" and same(made, image):
                        yield (*scale, *gray) if before else (*gray, *scale)
                elif np.array_equal(whole(made), image):
                    yield (Operation("gray", name, (("rounding", rounding), *arguments)),)


def _is_near(colours: Array, image: Array, weights: tuple[float, ...], most: float) -> bool:
    """Returns whether some pixels are near their gray."""
    rng = np.random.default_rng(0)
    y, x = rng.integers(0, image.shape[0], 64), rng.integers(0, image.shape[1], 64)
    real = colours[y, x].astype(np.float64) @ np.array(weights) / most
    near = NEAR if image.dtype == np.uint8 else PRECISION * LEVELS / most
    return bool((np.abs(real - image[y, x]) <= near).all())


def _summed(colours: Array, weights: tuple[float, ...], arithmetic: Dtype, how: str, most: float) -> Array:
    step = -1 if how.endswith(BACKWARDS) else 1
    x, w = colours[..., ::step].astype(arithmetic, order="C"), np.array(weights[::step], arithmetic)
    x = x / arithmetic.type(most) if most != 1 else x
    made: Array
    if how == DIVIDED:
        made = (x[..., 0] + x[..., 1] + x[..., 2]) / arithmetic.type(3)
    elif how.startswith("products"):
        made = x @ w
    elif how.startswith("product"):
        made = (x.reshape(-1, 3) @ w).reshape(x.shape[:2])
    else:
        made = x[..., 0] * w[0] + x[..., 1] * w[1] + x[..., 2] * w[2]
    return made
