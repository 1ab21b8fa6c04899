# SPDX-License-Identifier: MIT
"""Images of bytes."""

import math
import os
import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import numpy as np

from isopixel import _core
from isopixel._arguments import check_layout, check_size, kind_of
from isopixel._images import UInt8Array
from isopixel._listing import MOST_IN_LINE, listed_bytes
from isopixel._methods import MethodName, check_resize, coverage
from isopixel._settings import get_isa
from isopixel._shown import counted
from isopixel._sound import begin, check_sound, image_of_wav, push, wav_info_of
from isopixel._sources import OpenSource, open_file

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer


def from_bytes(
    data: "ReadableBuffer",
    layout: str,
    size: Sequence[int] | None = None,
    *,
    method: MethodName = "bilinear",
) -> UInt8Array:
    """Makes an image of bytes (SPEC R-6, R-7, R-10 to R-15, R-71 to R-80, R-91), resized if a size is given.

    Args:
        data: bytes, or another one-dimensional buffer of bytes; at least one.
        layout: how the bytes become pixels: a rule's name, then options such as "nataraj,unit=1000,edge=le,rows=extra".

            - nataraj, wide: rows whose width depends on the number of bytes. Options unit=1024|1000 (bytes in a kB of
              the table), edge=lt|le (whether a limit belongs to the wider or the narrower class).
            - fixed: rows of width=… pixels.  square: rows of the square root of the number of pixels, rounded up.
            - pow2: rows of the power of two above the square root of the number of bytes, as scripts for BIG 2015 have
              it (theirs with rows=floor).
            - These five have rows=ceil|floor|extra (the last row padded; left out; or one more row than whole ones),
              pad=0…255 and, but for pow2, channels=1|3 (bytes in a pixel).
            - hilbert: along the Hilbert curve in the smallest square of side 2^k; pad=0…255.
            - bigram: 256 × 256, how often byte a (row) is followed by byte b (column); scale=linear|log.
            - line: the bytes as one row. Resized, they are resized as a row to height·width samples, which are then
              wrapped into rows: resizing the unresized image of this layout is a different result.
            - logmel, logfft: data is a WAV file, and the image its spectrogram, a column for each frame and row 0 the
              lowest band (or bin); eight levels an octave of power, 255 at full scale. rate=… (of the file, in Hz),
              window=… (even) and hop=… (samples) and for logmel bands=… have to be given; logmel has low=… and high=…
              (Hz, by default 0 and half of rate). Both have ends=zero|cut (zeros beyond the sound, or whole frames
              alone), channel=mix|1…8, gain=0…64 (levels, for sounds that are quiet). They have none of what follows.
            - All others have offset=… and length=…, for a part of the bytes: those from number offset on, counted from
              0, as many as length, or as there are. And unknown=0…255|drop: data is the text of a `.bytes` listing, as
              `read_hex_listing` reads it; its bytes are meant, with that value for unknown ones, or without them.
        size: (height, width) of the result, in pixels; None for the image as the layout makes it.
        method: as in `resize`; without a size it is not to be given.

    Returns:
        uint8, (height, width), or (height, width, 3) with channels=3. Without a size, and if nothing is padded, moved
        or read from a listing, it is a view of data, which is read-only if data is.

    Raises:
        TypeError: data that is not bytes; a size that is not (height, width) in whole numbers; a wrong type.
        ValueError: no bytes, an unknown layout or method, a size below 1 or too large; an offset beyond the bytes; a
            listing with a malformed line, or without bytes; a WAV file that is broken, compressed, of another rate,
            or without a finite number at each place.
        MemoryError: the result does not fit in memory.

    Example:
        >>> import isopixel
        >>> isopixel.from_bytes(b"any bytes", "square")
        array([[ 97, 110, 121],
               [ 32,  98, 121],
               [116, 101, 115]], dtype=uint8)
        >>> isopixel.from_bytes(b"any bytes", "square", (2, 2))
        array([[ 85, 115],
               [ 90, 111]], dtype=uint8)
        >>> isopixel.from_bytes(b"any bytes", "line,offset=4,length=3")
        array([[ 98, 121, 116]], dtype=uint8)
        >>> isopixel.from_bytes(b"00401000 4D 5A ?? 90", "square,unknown=0")
        array([[ 77,  90],
               [  0, 144]], dtype=uint8)
    """
    try:
        view = memoryview(data)
    except TypeError:
        picture = "its pixels are not bytes of a file; resize it with isopixel.resize(np.asarray(image), size)"
        got = kind_of(data, "pass tensor.cpu().numpy() if its values are bytes", picture)
        raise TypeError(f"data must be bytes, got {got}; for a file use from_file") from None
    if view.ndim != 1 or view.format not in ("B", "b", "c") or not view.contiguous:
        raise TypeError(
            "data must be a one-dimensional contiguous buffer of bytes, "
            f"got format {view.format!r}, shape {view.shape}: convert it with bytes(...) or .tobytes()"
        )
    if len(view) == 0:
        raise ValueError("data is empty: an image needs at least one byte")
    layout = check_layout(layout)
    if _core.rate_of(layout) is not None:
        return image_of_wav(view.cast("B"), layout, size, method, "data")
    listing = _core.listing_of(layout)
    if listing is not None:
        view = memoryview(listed_bytes(listing, [view], "data"))
    offset, n = _part(layout, len(view), "data")
    view = view[offset : offset + n]
    layout = _core.layout_of_part(layout)
    if size is None and listing is None and _core.layout_is_view(layout, n):
        check_resize(size, method)
        shape = _core.layout_shape(layout, n)
        return _squeezed(np.frombuffer(view, np.uint8, math.prod(shape)).reshape(shape))
    image, stream = _begin(n, layout, size, method)
    stream.push(view)
    stream.finish()
    return image


