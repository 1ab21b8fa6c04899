# SPDX-License-Identifier: MIT
"""The methods of resizing: isopixel's own, and the frozen peers, which re-create other libraries bit for bit.

What a method is stands in the core (src/resizer/method.cpp); here it is read.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias, cast

import numpy as np

from isopixel import _core
from isopixel._arguments import choices

# The names that the core knows, for type checkers; a test compares the two.
MethodName: TypeAlias = Literal[
    "bilinear",
    "bilinear-two-tap",
    "nearest",
    "area",
    "bicubic",
    "bicubic-four-tap",
    "pillow-4-bilinear",
    "pillow-4-bilinear-alpha",
    "pillow-12.2-bilinear",
    "pillow-12.2-bilinear-alpha",
    "pillow-13-bilinear",
    "pillow-13-bilinear-alpha",
    "pillow-4-bicubic",
    "pillow-4-bicubic-alpha",
    "pillow-12.2-bicubic",
    "pillow-12.2-bicubic-alpha",
    "pillow-13-bicubic",
    "pillow-13-bicubic-alpha",
    "pillow-4-lanczos",
    "pillow-4-lanczos-alpha",
    "pillow-12.2-lanczos",
    "pillow-12.2-lanczos-alpha",
    "pillow-13-lanczos",
    "pillow-13-lanczos-alpha",
    "pillow-4-hamming",
    "pillow-4-hamming-alpha",
    "pillow-12.2-hamming",
    "pillow-12.2-hamming-alpha",
    "pillow-13-hamming",
    "pillow-13-hamming-alpha",
    "pillow-7-box",
    "pillow-7-box-alpha",
    "pillow-12.2-box",
    "pillow-12.2-box-alpha",
    "pillow-13-box",
    "pillow-13-box-alpha",
    "pillow-4-nearest",
    "opencv-3.4-linear",
    "opencv-3.4-linear-exact",
    "opencv-3.4-nearest",
    "opencv-3.4-area",
    "opencv-3.4-cubic",
    "opencv-3.4-lanczos4",
    "torch-2.0-bilinear-antialias",
    "torch-2.3-bilinear",
    "torch-2.1-bicubic-antialias",
    "torch-2.3-bicubic",
    "torch-2.0-nearest",
]

# What antialias=False makes of a method.
WITHOUT_ANTIALIAS: dict[MethodName, MethodName] = {"bilinear": "bilinear-two-tap"}
OPAQUE = ("CMYK", "RGBX")  # what four channels are if none of them is alpha
LISTS_ALL = "`isopixel methods` lists all"


@dataclass(frozen=True)
class Method:
    """A method of resizing, and what it covers (SPEC R-3, R-18).

    Attributes:
        name: as `resize` accepts it. What a name computes never changes.
        library: "isopixel", "pillow", "opencv" or "torch".
        releases: the first and the last of the library's releases that were measured to compute it; () for isopixel.
        filter: the library's filter, as `method_for` accepts it.
        call: the call of the library that the method re-creates, on uint8.
        antialias: whether every source pixel counts when an image shrinks; otherwise only the nearest do: one, two,
            four or eight on each axis.
        channels: the numbers of channels that it covers, of images with their channels last; None for any number.
        max_side: the longest height or width that it covers, in pixels, of source and result; None if only the
            exactness of the result sets a limit.

    Example:
        >>> import isopixel
        >>> method = next(m for m in isopixel.methods() if m.name == "pillow-12.2-bilinear")
        >>> method.library, method.releases, method.channels
        ('pillow', ('12.2.0', '12.3.0'), (1, 3, 4))
        >>> method.covers(2)
        False
    """

    name: MethodName
    library: str
    releases: tuple[str, str] | tuple[()]
    filter: str
    call: str
    antialias: bool
    channels: tuple[int, ...] | range | None
    max_side: int | None

    def covers(self, channels: int) -> bool:
        """Returns whether it covers images of this many channels; none covers fewer than 1."""
        return channels >= 1 if self.channels is None else channels in self.channels

    @property
    def is_frozen(self) -> bool:
        """Whether it re-creates another library's method, instead of the exact value."""
        return self.library != "isopixel"

    @property
    def covers_layouts(self) -> bool:
        """Whether `from_bytes` and `from_file` accept it: whether it covers 1 and 3 channels."""
        return self.covers(1) and self.covers(3)


