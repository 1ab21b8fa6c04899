# SPDX-License-Identifier: MIT
"""The steps of the lines, which all presets write."""

import operator
from collections.abc import Mapping, Sequence
from decimal import Decimal
from importlib import metadata
from typing import Any, Literal

import numpy as np

from isopixel._arguments import choices
from isopixel._method_for import NUMBERS, method_for
from isopixel._methods import MethodName

Orientation = Literal["apply", "ignore", "refuse"]

MOST_DIGITS = 9  # of a decimal (SPEC R-29)
TORCH = "2.13.0"  # a release with the resizes of uint8 that it has had since 2.3
FROM_0_TO_1, FROM_0_TO_255 = "normalize mean=0 std=1", "normalize mean=0 std=1 range=255"
TIMES_A_255TH = (
    "normalize mean=0 std=1 rounding=reciprocal"  # v·(1/255) in float32, for 126 of the 256 values not v/255
)


def line(orientation: Orientation, steps: list[str]) -> str:
    """Returns the line; transparency is dropped as PIL's convert("RGB") does."""
    if orientation not in ("apply", "ignore", "refuse"):
        raise ValueError(
            "orientation is 'apply' if pictures are turned upright by their Exif data before the model sees them, "
            f"'ignore' if not, as PIL.Image.open does, or 'refuse', not {orientation!r}"
        )
    return " | ".join([f"isopixel 1: image rgb orientation={orientation} alpha=drop", *steps])


def wanted(settings: Mapping[str, Any], name: str) -> Any:
    """Returns a setting that has no default."""
    if settings.get(name) is None:
        raise ValueError(f"the config has no {name}, whose default differs between releases: add it")
    return settings[name]


def filter_name(filter: Any) -> str:
    """Returns the name, in lower case, of Pillow's number of a filter, its name, or a member of an enumeration."""
    word = getattr(filter, "value", filter)
    return NUMBERS["pillow"][word] if word in range(6) else str(word).lower()


def pillow_method(filter: str, release: str | None) -> MethodName:
    """Returns the method that is a filter of a release of Pillow, or of the installed one."""
    if release is None:
        try:
            release = metadata.version("pillow")
        except metadata.PackageNotFoundError:
            raise ValueError(
                "Pillow is not installed here: give pillow=, the release of the model's training"
            ) from None
    return method_for("pillow", release, "nearest" if filter == "nearest-exact" else filter)  # as torchvision has it


def torch_method(filter: str, antialias: bool | None) -> MethodName:
    """Returns the method that is what torchvision calls with a filter for tensors of uint8."""
    known = ("bilinear", "bicubic", "nearest", "nearest-exact")
    if filter not in known:
        raise ValueError(f"{filter!r} of tensors is not among the methods of isopixel{choices(filter, known[:3])}")
    return method_for("torch", TORCH, f"{filter}-antialias" if antialias and filter[0] == "b" else filter)


def resize_step(method: MethodName, size: Any) -> str:
    """Returns the step; a size of one number is that of the shorter side."""
    sides = [whole_number(side, "size") for side in (size if isinstance(size, Sequence) else [size])]
    return f"{method} short={sides[0]}" if len(sides) == 1 else f"{method} {sides[0]},{sides[1]}"


def crop_step(size: Any, rounding: str = "") -> str:
    """Returns the step; a size of one number is that of both sides."""
    height, width = height_and_width(size, "crop_size")
    return f"crop {height},{width}{rounding}"


def height_and_width(size: Any, name: str) -> tuple[int, int]:
    """Returns the height and the width of a size in one of its forms, of which one number is for both."""
    if isinstance(size, Mapping):
        size = {key: side for key, side in size.items() if side is not None}
        if set(size) < {"height", "width"}:
            raise ValueError(f"{name} is a height and a width, not {size}")
        if set(size) != {"height", "width"}:
            raise ValueError(
                f"{name} has {', '.join(size)}, which are rounded in floating point, in a way that recipes do not have"
            )
        size = (size["height"], size["width"])
    sides = [whole_number(side, name) for side in (size if isinstance(size, Sequence) else [size])]
    if len(sides) not in (1, 2):
        raise ValueError(f"{name} is a height and a width, not {size}")
    return sides[0], sides[-1]


def whole_number(side: Any, name: str) -> int:
    """Returns a side, of what name says."""
    try:
        return operator.index(side)
    except TypeError:
        raise TypeError(f"{name} must be of whole numbers, got {side!r}") from None


def real_number(number: Any, name: str) -> float:
    """Returns a number, of what name says."""
    if isinstance(number, bool) or not isinstance(number, (int, float)):
        raise TypeError(f"{name} must be of numbers, got {number!r}")
    return number


def mean_and_std(mean: Any, std: Any) -> str:
    """Returns the words of a normalisation."""
    return f"mean={_decimals(mean, 'mean')} std={_decimals(std, 'std')}"


def _decimals(numbers: Any, name: str) -> str:
    """Returns numbers, or one for all channels, as a word of a line."""
    return ",".join(_decimal(number, name) for number in np.ravel(numbers).tolist())


def _decimal(number: float, name: str) -> str:
    text = repr(real_number(number, name))
    if len(Decimal(text).normalize().as_tuple().digits) > MOST_DIGITS:
        raise ValueError(
            f"{name} has {text}, which has more than nine digits (SPEC R-29): give the library {np.float32(number)!s} "
            "instead, which is the same number in float32, in which it computes"
        )
    return text
