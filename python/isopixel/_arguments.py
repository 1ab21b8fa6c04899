# SPDX-License-Identifier: MIT
"""Checks of the arguments that several functions accept."""

import operator
from collections.abc import Iterable, Sequence

import numpy as np

from isopixel import _core
from isopixel._methods import ALPHA_FORMS, MethodName

OPAQUE = ("CMYK", "RGBX")  # what four channels are if none of them is alpha


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


def check_channels(channels: str | None, count: int, method: MethodName, are_last: bool) -> None:
    """Raises TypeError or ValueError if an image may have alpha that its method, and not its library, ignores.

    Args:
        channels: what the channels are, one of OPAQUE, or None if nobody said.
        count: how many there are.
        method: how the image is resized.
        are_last: whether they are the image's last axis, where methods find alpha.
    """
    if channels is not None:
        if not isinstance(channels, str):
            raise TypeError(f"channels must be a text, 'CMYK' or 'RGBX', or None, got {channels!r}")
        if channels not in OPAQUE:
            raise ValueError(
                f"channels must be 'CMYK' or 'RGBX', got {channels!r}; alpha is for methods named ...-alpha"
            )
        if count != len(channels):
            raise ValueError(f"channels={channels!r} needs an image of 4 channels, got {count}")
        if method in ALPHA_FORMS.values():
            raise ValueError(f"channels={channels!r} has no alpha, and {method!r} is for images that have")
    elif method in ALPHA_FORMS and (count == 4 or (count == 2 and not are_last)):
        place = "" if are_last else ", with the channels last"
        opaque = "channels='CMYK' (or 'RGBX')" if count == 4 else "axes='NHW' for gray images"
        raise ValueError(
            f"the last of {count} channels may be alpha, by which the library of {method!r} multiplies first: "
            f"use {ALPHA_FORMS[method]!r}{place}; or {opaque} if it is not alpha"
        )
