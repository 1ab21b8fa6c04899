# SPDX-License-Identifier: MIT
"""The steps of recipes, as values (SPEC R-52 to R-56)."""

from dataclasses import dataclass
from typing import Literal, cast

from isopixel._methods import MethodName


@dataclass(frozen=True)
class Resize:
    """A resize (SPEC R-52); one of size, short and fit is not None.

    Attributes:
        method: as in `isopixel.resize`.
        size: (height, width) of the result.
        short: what the shorter side becomes, in pixels; the longer one follows in proportion, rounded down.
        fit: (height, width) within which the result lies, in proportion.
        round: of a fit: how its sides become whole numbers.
    """

    method: MethodName
    size: tuple[int, int] | None = None
    short: int | None = None
    fit: tuple[int, int] | None = None
    round: Literal["even", "down", "half-up"] = "even"


@dataclass(frozen=True)
class Crop:
    """A crop from the middle (SPEC R-53).

    Attributes:
        size: (height, width); None for a square of the shorter side.
        round: how half of an odd difference becomes a whole number.
    """

    size: tuple[int, int] | None
    round: Literal["down", "even"] = "down"


@dataclass(frozen=True)
class Pad:
    """A border (SPEC R-54).

    Attributes:
        size: (height, width) of the result; None for a square of the longer side.
        value: of the border, one number for all channels, or one for each.
        at: where the image lies in it, "center" or "corner", the top left one.
    """

    size: tuple[int, int] | None
    value: tuple[int, ...] = (0,)
    at: Literal["center", "corner"] = "center"


@dataclass(frozen=True)
class Normalize:
    """A normalisation (SPEC R-30, R-55, R-56).

    Attributes:
        mean: canonical texts of decimal numbers, one for all channels, or one for each.
        std: the same.
        range: 1 or 255: mean and std are those of samples from 0 to this.
        rounding: "exact", or how libraries round: "steps", "fused", "reciprocal".
    """

    mean: tuple[str, ...]
    std: tuple[str, ...]
    range: Literal[1, 255] = 1
    rounding: Literal["exact", "steps", "fused", "reciprocal"] = "exact"


Step = Resize | Crop | Pad | Normalize


def steps_of(line: str) -> tuple[Step, ...]:
    """Returns the steps of a canonical line, which the core has checked."""
    return tuple(_step(text.split(" ")) for text in line.split(" | ")[1:])


def _step(words: list[str]) -> Step:
    name, *rest = words
    options = dict(word.split("=") for word in rest if "=" in word)
    if name == "normalize":
        mean, std = (tuple(options.pop(key).split(",")) for key in ("mean", "std"))
        scale = cast(Literal[1, 255], int(options.pop("range", "1")))
        return Normalize(mean, std, scale, **options)  # type: ignore[arg-type]
    size = None if "=" in rest[0] or rest[0] == "square" else _numbers(rest[0])
    if name == "crop":
        return Crop(cast(tuple[int, int] | None, size), **options)  # type: ignore[arg-type]
    if name == "pad":
        value = _numbers(options.pop("value", "0"))
        return Pad(cast(tuple[int, int] | None, size), value, **options)  # type: ignore[arg-type]
    sizes = {key: _numbers(options.pop(key)) for key in ("short", "fit") if key in options}
    short = sizes["short"][0] if "short" in sizes else None
    return Resize(cast(MethodName, name), size, short, sizes.get("fit"), **options)  # type: ignore[arg-type]


def _numbers(text: str) -> tuple[int, ...]:
    return tuple(int(number) for number in text.split(","))