def from_file(
    path: str | os.PathLike[str],
    layout: str,
    size: Sequence[int] | None = None,
    *,
    method: MethodName = "bilinear",
) -> UInt8Array:
    """Makes an image of a file's bytes, like `from_bytes`, reading it in blocks.

    The file is never in memory as a whole, nor mapped into it: it may be larger than the memory. With offset or length
    in the layout that part alone is read. With unknown, the bytes of the listing are in memory.

    Args:
        path: a regular file of at least one byte.
        layout: as in `from_bytes`.
        size: as in `from_bytes`.
        method: as in `from_bytes`.

    Returns:
        uint8, as `from_bytes`, in memory of its own.

    Raises:
        OSError: the file cannot be read, is not a regular file, or grows or shrinks while it is read.
        TypeError, ValueError, MemoryError: as in `from_bytes`.

    Example:
        >>> from pathlib import Path
        >>> import isopixel
        >>> Path("program").write_bytes(b"any bytes")
        9
        >>> isopixel.from_file("program", "square", (2, 2))
        array([[ 85, 115],
               [ 90, 111]], dtype=uint8)
        >>> Path("sound.wav").write_bytes(b"RIFF" + bytes(40) + b"sound")
        49
        >>> isopixel.from_file("sound.wav", "line,offset=44")  # without its header
        array([[115, 111, 117, 110, 100]], dtype=uint8)
        >>> isopixel.from_file("sound.wav", "fixed,width=32,length=65536").shape  # of the first 64 KiB, or fewer
        (2, 32)
    """
    with open_file(path) as source:
        return image_of(source, layout, size, method, lambda block: None, whole=False)


