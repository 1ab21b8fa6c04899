# SPDX-License-Identifier: MIT
"""What the lines of a trace hold: each function raises ValueError if a record from JSON is not such a line."""

import base64
import math
import re
from collections.abc import Callable, Mapping
from typing import Any

from isopixel._manifest import MOST_RANK, MOST_SAMPLES, is_digest
from isopixel._trace.records import KINDS
from isopixel._trace.values import DTYPES, axes_of, tile_edges

MOST_TEXT = 5000  # characters
MOST_NUMBER = float(1 << 64)  # of a range of whole numbers

Record = dict[str, Any]
Check = Callable[[Any], bool]


def check_header(record: Record, version: int) -> None:
    """Checks the first line."""
    if type(record.get("trace")) is not int:
        raise ValueError("it does not begin a trace")
    if record["trace"] != version:
        raise ValueError(f"it begins a trace of format {record['trace']}, and this isopixel knows {version}: update it")
    _check(record, {"trace": _is_number, "isopixel": _is_text, "machine": _is_text, "libraries": _is_versions})


def check_libraries(record: Record) -> None:
    """Checks a line of libraries."""
    _check(record, {"libraries": _is_versions})


def check_value(record: Record, number: int) -> None:
    """Checks a value, which is to have this number."""
    fields = {
        "value": lambda value: type(value) is int and value == number,
        "kind": _is_text,
        "dtype": lambda name: isinstance(name, str) and (name in DTYPES or name == "bfloat16"),
        "shape": _is_shape,
        "axes": _is_text,
        "range": _is_range,
        "fingerprint": lambda text: is_digest(text, "sha256:"),
    }
    image = {"planes": _is_planes, "tiles": _is_text} if record.get("axes") else {}
    _check(record, fields | image)
    axes, shape = record["axes"], record["shape"]
    if axes != axes_of(tuple(shape)):
        raise ValueError("its axes are not those of its shape")
    if axes:
        sides = dict(zip(axes, shape, strict=True))
        if len(record["planes"]) != sides.get("C", 1):
            raise ValueError("its planes are not as many as its channels")
        tiles = (len(tile_edges(sides["H"])) - 1) * (len(tile_edges(sides["W"])) - 1)
        if _length_of_base64(record["tiles"]) != 4 * tiles:
            raise ValueError("its tiles are not those of its shape")


def check_step(record: Record, number: int, values: int) -> None:
    """Checks a step, which is to have this number, after this many values."""

    def is_known(value: Any) -> bool:
        return type(value) is int and 0 <= value < values

    needed: Mapping[str, Check] = {
        "step": lambda value: type(value) is int and value == number,
        "name": _is_text,
        "library": _is_text,
        "kind": lambda kind: kind in KINDS,
        "in": lambda inputs: isinstance(inputs, list) and all(map(is_known, inputs)),
        "out": lambda output: output is None or is_known(output),
    }
    optional: Mapping[str, Check] = {
        "args": lambda value: isinstance(value, dict),
        "inplace": lambda value: isinstance(value, bool),
        "by": lambda names: isinstance(names, list) and all(map(_is_text, names)),
        "at": _is_text,
        "facts": lambda value: isinstance(value, dict),
        "failure": _is_text,
    }
    _check(record, needed, optional)


def _check(record: Record, needed: Mapping[str, Check], optional: Mapping[str, Check] | None = None) -> None:
    """Raises ValueError, with the name of the field, if a field is missing, unknown or wrong."""
    fields = {**needed, **(optional or {})}
    for name, value in record.items():
        if name not in fields:
            raise ValueError(f"its field {name[:40]!r} is not known")
        if not fields[name](value):
            raise ValueError(f"its field {name!r} is wrong")
    for name in needed:
        if name not in record:
            raise ValueError(f"its field {name!r} is missing")


def _is_number(value: Any) -> bool:
    return type(value) is int


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and len(value) <= MOST_TEXT


def _is_versions(value: Any) -> bool:
    return isinstance(value, dict) and all(_is_text(name) and _is_text(version) for name, version in value.items())


def _is_shape(shape: Any) -> bool:
    """Returns whether it is the shape of an array of rank 1 or more, which may have no samples."""
    return (
        isinstance(shape, list)
        and 0 < len(shape) <= MOST_RANK
        and all(type(n) is int and 0 <= n <= MOST_SAMPLES for n in shape)
        and math.prod(shape) <= MOST_SAMPLES
    )


def _is_range(value: Any) -> bool:
    if not isinstance(value, list) or len(value) not in (0, 2) or not all(type(n) in (int, float) for n in value):
        return False
    return not value or (value[0] <= value[1] and all(type(n) is float or abs(n) <= MOST_NUMBER for n in value))


def _is_planes(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(x, str) and re.fullmatch("[0-9a-f]{16}", x) for x in value)


def _length_of_base64(text: str) -> int:
    try:
        return len(base64.b64decode(text, validate=True))
    except ValueError:
        return -1
