# SPDX-License-Identifier: MIT
"""Checks of the arguments that several functions take."""

import operator
from collections.abc import Sequence

import numpy as np

from isopix import _core


def check_size(size: Sequence[int]) -> tuple[int, int]:
    """Returns size as (height, width), or raises TypeError or ValueError."""
    if isinstance(size, (int, np.integer)):
        raise TypeError(f"size must be (height, width), got the number {size}: write ({size}, {size})")
    if isinstance(size, (str, bytes)) or not isinstance(size, (Sequence, np.ndarray)):
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


def check_method(method: str, antialias: bool | None) -> bool:
    """Checks the method, and returns the value that antialias stands for."""
    _check_name("method", method, _core.methods)
    if antialias is not None and not isinstance(antialias, (bool, np.bool_)):
        raise TypeError(f"antialias must be True, False or None (the method's default), got {antialias!r}")
    return antialias is None or bool(antialias)


def check_layout(layout: str) -> None:
    """Raises TypeError or ValueError where layout is not the name of one."""
    _check_name("layout", layout, _core.layouts)


def _check_name(argument: str, name: str, known: tuple[str, ...]) -> None:
    if not isinstance(name, str):
        raise TypeError(f"{argument} must be a name, got {name!r}; known: {', '.join(known)}")
    if name not in known:
        raise ValueError(f"unknown {argument} {name!r}; known: {', '.join(known)}")
