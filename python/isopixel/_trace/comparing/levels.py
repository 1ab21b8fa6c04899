# SPDX-License-Identifier: MIT
"""Levels that a step changes before it scales them, as code does in one expression."""

from collections.abc import Iterator

import numpy as np

from isopixel._explain.levels import names_of, table_of
from isopixel._explain.operation import REVERSED, Operation
from isopixel._explain.values import tables
from isopixel._trace.records import Array, Value

FIRST = 64  # samples of a row by which most functions are ruled out

Chain = tuple[Operation, ...]


def chains_of_levels(before: Value, after: Value) -> tuple[Chain, ...]:
    """Returns the known functions of levels, each with a conversion to floats, that make the samples; () if none do."""
    source, image = before.image, after.image
    if source is None or image is None or source.shape != image.shape or not image.size:
        return ()
    if source.dtype != np.uint8 or image.dtype not in (np.float32, np.float64):
        return ()
    found = tuple(dict.fromkeys(_chains(source, image)))
    if found or source.shape[2] != 3:
        return found
    return tuple((REVERSED, *chain) for chain in dict.fromkeys(_chains(source[..., ::-1], image)))


def _chains(source: Array, image: Array) -> Iterator[Chain]:
    for table in tables(image.dtype, image.shape[2]):
        if _levels(image[:1, :FIRST], table.values) is None or (levels := _levels(image, table.values)) is None:
            continue
        if (function := table_of(source, levels)) is not None:
            yield from ((named, *table.operations) for named in names_of(*function))


def _levels(image: Array, values: Array) -> Array | None:
    """Returns the levels whose values an image has; None if it has others."""
    levels = np.empty(image.shape, np.uint8)
    for channel in range(image.shape[2]):
        order = np.argsort(values[:, channel], kind="stable")
        ordered = values[order, channel]
        if not (np.diff(ordered) > 0).all():  # values that several levels have, or none
            return None
        places = np.searchsorted(ordered, image[..., channel]).clip(0, 255)
        if not np.array_equal(ordered[places], image[..., channel]):
            return None
        levels[..., channel] = order[places]
    return levels
