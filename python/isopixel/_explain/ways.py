# SPDX-License-Identifier: MIT
"""Ways to resize: the methods, whose results are for ever; and what the loaded libraries compute beyond these.

Libraries are used if the program has imported them: none is imported here.
"""

import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from isopixel._explain.filters import GAPS, PILLOW, filter_of, narrow, reduced, reducing_factor
from isopixel._explain.images import Array
from isopixel._explain.operation import Operation
from isopixel._images import resize
from isopixel._methods import ALPHA_FORMS, METHODS, OF_ALPHA, MethodName

Size = tuple[int, int]
AREA: MethodName = "opencv-3.4-area"  # whose filter depends on the sizes


@dataclass(frozen=True)
class Way:
    """A way to resize.

    Attributes:
        name: of the operation.
        filter: of FILTERS, for sizes before and after; None if it is another way then.
        run: makes an image (h, w, C) of one (H, W, C) and a size; None if it refuses.
        cast: what follows, if its samples are floats that become whole again; () if not.
        multiplies: whether colours are multiplied by alpha first.
        is_installed: whether it is a library's as it is installed, and not told where a method agrees.
    """

    name: str
    filter: Callable[[Size, Size], str | None]
    run: Callable[[Array, Size], Array | None]
    cast: tuple[Operation, ...] = ()
    multiplies: bool = False
    is_installed: bool = False


def frozen_ways() -> Iterator[Way]:
    """Yields the methods, isopixel's own first."""
    for method in METHODS.values():
        yield Way(
            method.name,
            _area if method.name == AREA else _always(filter_of(method.name, (1, 1), (1, 1))),
            lambda image, size, name=method.name: resized(image, size, name),  # type: ignore[misc]
            multiplies=method.name in OF_ALPHA,
        )


def resized(image: Array, size: Size, method: MethodName) -> Array | None:
    """Returns an image (H, W, C) resized by a method; None if the method refuses it."""
    channels = "CMYK" if image.shape[2] == 4 and method in ALPHA_FORMS else None
    if not METHODS[method].covers(image.shape[2]):
        return None
    try:
        return resize(image, size, method=method, axes="HWC", channels=channels)
    except ValueError:
        return None


def other_ways() -> Iterator[Way]:
    """Yields ways of uint8 images that are no methods: those of loaded libraries, and floats that are made whole."""
    yield from _of_opencv()
    yield from _of_pillow()
    for way in float_ways("float32"):
        for rounding, whole in (("nearest", np.rint), ("down", np.trunc)):

            def run(image: Array, size: Size, way: Way = way, whole: Any = whole) -> Array | None:
                made = way.run(image.astype(np.float32), size)
                return None if made is None else whole(made).clip(0, 255).astype(np.uint8)

            yield Way(way.name, way.filter, run, (Operation("cast", "uint8", (("rounding", rounding),)),))


def _of_opencv() -> Iterator[Way]:
    cv2: Any = sys.modules.get("cv2")
    if cv2 is None:
        return
    for name, filter in (
        ("cubic", _always("bicubic-four-tap")),
        ("area", _area),
        ("lanczos4", _always("lanczos4")),
        ("linear", _always("bilinear-two-tap")),
    ):
        yield Way(f"opencv-installed-{name}", filter, _by_opencv(cv2, name), is_installed=True)


def _by_opencv(cv2: Any, name: str) -> Callable[[Array, Size], Array | None]:
    number = getattr(cv2, f"INTER_{name.upper()}")

    def run(image: Array, size: Size) -> Array | None:
        try:
            made = cv2.resize(np.ascontiguousarray(image), size[::-1], interpolation=number)
        except cv2.error:
            return None
        result: Array = made.reshape(*size, image.shape[2])
        return result

    return run


def _of_pillow() -> Iterator[Way]:
    pillow: Any = sys.modules.get("PIL.Image")
    if pillow is None:
        return
    for name in PILLOW:
        number = getattr(pillow, name.upper())
        yield Way(f"pillow-installed-{name}", _always(name), _by_pillow(pillow, number, None), is_installed=True)


