# SPDX-License-Identifier: MIT
"""The search for the functions that turn one array into another."""

from collections.abc import Iterator

import numpy as np

from isopixel._explain.colours import Colour, colours
from isopixel._explain.decoded import Decoded, decoded
from isopixel._explain.elementwise import elementwise, plainly
from isopixel._explain.images import Array, Reading, as_array, axes_between, readings, same
from isopixel._explain.operation import Explained, Explanation, Operation
from isopixel._explain.places import moved
from isopixel._explain.resizes import resizes
from isopixel._explain.values import functions

Chain = tuple[Operation, ...]
FEWEST_LEVELS = 8  # between the least and the greatest sample of a cast that is looked at further


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
    """Yields the chains from one image to another."""
    old, new = source.image, target.image
    axes = axes_between(source, target)
    palette = list(colours(old.dtype, old.shape[2], new.shape[2]))
    chains = list(_of_levels(old, new, palette)) if old.dtype == new.dtype else []
    if not chains and old.dtype == np.uint8 and new.dtype != np.uint8:
        for one in decoded(new):
            before = _of_levels(old, one.levels, palette)
            chains += [(*chain, *function) for chain in before for function in one.chains]
    if not chains and (old.dtype != np.uint8 or new.dtype != np.uint8):
        chains += elementwise(old, new, palette)
    if not chains and old.dtype != np.uint8:
        chains += _of_casts(old, new)
    for chain in chains:
        yield (*chain, *axes)


def _of_casts(source: Array, image: Array) -> Iterator[Chain]:
    """Yields the chains that begin with a cast to uint8."""
    seen: set[bytes] = set()
    targets = list(decoded(image)) if image.dtype != np.uint8 else [Decoded(image, ((),))]
    for function in functions(source.dtype, np.dtype(np.uint8), source.shape[2]) if targets else ():
        with np.errstate(all="ignore"):
            levels = function.run(source)
        content = levels[:: 1 + len(levels) // 64].tobytes()
        if content in seen or np.ptp(levels) < FEWEST_LEVELS:
            continue
        seen.add(content)
        palette = list(colours(levels.dtype, levels.shape[2], image.shape[2]))
        for target in targets:
            for chain in _of_levels(levels, target.levels, palette):
                yield from ((*plainly(function, source), *chain, *values) for values in target.chains)


def _of_levels(source: Array, image: Array, palette: list[Colour]) -> Iterator[Chain]:
    """Yields the chains from one image to another of its type."""
    found = list(moved(source, image, palette))
    yield from found
    if not found and source.dtype == np.uint8:
        yield from resizes(source, image, palette)
