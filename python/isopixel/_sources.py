# SPDX-License-Identifier: MIT
"""Sources that are open: of a file, of an object in a store, or of bytes in memory, as a stream of known length."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from isopixel._files import open_regular
from isopixel._shown import counted

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

BLOCK = 1 << 20  # bytes of a file that are read at a time


class Readable(Protocol):
    """What a stream has to do: as a binary file without a buffer does it."""

    def read(self, size: int, /) -> bytes:
        """Returns the next bytes, at most `size`; none at the end."""

    def readinto(self, buffer: "WriteableBuffer", /) -> int | None:
        """Reads the next bytes into a buffer, and returns their number; 0 at the end."""

    def seek(self, offset: int, /) -> object:
        """Goes to an offset from the beginning."""


@dataclass(frozen=True)
class OpenSource:
    """Bytes that an array is made of, which can be read once or more.

    Attributes:
        file: where they are read.
        length: their number, as it was when it was opened.
        name: what messages call it: of a file the representation of its path.
        block: the most bytes that are read at a time.
    """

    file: Readable
    length: int
    name: str
    block: int = BLOCK

    def check_not_empty(self) -> None:
        """Raises ValueError if there are no bytes."""
        if self.length == 0:
            raise ValueError(f"{self.name} is empty, or does not report its length: an image needs at least one byte")

    def blocks(self, begin: int, end: int, on_block: Callable[[memoryview], object]) -> Iterator[memoryview]:
        """Yields the bytes from `begin` on and before `end` in blocks, and shows each to on_block.

        Raises:
            OSError: there are less bytes than there were when it was opened; or more, if `end` is the end.
        """
        self.file.seek(begin)
        block = memoryview(bytearray(min(self.block, end - begin)))
        while begin < end:
            n = self.file.readinto(block[: end - begin])
            if not n:
                raise OSError(
                    f"{self.name} shrank while it was read: "
                    f"it had {counted(self.length, 'byte')} and ended after {begin:,}"
                )
            yield block[:n]
            on_block(block[:n])
            begin += n
        if end == self.length and self.file.read(1):
            raise OSError(f"{self.name} grew while it was read: it had {counted(self.length, 'byte')}")

    def head(self, most: int) -> bytes:
        """Returns the first bytes, `most` or all, and goes back to the beginning."""
        head = b""
        while len(head) < most and (piece := self.file.read(most - len(head))):  # which may be a part of what there is
            head += piece
        self.file.seek(0)
        return head


@contextmanager
def open_file(path: str | os.PathLike[str]) -> Iterator[OpenSource]:
    """Opens a regular file, without waiting; raises OSError as `open_regular`."""
    path = os.fspath(path)
    with open_regular(path, buffering=0) as file:
        yield OpenSource(file, os.fstat(file.fileno()).st_size, repr(path), BLOCK)  # type: ignore[arg-type]  # has readinto
