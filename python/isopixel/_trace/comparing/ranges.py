# SPDX-License-Identifier: MIT
"""What the least and the greatest value show of a function, if no samples are kept."""

import numpy as np

from isopixel._explain.operation import Operation
from isopixel._explain.values import Function as Known
from isopixel._explain.values import functions
from isopixel._trace.records import Array, Value

FLOATS = ("float32", "float64")
NOTE = "by the least and the greatest value, since no samples are kept"

Chain = tuple[Operation, ...]


def chains_by_range(before: Value, after: Value) -> tuple[Chain, ...]:
    """Returns the conversions of values that make both ends of a range, bit for bit; () if none is known."""
    same_form = before.size == after.size and len(before.planes) == len(after.planes) > 0
    if not same_form or len(before.range) != 2 or before.range[0] == before.range[1]:
        return ()
    if before.dtype == "uint8" and after.dtype in FLOATS:
        return _of_levels(before, after)
    if before.dtype in FLOATS and after.dtype == "uint8" and after.range != (0, 255):
        return _to_levels(before, after)
    return ()


def _of_levels(before: Value, after: Value) -> tuple[Chain, ...]:
    """Returns the functions of levels by whose values of some channel the range ends, and within which it lies."""
    low, high = (int(level) for level in before.range)
    levels = np.repeat(np.arange(low, high + 1, dtype=np.uint8)[:, None], len(after.planes), axis=1)
    found = []
    for dtype in ("uint8", *FLOATS):  # of floats: levels that are not scaled first
        cast = () if dtype == "uint8" else (Operation("cast", dtype),)
        for known in functions(np.dtype(dtype), np.dtype(after.dtype), len(after.planes)):
            values = _run(known, levels.astype(dtype)).astype(np.float64)
            ends = [np.sort(values[place]) for place in (0, -1)]
            is_within = all(end[0] <= value <= end[-1] for end, value in zip(ends, after.range, strict=True))
            if is_within and all((values == value).any() for value in after.range):
                found.append((*cast, *known.operations))
    return tuple(dict.fromkeys(found))


def _to_levels(before: Value, after: Value) -> tuple[Chain, ...]:
    """Returns the functions to levels that make these ends of those: they keep the order of values, but for wraps."""
    ends = np.array(before.range, before.dtype)[:, None]
    found = [
        known.operations
        for known in functions(ends.dtype, np.dtype(np.uint8), 1)
        if known.operations[-1].get("overflow") != "wrap" and tuple(_run(known, ends)[:, 0].tolist()) == after.range
    ]
    return tuple(dict.fromkeys(found))


def _run(known: Known, values: Array) -> Array:
    with np.errstate(all="ignore"):
        return known.run(values)
