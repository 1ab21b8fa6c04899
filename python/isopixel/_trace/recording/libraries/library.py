# SPDX-License-Identifier: MIT
"""What the recorder knows of a library."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from isopixel._trace.recording.wrapping import Wrapping


def nothing(name: str, arguments: Mapping[str, Any], result: Any) -> dict[str, Any]:
    """Returns no facts."""
    return {}


def unchanged(name: str, arguments: dict[str, Any]) -> dict[str, Any]:
    """Returns arguments as they are."""
    return arguments


def always(name: str, arguments: tuple[Any, ...]) -> bool:
    """Returns that a call is recorded."""
    return True


@dataclass(frozen=True)
class Library:
    """A library whose functions are recorded.

    Attributes:
        name: as steps have it, "opencv".
        functions: by module, or by module and class with a colon between them, the kinds of functions or methods by
            their names.
        versions: returns the library's version and those of its parts that matter, if it is imported.
        parameters: the names of what comes by position, of functions that do not tell them.
        words: returns the arguments of a call, by name, with words for numbers that stand for a method.
        facts: returns what is to be known of what a call read or wrote, from its name, its arguments by name and its
            result; None is the result of a call that failed.
        outputs: the names of arguments that are written, not read.
        is_recorded: returns whether a call is, from its name and its arguments by position.
        hooks: by module, what else is put into it.
    """

    name: str
    functions: Mapping[str, Mapping[str, str]]
    versions: Callable[[], dict[str, str]]
    parameters: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    words: Callable[[str, dict[str, Any]], dict[str, Any]] = unchanged
    facts: Callable[[str, Mapping[str, Any], Any], dict[str, Any]] = nothing
    outputs: tuple[str, ...] = ()
    is_recorded: Callable[[str, tuple[Any, ...]], bool] = always
    hooks: Mapping[str, Callable[[Wrapping], None]] = field(default_factory=dict)
