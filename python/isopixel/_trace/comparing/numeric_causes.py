# SPDX-License-Identifier: MIT
"""Why two conversions of sample values differ: casts, scales and normalisations."""

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from isopixel._explain.operation import Operation
from isopixel._trace.comparing.cause import Cause

NUMERIC = frozenset(("cast", "scale", "normalize"))
CHANNELS = 4  # of which a formula is compared; a mean of fewer is repeated
CLOSE = 1e-3  # relative: formulas that are nearer are one formula, in different rounding
HALF = "-plus-0.5"
STEP = re.compile(r"(divided-by|times|plus|minus)-(-?[\d.]+(?:e[+-]?\d+)?(?:/[\d.]+)?)")  # of the name of a scale

Formula = tuple[tuple[float, float], ...]  # of each channel, the factor and what is added

TO_ONES: Formula = ((1 / 127.5, -1.0),) * CHANNELS  # from levels to -1 to 1: a scale, also as a mean and std of 0.5


def numeric_causes(a: Sequence[Operation], b: Sequence[Operation], dtypes: tuple[str, str]) -> Iterator[Cause]:
    """Yields why two chains of casts, scales and normalisations differ; nothing if that of one side has no effect.

    Args:
        a: what side A does.
        b: what side B does to the same samples.
        dtypes: of what they make; if a side does nothing, of what both end with.
    """
    names = f"A {_chain(a)}; B {_chain(b)}"
    found = False
    a, b = _half_up(a), _half_up(b)
    overflows, roundings = (_arguments(a, b, name) for name in ("overflow", "rounding"))
    if "wrap" in overflows and overflows[0] != overflows[1]:
        found = True
        side = "A" if overflows[0] == "wrap" else "B"
        words = f"uint8 wraps modulo 256 on side {side}, instead of stopping at 255: {names}"
        yield Cause("wrap", words, "image = np.clip(image, 0, 255).astype(np.uint8)  # on both sides")
    if "down" in roundings and roundings[0] != roundings[1]:
        found = True
        side = "A" if roundings[0] == "down" else "B"
        words = f"side {side} cuts fractions off where the other rounds: {names}"
        yield Cause("cut-off", words, "image = np.rint(image).clip(0, 255).astype(np.uint8)  # on both sides")
    formulas = _formula(a), _formula(b)
    if None in formulas:
        if not found:
            yield Cause("scale", f"the values are scaled in two ways: {names}", "scale in one way on both sides")
        return
    one, other = formulas
    assert one is not None and other is not None
    if not _close(one, other):
        yield _formula_cause(a, b, one, other, names)
    elif not found and set(roundings) == {"nearest", "half-up"}:
        words = f"both sides round to whole numbers, halves up on one and to even on the other: {names}"
        yield Cause("rounding", words, "image = np.rint(image).clip(0, 255).astype(np.uint8)  # on both sides")
    elif not found and a and b and (dtypes[0] == dtypes[1] or _normalizations(a) != _normalizations(b)):
        yield rounding_cause(a, b)
    if dtypes[0] != dtypes[1]:
        words = f"the results have different dtypes: A {dtypes[0]}, B {dtypes[1]} ({names})"
        cast = "array.bfloat16()" if dtypes[0] == "bfloat16" else f"array.astype(np.{dtypes[0]})"
        yield Cause("dtype", words, f"array = {cast}  # on both sides")


def deep_causes(a: Sequence[Operation], b: Sequence[Operation], causes: Sequence[Cause]) -> tuple[Cause, ...]:
    """Returns the causes of two conversions of samples of 16 bits: of two to uint8 one, whatever they differ by."""
    if not causes or not all(operations and operations[-1].name == "uint8" for operations in (a, b)):
        return tuple(causes)
    words = f"16 bits become 8 in two ways: A {_chain(a)}; B {_chain(b)}"
    return (Cause("16-bit", words, "image = (image >> 8).astype(np.uint8)  # or another rule, the same on both sides"),)


def _half_up(operations: Sequence[Operation]) -> Sequence[Operation]:
    """Returns a chain with half added and the fraction cut off told as what it is, a rounding to the nearest."""
    told = list(operations)
    for place, (scale, cast) in enumerate(pairwise(operations)):
        if scale.name.endswith(HALF) and cast.get("rounding") == "down":
            arguments = {**dict(cast.arguments), "rounding": "half-up"}
            told[place] = replace(scale, name=scale.name.removesuffix(HALF))
            told[place + 1] = replace(cast, arguments=tuple(arguments.items()))
    return told


def rounding_cause(a: Sequence[Operation], b: Sequence[Operation]) -> Cause:
    """Returns that two chains are one formula, in different rounding."""
    words = f"the same formula, rounded in another order: A {_chain(a)}; B {_chain(b)}"
    remedy = "isopixel.normalize(image, mean, std)  # rounded once, on both sides; or one library's code on both"
    return Cause("rounding", words, remedy)


def _chain(operations: Sequence[Operation]) -> str:
    return " | ".join(map(str, operations)) or "does nothing"


