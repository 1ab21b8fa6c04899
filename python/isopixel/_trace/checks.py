# SPDX-License-Identifier: MIT
"""What the lines of a trace hold: each function raises ValueError if a record from JSON is not such a line."""

import base64
import math
import re
import struct
from array import array
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from isopixel._explain.operation import KINDS as OPERATIONS
from isopixel._manifest import MOST_RANK, MOST_SAMPLES, is_digest
from isopixel._trace.records import KINDS, MOST_CHAINS
from isopixel._trace.values import DTYPES, axes_of, tile_count

MOST_TEXT = 5000  # characters
MOST_OPERATIONS = 32  # of a chain
PLANE = re.compile("[0-9a-f]{16}")
MOST_NUMBER = float(1 << 64)  # of a range of whole numbers

Record = dict[str, Any]
Check = Callable[[Any], bool]


def check_header(record: Record, version: int) -> None:
    """Checks the first line."""
    if type(record.get("trace")) is not int:
        raise ValueError("it does not begin a trace")
    if record["trace"] != version:
        raise ValueError(f"it begins a trace of format {record['trace']}, and this isopixel knows {version}: update it")
    _check(record, HEADER)


def check_libraries(record: Record) -> None:
    """Checks a line of libraries."""
    _check(record, LIBRARIES)


def check_value(record: Record, number: int) -> Sequence[int]:
    """Checks a value, which is to have this number; returns its tiles."""
    _check(record, IMAGE if record.get("axes") else ARRAY)
    _check_number(record["value"], number)
    axes, shape = record["axes"], record["shape"]
    if axes != axes_of(tuple(shape)):
        raise ValueError("its axes are not those of its shape")
    if not axes:
        return ()
    sides = dict(zip(axes, shape, strict=True))
    if len(record["planes"]) != sides.get("C", 1):
        raise ValueError("its planes are not as many as its channels")
    try:
        tiles = base64.b64decode(record["tiles"], validate=True)
    except ValueError:
        tiles = b""
    if len(tiles) != 4 * tile_count(sides["H"]) * tile_count(sides["W"]):
        raise ValueError("its tiles are not those of its shape")
    return array("I", struct.unpack(f"<{len(tiles) // 4}I", tiles))


def check_step(record: Record, number: int, values: int) -> None:
    """Checks a step, which is to have this number, after this many values."""
    _check(record, STEP, OPTIONAL)
    _check_number(record["step"], number)
    output = record["out"]
    for value in record["in"] if output is None else (*record["in"], output):
        if type(value) is not int or not 0 <= value < values:
            raise ValueError("it names a value that does not come before it")


def check_finding(record: Record, values: int) -> None:
    """Checks what samples showed, after this many values."""
    _check(record, FINDING)
    if any(number >= values for number in record["finding"]):
        raise ValueError("it names a value that does not come before it")


def _check(record: Record, needed: Mapping[str, Check], optional: Mapping[str, Check] = MappingProxyType({})) -> None:
    """Raises ValueError, with the name of the field, if a field is missing, unknown or wrong."""
    for name, check in needed.items():
        if name not in record:
            raise ValueError(f"its field {name!r} is missing")
        if not check(record[name]):
            raise ValueError(f"its field {name!r} is wrong")
    if len(record) == len(needed):
        return
    for name in record.keys() - needed.keys():
        if name not in optional:
            raise ValueError(f"its field {name[:40]!r} is not known")
        if not optional[name](record[name]):
            raise ValueError(f"its field {name!r} is wrong")


def _check_number(number: int, expected: int) -> None:
    if number != expected:
        raise ValueError(f"its number is {number}, and not {expected}, which comes next")


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
    return not value or (
        value[0] <= value[1] and all(math.isfinite(n) if type(n) is float else abs(n) <= MOST_NUMBER for n in value)
    )


def _is_planes(value: Any) -> bool:
    return isinstance(value, list) and all(map(_is_plane, value))


def _is_plane(text: Any) -> bool:
    return isinstance(text, str) and PLANE.fullmatch(text) is not None


def _is_dtype(name: Any) -> bool:
    return isinstance(name, str) and (name in DTYPES or name == "bfloat16")


def _is_fingerprint(text: Any) -> bool:
    return is_digest(text, "sha256:")


def _is_kind(kind: Any) -> bool:
    return isinstance(kind, str) and kind in KINDS


def _is_places(value: Any) -> bool:
    """Returns whether it is two numbers of values."""
    return isinstance(value, list) and len(value) == 2 and all(type(n) is int and n >= 0 for n in value)


def is_chains(value: Any) -> bool:
    """Returns whether it is what a finding has, as JSON: the chains, of functions each."""
    return isinstance(value, list) and len(value) <= MOST_CHAINS and all(map(_is_chain, value))


def _is_chain(value: Any) -> bool:
    return isinstance(value, list) and 0 < len(value) <= MOST_OPERATIONS and all(map(_is_operation, value))


def _is_operation(value: Any) -> bool:
    """Returns whether it is a kind, a name and arguments: those by which sides are compared, as the kind has them."""
    if not isinstance(value, list) or len(value) != 3 or not isinstance(value[2], dict):
        return False
    kind, name, arguments = value
    if kind not in OPERATIONS or not _is_text(name) or not all(map(_is_argument, arguments.values())):
        return False
    checks = {"shape": _is_shape, "size": _is_pair, **ARGUMENTS.get(kind, {})}
    return all(check(arguments[word]) for word, check in checks.items() if word in arguments)


def _is_argument(value: Any) -> bool:
    """Returns whether it is a number, a text, or a list of these."""
    if isinstance(value, list):
        return len(value) <= MOST_RANK and not any(isinstance(one, list) or not _is_argument(one) for one in value)
    return isinstance(value, bool) or _is_real(value) or _is_text(value)


def _is_real(value: Any) -> bool:
    return math.isfinite(value) if type(value) is float else type(value) is int and abs(value) <= MOST_NUMBER


def _is_pair(value: Any) -> bool:
    return isinstance(value, list) and len(value) == 2 and all(type(n) is int and abs(n) <= MOST_SAMPLES for n in value)


def _is_texts(value: Any) -> bool:
    return isinstance(value, list) and all(map(_is_text, value))


def _is(kind: Any) -> Check:
    """Returns a check that a value is of a type, or of one of several."""
    return lambda value: isinstance(value, kind)


HEADER = {"trace": _is_number, "isopixel": _is_text, "machine": _is_text, "libraries": _is_versions}
LIBRARIES = {"libraries": _is_versions}
ARRAY = {
    "value": _is_number,
    "kind": _is_text,
    "dtype": _is_dtype,
    "shape": _is_shape,
    "axes": _is_text,
    "range": _is_range,
    "fingerprint": _is_fingerprint,
}
IMAGE = ARRAY | {"planes": _is_planes, "tiles": _is(str)}
PLACED = {"at": _is_pair}
ARGUMENTS = {"crop": PLACED, "pad": PLACED, "levels": {"value": _is_real, "factor": _is_real}}
FINDING = {"finding": _is_places, "chains": is_chains, "note": _is_text}
STEP = {
    "step": _is_number,
    "name": _is_text,
    "library": _is_text,
    "kind": _is_kind,
    "in": _is(list),
    "out": _is(int | None),
}
OPTIONAL = {
    "args": _is(dict),
    "inplace": _is(bool),
    "by": _is_texts,
    "at": _is_text,
    "facts": _is(dict),
    "failure": _is_text,
}
