# SPDX-License-Identifier: MIT
"""Hexadecimal listings of bytes, as in the Kaggle data set BIG 2015."""

import os
from collections.abc import Iterable
from typing import TYPE_CHECKING

from isopixel import _core
from isopixel._files import open_regular

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

BLOCK = 1 << 20  # bytes of a file that are read at a time
MOST_IN_LINE = 1003  # bytes of a line, with its end, and of the byte order mark before it


def read_hex_listing(path: str | os.PathLike[str], *, unknown: int | None) -> bytes:
    r"""Reads the bytes of a `.bytes` listing (SPEC R-17): lines of an address and up to 32 bytes in hexadecimal.

    For their image, a layout with unknown=… reads a listing by itself, as in
    `isopixel.from_file("program.bytes", "nataraj,unknown=0")`.

    Args:
        path: the file.
        unknown: what replaces an unknown byte, `??`: a value from 0 to 255, or None to leave it out. There is no
            default, since code in the wild disagrees.

    Returns:
        The bytes, for `from_bytes`.

    Raises:
        OSError: the file cannot be read.
        TypeError, ValueError: unknown is not a byte's value or None; a line is malformed (the message has its number).

    Example:
        >>> from pathlib import Path
        >>> import isopixel
        >>> Path("program.bytes").write_bytes(b"00401000 4D 5A ??\n00401003 90\n")
        30
        >>> isopixel.read_hex_listing("program.bytes", unknown=0)
        b'MZ\x00\x90'
        >>> isopixel.read_hex_listing("program.bytes", unknown=None)
        b'MZ\x90'
    """
    if unknown is not None and (not isinstance(unknown, int) or isinstance(unknown, bool)):
        raise TypeError(f"unknown must be a value from 0 to 255, or None to leave out such bytes, got {unknown!r}")
    if unknown is not None and not 0 <= unknown <= 255:
        raise ValueError(f"unknown must be from 0 to 255, got {unknown}")
    with open_regular(path, buffering=0) as file:
        return listed_bytes(_core.Listing(unknown), iter(lambda: file.read(BLOCK), b""), repr(os.fspath(path)))


def listed_bytes(listing: _core.Listing, blocks: "Iterable[ReadableBuffer]", name: str) -> bytes:
    """Returns the bytes of a listing, whose text comes in blocks; ValueError, which has the name, for another text."""
    try:
        for block in blocks:
            listing.push(block)
        return listing.finish()
    except ValueError as error:
        raise ValueError(f"{name}: {error}") from None
