# SPDX-License-Identifier: MIT
"""The search for the functions that turn one array into another."""

from collections.abc import Callable, Iterator

import numpy as np

from isopixel._explain.boxes import Boxes
from isopixel._explain.colours import Colour, colours
from isopixel._explain.decoded import Decoded, decoded
from isopixel._explain.elementwise import elementwise, made_by, plainly
from isopixel._explain.float_resizes import float_resizes
from isopixel._explain.grays import written_colours, written_grays
from isopixel._explain.images import ROWS, Array, Reading, as_array, axes_between, misreadings, readings, same
from isopixel._explain.jpeg import jpegs
from isopixel._explain.layouts import layouts
from isopixel._explain.levels import levels
from isopixel._explain.nearest import nearest
from isopixel._explain.notes import TABLE, note_of
from isopixel._explain.operation import Explained, Explanation, Operation
from isopixel._explain.places import cut_of_others, cut_of_written, moved
from isopixel._explain.resizes import resizes
from isopixel._explain.sizes import border_of
from isopixel._explain.values import functions

Chain = tuple[Operation, ...]
Search = Callable[[Array, Array, list[Colour], bool], Iterator[Chain]]
UINT8 = np.dtype(np.uint8)
FEWEST_PIXELS = 16  # of an image that tells a crop around a resize from others
FEWEST_LEVELS = 8  # between the least and the greatest sample of a cast that is looked at further


def search(before: object, after: object) -> Explained:
    """Returns what `isopixel.explain` does."""
    new = as_array(after, "after")
    if isinstance(before, (bytes, bytearray, memoryview)):
        return _of_bytes(np.frombuffer(before, UINT8), new)
    old = as_array(before, "before")
    if same(old, new):
        return Explained((Explanation(()),), note_of(new, [()]))
    if old.ndim == 1 and old.dtype == UINT8 and new.ndim > 1:
        return _of_bytes(old, new)
    with np.errstate(all="ignore"):  # of samples that are no numbers, or too large
        if old.ndim == new.ndim == 4 and len(old) == len(new) > 1:
            return _of_batches(old, new)
        return _of_arrays(old, new)


def _of_arrays(old: Array, new: Array) -> Explained:
    chains = list(dict.fromkeys(_chains(old, new)))
    exact = sorted((chain for chain in chains if TABLE not in chain), key=len)
    if exact:
        return Explained(tuple(map(Explanation, exact)), note_of(new, exact))
    return Explained(tuple(_nearest(old, new)), note_of(new, chains))


def _of_batches(old: Array, new: Array) -> Explained:
    """Explains batches by what explains each of their images."""
    found: list[Explained] = []
    for a, b in zip(old, new, strict=True):
        found.append(_of_arrays(a, b) if not same(a, b) else Explained((Explanation(()),)))
        if not found[-1].is_exact:
            return found[-1]
    common = [one for one in found[0] if all(one in other.found for other in found)]
    return Explained(tuple(common), found[0].note)


def _of_bytes(data: Array, new: Array) -> Explained:
    if not len(data):
        raise ValueError("before is empty: an image needs at least one byte")
    chains = []
    content = data.tobytes()
    for target in readings(new):
        decodings = [Decoded(target.image, ((),))] if new.dtype == UINT8 else list(decoded(target.image))
        axes = axes_between(Reading(target.image, "HWC" if target.image.shape[2] > 1 else "HW"), target)
        for one in decodings:
            for chain in layouts(content, one.levels):
                chains += [(*chain, *values, *axes) for values in one.chains]
    chains = sorted(dict.fromkeys(chains), key=len)
    return Explained(tuple(map(Explanation, chains)), note_of(new, chains))


def _chains(old: Array, new: Array) -> Iterator[Chain]:
    found = [
        chain for source in readings(old) for target in readings(new) for chain in _of_images(source, target, _of_types)
    ]
    if not found and old.dtype == new.dtype and old.size == new.size and same(old.ravel(), new.ravel()):
        found = [(Operation("reshape", "reshape", (("shape", new.shape),)),)]
    if not found:
        for source in readings(old):
            for target in misreadings(new):
                shape = Operation("reshape", "reshape", (("shape", new.shape),))
                made = _of_images(source, target, _of_types, deep=False)
                found += [(*chain, shape) for chain in made if TABLE not in chain]
    if not found:
        found = [
            chain
            for source in readings(old)
            for target in readings(new)
            for chain in _of_images(source, target, _at_last)
        ]
    yield from found


def _of_images(source: Reading, target: Reading, search: Search, *, deep: bool = True) -> Iterator[Chain]:
    """Yields the chains from one image to another, by a search; those of many steps if it is deep."""
    old, new = source.image, target.image
    palette = list(colours(old.dtype, old.shape[2], new.shape[2]))
    chains = list(search(old, new, palette, deep))
    if deep and not chains:
        chains += _within(old, new, palette, search)
    is_gray = new.shape[2] == 3 and old.shape[2] >= 3 and not chains
    if is_gray and same(new[..., 0], new[..., 1]) and same(new[..., 1], new[..., 2]):
        gray, grays = new[..., :1], list(colours(old.dtype, old.shape[2], 1))
        repeated = Operation("channels", "repeated")
        chains = [(*chain, repeated) for chain in search(old, gray, grays, deep)]
    for chain in chains:
        yield (*chain, *axes_between(source, target))