def image_of(
    source: OpenSource,
    layout: str,
    size: Sequence[int] | None,
    method: MethodName,
    on_block: Callable[[memoryview], object],
    *,
    whole: bool,
) -> UInt8Array:
    """Does what `from_file` does, of a source that is open, and shows what it reads.

    Args:
        source: the source.
        layout: as in `from_file`.
        size: as in `from_file`.
        method: as in `from_file`.
        on_block: called with each block of bytes that is read, which is valid until it returns.
        whole: the whole source is read, and not only the part that the image is made of.
    """
    layout = check_layout(layout)
    source.check_not_empty()
    end = source.length
    if _core.rate_of(layout) is not None:
        image, stream = _of_wav(source, layout, size, method, on_block, whole=whole)
    elif (listing := _core.listing_of(layout)) is not None:
        data = listed_bytes(listing, source.blocks(0, end, on_block), source.name)
        offset, n = _part(layout, len(data), source.name)
        image, stream = _begin(n, _core.layout_of_part(layout), size, method)
        stream.push(memoryview(data)[offset : offset + n])
    else:
        first, n = _part(layout, end, source.name)
        if whole:
            first = 0
        else:
            end, layout = first + n, _core.layout_of_part(layout)
        image, stream = _begin(end - first, layout, size, method)
        for block in source.blocks(first, end, on_block):
            stream.push(block)
    stream.finish()
    return image


def _of_wav(
    source: OpenSource,
    layout: str,
    size: Sequence[int] | None,
    method: MethodName,
    on_block: Callable[[memoryview], object],
    *,
    whole: bool,
) -> tuple[UInt8Array, _core.Stream]:
    """Returns the image of a WAV file, and its stream with all samples."""
    sound = wav_info_of(source)
    image, stream = begin(sound, layout, size, method, source.name)
    first, end = sound.offset, sound.offset + sound.n_bytes
    at = 0 if whole else first
    for block in source.blocks(at, source.length if whole else end, on_block):
        push(stream, block[max(first - at, 0) : max(end - at, 0)], source.name)
        at += len(block)
    return image, stream


def check_file(path: str | os.PathLike[str], layout: str) -> int:
    """Raises what `from_file` raises, as far as that shows by a file's length, and of a listing by its first lines.

    Returns:
        How many of the file's bytes `from_file` reads.
    """
    with open_file(path) as source:
        source.check_not_empty()
        length = source.length
        if _core.rate_of(layout) is not None:
            check_sound(wav_info_of(source), layout, source.name)
            return length
        if (listing := _core.listing_of(layout)) is not None:
            head = source.head(MOST_IN_LINE + 1)
            lines = head if len(head) == length else head[: head.rfind(b"\n") + 1] or head
            listed_bytes(listing, [lines], source.name)
            return length
        n = _part(layout, length, source.name)[1]
    try:
        _core.layout_shape(layout, length)
    except ValueError as error:
        raise ValueError(f"cannot make an image of {counted(length, 'byte')}, layout {layout!r}: {error}") from None
    return n


def _part(layout: str, n: int, name: str) -> tuple[int, int]:
    """Returns the offset and the number of the bytes that a layout takes of n (R-91), those of what has the name."""
    try:
        return _core.part_of_bytes(layout, n)
    except ValueError as error:
        raise ValueError(f"{name}: {error}") from None


def _begin(length: int, layout: str, size: Sequence[int] | None, method: MethodName) -> tuple[UInt8Array, _core.Stream]:
    """Returns the array of the result and the stream that will fill it from `length` bytes."""
    check_resize(size, method)
    if size is not None:
        size = check_size(size)
    try:
        height, width, channels = _core.layout_shape(layout, length)
        if size is not None:
            height, width = size
        if height * width * channels > sys.maxsize:
            raise ValueError("the result is too large for the address space")
        image = np.empty((height, width, channels), np.uint8)
        stream = _core.Stream(layout, length, image[None], method)
    except ValueError as error:
        get_isa()  # raises an error of its own if ISOPIXEL_ISA is the reason
        what = f"an image of {counted(length, 'byte')}, layout {layout!r}, size {size!r}"
        raise ValueError(f"cannot make {what}: {error}{coverage(method)}") from None
    return _squeezed(image), stream


def _squeezed(image: UInt8Array) -> UInt8Array:
    """Returns (H, W, C) as (H, W) if there is one channel."""
    return image[:, :, 0] if image.shape[2] == 1 else image