def _method(row: tuple[str, str, str, str, str, str, bool, tuple[int, ...], int, int]) -> Method:
    """Returns a method from its row in the core."""
    name, library, first, last, filter, call, antialias, few_channels, max_channels, max_side = row
    channels = few_channels or (range(1, max_channels + 1) if max_channels else None)
    releases = (first, last) if first else ()
    return Method(cast("MethodName", name), library, releases, filter, call, antialias, channels, max_side or None)


METHODS = {row[0]: _method(row) for row in _core.methods}

# By the names of methods that treat channels alike, the methods of images with alpha, whose resize the library changes.
ALPHA_FORMS = {name: METHODS[f"{name}-alpha"].name for name in METHODS if f"{name}-alpha" in METHODS}
OF_ALPHA = frozenset(ALPHA_FORMS.values())


# By the first word of a filter, the kind that it belongs to, if that has another name.
KINDS = {"linear": "bilinear", "cubic": "bicubic", "lanczos4": "lanczos", "box": "area"}


def kind_of_filter(method: Method) -> str:
    """Returns what a method's filter is a form of, across libraries: "bilinear", "bicubic", "area" and others."""
    word = method.filter.partition("-")[0]
    return KINDS.get(word, word)


def methods() -> tuple[Method, ...]:
    """Returns all methods that `resize` knows: isopixel's own, then the frozen peers.

    Example:
        >>> import isopixel
        >>> [method.name for method in isopixel.methods() if method.filter == "linear-exact"]
        ['opencv-3.4-linear-exact']
    """
    return tuple(METHODS.values())


def kinds_of_filters() -> tuple[str, ...]:
    """Returns the kinds of filters that there are, each once."""
    return tuple(dict.fromkeys(map(kind_of_filter, METHODS.values())))


def filters_of(library: str) -> tuple[str, ...]:
    """Returns the filters of a library that have frozen peers, each once."""
    return tuple(dict.fromkeys(method.filter for method in METHODS.values() if method.library == library))


def check_method(method: str, antialias: bool | None = None) -> MethodName:
    """Returns the name of a method, with what antialias stands for; or raises TypeError or ValueError."""
    if not isinstance(method, str):
        raise TypeError(f"method must be a name, such as 'bilinear', got {method!r}; {LISTS_ALL}")
    if method not in METHODS:
        raise ValueError(f"unknown method {method!r}{choices(method, METHODS, LISTS_ALL)}")
    name = METHODS[method].name
    if antialias is None:
        return name
    if not isinstance(antialias, (bool, np.bool_)):
        raise TypeError(f"antialias must be True, False or None (which is True), got {antialias!r}")
    if name not in WITHOUT_ANTIALIAS:
        raise ValueError(f"antialias={antialias!r} is for method 'bilinear': {method!r} is one function; leave it out")
    return name if antialias else WITHOUT_ANTIALIAS[name]


def check_resize(size: Sequence[int] | None, method: str) -> MethodName:
    """Returns the method, if it has a size or is the default; or raises TypeError or ValueError."""
    name = check_method(method)
    if size is None and name != "bilinear":
        raise ValueError(f"method {method!r} needs a size: without one the image is not resized")
    return name


def coverage(name: str) -> str:
    """Returns what a method covers, to be added to the message of a refusal; nothing for one that covers all."""
    method = METHODS[name]
    if method.channels is None or method.max_side is None:
        return ""
    if isinstance(method.channels, range):
        numbers = f"1 to {method.channels[-1]:,}"
    else:
        numbers = ", ".join(map(str, method.channels[:-1])) + f" or {method.channels[-1]}"
    text = f"; {name!r} covers {numbers} channels, and sides of at most {method.max_side:,} pixels"
    if name == "opencv-3.4-area":
        text += "; 1 to 4 channels where it has fractions, and blocks of at most 8,421,504 pixels where it has none"
    return text


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
        if method in OF_ALPHA:
            raise ValueError(f"channels={channels!r} has no alpha, and {method!r} is for images that have")
    elif method in ALPHA_FORMS and (count == 4 or (count == 2 and not are_last)):
        place = "" if are_last else ", with the channels last"
        opaque = "channels='CMYK' (or 'RGBX')" if count == 4 else "axes='NHW' for gray images"
        raise ValueError(
            f"the last of {count} channels may be alpha, by which the library of {method!r} multiplies first: "
            f"use {ALPHA_FORMS[method]!r}{place}; or {opaque} if it is not alpha"
        )