def reducing_ways() -> Iterator[Way]:
    """Yields the ways of a loaded Pillow that reduce an image by whole factors before they resize it."""
    pillow: Any = sys.modules.get("PIL.Image")
    for gap in GAPS if pillow is not None else ():
        for name in PILLOW:
            run = _by_pillow(pillow, getattr(pillow, name.upper()), float(gap))
            yield Way(f"pillow-reducing-gap-{gap}-{name}", _reducing(gap, name), run)


@cache
def _reducing(gap: int, name: str) -> Callable[[Size, Size], str | None]:
    def filter(size: Size, source: Size) -> str | None:
        factors = reducing_factor(np.array(source), np.array(size), gap)
        return reduced(gap, name) if (factors > 1).any() else None

    return filter


def _by_pillow(pillow: Any, number: int, gap: float | None) -> Callable[[Array, Size], Array | None]:
    def run(image: Array, size: Size) -> Array | None:
        if image.shape[2] not in (1, 3):
            return None
        picture = pillow.fromarray(np.ascontiguousarray(image[..., 0] if image.shape[2] == 1 else image))
        made = np.asarray(picture.resize(size[::-1], number, reducing_gap=gap))
        return made.reshape(*size, image.shape[2])

    return run


@cache
def _always(filter: str) -> Callable[[Size, Size], str]:
    return lambda size, source: filter


def float_ways(dtype: str) -> Iterator[Way]:
    """Yields the ways of the loaded libraries that resize images of floats, of a type, to such images."""
    torch: Any = sys.modules.get("torch")
    if torch is not None:
        for name, filter, options in (
            ("bilinear", "bilinear-two-tap", {"mode": "bilinear"}),
            ("bilinear-antialias", "bilinear", {"mode": "bilinear", "antialias": True}),
            ("bilinear-align-corners", "bilinear-align-corners", {"mode": "bilinear", "align_corners": True}),
            ("bicubic", "bicubic-four-tap", {"mode": "bicubic"}),
            ("bicubic-antialias", "bicubic", {"mode": "bicubic", "antialias": True}),
        ):
            choice = _antialiased(filter) if "antialias" in options else _always(filter)
            yield Way(f"torch-{dtype}-{name}", choice, _by_torch(torch, options))
    cv2: Any = sys.modules.get("cv2")
    if cv2 is not None:
        for name, filter in (("linear", "bilinear-two-tap"), ("cubic", "bicubic-four-tap"), ("lanczos4", "lanczos4")):
            yield Way(f"opencv-{dtype}-{name}", _always(filter), _by_opencv(cv2, name))
        yield Way(f"opencv-{dtype}-area", _area, _by_opencv(cv2, "area"))
    pillow: Any = sys.modules.get("PIL.Image")
    if pillow is not None and dtype == "float32":
        for name in PILLOW:
            run = _of_planes(_by_pillow(pillow, getattr(pillow, name.upper()), None))
            yield Way(f"pillow-{dtype}-{name}", _always(name), run)


def _of_planes(run: Callable[[Array, Size], Array | None]) -> Callable[[Array, Size], Array | None]:
    """Returns a way that resizes each channel alone, as images of Pillow's mode F have but one."""

    def of_planes(image: Array, size: Size) -> Array | None:
        made = [run(image[..., channel, None], size) for channel in range(image.shape[2])]
        return None if any(plane is None for plane in made) else np.concatenate(made, axis=2)  # type: ignore[arg-type]

    return of_planes


@cache
def _antialiased(filter: str) -> Callable[[Size, Size], str]:
    return lambda size, source: narrow(filter) if size[1] == 1 else filter


def _area(size: Size, source: Size) -> str:
    return filter_of(AREA, size, source)


def _by_torch(torch: Any, options: dict[str, Any]) -> Callable[[Array, Size], Array | None]:
    def run(image: Array, size: Size) -> Array | None:
        tensor = torch.from_numpy(image.transpose(2, 0, 1).copy())[None]  # torch warns of arrays that are not writable
        made: Array = torch.nn.functional.interpolate(tensor, size, **options)[0].numpy().transpose(1, 2, 0)
        return made

    return run
