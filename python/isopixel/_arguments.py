# SPDX-License-Identifier: MIT
"""Checks of the arguments that several functions accept."""

import operator
from collections.abc import Iterable, Sequence

import numpy as np

from isopixel import _core


def check_size(size: Sequence[int]) -> tuple[int, int]:
    """Returns size as (height, width), or raises TypeError or ValueError."""
    if type(size) is tuple and len(size) == 2:  # the general case below is slower
        height, width = size
        if type(height) is int and type(width) is int and height > 0 and width > 0:
            return size
    if isinstance(size, (int, np.integer)) and not isinstance(size, bool):
        raise TypeError(
            f"size must be (height, width), got the number {size}: write ({size}, {size}) for a square; "
            f"for the shorter side use isopixel.torch.Resize({size})"
        )
    is_vector = isinstance(size, np.ndarray) and size.ndim == 1
    if not is_vector and (not isinstance(size, Sequence) or isinstance(size, (str, bytes, bytearray))):
        raise TypeError(f"size must be (height, width), got {size!r}")
    if len(size) != 2:
        raise ValueError(f"size must be two numbers, (height, width), got {size!r}")
    height, width = (_whole_number(side, size) for side in size)
    if height < 1 or width < 1:
        raise ValueError(f"size must be at least (1, 1), got {size!r}")
    return height, width


def _whole_number(side: object, size: object) -> int:
    if isinstance(side, (bool, np.bool_)) or not hasattr(side, "__index__"):
        raise TypeError(f"size must be (height, width) in whole numbers, got {size!r}")
    return operator.index(side)


def choices(word: str, known: Iterable[str], lists_all: str = "") -> str:
    """Returns what a message says behind a word that is none of the known ones: which is meant, and which there are.

    Args:
        word: what was given.
        known: the known words.
        lists_all: what lists all of them, if they are too many for a message.
    """
    return _core.choices(word.encode("ascii", "replace").decode("ascii"), list(dict.fromkeys(known)), lists_all)


def check_layout(layout: str) -> str:
    """Returns the canonical text of a layout (R-10), or raises TypeError or ValueError."""
    if not isinstance(layout, str):
        raise TypeError(f"layout must be a string such as 'nataraj', got {layout!r}; known: {', '.join(_core.layouts)}")
    if not layout.isascii():
        raise ValueError(f"unknown layout {layout!a}{choices(layout, _core.layouts)}")
    return _core.canonical_layout(layout)


def kind_of(value: object, tensors: str, pictures: str, others: str = "") -> str:
    """Returns the type of a value that is refused, and what to do with it: a tensor, a PIL image, or another."""
    way = {"torch": tensors, "PIL": pictures}.get(type(value).__module__.partition(".")[0], others)
    return type(value).__name__ + (f": {way}" if way else "")
