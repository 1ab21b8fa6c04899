# SPDX-License-Identifier: MIT
"""What calls differ by that have the same arguments: the arrays that they read beside the image."""

import math

from isopixel._trace.comparing.cause import Cause
from isopixel._trace.comparing.path import Node
from isopixel._trace.records import Value

MOST_CONSTANTS = 16  # samples of an array of constants: some for each channel


def operands_cause(a: Node, b: Node) -> Cause | None:
    """Returns that two calls are the same but for the constants that they read; None if they differ otherwise."""
    if a.step is None or b.step is None or (a.name, a.step.arguments) != (b.name, b.step.arguments):
        return None
    if not a.is_told_whole:
        return None
    one, other = ([value.fingerprint for value in node.operands] for node in (a, b))
    if one == other or not all(map(_is_of_constants, (*a.operands, *b.operands))):
        return None
    words = f"{a.name} is of other constants: A {_told(a)}, B {_told(b)}"
    return Cause("constants", words, "take mean and std from one place, such as the model's own configuration")


def _is_of_constants(value: Value) -> bool:
    return math.prod(value.shape) <= MOST_CONSTANTS


def _told(node: Node) -> str:
    spans = [" to ".join(dict.fromkeys(f"{number:g}" for number in value.range)) for value in node.operands]
    return ", ".join(spans) or "none"
