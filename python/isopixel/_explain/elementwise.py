# SPDX-License-Identifier: MIT
"""Functions of each sample, of any types, where the places stay or are turned."""

from collections.abc import Iterator, Sequence

import numpy as np

from isopixel._explain.colours import Colour
from isopixel._explain.images import ROWS, Array, same
from isopixel._explain.operation import Operation
from isopixel._explain.recovered import recovered_functions
from isopixel._explain.turns import TURNS, turn_operations, turned, turned_size
from isopixel._explain.values import Function, functions

Chain = tuple[Operation, ...]


def elementwise(source: Array, image: Array, colours: Sequence[Colour]) -> Iterator[Chain]:
    """Yields the chains of colours, turns and one known function of each sample that make an image of a source."""
    size = image.shape[:2]
    rng = np.random.default_rng(0)
    y, x = rng.integers(0, size[0], 256), rng.integers(0, size[1], 256)
    known = list(functions(source.dtype, image.dtype, image.shape[2]))
    for turn in range(len(TURNS)):
        if turned_size(source.shape[:2], turn) != size:
            continue
        whole = turned(source, turn)
        for colour in colours:
            some, wanted = colour.run(whole[y, x][None])[0], image[y, x]
            if not is_function(some, wanted):
                continue
            before = (*colour.operations, *turn_operations(turn))
            found = list(proved(colour.run(whole), image, _fitting(known, some, wanted)))
            if not found:
                found = list(proved(colour.run(whole), image, recovered_functions(some, wanted)))
            for chain in found:
                yield (*before, *chain)


def proved(source: Array, image: Array, known: Iterator[Function]) -> Iterator[Chain]:
    """Yields the functions that make an image of a source of its size; of casts that agree the first, said plainly."""
    seen = set()
    for function in known:
        chain = plainly(function, source)
        if chain not in seen and _makes(function, source, image):
            yield chain
        seen.add(chain)


def _makes(function: Function, source: Array, image: Array) -> bool:
    """Returns whether a function makes an image, some rows after the other."""
    with np.errstate(all="ignore"):
        return all(same(function.run(source[y : y + ROWS]), image[y : y + ROWS]) for y in range(0, len(image), ROWS))


def made_by(function: Function, source: Array) -> Array:
    """Returns what a function makes of a source, some rows after the other."""
    with np.errstate(all="ignore"):
        return np.concatenate([function.run(source[y : y + ROWS]) for y in range(0, len(source), ROWS)])


def plainly(function: Function, source: Array) -> Chain:
    """Returns a function's operations without the arguments of a cast that do not matter for a source."""
    *scale, cast = function.operations
    if function.exact is None:
        return function.operations
    limits = np.iinfo(cast.name)
    matters = {"rounding": False, "overflow": False}
    round_down = cast.get("rounding") == "down"
    with np.errstate(all="ignore"):
        for y in range(0, len(source), ROWS):
            values = function.exact(source[y : y + ROWS])
            whole = np.trunc(values) if round_down else np.rint(values)
            matters["rounding"] |= bool((values != np.rint(values)).any())
            matters["overflow"] |= not bool(((whole >= limits.min) & (whole <= limits.max)).all())
            if all(matters.values()):
                break
    arguments = tuple((name, value) for name, value in cast.arguments if matters[name])
    return (*scale, Operation("cast", cast.name, arguments))


def is_function(some: Array, wanted: Array) -> bool:
    """Returns whether equal samples of a channel are equal afterwards: no function of each sample does otherwise."""
    for c in range(some.shape[1]):
        order = np.argsort(some[:, c], kind="stable")
        x, y = some[order, c], wanted[order, c]
        if ((x[1:] == x[:-1]) & (y[1:] != y[:-1])).any():
            return False
    return True


def _fitting(known: Sequence[Function], some: Array, wanted: Array) -> Iterator[Function]:
    for function in known:
        with np.errstate(all="ignore"):
            if same(function.run(some), wanted):
                yield function
