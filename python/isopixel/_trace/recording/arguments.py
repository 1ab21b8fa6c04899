# SPDX-License-Identifier: MIT
"""The arguments of calls as a trace holds them: as JSON, short, without arrays and without paths."""

import enum
import inspect
import math
import os
import re
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from isopixel._trace.records import CUT
from isopixel._trace.values import samples_of

MOST_ITEMS = 16  # of a list or a mapping
MOST_DEPTH = 3  # of the lists and mappings in one another, the first of which is that of all arguments
MOST_TEXT = 200  # characters
MOST_NUMBER = 1 << 64
ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+:/{1,2}")  # the beginning of one; Path("https://…") has one stroke
HOMES = ("home", "users", "documents and settings")  # the folders of users' folders
ACCOUNT = re.compile(r"[^\s'\"@]+@[^\s'\"@:]+:")  # user@host:file
WORD = re.compile(r"[\s'\"=,;()<>\[\]]")  # what ends a word

_names: dict[Any, tuple[inspect.Signature | None, tuple[str, ...]]] = {}  # of functions


class Line(str):
    """A text of ours that has no paths though it has strokes, such as the line of a recipe."""


def last_part(text: str) -> str:
    """Returns a text; of a path or an address only its last part, which names no user and no host."""
    if address := ADDRESS.match(text) or re.search("[A-Za-z0-9+.-]://", text):
        _, stroke, path = re.split("[?#]", text[address.end() :])[0].partition("/")
        text = stroke + path
    home = os.path.expanduser("~")  # noqa: PTH111  (which raises no error without a home)
    if text.rstrip("/\\") in ("~", home):
        return "~"
    parts = [part for part in re.split(r"[/\\]", text) if part]
    if len(parts) > 1 and parts[-2].lower() in HOMES:  # the folder of a user, who can be another one
        return "~"
    if len(parts) == 1 and parts[0] == text:
        return ACCOUNT.sub("", re.sub(r"^[A-Za-z]:(?=.)", "", text[: 2 * MOST_TEXT]))[:MOST_TEXT]  # C:file
    return last_part(parts[-1]) if parts else ""


def without_paths(text: str) -> str:
    """Returns a text without what is between the beginning of its first path and the last part of its last one.

    Nothing tells where a path ends that has blanks in it.
    """
    if not (stroke := re.search(r"[/\\]", text)):
        return last_part(text)
    start = max((found.end() for found in WORD.finditer(text, 0, stroke.start())), default=0)
    return (text[:start] + last_part(text[start:]))[:MOST_TEXT]


def failure_of(error: Exception) -> str:
    """Returns what went wrong, without paths."""
    try:
        text = f"{type(error).__name__}: {error}"
    except Exception:  # of an error that cannot be told
        text = type(error).__name__
    return without_paths(text)


def plain(value: Any, depth: int = 0) -> Any:
    """Returns an argument as JSON: numbers, short texts, lists and mappings of these; a type's name of others."""
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, Line):
        return str(value)[:MOST_TEXT]
    if isinstance(value, enum.Enum):
        return value.name
    if isinstance(value, (int, np.integer)):
        return int(value) if abs(int(value)) <= MOST_NUMBER else f"<{int(value).bit_length()} bits>"
    if isinstance(value, (float, np.floating)):
        return float(value) if math.isfinite(value) else str(float(value))
    if isinstance(value, (str, os.PathLike)):
        text = os.fspath(value)
        return last_part(text if isinstance(text, str) else os.fsdecode(text))
    if isinstance(value, np.bool_):
        return bool(value)
    if value is ...:
        return "..."
    if isinstance(value, slice):
        return ":".join(
            "" if end is None else str(end)
            for end in (value.start, value.stop, value.step)[: 2 + (value.step is not None)]
        )
    if isinstance(value, (bytes, bytearray, memoryview)):
        return f"<{type(value).__name__}>"
    if isinstance(value, (list, tuple)) and depth < MOST_DEPTH:
        items = [plain(item, depth + 1) for item in value[:MOST_ITEMS]]
        return items if len(value) <= MOST_ITEMS else [*items, CUT]
    if isinstance(value, Mapping) and depth < MOST_DEPTH:
        pairs = list(value.items())[:MOST_ITEMS]
        kept = {last_part(str(name)): plain(item, depth + 1) for name, item in pairs}
        return kept if len(value) <= MOST_ITEMS else {**kept, CUT: CUT}
    return _named(value)


def _named(value: Any) -> Any:
    """Returns what an object is: the few numbers of a small array, the name of a dtype, otherwise the type's."""
    samples = samples_of(value)
    if samples is not None and samples.array.size <= MOST_ITEMS and samples.array.ndim == 1:
        return plain(samples.array.tolist(), MOST_DEPTH - 1)
    if isinstance(value, np.dtype):
        return value.name
    if isinstance(value, type):
        return value.__name__
    if type(value).__module__ == "torch" and type(value).__name__ in ("dtype", "device", "memory_format", "layout"):
        return str(value).removeprefix("torch.")
    return f"<{type(value).__name__}>"


def named(
    function: Callable[..., Any], arguments: tuple[Any, ...], keywords: Mapping[str, Any], names: tuple[str, ...]
) -> dict[str, Any]:
    """Returns the arguments of a call by name, and the defaults that the function's signature has.

    Args:
        function: what is called.
        arguments: by position.
        keywords: by name.
        names: of what comes by position, if the function does not tell them itself.
    """
    signature, known = _signature(function)
    if signature is not None and not names:
        try:
            bound = signature.bind(*arguments, **keywords)
        except TypeError:  # which the call will say
            return dict(keywords)
        bound.apply_defaults()
        return _flat(signature, bound.arguments)
    return _by_position(names or known, arguments) | dict(keywords)


def _by_position(names: tuple[str, ...], arguments: tuple[Any, ...]) -> dict[str, Any]:
    """Returns arguments by name; a last name that begins with a star is that of all the others."""
    if names and names[-1].startswith("*"):
        count = len(names) - 1
        rest = arguments[count:]
        is_listed = len(rest) == 1 and isinstance(rest[0], (list, tuple))
        return _by_position(names[:-1], arguments[:count]) | {names[-1][1:]: rest[0] if is_listed else rest}
    return {names[i] if i < len(names) else f"argument {i}": value for i, value in enumerate(arguments)}


def _flat(signature: inspect.Signature, bound: Mapping[str, Any]) -> dict[str, Any]:
    """Returns bound arguments, with those of **keywords among them."""
    flat: dict[str, Any] = {}
    for name, value in bound.items():
        if signature.parameters[name].kind is inspect.Parameter.VAR_KEYWORD:
            flat |= value
        else:
            flat[name] = value
    return flat


def _signature(function: Callable[..., Any]) -> tuple[inspect.Signature | None, tuple[str, ...]]:
    """Returns a function's signature; of one that is written in C, the names in its first line of documentation."""
    found = _names.get(function)
    if found is None:
        try:
            found = inspect.signature(function), ()
        except (TypeError, ValueError):
            line = (function.__doc__ or "").strip().partition("\n")[0]
            listed = re.match(r"\.?\s*@?\w+\(([^)]*)\)", line)
            found = None, tuple(re.findall(r"[A-Za-z_]\w*", listed[1])) if listed else ()
        _names[function] = found
    return found
