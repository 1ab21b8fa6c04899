# SPDX-License-Identifier: MIT
"""Arrays as uint8 images that a known function of each sample has changed: the table undone."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from isopixel._explain.images import Array
from isopixel._explain.operation import Operation
from isopixel._explain.recovered import recovered_tables
from isopixel._explain.values import Table, tables

Chain = tuple[Operation, ...]


@dataclass(frozen=True)
class Decoded:
    """The uint8 image of an array, and the functions that make the array of it bit for bit.

    Attributes:
        levels: (H, W, C), uint8.
        chains: the operations of each of the functions.
    """

    levels: Array
    chains: tuple[Chain, ...]


def decoded(image: Array) -> Iterator[Decoded]:
    """Yields the uint8 images of which an image (H, W, C) of another type is made by a known table.

    A table counts if each sample is one of its values: then its numbers are the levels.
    """
    found: list[tuple[Array, list[Chain]]] = []
    known = _possible(image, tables(image.dtype, image.shape[2]))
    for table in known or _possible(image, tuple(recovered_tables(image))):
        for levels, chains in found:
            if _makes(table, levels, image):
                chains.append(table.operations)
                break
        else:
            undone = _levels(table, image)
            if undone is not None:
                found.append((undone, [table.operations]))
    for levels, chains in found:
        yield Decoded(levels, tuple(chains))


def _possible(image: Array, known: tuple[Table, ...]) -> list[Table]:
    """Returns the tables that have a few of the samples, of each channel, among their values."""
    if not known:
        return []
    rng = np.random.default_rng(0)
    height, width, channels = image.shape
    some = image[rng.integers(0, height, 12), rng.integers(0, width, 12)]
    values = np.stack([table.values for table in known])
    holds = np.ones(len(known), np.bool_)
    for c in range(channels):
        holds &= (values[:, :, None, c] == some[None, None, :, c]).any(1).all(1)
    return [table for table, is_held in zip(known, holds, strict=True) if is_held]


def _levels(table: Table, image: Array) -> Array | None:
    """Returns the levels of an image by a table; None if a sample is none of its values."""
    levels = np.empty(image.shape, np.uint8)
    for c in range(image.shape[2]):
        column = table.values[:, c]
        order = np.argsort(column, kind="stable")
        first, last = column[order[0]], column[order[-1]]
        plane = np.ascontiguousarray(image[..., c])
        # Tables are straight but for rounding: the place of a value is a guess, which is then proved.
        if image.dtype.kind == "f" and first < last:
            scale = 255 / (float(last) - float(first))
            guess = ((plane - first) * plane.dtype.type(scale) + plane.dtype.type(0.5)).clip(0, 255)
            place = np.nan_to_num(guess).astype(np.uint8)
        else:
            place = np.searchsorted(column[order], plane).clip(0, 255).astype(np.uint8)
        levels[..., c] = order.astype(np.uint8)[place]
    return levels if _makes(table, levels, image) else None


def _makes(table: Table, levels: Array, image: Array) -> bool:
    """Returns whether a table makes an image of levels, bit for bit."""
    for c in range(image.shape[2]):
        made, plane = table.values[:, c][levels[..., c]], image[..., c]
        if image.dtype.kind == "f":
            bits = f"u{image.dtype.itemsize}"
            made, plane = made.view(bits), np.ascontiguousarray(plane).view(bits)
        if not np.array_equal(made, plane):
            return False
    return True
