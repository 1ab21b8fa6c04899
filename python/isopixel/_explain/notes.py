# SPDX-License-Identifier: MIT
"""What is said of explanations that decide less than they seem to."""

from collections.abc import Sequence

from isopixel._explain.images import Array
from isopixel._explain.operation import Operation
from isopixel._methods import METHODS, kind_of_filter

TABLE = Operation("levels", "table")
MOST_FUNCTIONS = 4  # different ones, of which one was meant


def note_of(image: Array, chains: Sequence[tuple[Operation, ...]]) -> str:
    """Returns the note on an image and the chains that make it, of which those that end in TABLE have no name."""
    if (image == image.ravel()[0]).all():
        return "all samples are the same: nearly every function that could have made them fits, told or not"
    if any(TABLE in chain for chain in chains):
        return "each sample is a function of the one before, of which no name is known: a table of 256 values"
    different = {tuple(map(_meaning, chain)) for chain in chains}
    if len(different) > MOST_FUNCTIONS:
        return f"{len(different)} different functions make these samples, which decide little: try a busier image"
    return ""


def _meaning(operation: Operation) -> tuple[object, ...]:
    """Returns what an operation is but for how a library rounds."""
    if operation.kind == "resize" and operation.name in METHODS:
        return "resize", kind_of_filter(METHODS[operation.name]), operation.get("size")
    if operation.kind == "gray":
        return "gray", operation.name, operation.get("order")
    if operation.kind in ("scale", "normalize", "cast"):
        return ("values",)
    return operation.kind, operation.name, operation.arguments
