# SPDX-License-Identifier: MIT
"""Which known functions a recorded call is, by its arguments and the library's release, without its samples."""

from collections.abc import Mapping

from isopixel._explain.operation import Operation
from isopixel._trace.comparing.path import Node
from isopixel._trace.comparing.recorded import arrays, pictures, tensors
from isopixel._trace.comparing.recorded.call import UPRIGHT, Call, Chain, Reader
from isopixel._trace.records import Step, Value

__all__ = ["UPRIGHT", "recorded"]

SETTINGS = ("quality", "subsampling", "qtables", "params")  # that change what a JPEG file decodes to

CALLS: dict[tuple[str, str], Reader] = {
    (library, name): reader
    for library, readers in (*pictures.CALLS.items(), *tensors.CALLS.items(), *arrays.CALLS.items())
    for name, reader in readers.items()
}


def recorded(node: Node, before: Value | None, libraries: Mapping[str, str], orientation: int = 1) -> Chain | None:
    """Returns the known functions that a call is, by its name and arguments; None if that is not known.

    Args:
        node: what the call made.
        before: what it made that of.
        libraries: the versions that were there.
        orientation: the Exif orientation of the file that the samples are from.
    """
    if node.step is None:
        return None
    if node.saved is not None:
        return _reloaded(node, node.saved)
    reader = CALLS.get((node.step.library, node.step.name.removeprefix("v2.")))
    if reader is None:
        return None
    try:
        return reader(Call(node.step, before, node.value, libraries, orientation, node.operands))
    except (TypeError, ValueError, LookupError, ArithmeticError, AttributeError):
        return None  # a trace is a file from elsewhere: these arguments are none that the function takes


def _reloaded(node: Node, saved: Step) -> Chain | None:
    """Returns what became of a picture that was saved and read again; None if that is not a matter of JPEG."""
    if node.facts.get("format") != "JPEG":
        return None
    settings = tuple((name, _frozen(saved.arguments[name])) for name in SETTINGS if name in saved.arguments)
    return (Operation("jpeg", saved.library, settings),)


def _frozen(value: object) -> object:
    """Returns an argument with tuples for lists and mappings, so that it has a hash."""
    if isinstance(value, Mapping):
        return tuple((name, _frozen(item)) for name, item in value.items())
    return tuple(map(_frozen, value)) if isinstance(value, list) else value