def _within(old: Array, new: Array, palette: list[Colour], search: Search) -> Iterator[Chain]:
    """Yields the chains that make what lies within a border of one colour, by a search, and pad it."""
    border, size = border_of(new), new.shape[:2]
    if border is None:
        return
    top, left, height, width = border.inside(size)
    if (height, width) == size:
        return
    for chain in search(old, new[top : top + height, left : left + width], palette, False):
        if TABLE not in chain:
            yield (*chain, border.pad(size, (top, left)))


def _of_types(old: Array, new: Array, palette: list[Colour], deep: bool) -> Iterator[Chain]:
    chains: list[Chain] = []
    if old.dtype == new.dtype:
        chains += _of_levels(old, new, palette, deep)
    elif old.dtype == UINT8:
        for one in decoded(new):
            before = list(_of_levels(old, one.levels, palette, deep))
            if deep and not before:
                before += _within(old, one.levels, palette, _of_levels)
            chains += [(*chain, *function) for chain in before for function in one.chains]
    if old.dtype == new.dtype == UINT8:
        if deep and not chains:
            chains += jpegs(old, new, palette)
        yield from chains or (chain for chain, _ in levels(old, new, palette))
        return
    chains = chains or list(elementwise(old, new, palette)) or list(written_grays(old, new))
    if deep and not chains and new.dtype.kind == "f":
        chains += float_resizes(old, new, palette)
    if deep and not chains and old.dtype != UINT8:
        chains += _of_casts(old, new)
    yield from chains


def _at_last(old: Array, new: Array, palette: list[Colour], deep: bool) -> Iterator[Chain]:
    """Yields the chains for which it is looked longest, if there are no others."""
    if old.dtype != UINT8:
        return
    for one in decoded(new) if new.dtype != UINT8 else [Decoded(new, ((),))]:
        before = list(_of_levels_at_last(old, one.levels, palette, deep))
        if deep and not before and new.dtype != UINT8:
            before += _within(old, one.levels, palette, _of_levels_at_last)
        yield from ((*chain, *function) for chain in before for function in one.chains)


def _of_levels_at_last(source: Array, image: Array, palette: list[Colour], deep: bool) -> Iterator[Chain]:
    """Yields the chains with a crop from anywhere, or a gray that code writes out before other functions."""
    is_gray = image.shape[2] == 1 and source.shape[2] >= 3
    grays = list(written_colours(source.shape[2])) if is_gray else []
    boxes = Boxes(source, image, [*palette, *grays])
    found = list(boxes.chains(palette))
    if grays:
        found = found or list(cut_of_written(source, image, grays))
        found = found or list(resizes(source, image, grays, whole=True))
        if deep and image.shape[0] * image.shape[1] >= FEWEST_PIXELS:
            found = found or list(resizes(source, image, grays, whole=False))
        found = found or list(boxes.chains(grays))
    yield from found


def _of_casts(source: Array, image: Array) -> Iterator[Chain]:
    """Yields the chains that begin with a cast to uint8: those of the first cast that explains the image."""
    seen: set[bytes] = set()
    targets = list(decoded(image)) if image.dtype != UINT8 else [Decoded(image, ((),))]
    some = source[:: 1 + len(source) // ROWS]
    for function in functions(source.dtype, UINT8, source.shape[2]) if targets else ():
        levels = made_by(function, some)
        content = levels.tobytes()
        if content in seen or np.ptp(levels) < FEWEST_LEVELS:
            continue
        seen.add(content)
        cast = made_by(function, source)
        palette = list(colours(cast.dtype, cast.shape[2], image.shape[2]))
        found = [
            (*plainly(function, source), *chain, *values)
            for target in targets
            for chain in _of_levels(cast, target.levels, palette, deep=False)
            for values in target.chains
        ]
        yield from found
        if found:
            return


def _of_levels(source: Array, image: Array, palette: list[Colour], deep: bool) -> Iterator[Chain]:
    """Yields the chains from one image to another of its type."""
    found = list(moved(source, image, palette))
    if source.dtype == UINT8:
        found = found or list(written_grays(source, image))
        found = found or list(resizes(source, image, palette, whole=True))
        found = found or list(cut_of_others(source, image, palette))
        if deep and image.shape[0] * image.shape[1] >= FEWEST_PIXELS:
            found = found or list(resizes(source, image, palette, whole=False))
    yield from found


def _nearest(old: Array, new: Array) -> list[Explanation]:
    """Returns what comes nearest, of images of uint8."""
    for source in readings(old):
        for target in readings(new):
            if source.image.dtype == target.image.dtype == UINT8:
                palette = list(colours(UINT8, source.image.shape[2], target.image.shape[2]))
                found = nearest(source.image, target.image, palette) if palette else []
                axes = axes_between(source, target)
                if found:
                    return [Explanation((*one.operations, *axes), one.share, one.maximum) for one in found]
    return []
