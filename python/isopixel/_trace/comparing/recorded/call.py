# SPDX-License-Identifier: MIT
"""A recorded call, as it is read, and what the readers of several libraries share."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from isopixel._explain.operation import Kind, Operation
from isopixel._method_for import method_for
from isopixel._trace.records import Step, Value

Chain = tuple[Operation, ...]

UPRIGHT = {
    2: "flip-horizontal",
    3: "rotate-180",
    4: "flip-vertical",
    5: "transpose",
    6: "rotate-90",
    7: "transverse",
    8: "rotate-270",
}  # by an Exif orientation, the turn that shows the picture upright


@dataclass(frozen=True)
class Call:
    """A recorded call.

    Attributes:
        step: the call.
        before: its first input; None if it has none.
        after: its result.
        libraries: the versions that were there.
        orientation: of the file that the samples are from.
    """

    step: Step
    before: Value | None
    after: Value
    libraries: Mapping[str, str]
    orientation: int

    def argument(self, *names: str) -> Any:
        """Returns the first of these arguments that is given."""
        return next((self.step.arguments[name] for name in names if self.step.arguments.get(name) is not None), None)

    @property
    def size(self) -> tuple[tuple[str, Any], ...]:
        """The size of the result, as an argument."""
        return (("size", self.after.size),)


Reader: TypeAlias = Callable[[Call], Chain | None]


def frozen_resize(call: Call, library: str, word: str, suffix: str = "") -> Chain:
    """Returns the method that a filter of a library's release is; or, if none is frozen, what it is called."""
    try:
        name: str = method_for(library, call.libraries.get(library, ""), f"{word}{suffix}")
    except (ValueError, TypeError):
        name = f"{library}-installed-{word}{suffix}"
    return (Operation("resize", name, call.size),)


def always(kind: Kind, name: str) -> Callable[[Call], Chain]:
    return lambda call: (Operation(kind, name),)


def padded(call: Call, top: int, left: int, value: Any) -> Chain:
    """Returns a pad with a constant, one for all channels or one for each."""
    numbers = tuple(map(int, value)) if isinstance(value, (list, tuple)) else (int(value or 0),)
    numbers = numbers[: max(1, len(call.after.planes))]
    filling = numbers[0] if len(set(numbers)) == 1 else numbers
    return (Operation("pad", "pad", (*call.size, ("at", (top, left)), ("value", filling))),)


def top_left(border: Any) -> tuple[int, int]:
    """Returns how many rows and columns come before, of one number for all, (x, y), or (left, top, right, bottom)."""
    sides = border if isinstance(border, (list, tuple)) else [border]
    return (int(sides[0]), int(sides[0])) if len(sides) == 1 else (int(sides[1]), int(sides[0]))
