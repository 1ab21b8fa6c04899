# SPDX-License-Identifier: MIT
"""Hexadecimal listings of bytes, as in the Kaggle data set BIG 2015."""

import os
import re

from isopixel._files import open_regular

BOM = b"\xef\xbb\xbf"
LINE = re.compile(rb"[0-9A-Fa-f]{8,16}((?: (?:[0-9A-Fa-f]{2}|\?\?)){1,32})[ \t]*(?:\r?\n)?")
EMPTY = re.compile(rb"[ \t]*(?:\r?\n)?")
LONGEST = 1000  # bytes of a line, with its end; a file without lines is refused early


def read_hex_listing(path: str | os.PathLike[str], *, unknown: int | None) -> bytes:
    r"""Reads the bytes of a `.bytes` listing (SPEC R-17): lines of an address and up to 32 bytes in hexadecimal.

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
    stand_in = b"" if unknown is None else b"%02x" % unknown
    data = bytearray()
    with open_regular(path) as file:
        if file.read(len(BOM)) != BOM:
            file.seek(0)
        for number, line in enumerate(iter(lambda: file.readline(LONGEST + 1), b""), 1):
            match = LINE.fullmatch(line) if len(line) <= LONGEST else None
            if match is None:
                if len(line) <= LONGEST and EMPTY.fullmatch(line) and not file.read(1):
                    break  # the last line
                shown = line[:80].decode("ascii", "backslashreplace").rstrip()
                raise ValueError(f"{os.fspath(path)!r}, line {number}: not an address and up to 32 bytes: {shown!r}")
            data += bytes.fromhex(match[1].replace(b"??", stand_in).decode("ascii"))
    return bytes(data)
