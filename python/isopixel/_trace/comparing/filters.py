# SPDX-License-Identifier: MIT
"""What the name of a resize says: the library, the kind of filter, and in which ways it departs from others."""

from dataclasses import dataclass

from isopixel._methods import KINDS, METHODS, kind_of_filter

KNOWN = ("nearest", "bilinear", "bicubic", "lanczos", "area", "hamming", "box", "linear", "cubic", "lanczos4")
TWO_TAP = ("opencv", "torch")  # libraries whose filters read the nearest pixels alone, unless their names say otherwise


@dataclass(frozen=True)
class Filter:
    """What kind of function a resize is.

    Attributes:
        library: that it is of; "isopixel" for the exact ones.
        kind: of filter: "nearest", "bilinear", "bicubic", "lanczos", "area", "hamming"; "" if it has no such name.
        antialias: whether every source pixel counts.
        is_float: whether it resizes floating-point samples.
        aligns_corners: whether the centres of the corner pixels stay where they are.
        reduces: whether it reduces by a whole number first.
        has_alpha: whether it multiplies by alpha first.
    """

    library: str
    kind: str
    antialias: bool
    is_float: bool = False
    aligns_corners: bool = False
    reduces: bool = False
    has_alpha: bool = False


def filter_of(name: str) -> Filter:
    """Returns what kind of function a resize of a name is."""
    words = name.split("-")
    alpha = words[-1] == "alpha"
    if name in METHODS:
        method = METHODS[name]
        return Filter(method.library, kind_of_filter(method), method.antialias, has_alpha=alpha)
    library = words[0]
    word = next((word for word in reversed(words) if word in KNOWN), "")
    kind = KINDS.get(word, word)
    antialias = "antialias" in words or kind == "area" or (library not in TWO_TAP and kind != "nearest")
    return Filter(
        library=library,
        kind=kind,
        antialias=antialias,
        is_float="float32" in words or "float64" in words,
        aligns_corners="corners" in words,
        reduces="reducing" in words or "reduce" in words,
        has_alpha=alpha,
    )
