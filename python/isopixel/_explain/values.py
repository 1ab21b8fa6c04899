# SPDX-License-Identifier: MIT
"""Functions of each sample that change its type or scale: casts, scales, normalisations."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import Any

import numpy as np

from isopixel._explain.constants import KNOWN, Constants
from isopixel._explain.images import Array
from isopixel._explain.operation import Operation
from isopixel._recipe import opened

Run = Callable[[Array], Array]
Dtype = np.dtype[Any]

FLOATS = (np.dtype(np.float32), np.dtype(np.float64))
FROZEN_ROUNDINGS = ("exact", "steps", "fused", "reciprocal")  # those of recipes (SPEC)
MODES = {1: "gray", 3: "rgb", 4: "rgba"}  # of recipes, by channels


@dataclass(frozen=True)
class Function:
    """A function of each sample, by its channel.

    Attributes:
        operations: what it is.
        run: makes an array (…, C) of one.
        exact: of a cast, makes what is cast.
    """

    operations: tuple[Operation, ...]
    run: Run
    exact: Run | None = None

    def then_cast(self, target: Dtype) -> "Function":
        """Returns this function with a cast to another type of floats behind it."""
        return Function((*self.operations, Operation("cast", target.name)), lambda x: self.run(x).astype(target))


@dataclass(frozen=True)
class Table:
    """What each value of uint8 becomes.

    Attributes:
        operations: what it is.
        values: (256, C).
    """

    operations: tuple[Operation, ...]
    values: Array


@lru_cache(maxsize=32)
def tables(target: Dtype, channels: int) -> tuple[Table, ...]:
    """Returns the known functions from uint8 to another type, the simplest first.

    Of a name each is there once, but that all of the frozen roundings are there, which may agree.
    """
    levels = np.repeat(np.arange(256, dtype=np.uint8)[:, None], channels, axis=1)
    found: list[Table] = []
    seen: set[object] = set()
    for function in functions(levels.dtype, target, channels):
        with np.errstate(all="ignore"):
            values = function.run(levels)
        first = function.operations[0]
        content = (first.kind, first.name, values.tobytes())
        is_frozen = first.get("rounding") in FROZEN_ROUNDINGS
        if content not in seen or (is_frozen and function.operations not in seen):
            found.append(Table(function.operations, values))
        seen |= {content, function.operations}
    return tuple(found)


def functions(source: Dtype, target: Dtype, channels: int) -> Iterator[Function]:
    """Yields the known functions of samples from one type to another, the simplest first."""
    if target.kind == "f":
        yield from _to_floats(source, target, channels)
    elif source.kind == "f":
        yield from _floats_to_whole(source, target)
    else:
        yield from _whole_to_whole(source, target)


def _to_floats(source: Dtype, target: Dtype, channels: int) -> Iterator[Function]:
    whole = source.kind != "f"
    if source != target:
        yield Function((Operation("cast", target.name),), lambda x: x.astype(target))
    for function, made in _in_floats(source, channels, whole):
        yield function if made == target else function.then_cast(target)


def _in_floats(source: Dtype, channels: int, whole: bool) -> Iterator[tuple[Function, Dtype]]:
    kinds = FLOATS if source.itemsize < 8 else FLOATS[1:]
    for kind in kinds:
        for name, scale in _scales(kind.type, whole):
            yield _scale(name, kind, scale), kind
    for constants in KNOWN:
        yield from normalizations(constants, source, channels)


def _scale(name: str, kind: Dtype, run: Run) -> Function:
    return Function((Operation("scale", name, (("arithmetic", kind.name),)),), run)


def _scales(t: Any, whole: bool) -> Iterator[tuple[str, Run]]:
    yield "divided-by-255", lambda x: x.astype(t) / t(255)
    yield "times-1/255", lambda x: x.astype(t) * t(1 / 255)
    yield "divided-by-127.5-minus-1", lambda x: x.astype(t) / t(127.5) - t(1)
    yield "times-1/127.5-minus-1", lambda x: x.astype(t) * t(1 / 127.5) - t(1)
    yield "divided-by-255-times-2-minus-1", lambda x: x.astype(t) / t(255) * t(2) - t(1)
    yield "divided-by-256", lambda x: x.astype(t) / t(256)
    yield "divided-by-128-minus-1", lambda x: x.astype(t) / t(128) - t(1)
    yield "divided-by-65535", lambda x: x.astype(t) / t(65535)
    if not whole:
        yield "times-255", lambda x: x.astype(t) * t(255)
        yield "times-2-minus-1", lambda x: x.astype(t) * t(2) - t(1)
        yield "plus-1-divided-by-2", lambda x: (x.astype(t) + t(1)) / t(2)


def normalizations(
    constants: Constants, source: Dtype, channels: int, orders: tuple[str, ...] | None = None
) -> Iterator[tuple[Function, Dtype]]:
    """Yields the ways to normalise samples of a type by constants, with the type that each makes."""
    for order in orders or constants.orders:
        numbers = constants.of(channels, order)
        if numbers is None:
            continue
        mean, std = numbers
        arguments: list[tuple[str, Any]] = [("mean", _short(mean)), ("std", _short(std))]
        if orders is None and len(constants.orders) > 1 and channels > 1:
            arguments.append(("order", order))
        if source.kind != "f":
            arguments.append(("range", constants.range))
        made = _of_bytes(constants, mean, std) if source == np.uint8 else _of_others(constants, mean, std, source)
        for rounding, run, kind in made:
            operation = Operation("normalize", constants.name, (*arguments, ("rounding", rounding)))
            yield Function((operation,), run), kind


def _of_bytes(
    constants: Constants, mean: tuple[float, ...], std: tuple[float, ...]
) -> Iterator[tuple[str, Run, Dtype]]:
    """Yields the normalisations of uint8: those of recipes (SPEC R-30, R-55, R-56), then other orders of operations."""
    for rounding in FROZEN_ROUNDINGS[:2] if constants.range == 255 else FROZEN_ROUNDINGS:
        table = _frozen(mean, std, constants.range, rounding)
        if table is not None:
            yield rounding, lambda x, table=table: table[x, np.arange(x.shape[-1])], FLOATS[0]  # type: ignore[misc]
    yield from _of_others(constants, mean, std, np.dtype(np.uint8))


def _frozen(mean: tuple[float, ...], std: tuple[float, ...], scale: int, rounding: str) -> Array | None:
    mode = MODES.get(len(mean))
    if mode is None:
        return None
    numbers = [",".join(map(str, values)) for values in (mean, std)]
    line = f"isopixel 1: image {mode} | normalize mean={numbers[0]} std={numbers[1]} range={scale} rounding={rounding}"
    try:
        table = opened(line).table()
    except ValueError:  # a recovered constant that a recipe does not have
        return None
    return None if table is None else table.T.copy()


def _of_others(
    constants: Constants, mean: tuple[float, ...], std: tuple[float, ...], source: Dtype
) -> Iterator[tuple[str, Run, Dtype]]:
    m, s = np.array(mean), np.array(std)
    most = 255.0 if source.kind != "f" and constants.range == 1 else 1.0
    if source.itemsize < 8:
        yield from _in_float32(m, s, most)
    one = FLOATS[1].type
    yield "float64", lambda x: (x / one(most) - m) / s, FLOATS[1]
    yield "float64-reciprocal", lambda x: (x * one(1 / most) - m) / s, FLOATS[1]
    yield "float64-multiplied", lambda x: (x / one(most) - m) * (1 / s), FLOATS[1]
    yield "float64-fused", lambda x: (x - m * most) / (s * most), FLOATS[1]
    yield "float64-fused-multiplied", lambda x: (x - m * most) * (1 / (s * most)), FLOATS[1]
    if source.itemsize < 8 and most == 255:
        f = FLOATS[0].type
        yield "float32-float64", lambda x: ((x.astype(f) / f(most)).astype(one) - m) / s, FLOATS[1]


def _in_float32(m: Array, s: Array, most: float) -> Iterator[tuple[str, Run, Dtype]]:
    """Yields the orders of operations in float32.

    "steps", "fused" and "reciprocal" are those of SPEC R-56. With "rounded" the fused constants are computed in float64
    and rounded once; "multiplied" multiplies by 1/std instead of dividing by std; "affine" computes a·x + b.
    """
    f = FLOATS[0].type
    m32, s32 = m.astype(f), s.astype(f)
    m_once, s_once = (m * most).astype(f), (s * most).astype(f)
    inverse, inverse_once = (1 / s).astype(f), (1 / (s * most)).astype(f)
    inverse32, inverse_once32 = f(1) / s32, f(1) / s_once
    shift = (-m / s).astype(f)
    ways: list[tuple[str, Run]] = [
        ("steps", lambda x: ((x / f(most) if most != 1 else x) - m32) / s32),
        ("multiplied", lambda x: ((x / f(most) if most != 1 else x) - m32) * inverse),
        ("multiplied-float32", lambda x: ((x / f(most) if most != 1 else x) - m32) * inverse32),
        ("affine", lambda x: x * inverse_once + shift),
    ]
    if most != 1:
        ways += [
            ("reciprocal", lambda x: (x * f(1 / most) - m32) / s32),
            ("reciprocal-multiplied", lambda x: (x * f(1 / most) - m32) * inverse),
            ("fused", lambda x: (x - m32 * f(most)) / (s32 * f(most))),
            ("fused-rounded", lambda x: (x - m_once) / s_once),
            ("fused-multiplied", lambda x: (x - m_once) * inverse_once),
            ("fused-multiplied-float32", lambda x: (x - m_once) * inverse_once32),
            ("float64-scale", lambda x: ((x * (1 / most)).astype(f) - m32) / s32),
        ]
    for name, run in ways:
        if name == "float64-scale":
            yield name, lambda x, run=run: run(x.astype(np.float64)), FLOATS[0]  # type: ignore[misc]
        else:
            yield name, lambda x, run=run: run(x.astype(f)), FLOATS[0]  # type: ignore[misc]


def _floats_to_whole(source: Dtype, target: Dtype) -> Iterator[Function]:
    yield from _casts((), lambda x: x, target)
    for kind in FLOATS if source.itemsize < 8 else FLOATS[1:]:
        t: Any = kind.type
        for name, run in (
            ("times-255", lambda x, t=t: x.astype(t) * t(255)),
            ("times-255.999", lambda x, t=t: x.astype(t) * t(255 + 1.0 - 1e-3)),
            ("times-256", lambda x, t=t: x.astype(t) * t(256)),
            ("times-255-plus-0.5", lambda x, t=t: x.astype(t) * t(255) + t(0.5)),
            ("plus-1-times-127.5", lambda x, t=t: (x.astype(t) + t(1)) * t(127.5)),
            ("times-127.5-plus-127.5", lambda x, t=t: x.astype(t) * t(127.5) + t(127.5)),
            ("plus-1-divided-by-2-times-255", lambda x, t=t: (x.astype(t) + t(1)) / t(2) * t(255)),
            ("times-65535", lambda x, t=t: x.astype(t) * t(65535)),
        ):
            yield from _casts((Operation("scale", name, (("arithmetic", kind.name),)),), run, target)


def _casts(operations: tuple[Operation, ...], run: Run, target: Dtype) -> Iterator[Function]:
    """Yields the casts of floats to whole numbers: rounded or cut off, limited or wrapped."""
    for rounding, whole in (("nearest", np.rint), ("down", np.trunc)):
        for overflow, fit in (("clip", _clipped), ("wrap", _wrapped)):

            def cast(x: Array, whole: Any = whole, fit: Callable[[Array, Dtype], Array] = fit) -> Array:
                return fit(whole(run(x)), target)

            arguments = (("rounding", rounding), ("overflow", overflow))
            yield Function((*operations, Operation("cast", target.name, arguments)), cast, run)


def _clipped(x: Array, target: Dtype) -> Array:
    if target == np.bool_:
        return x.astype(np.bool_)
    limits = np.iinfo(target)
    made: Array = np.nan_to_num(x).clip(limits.min, limits.max).astype(target)
    return made


def _wrapped(x: Array, target: Dtype) -> Array:
    if x.dtype.kind == "f":
        x = np.nan_to_num(x).clip(-(2.0**62), 2.0**62).astype(np.int64)
    return x.astype(target)


def _fitted(x: Array, fit: Callable[[Array, Dtype], Array], target: Dtype) -> Array:
    return fit(x, target)


def _whole_to_whole(source: Dtype, target: Dtype) -> Iterator[Function]:
    if source == target:
        return
    if np.can_cast(source, target):
        yield Function((Operation("cast", target.name),), lambda x: x.astype(target))
    else:
        for overflow, fit in (("clip", _clipped), ("wrap", _wrapped)):
            operation = Operation("cast", target.name, (("overflow", overflow),))
            yield Function((operation,), partial(_fitted, fit=fit, target=target), lambda x: x)
    cast = Operation("cast", target.name)
    if target == np.int8:
        yield Function((Operation("scale", "minus-128"), cast), lambda x: (x.astype(np.int64) - 128).astype(target))
    for name, factor in (("times-257", 257), ("times-256", 256)) if source.itemsize < target.itemsize else ():
        scale = Operation("scale", name)
        yield Function((scale, cast), lambda x, factor=factor: (x.astype(np.int64) * factor).astype(target))  # type: ignore[misc]
    for name, factor in (("divided-by-256", 256), ("divided-by-257", 257)) if source.itemsize > target.itemsize else ():
        for rounding, half in (("down", 0), ("nearest", factor // 2)):
            operations = (Operation("scale", name), Operation("cast", target.name, (("rounding", rounding),)))

            def run(x: Array, factor: int = factor, half: int = half) -> Array:
                return _clipped((x.astype(np.int64) + half) // factor, target)

            yield Function(operations, run)
    if source.itemsize > target.itemsize:  # 257 has no half
        cast = Operation("cast", target.name, (("rounding", "half-even"),))
        yield Function((Operation("scale", "divided-by-256"), cast), lambda x: _clipped(np.rint(x / 256), target))


def _short(values: tuple[float, ...]) -> float | tuple[float, ...]:
    numbers = tuple(int(value) if value == int(value) else value for value in values)
    return numbers[0] if len(set(numbers)) == 1 else numbers
