# SPDX-License-Identifier: MIT
"""The search for the functions that turn one array into another."""

from collections.abc import Iterator

import numpy as np

from isopixel._explain.colours import colours
from isopixel._explain.decoded import decoded
from isopixel._explain.images import Array, Reading, as_array, axes_between, readings, same
from isopixel._explain.operation import Explained, Explanation, Operation
from isopixel._explain.places import moved
from isopixel._explain.resizes import resizes

Chain = tuple[Operation, ...]


def explain(before: object, after: object) -> Explained:
    """Names the known functions that turn one array into another, bit for bit.

    It knows the methods of `isopixel.methods()`, with crops, borders, turns, orders of channels, gray, alpha, casts,
    scales and normalisations around them, as libraries compute them, and their chains.

    Args:
        before: an image, as an array of numbers, (H, W), (H, W, C), (C, H, W), or one of these as a batch of one; or a
            PIL image; or a tensor of torch on the CPU.
        after: what became of it, the same.

    Returns:
        All explanations that are exact, the simplest first; or, if there is none, the nearest ones.

    Raises:
        TypeError: what is no such array, or of numbers that are not real.
        ValueError: an empty array, or one of another rank.

    Example:
        >>> import isopixel
        >>> import numpy as np
        >>> image = np.random.default_rng(0).integers(0, 256, (48, 64, 3), np.uint8)
        >>> resized = isopixel.resize(image[..., ::-1], (20, 30), method="pillow-13-bilinear")
        >>> print(isopixel.explain(image, resized)[0])
        channels reversed | resize pillow-13-bilinear size=20,30
    """
    old, new = as_array(before, "before"), as_array(after, "after")
    if same(old, new):
        return Explained((Explanation(()),))
    found = {chain: None for chain in _chains(old, new)}
    return Explained(tuple(Explanation(chain) for chain in sorted(found, key=len)))


def _chains(old: Array, new: Array) -> Iterator[Chain]:
    for source in readings(old):
        for target in readings(new):
            yield from _of_images(source, target)


def _of_images(source: Reading, target: Reading) -> Iterator[Chain]:
    axes = axes_between(source, target)
    if source.image.dtype == target.image.dtype:
        for chain in _of_levels(source.image, target.image):
            yield (*chain, *axes)
    elif source.image.dtype == np.uint8:
        for one in decoded(target.image):
            for chain in _of_levels(source.image, one.levels):
                for function in one.chains:
                    yield (*chain, *function, *axes)


def _of_levels(source: Array, image: Array) -> Iterator[Chain]:
    """Yields the chains from one image to another of its type."""
    palette = list(colours(source.dtype, source.shape[2], image.shape[2]))
    found = list(moved(source, image, palette))
    yield from found
    if not found and source.dtype == np.uint8:
        yield from resizes(source, image, palette)
