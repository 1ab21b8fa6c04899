# SPDX-License-Identifier: MIT
"""Bytes that are plainly a picture or a listing: whoever takes them as they are should know.

A recipe makes an image of any bytes, and of those of a JPEG file too. `from_bytes`, `from_file` and recipes say
nothing of it, since bytes are bytes; the commands and the data set do.
"""

import re
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from isopixel import _core
from isopixel._files import open_regular
from isopixel._shown import counted

if TYPE_CHECKING:
    from isopixel._recipe import Recipe

HEAD = 512  # bytes of a file that are looked at
LISTING = "listing"
ADVICE = "for a picture, use a recipe of images, which begins with 'isopixel 1: image rgb'"
LISTING_ADVICE = (
    "for a listing, use a layout that says what its unknown bytes become, as in 'isopixel 1: nataraj,unknown=0' "
    "(0 to 255, or drop)"
)

Kinds = dict[str, tuple[int, str]]  # of files: how many of a kind, and the path of the first one

_BMP_HEADERS = (12, 40, 52, 56, 64, 108, 124)  # lengths of the header that follows the file's own
_BRANDS = (b"heic", b"heix", b"hevc", b"mif1", b"msf1", b"avif", b"avis")
_LINE = re.compile(rb"(?:\xef\xbb\xbf)?[0-9A-Fa-f]{8,16}(?: (?:[0-9A-Fa-f]{2}|\?\?)){1,32}[ \t]*\r?\n")  # by R-17

# Nothing shorter than three bytes, of which random ones are too often the beginning.
_KINDS: dict[str, Callable[[bytes], object]] = {
    "JPEG": lambda head: head.startswith(b"\xff\xd8\xff"),
    "PNG": lambda head: head.startswith(b"\x89PNG\r\n\x1a\n"),
    "GIF": lambda head: head.startswith((b"GIF87a", b"GIF89a")),
    "WebP": lambda head: head.startswith(b"RIFF") and head[8:12] == b"WEBP",
    "TIFF": lambda head: head.startswith((b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")),
    "BMP": lambda head: head.startswith(b"BM") and int.from_bytes(head[14:18], "little") in _BMP_HEADERS,
    "HEIF or AVIF": lambda head: head[4:8] == b"ftyp" and head[8:12] in _BRANDS,
    "JPEG XL": lambda head: head.startswith(b"\0\0\0\x0cJXL \r\n\x87\n"),
    "JPEG 2000": lambda head: head.startswith((b"\0\0\0\x0cjP  \r\n\x87\n", b"\xff\x4f\xff\x51")),
    "OpenEXR": lambda head: head.startswith(b"\x76\x2f\x31\x01"),
    "Photoshop": lambda head: head.startswith(b"8BPS"),
    "DICOM": lambda head: head[128:132] == b"DICM",
    ".npy": lambda head: head.startswith(b"\x93NUMPY"),
    LISTING: _LINE.match,
}


def kind_of(head: bytes) -> str | None:
    """Returns what a file is by its first HEAD bytes: a kind of picture, ".npy" or LISTING; None for others."""
    return next((kind for kind, begins in _KINDS.items() if begins(head)), None)


def kind_of_file(path: str) -> str | None:
    """Returns what a file is by its first bytes; None also if it cannot be read."""
    try:
        with open_regular(path, buffering=0) as file:
            return kind_of(file.read(HEAD))
    except (OSError, ValueError):
        return None


def described(kind: str) -> str:
    """Returns a kind with its article: "a PNG picture"."""
    if kind == LISTING:
        return "a listing of bytes in hexadecimal"
    if kind == ".npy":
        return "a .npy array"
    return f"{'an' if kind[0] in 'AEO' else 'a'} {kind} picture"


class Guard:
    """Remembers which of the files that a recipe takes for bytes are pictures or listings.

    With a recipe of images, or of listings, there are none: what they do not read is an error.
    """

    def __init__(self, recipe: "Recipe") -> None:
        """Starts without files."""
        self._takes_all = recipe.layout is not None and _core.listing_of(recipe.layout) is None
        self._kinds: dict[str, str] = {}

    def see(self, path: str, kind: str | None) -> None:
        """Takes note of a file; the calls may come from several threads."""
        if kind is not None and self._takes_all:
            self._kinds[path] = kind

    def watch(self, path: str) -> Callable[[memoryview], None]:
        """Returns what is to be called with the blocks of a file: the first one shows what it is."""
        begun = False

        def see(block: memoryview) -> None:
            nonlocal begun
            if not begun:
                begun = True
                self.see(path, kind_of(bytes(block[:HEAD])))

        return see

    def kinds(self) -> Kinds:
        """Returns of each kind of the noted files, sorted by name, their number and the first one's path."""
        paths: dict[str, list[str]] = {}
        for path, kind in self._kinds.items():
            paths.setdefault(kind, []).append(path)
        return {kind: (len(paths[kind]), min(paths[kind])) for kind in sorted(paths)}

    def are_all(self, paths: Iterable[str]) -> bool:
        """Returns whether all files are pictures, or all are listings."""
        kinds = {self._kinds.get(path) for path in paths}
        return None not in kinds and (kinds == {LISTING} or LISTING not in kinds)

    def what(self, total: int) -> str:
        """Returns what the noted files are, of a number of files: "'a.png' is a PNG picture", "2 of 9 files are …"."""
        return _what(self.kinds(), total)

    def note(self, total: int) -> str | None:
        """Returns a sentence about files that are taken for bytes, with what to do instead; None if there are none."""
        return note_of(self.kinds(), total)

    def advice(self) -> str:
        """Returns what to do with the noted files instead."""
        return _advice(self.kinds())


def note_of(kinds: Kinds, total: int) -> str | None:
    """Returns what `Guard.note` does, of the kinds of files of one or several guards."""
    if not kinds:
        return None
    return f"{_what(kinds, total)}, and what is stored in the file is taken for pixels: {_advice(kinds)}"


def _what(kinds: Kinds, total: int) -> str:
    number = sum(number for number, _ in kinds.values())
    first, kind = min((path, kind) for kind, (_, path) in kinds.items())
    if total == 1:
        return f"{first!r} is {described(kind)}"
    files = f"{number:,} of {counted(total, 'file')}"
    if number == 1:
        return f"{files} is {described(kind)} ({first!r})"
    nouns = ["pictures"] * (kinds.keys() != {LISTING}) + ["listings of bytes in hexadecimal"] * (LISTING in kinds)
    most_first = sorted(kinds.items(), key=lambda item: -item[1][0])  # equally many in one order, that of their names
    counts = ", ".join(f"{number:,} {kind}" for kind, (number, _) in most_first)
    return f"{files} are {' or '.join(nouns)} ({counts}; the first is {first!r})"


def _advice(kinds: Kinds) -> str:
    return "; ".join([ADVICE] * (kinds.keys() != {LISTING}) + [LISTING_ADVICE] * (LISTING in kinds))
