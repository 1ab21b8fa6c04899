# SPDX-License-Identifier: MIT
"""Images of bytes."""

import os
import stat
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import numpy as np

from isopix import _core
from isopix.arguments import check_layout, check_method, check_size
from isopix.images import UInt8Array

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

BLOCK = 1 << 20  # bytes of a file that are read at a time


def from_bytes(
    data: "ReadableBuffer",
    layout: str,
    size: Sequence[int] | None = None,
    *,
    method: str = "bilinear",
    antialias: bool | None = None,
) -> UInt8Array:
    """Makes an image of bytes (SPEC R-6, R-7), and resizes it where a size is given.

    Args:
        data: bytes, or another one-dimensional buffer of bytes; at least one.
        layout: "nataraj": rows whose width depends on the number of bytes, the last one padded with 0.
        size: (height, width) of the result, in pixels; None for the image as the layout makes it.
        method: as in `resize`.
        antialias: as in `resize`; only with a size.

    Returns:
        uint8, (height, width).

    Raises:
        TypeError: data that is not bytes; a size that is not (height, width) in whole numbers; a wrong type.
        ValueError: no bytes, an unknown layout or method, a size below 1 or too large.
        MemoryError: the result does not fit the memory.
    """
    try:
        view = memoryview(data)
    except TypeError:
        raise TypeError(f"data must be bytes, got {type(data).__name__}; for a file use from_file") from None
    if view.ndim != 1 or view.format not in ("B", "b", "c") or not view.contiguous:
        raise TypeError(
            "data must be a one-dimensional contiguous buffer of bytes, "
            f"got format {view.format!r}, shape {view.shape}: convert it with bytes(...) or .tobytes()"
        )
    if len(view) == 0:
        raise ValueError("data is empty: zero bytes are no image")
    image, stream = _begin(len(view), layout, size, method, antialias)
    stream.push(view)
    stream.finish()
    return image


def from_file(
    path: str | os.PathLike[str],
    layout: str,
    size: Sequence[int] | None = None,
    *,
    method: str = "bilinear",
    antialias: bool | None = None,
) -> UInt8Array:
    """Makes an image of a file's bytes, like `from_bytes`, reading it in blocks.

    The file is never in memory as a whole, and not mapped to it: it may be longer than the memory.

    Args:
        path: a regular file of at least one byte.
        layout: as in `from_bytes`.
        size: as in `from_bytes`.
        method: as in `resize`.
        antialias: as in `resize`; only with a size.

    Returns:
        uint8, (height, width).

    Raises:
        OSError: the file cannot be read, is no regular file, or grows or shrinks while it is read.
        TypeError, ValueError, MemoryError: as in `from_bytes`.
    """
    return image_of_file(path, layout, size, method, antialias, lambda done, length: None)


def image_of_file(
    path: str | os.PathLike[str],
    layout: str,
    size: Sequence[int] | None,
    method: str,
    antialias: bool | None,
    progress: Callable[[int, int], None],
) -> UInt8Array:
    """Does what `from_file` does, and calls progress(bytes done, length) after each block."""
    path = os.fspath(path)
    with open(path, "rb", buffering=0, opener=_open_at_once) as file:
        status = os.fstat(file.fileno())
        if not stat.S_ISREG(status.st_mode):
            raise OSError(f"{path!r} is not a regular file: read it yourself and use from_bytes")
        length = status.st_size
        if length == 0:
            raise ValueError(f"{path!r} is empty: zero bytes are no image")
        image, stream = _begin(length, layout, size, method, antialias)
        block = memoryview(bytearray(min(BLOCK, length)))
        done = 0
        while done < length:
            n = file.readinto(block[: length - done])
            if not n:
                raise OSError(f"{path!r} shrank while it was read: it had {length} bytes and ended after {done}")
            stream.push(block[:n])
            done += n
            progress(done, length)
        if file.read(1):
            raise OSError(f"{path!r} grew while it was read: it had {length} bytes")
    stream.finish()
    return image


def _open_at_once(path: str, flags: int) -> int:
    """Opens without waiting for the writer of a pipe; a regular file does not care."""
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))


def _begin(
    length: int, layout: str, size: Sequence[int] | None, method: str, antialias: bool | None
) -> tuple[UInt8Array, _core.Stream]:
    """Returns the array of the result and the stream that will fill it from `length` bytes."""
    check_layout(layout)
    if size is None and antialias is not None:
        raise ValueError("antialias needs a size: without one the image is not resized")
    antialias = check_method(method, antialias)
    image_size = _core.layout_size(layout, length) if size is None else check_size(size)
    try:
        image = np.empty(image_size, np.uint8)
    except ValueError:
        raise ValueError(f"size {size!r} is too large: beyond the address space") from None
    return image, _core.Stream(layout, length, image[None, :, :, None], method, antialias)
