# SPDX-License-Identifier: MIT
"""From a release of another library, and one of its filters, to the method that computes the same."""

import enum
import re
from dataclasses import dataclass

import numpy as np

from isopixel._arguments import choices
from isopixel._methods import METHODS, MethodName, filters_of

# What the libraries' numbers mean: PIL.Image.BICUBIC is 3, and so is cv2.INTER_AREA.
NUMBERS = {
    "pillow": ("nearest", "lanczos", "bilinear", "bicubic", "box", "hamming"),
    "opencv": ("nearest", "linear", "cubic", "area", "lanczos4", "linear-exact", "nearest-exact"),
}
# What stands before the name of a filter, an enumeration or a module, and the libraries whose filters that names.
OWNERS = {"Resampling": ("pillow",), "Image": ("pillow",), "cv2": ("opencv",), "InterpolationMode": ("pillow", "torch")}
# Other names of filters. What NEAREST does with alpha is in no row of its own: since 8.2.0 it does nothing.
ALIASES = {
    "pillow": {"antialias": "lanczos", "antialias-alpha": "lanczos-alpha", "nearest-alpha": "nearest"},
}


@dataclass(frozen=True)
class Refusal:
    """A filter of a library that is not one function, or not one of uint8.

    Attributes:
        library: as `method_for` accepts it.
        filter: as the rows of methods would name it.
        releases: the first and the last of the releases that it is about, several times; all of them if there are none.
        why: what it is instead, and what to do.
    """

    library: str
    filter: str
    releases: tuple[tuple[str, str], ...]
    why: str


REFUSALS = (
    Refusal(
        "opencv",
        "cubic",
        (("3.4.9.0", "3.4.20.0"), ("4.3.0.0", "5.0.0.93")),  # 3.4.9 to 3.4.14 were not measured
        "through Intel IPP, as in the wheels for x86, it is not one function; the exact 'bicubic-four-tap' equals it "
        "in all but 0.002 % of the samples, and 'opencv-3.4-cubic' is what OpenCV computes with OPENCV_IPP=disabled",
    ),
    Refusal(
        "opencv",
        "nearest-exact",
        (),
        "releases differ in it, and each mends the one before: that of 5.0.0 takes the samples of 'pillow-4-nearest', "
        "and the exact 'nearest' differs from it at exact ties alone",
    ),
    *(
        Refusal(
            "pillow",
            filter,
            (("4.2.1", "6.2.2"),),
            "before 7.0.0 BOX was another function, which has no name here: 'pillow-7-box' differs from it wherever a "
            "sample lies on the edge of a window",
        )
        for filter in ("box", "box-alpha")
    ),
    Refusal(
        "pillow",
        "nearest-alpha",
        (("4.2.1", "8.1.2"),),
        "before 8.2.0 NEAREST multiplied LA and RGBA by alpha and divided again; since then it is 'pillow-4-nearest', "
        "as it always was for other modes",
    ),
    Refusal(
        "torch",
        "nearest-exact",
        (),
        "it is not one function: at exact ties it depends on the memory layout, the size and the processor; the exact "
        "'nearest' equals it everywhere else",
    ),
    Refusal(
        "torch",
        "area",
        (),
        "it does not accept uint8: the exact 'area' is the mean that it approximates in float32",
    ),
)


