# SPDX-License-Identifier: MIT
"""What is recorded of isopixel itself."""

from collections.abc import Mapping
from typing import Any

from isopixel import _core
from isopixel._recipe import Recipe
from isopixel._trace.recording.arguments import Line
from isopixel._trace.recording.libraries.library import Library
from isopixel._trace.recording.sources import source_facts

FUNCTIONS = {
    "resize": "resize",
    "normalize": "normalize",
    "from_bytes": "bytes",
    "from_file": "bytes",
    "read_picture": "decode",
    "load": "decode",
    "save": "encode",
}
SOURCES = ("path", "data", "source")  # the names of what is read or written


def words(name: str, arguments: dict[str, Any]) -> dict[str, Any]:
    """Returns the arguments, with the line of a recipe, or the settings of a module of torch."""
    itself = arguments.get("self")
    if isinstance(itself, Recipe):
        return arguments | {"recipe": Line(itself.line)}
    if isinstance(arguments.get("recipe"), (Recipe, str)):
        return arguments | {"recipe": Line(arguments["recipe"])}
    settings = () if itself is None else ("size", "method", "mean", "std")
    return arguments | {name: getattr(itself, name) for name in settings if hasattr(itself, name)}


def facts(name: str, arguments: Mapping[str, Any], result: Any) -> dict[str, Any]:
    """Returns what is known of the bytes that were read or written."""
    return source_facts(next((arguments[key] for key in SOURCES if key in arguments), None))


def versions() -> dict[str, str]:
    """Returns the version of isopixel."""
    return {"isopixel": _core.version}


LIBRARY = Library(
    "isopixel",
    {
        "isopixel": FUNCTIONS,
        "isopixel._recipe:Recipe": {"__call__": "other", "read": "other"},
        "isopixel.torch": {"resize": "resize"},
        "isopixel.torch._resizing:Resize": {"forward": "resize"},
        "isopixel.torch._normalizing:Normalize": {"forward": "normalize"},
    },
    versions,
    words=words,
    facts=facts,
)
