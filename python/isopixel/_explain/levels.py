# SPDX-License-Identifier: MIT
"""Functions of each sample from uint8 to uint8."""

from collections.abc import Iterator, Sequence
from functools import lru_cache

import numpy as np

from isopixel._explain.colours import Colour
from isopixel._explain.elementwise import is_function
from isopixel._explain.images import Array
from isopixel._explain.operation import Operation
from isopixel._explain.turns import TURNS, turn_operations, turned, turned_size

Chain = tuple[Operation, ...]

FACTORS = tuple(n / 100 for n in range(1, 401))  # of brightness


def levels(source: Array, image: Array, colours: Sequence[Colour]) -> Iterator[tuple[Chain, bool]]:
    """Yields the chains of colours, turns and a table by which an image (H, W, C) is made of a source, both uint8.

    With each comes whether the table has a name; a table that has none ends in the operation "levels table".
    """
    size = image.shape[:2]
    rng = np.random.default_rng(0)
    y, x = rng.integers(0, size[0], 256), rng.integers(0, size[1], 256)
    for turn in range(len(TURNS)):
        if turned_size(source.shape[:2], turn) != size:
            continue
        whole = turned(source, turn)
        for colour in colours:
            if not is_function(colour.run(whole[y, x][None])[0], image[y, x]):
                continue
            table = table_of(colour.run(whole), image)
            if table is not None:
                before = (*colour.operations, *turn_operations(turn))
                named = list(names_of(*table))
                yield from (((*before, operation), True) for operation in named)
                if not named:
                    yield (*before, Operation("levels", "table")), False


def table_of(source: Array, image: Array) -> tuple[Array, Array] | None:
    """Returns what each level becomes, and which levels there are; None if the samples are no function of the levels.

    One function for all channels is meant: a table for each would fit images of few levels by chance.
    """
    table = np.zeros(256, np.uint8)
    table[source] = image
    used = np.zeros(256, np.bool_)
    used[source] = True
    return (table, used) if np.array_equal(table[source], image) else None


def names_of(table: Array, used: Array) -> Iterator[Operation]:
    """Yields the known functions that are a table where there are levels: of factors the shortest."""
    told = set()
    operations, values = _stacked()
    for place in np.flatnonzero((values[:, used] == table[used]).all(1)):
        operation = operations[place]
        kind = (operation.name, operation.get("rounding"), operation.get("overflow"))
        if kind not in told:
            told.add(kind)
            yield operation


@lru_cache(maxsize=1)
def _stacked() -> tuple[tuple[Operation, ...], Array]:
    operations, values = zip(*_known(), strict=True)
    return operations, np.stack(values)


def _known() -> tuple[tuple[Operation, Array], ...]:
    u = np.arange(256)
    known = [(Operation("levels", "inverted"), (255 - u).astype(np.uint8))]
    for value in (sign * n for n in range(1, 256) for sign in (1, -1)):
        for overflow, made in (("clip", (u + value).clip(0, 255)), ("wrap", (u + value) % 256)):
            operation = Operation("levels", "plus", (("value", value), ("overflow", overflow)))
            known.append((operation, made.astype(np.uint8)))
    for factor in sorted(FACTORS, key=lambda one: (len(str(one)), one)):
        products = (u * factor, (u.astype(np.float32) * np.float32(factor)).astype(np.float64))
        for rounding, whole in (("nearest", np.rint), ("down", np.trunc)):
            for product in products if factor != 1 else ():
                made = whole(product)
                for overflow, fitted in (("clip", made.clip(0, 255)), ("wrap", made % 256)):
                    arguments = (("factor", factor), ("rounding", rounding), ("overflow", overflow))
                    known.append((Operation("levels", "times", arguments), fitted.astype(np.uint8)))
    return tuple(known)