def method_for(library: str, version: str, filter: str | int | enum.Enum) -> MethodName:
    """Returns the name of the method that is what a release of another library computes, bit for bit.

    It knows the releases that were measured, on x86-64; one between two of them that compute the same is taken to
    compute that too. A build's label (as in 2.13.0+cpu) is nothing but a label. OpenCV's own version (4.10.0) or its
    wheel's (4.10.0.84) will do. `isopixel audit` looks at what is installed.

    Args:
        library: "pillow", "opencv" or "torch". (torchvision calls torch or Pillow.)
        version: the release, such as "12.3.0", as `PIL.__version__`, `cv2.__version__` and `torch.__version__` have it.
        filter: the library's own name of it, in upper or lower case, or its number:

            - of Pillow "bicubic", "LANCZOS", `PIL.Image.Resampling.BICUBIC`, `PIL.Image.BICUBIC` or
              `InterpolationMode.BICUBIC` of torchvision, these also as text, for the modes L, RGB and CMYK. LA and RGBA
              need "-alpha" behind the name, as text: "bicubic-alpha", "LANCZOS-alpha".
            - of OpenCV "linear", "INTER_AREA" or `cv2.INTER_AREA`.
            - of torch the mode of `interpolate`, with "-antialias" behind it for antialias=True: "bicubic",
              "bicubic-antialias", "nearest".

    Raises:
        TypeError: an argument has a wrong type.
        ValueError: a library or filter that has no frozen peer, a filter that is not one function, or a release that
            was not measured.

    Example:
        >>> import isopixel
        >>> isopixel.method_for("pillow", "12.3.0", "BICUBIC")
        'pillow-12.2-bicubic'
        >>> isopixel.method_for("opencv", "4.10.0", 3)  # cv2.INTER_AREA
        'opencv-3.4-area'
    """
    for name, value in (("library", library), ("version", version)):
        if not isinstance(value, str):
            raise TypeError(f"{name} must be a text, got {value!r}")
    if library == "torchvision":
        raise ValueError(
            "torchvision resizes tensors by torch's interpolate, and PIL images by Pillow's resize: ask for the method "
            "of that library, 'torch' or 'pillow', with its release"
        )
    peers = [method for method in METHODS.values() if method.is_frozen]
    _check_known(f"library {library!r}", library, [peer.library for peer in peers])
    word = _filter_name(library, filter)
    _check_not_refused(library, version, word)
    word = ALIASES.get(library, {}).get(word, word)
    peers = [peer for peer in peers if peer.library == library]
    _check_known(f"filter {filter!r} of {library}", word, [peer.filter for peer in peers])
    peers = [peer for peer in peers if peer.filter == word]
    for peer in peers:
        if _is_between(version, *peer.releases):
            return peer.name
    measured = ", ".join(" … ".join(dict.fromkeys(peer.releases)) for peer in peers)
    raise ValueError(
        f"{library} {version!r} is not one of the releases that were measured ({measured}): "
        "install it, and let `isopixel audit` compare it with the frozen peers"
    )


def _filter_name(library: str, filter: str | int | enum.Enum) -> str:
    """Returns the name of a filter in the rows of methods from one of the library's names, or its number."""
    if isinstance(filter, enum.Enum):  # before int, which Pillow's members are
        owner, name = type(filter).__name__, filter.name
    elif isinstance(filter, str):
        path, _, name = filter.rpartition(".")
        owner = path.rpartition(".")[2]
    elif isinstance(filter, (int, np.integer)) and not isinstance(filter, bool):
        names = NUMBERS.get(library)
        if names is None:
            raise TypeError(f"{library} has no numbers of filters, got {filter!r}: give its name")
        if not 0 <= filter < len(names):
            raise ValueError(f"{library} has no filter {filter!r}: its numbers are 0 to {len(names) - 1}")
        return names[filter]
    else:
        raise TypeError(f"filter must be a name, a number or a member of the library's enumeration, got {filter!r}")
    if owner and library not in OWNERS.get(owner, ()):
        known = ", ".join(filters_of(library))
        raise ValueError(f"{owner}.{name} is not a filter of {library}: name one of its own ({known})")
    word = name.lower()
    if library == "opencv":
        word = word.removeprefix("inter_").replace("_", "-")
    if owner and library == "torch":
        word = word.replace("_", "-")
        if word in ("bilinear", "bicubic"):
            raise ValueError(
                f"{owner}.{name} does not say which resize of torch is meant: '{word}-antialias' is the default "
                f"of torchvision's, and '{word}', without antialias, the default of torch's interpolate"
            )
    return word


def _check_not_refused(library: str, version: str, filter: str) -> None:
    for refusal in REFUSALS:
        if (refusal.library, refusal.filter) == (library, filter) and (
            not refusal.releases or any(_is_between(version, *releases) for releases in refusal.releases)
        ):
            raise ValueError(f"{filter!r} of {library} {version} is not frozen: {refusal.why}")


def _check_known(what: str, value: str, known: list[str]) -> None:
    if value not in known:
        raise ValueError(f"unknown {what}{choices(value, known)}")


def _is_between(version: str, first: str, last: str) -> bool:
    """Returns whether a version is a release from first to last, compared in as many numbers as it has.

    A version with .post, rc or dev behind its numbers is not one: the first is another program's (Pillow-SIMD's), the
    others were not measured.
    """
    match = re.fullmatch(r"(\d+(?:\.\d+)*)(?:\+[a-z0-9.]+)?", version, re.ASCII | re.IGNORECASE)
    if match is None:
        return False
    parts = _numbers(match[1])
    parts += (0,) * (3 - len(parts))
    if len(parts) > len(_numbers(first)):
        return False
    return _numbers(first)[: len(parts)] <= parts <= _numbers(last)


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(map(int, version.split(".")))
