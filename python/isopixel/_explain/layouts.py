# SPDX-License-Identifier: MIT
"""Images of bytes: by which layout, and how they were resized."""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from isopixel import _core
from isopixel._bytes_image import from_bytes
from isopixel._explain.colours import colours
from isopixel._explain.images import Array
from isopixel._explain.operation import Operation
from isopixel._explain.resizes import Search
from isopixel._explain.sizes import whole_resizes
from isopixel._explain.ways import frozen_ways

Chain = tuple[Operation, ...]

CHOICES = ("unit", "edge", "rows", "scale")  # options of few values, all of which are tried
WIDTHS = (*(2**k for k in range(4, 13)), 100, 200, 224, 299, 300, 384, 500, 768, 1000)  # of fixed, before a resize
LENGTHS = (4096, 65536, 1 << 20)  # of a part of the bytes
HEAD = 64  # bytes by which a part of the bytes is found


@dataclass(frozen=True)
class _Laid:
    """A layout's text, and its image (H, W, C)."""

    layout: str
    image: Array


def layouts(data: bytes, image: Array) -> Iterator[Chain]:
    """Yields the layouts that make an image (H, W, C), uint8, of bytes, and the resizes behind them."""
    found = list(_as_they_are(data, image, ("",)))
    if not found:
        head = image.tobytes()[: min(HEAD, image[0].size)]
        offset = data.find(head)
        parts = [f",length={n}" for n in (*LENGTHS, image.size) if n < len(data)]
        if offset > 0:
            parts += [f",offset={offset}{part}" for part in ("", *parts)]
        found = list(_as_they_are(data, image, parts))
    yield from found or _resized(data, image)


def _as_they_are(data: bytes, image: Array, parts: "list[str] | tuple[str, ...]") -> Iterator[Chain]:
    """Yields the layouts whose image it is, with each of some parts of the bytes; of each rule the first."""
    for part in parts:
        told = set()
        for layout in _texts(image.shape[2], [image.shape[1]], image):
            rule = layout.partition(",")[0]
            text = layout + part
            fits = rule not in told and _shape(text, len(data)) == image.shape
            if fits and np.array_equal(_image(data, text), image):
                told.add(rule)
                yield (Operation("layout", _core.canonical_layout(text)),)


def _resized(data: bytes, image: Array) -> Iterator[Chain]:
    """Yields the layouts from which the image is resized: those whose images agree are looked at once."""
    ways = list(frozen_ways())
    for laid in _images(data, image.shape[2]):
        is_line = laid.layout.partition(",")[0] == "line"
        wanted = image.reshape(1, -1, 1) if is_line else image
        search = Search(laid.image, wanted, list(colours(image.dtype, image.shape[2], image.shape[2]))[:1], ways)
        candidates = [one for one in whole_resizes(laid.image.shape[:2], wanted.shape[:2]) if not one.geometry.turn]
        for chain in search.chains(candidates, None):
            resize = Operation("resize", chain[-1].name, (("size", image.shape[:2]),))
            yield Operation("layout", laid.layout), resize


def _images(data: bytes, channels: int) -> Iterator[_Laid]:
    """Yields the images of bytes; of layouts of a rule that agree, the first."""
    made: dict[str, list[Array]] = {}
    for layout in _texts(channels, WIDTHS, None):
        rule = layout.partition(",")[0]
        shape = _shape(layout, len(data))
        if shape is None or (rule == "line" and channels > 1):
            continue
        image = _image(data, layout)
        if not any(np.array_equal(image, other) for other in made.setdefault(rule, [])):
            made[rule].append(image)
            yield _Laid(layout, image)


def _texts(channels: int, widths: "list[int] | tuple[int, ...]", image: Array | None) -> Iterator[str]:
    """Yields the texts of layouts, those with the fewest options first."""
    pads = [0, 255] if image is None else sorted({0, 255, int(image[-1, -1, -1])})
    for rule, options in _core.layout_options.items():
        values = {name: list(values) for name, values, *_ in options}
        texts = [[""]]
        if "width" in values:
            texts.append([f",width={width}" for width in widths])
        if "channels" in values:
            texts.append([f",channels={channels}" if channels > 1 else ""])
        elif channels > 1:
            continue
        if "pad" in values:
            texts.append([f",pad={pad}" if pad else "" for pad in pads])
        defaults = {name: default for name, _, default, _ in options}
        for name in CHOICES:
            if name in values:
                texts.append(["" if value == defaults[name] else f",{name}={value}" for value in values[name]])
        for words in sorted(itertools.product(*texts), key=lambda words: sum(map(bool, words))):
            yield rule + "".join(words)


def _shape(layout: str, length: int) -> tuple[int, ...] | None:
    try:
        n = _core.part_of_bytes(_core.canonical_layout(layout), length)[1]
        return tuple(_core.layout_shape(_core.layout_of_part(_core.canonical_layout(layout)), n))
    except ValueError:
        return None


def _image(data: bytes, layout: str) -> Array:
    image = from_bytes(data, layout)
    return image[..., None] if image.ndim == 2 else image
