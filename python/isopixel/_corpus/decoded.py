# SPDX-License-Identifier: MIT
"""Sources that are stored compressed by zlib, as a stream of what was compressed, in bounded memory."""

import io
import zlib
from collections.abc import Iterator
from typing import TYPE_CHECKING

from isopixel._sources import OpenSource

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

DECODES = ("zlib",)


def check_decode(decode: str | None) -> None:
    """Raises ValueError if there is no such decoding."""
    if decode is not None and decode not in DECODES:
        raise ValueError(f"decode is None or one of {', '.join(map(repr, DECODES))}, not {decode!r}")


def unpacked(source: OpenSource) -> OpenSource:
    """Returns the source of what zlib packed.

    It is unpacked once for its length, and kept if it fits a block; else once more for its bytes.

    Raises:
        OSError: as the source's.
        ValueError: it is empty, not packed by zlib, ends too early, or goes on behind its end.
    """
    source.check_not_empty()
    length, kept = 0, []
    for piece in _pieces(source):
        length += len(piece)
        if length <= source.block:
            kept.append(piece)
    file = io.BytesIO(b"".join(kept)) if length <= source.block else _Unpacking(source)
    return OpenSource(file, length, source.name, source.block)


def _pieces(source: OpenSource) -> Iterator[bytes]:
    """Yields what is packed in a source, at most a block at a time."""
    unpacker = zlib.decompressobj()
    try:
        for block in source.blocks(0, source.length, lambda block: None):
            packed: bytes | memoryview = block
            while packed and not unpacker.eof:  # the end is taken in when all before it was given
                yield unpacker.decompress(packed, source.block)
                packed = unpacker.unconsumed_tail
            if unpacker.unused_data or (unpacker.eof and packed):
                raise ValueError(f"{source.name} has bytes behind the end of its zlib stream")
    except zlib.error as error:
        raise ValueError(f"{source.name} is not a zlib stream: {error}") from None
    if not unpacker.eof:
        raise ValueError(f"{source.name} is a zlib stream that ends too early")


class _Unpacking:
    """The bytes of a packed source as a file, which can be read again from its beginning."""

    def __init__(self, source: OpenSource) -> None:
        self._source = source
        self.seek(0)

    def seek(self, offset: int, /) -> object:
        if offset != 0:
            raise ValueError("what zlib packed is read from its beginning")
        self._pieces = _pieces(self._source)
        self._rest = memoryview(b"")
        return offset

    def readinto(self, buffer: "WriteableBuffer", /) -> int:
        view = memoryview(buffer)
        while not self._rest:
            piece = next(self._pieces, None)
            if piece is None:
                return 0
            self._rest = memoryview(piece)
        n = min(len(view), len(self._rest))
        view[:n] = self._rest[:n]
        self._rest = self._rest[n:]
        return n

    def read(self, size: int, /) -> bytes:
        block = bytearray(size)
        return bytes(block[: self.readinto(block)])
