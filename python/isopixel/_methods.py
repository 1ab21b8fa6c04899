# SPDX-License-Identifier: MIT
"""The methods of resizing: isopixel's own, and the frozen peers, which re-create other libraries bit for bit."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

MOST_SIDE = 2**24 - 1  # of the frozen peers

# The releases that were measured: of each library, by the first release in a method's name, the first and the last one.
MEASURED = {
    "pillow": {"4": ("4.2.1", "12.1.1"), "12.2": ("12.2.0", "12.3.0"), "13": ("13.0.0", "13.0.0")},
    "opencv": {"3.4": ("3.4.0.14", "5.0.0.93")},
    "torch": {"2.13": ("2.13.0", "2.13.0")},
}

# Of each library, by filter: the call, and the numbers of channels that it covers.
FILTERS: dict[str, dict[str, tuple[str, tuple[int, ...] | range]]] = {
    "pillow": {
        "bilinear": ("Image.resize(size, Image.BILINEAR) in the modes L, RGB and CMYK", (1, 3, 4)),
        "bilinear-alpha": ("Image.resize(size, Image.BILINEAR) in the modes LA and RGBA", (2, 4)),
    },
    "opencv": {
        "linear": ("cv2.resize(image, dsize, interpolation=cv2.INTER_LINEAR)", range(1, 513)),
        "linear-exact": ("cv2.resize(image, dsize, interpolation=cv2.INTER_LINEAR_EXACT)", range(1, 513)),
    },
    "torch": {
        "bilinear-antialias": (
            "torch.nn.functional.interpolate(image, size, mode='bilinear', antialias=True)",
            range(1, 65537),
        ),
        "bilinear": ("torch.nn.functional.interpolate(image, size, mode='bilinear')", range(1, 65537)),
    },
}


@dataclass(frozen=True)
class Method:
    """A method of resizing, and what it covers.

    Attributes:
        name: as `resize` takes it. What a name computes never changes.
        library: "isopixel", "pillow", "opencv" or "torch".
        releases: the first and the last of the library's releases that were measured to compute it; () for isopixel.
        filter: the library's filter, as `method_for` takes it.
        function: the call of the library that it is, on uint8.
        channels: the numbers of channels that it covers, of images with their channels last; None for any number.
        most_side: the longest height or width that it covers, in pixels, of source and result; None where only the
            exactness of the result sets a limit.
        streams: whether `from_bytes` and `from_file` take it, in blocks of bytes: whether it covers 1 and 3 channels.
    """

    name: str
    library: str
    releases: tuple[str, str] | tuple[()]
    filter: str
    function: str
    channels: tuple[int, ...] | range | None
    most_side: int | None
    streams: bool

    def covers(self, channels: int) -> bool:
        """Says whether it covers images of so many channels."""
        return self.channels is None or channels in self.channels


def _all_methods() -> Iterator[Method]:
    yield Method("bilinear", "isopixel", (), "bilinear", "isopixel.resize(image, size)", None, None, True)
    for library, eras in MEASURED.items():
        for era, releases in eras.items():
            for name, (function, channels) in FILTERS[library].items():
                streams = 1 in channels and 3 in channels
                full_name = f"{library}-{era}-{name}"
                yield Method(full_name, library, releases, name, function, channels, MOST_SIDE, streams)


METHODS = {method.name: method for method in _all_methods()}


def methods() -> tuple[Method, ...]:
    """Returns all methods that `resize` knows: "bilinear", isopixel's own, then the frozen peers."""
    return tuple(METHODS.values())


def method_for(library: str, version: str, filter: str) -> str:
    """Returns the name of the method that is what a release of another library computes, bit for bit.

    It knows the releases that were measured, on x86-64; one between two of them that compute the same is taken to
    compute that too. A build's label (as in 2.13.0+cpu) is nothing but a label. OpenCV's own version (4.10.0) or its
    wheel's (4.10.0.84) will do. `isopixel audit` looks at what is installed.

    Args:
        library: "pillow", "opencv" or "torch".
        version: the release, such as "12.3.0", as `PIL.__version__`, `cv2.__version__` and `torch.__version__` tell it.
        filter: of Pillow "bilinear" (modes L, RGB, CMYK) or "bilinear-alpha" (LA, RGBA); of OpenCV "linear" or
            "linear-exact"; of torch "bilinear" or "bilinear-antialias".

    Raises:
        TypeError: an argument is no text.
        ValueError: a library or filter that has no frozen peer, or a release that was not measured.
    """
    for name, value in (("library", library), ("version", version), ("filter", filter)):
        if not isinstance(value, str):
            raise TypeError(f"{name} must be a text, got {value!r}")
    if library not in MEASURED:
        raise ValueError(f"unknown library {library!r}; known: {', '.join(MEASURED)}")
    if filter not in FILTERS[library]:
        raise ValueError(f"unknown filter {filter!r} of {library}; known: {', '.join(FILTERS[library])}")
    for era, releases in MEASURED[library].items():
        if _is_between(version, *releases):
            return f"{library}-{era}-{filter}"
    measured = ", ".join(first if first == last else f"{first} … {last}" for first, last in MEASURED[library].values())
    raise ValueError(
        f"{library} {version!r} is not one of the releases that were measured ({measured}): "
        "install it, and let `isopixel audit` compare it with the frozen peers"
    )


def _is_between(version: str, first: str, last: str) -> bool:
    """Says whether a version is a release, and from first to last, as far as it is told.

    Versions with .post, rc or dev behind the numbers are none: the first are other programs (Pillow-SIMD's), the others
    were not measured.
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


def coverage(name: str) -> str:
    """Returns what a frozen peer covers, to be added to the message of a refusal; nothing for another method."""
    channels = METHODS[name].channels
    if channels is None:
        return ""
    if isinstance(channels, range):
        numbers = f"1 to {channels[-1]:,}"
    else:
        numbers = ", ".join(map(str, channels[:-1])) + f" or {channels[-1]}"
    return f"; {name!r} covers {numbers} channels, and sides of at most {MOST_SIDE:,} pixels"