def _arguments(a: Sequence[Operation], b: Sequence[Operation], name: str) -> tuple[str | None, str | None]:
    """Returns an argument of the casts on each side: how it rounds first, what the last one does with an overflow."""

    def told(operations: Sequence[Operation]) -> str | None:
        casts = [operation.get(name) for operation in operations if operation.kind == "cast"]
        values = [value for value in casts if value is not None]
        return None if not values else values[0] if name == "rounding" else casts[-1]

    return told(a), told(b)


def _normalizations(operations: Sequence[Operation]) -> list[Operation]:
    return [operation for operation in operations if operation.kind == "normalize"]


def _formula(operations: Sequence[Operation]) -> Formula | None:
    """Returns what a chain does to the values of each channel, but for rounding; None if that is not known."""
    formula: Formula = ((1.0, 0.0),) * CHANNELS
    for operation in operations:
        step = _of_normalize(operation) if operation.kind == "normalize" else _of_scale(operation)
        if step is None:
            return None
        formula = tuple((s * f, s * o + p) for (f, o), (s, p) in zip(formula, step, strict=True))
    return formula if all(factor != 0 and math.isfinite(factor + offset) for factor, offset in formula) else None


def _of_scale(operation: Operation) -> Formula | None:
    if operation.kind == "cast":
        return ((1.0, 0.0),) * CHANNELS
    steps = STEP.findall(operation.name)
    if not steps or "-".join(f"{verb}-{number}" for verb, number in steps) != operation.name:
        return None
    factor, offset = 1.0, 0.0
    try:
        for verb, number in steps:
            over, _, under = number.partition("/")
            value = float(over) / float(under or 1)
            times = value if verb == "times" else 1 / value if verb == "divided-by" else 1.0
            factor, offset = factor * times, offset * times + {"plus": value, "minus": -value}.get(verb, 0.0)
    except (ValueError, ZeroDivisionError):
        return None
    return ((factor, offset),) * CHANNELS


def _of_normalize(operation: Operation) -> Formula | None:
    mean, std = (operation.get(name) for name in ("mean", "std"))
    most = 255.0 if operation.get("range") == 1 else 1.0  # what becomes 1 before: levels, for constants of 0 to 1
    means, stds = _numbers(mean), _numbers(std)
    if means is None or stds is None or 0 in stds:
        return None
    repeat = (means * CHANNELS)[:CHANNELS], (stds * CHANNELS)[:CHANNELS]
    return tuple((1 / (most * s), -m / s) for m, s in zip(*repeat, strict=True))


def _numbers(value: object) -> tuple[float, ...] | None:
    values = value if isinstance(value, tuple) else (value,)
    if not values or not all(isinstance(number, (int, float)) for number in values):
        return None
    return tuple(float(number) for number in values)


def is_one_formula(a: Sequence[Operation], b: Sequence[Operation]) -> bool:
    """Returns whether two chains are one formula, but for rounding."""
    one, other = _formula(a), _formula(b)
    return one is not None and other is not None and _close(one, other)


def _close(a: Formula, b: Formula) -> bool:
    """Returns whether two formulas are one, but for rounding; the offsets in proportion to the larger factor."""
    return all(
        abs(f - g) <= CLOSE * max(abs(f), abs(g)) and abs(o - p) <= CLOSE * max(1.0, abs(o), abs(p))
        for (f, o), (g, p) in zip(a[:3], b[:3], strict=True)
    )


def _formula_cause(a: Sequence[Operation], b: Sequence[Operation], one: Formula, other: Formula, names: str) -> Cause:
    """Returns why two formulas differ."""
    normalized = [any(operation.kind == "normalize" for operation in operations) for operations in (a, b)]
    offsets_agree = all(
        abs(o - p) <= CLOSE * max(1.0, abs(o)) for (_, o), (_, p) in zip(one[:3], other[:3], strict=True)
    )
    ratios = [f / g for (f, _), (g, _) in zip(one[:3], other[:3], strict=True)]
    is_scaled = offsets_agree and max(ratios) - min(ratios) <= CLOSE * max(ratios)
    means = [formula for formula, has_mean in zip((one, other), normalized, strict=True) if has_mean]
    if is_scaled or all(_close(formula, TO_ONES) for formula in means):
        missing = _without_scale(ratios[0])
        words = f"{missing}: {names}" if missing and offsets_agree else f"the values are scaled in two ways: {names}"
        once = "image = image.astype(np.float32) / np.float32(255)  # once, on both sides"
        return Cause("scale", words, once if missing and offsets_agree else f"{_chain(a)} on both sides")
    if _close(one, (other[2], other[1], other[0], other[3])):
        words = f"the constants of mean and std stand in another order of the channels: {names}"
    elif not all(normalized):
        words = f"side {'A' if normalized[0] else 'B'} alone subtracts a mean and divides by a std: {names}"
    else:
        words = f"the constants of mean and std differ: {names}"
    return Cause("constants", words, "take mean and std from one place, such as the model's own configuration")


def _without_scale(ratio: float) -> str:
    """Returns which side does not divide by 255, from the ratio of A's factor to B's; "" if that is not it."""
    if abs(ratio - 255) < 1:
        return "side A does not divide by 255"
    return "side B does not divide by 255" if abs(1 / ratio - 255) < 1 else ""
