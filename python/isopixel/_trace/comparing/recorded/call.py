# SPDX-License-Identifier: MIT
"""A recorded call, as it is read, and what the readers of several libraries share."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from isopixel._explain.operation import REVERSED, Kind, Operation
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

TURNED = {(1, -1): "flip-horizontal", (-1, 1): "flip-vertical", (-1, -1): "rotate-180"}  # by the steps of an index


@dataclass(frozen=True)
class Call:
    """A recorded call.

    Attributes:
        step: the call.
        before: its first input; None if it has none.
        after: its result.
        libraries: the versions that were there.
        orientation: of the file that the samples are from.
        operands: what it read beside its first input.
    """

    step: Step
    before: Value | None
    after: Value
    libraries: Mapping[str, str]
    orientation: int
    operands: tuple[Value, ...] = ()

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


def sliced(call: Call) -> Chain | None:
    """Returns the crop and the flip that an index is: of rows, columns and channels, in single steps."""
    if call.before is None or not call.before.axes or not call.after.axes:
        return None
    found = dict(zip(call.before.axes, _ranges(call.argument("index"), call.before.shape), strict=True))
    rows, columns = found["H"], found["W"]
    if any(abs(one.step) != 1 or not one for one in found.values()) or (len(rows), len(columns)) != call.after.size:
        return None
    at = tuple(min(one[0], one[-1]) for one in (rows, columns))
    crop = (Operation("crop", "crop", (*call.size, ("at", at))),) if call.after.size != call.before.size else ()
    turn = TURNED.get((rows.step, columns.step))
    channels = _channels(found.get("C", range(1)), len(call.before.planes))
    return None if channels is None else (*channels, *crop, *((Operation("turn", turn),) if turn else ()))


def _channels(found: range, count: int) -> Chain | None:
    if found == range(count):
        return ()
    kept = {range(2, -1, -1): (REVERSED,), range(3): ()}.get(found)
    dropped = (Operation("alpha", "dropped"),) if count == 4 else ()
    return None if kept is None or count not in (3, 4) else (*kept, *dropped)


def _ranges(index: Any, shape: tuple[int, ...]) -> list[range]:
    """Returns what an index takes of each axis: whole numbers, texts of slices, and one ellipsis."""
    given = list(index) if isinstance(index, list) else [index]
    place = given.index("...") if "..." in given else len(given)
    missing = len(shape) - len([one for one in given if one != "..."])
    given[place : place + 1] = [":"] * missing
    return [_range(one, count) for one, count in zip(given, shape, strict=True)]


def _range(index: Any, count: int) -> range:
    if isinstance(index, int):
        return range(count)[index : index + 1 or None]
    ends = [int(end) if end else None for end in index.split(":")]
    return range(count)[slice(*ends)]


def reshaped(call: Call) -> Chain | None:
    """Returns the layout by which bytes become rows, or the reshape of an image whose axes should be exchanged."""
    before, after = call.before, call.after
    if before is None or not after.axes or call.argument("start"):
        return None
    if len(before.shape) == 1 and (before.dtype, after.dtype, after.axes) == ("uint8", "uint8", "HW"):
        return _rows(before.shape[0], *after.shape)
    old, new = ([count for count in value.shape if count > 1] for value in (before, after))
    if old == new:
        return ()
    is_exchanged = bool(before.axes) and sorted(old) == sorted(new)
    return (Operation("reshape", "reshape", (("shape", after.shape),)),) if is_exchanged else None


def _rows(count: int, height: int, width: int) -> Chain | None:
    """Returns the layout of bytes in rows, by their number; None if it is no number of rows that they fill."""
    rule = {count // width: ",rows=floor" if count % width else "", -(-count // width): ""}.get(height)
    return None if rule is None else (Operation("layout", f"fixed,width={width}{rule}"),)
