# SPDX-License-Identifier: MIT
"""Sounds as images: WAV files by their headers, and samples that a host has decoded."""

import sys
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from isopixel import _core
from isopixel._arguments import check_layout, check_size, kind_of
from isopixel._images import UInt8Array
from isopixel._methods import MethodName, check_resize, coverage
from isopixel._settings import get_isa
from isopixel._sources import OpenSource

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

BLOCK = 1 << 16  # of a file whose header is looked for
SAMPLES = 1 << 16  # that are taken at a time, and between which an interrupt is heeded
CHANNELS = 8  # at most
MOST = 2**23  # in magnitude, of a sample of 24 bits
BITS = {"int16": 16, "int32": 32, "float32": 32}


def from_samples(
    samples: npt.NDArray[Any],
    layout: str,
    size: Sequence[int] | None = None,
    *,
    method: MethodName = "bilinear",
) -> UInt8Array:
    """Makes the spectrogram of decoded samples (SPEC R-72 to R-79), and resizes it if a size is given.

    It is the image that `from_bytes` makes of a WAV file with these samples.

    Args:
        samples: (n,), or (n, channels) with up to 8 channels. int16; int32 with numbers of 24 bits, from -2**23 to
            2**23 - 1; or float32, full scale being from -1 to 1: they are rounded to 24 bits.
        layout: of sounds, such as "logmel,rate=16000,window=400,hop=160,bands=80", as in `from_bytes`. Its rate is
            taken for that of the samples.
        size: as in `from_bytes`.
        method: as in `from_bytes`.

    Returns:
        uint8, (rows, frames), or (height, width) of the size. Row 0 has the lowest frequencies.

    Raises:
        TypeError: samples of another dtype, or that are not an array.
        ValueError: no samples, or fewer than a window with ends=cut; a layout that is not of sounds; numbers beyond 24
            bits; an infinite sample, or NaN; more than 8 channels, or not the one of the layout.
        MemoryError: the result does not fit in memory.

    Example:
        >>> import isopixel
        >>> import numpy as np
        >>> x = np.array([0, 1000, 0, -1000] * 2, np.int16)
        >>> isopixel.from_samples(x, "logmel,rate=8000,window=8,hop=4,bands=2")
        array([[150, 153, 150],
               [163, 175, 163]], dtype=uint8)
    """
    if not isinstance(samples, np.ndarray):
        got = kind_of(samples, "pass tensor.cpu().numpy()", "it is a picture, and no sound")
        raise TypeError(f"samples must be a NumPy array, got {got}")
    name = samples.dtype.newbyteorder("=").name
    if name not in BITS:
        raise TypeError(
            f"samples must be int16, int32 (of 24 bits) or float32 (from -1 to 1), got {samples.dtype}: convert them"
        )
    if samples.ndim not in (1, 2) or samples.size == 0:
        raise ValueError(f"samples must have the shape (n,) or (n, channels), got {samples.shape}")
    if samples.ndim == 2 and samples.shape[0] <= CHANNELS < samples.shape[1]:
        raise ValueError(f"samples must have the shape (n, channels), got {samples.shape}: pass samples.T")
    layout = check_layout(layout)
    rate = _core.rate_of(layout)
    if rate is None:
        raise ValueError(f"layout {layout!r} is of bytes: samples need one of sounds, such as logmel")
    channels = 1 if samples.ndim == 1 else samples.shape[1]
    sound = _core.Sound(rate, channels, BITS[name], name == "float32", samples.nbytes)
    image, stream = begin(sound, layout, size, method, "the samples")
    for start in range(0, len(samples), SAMPLES):
        push(stream, _written(samples[start : start + SAMPLES]).reshape(-1).view(np.uint8).data, "the samples")
    stream.finish()
    return image


def _written(samples: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Returns samples as a WAV file has them; those of 24 bits in 32."""
    if samples.dtype.kind == "i" and samples.dtype.itemsize == 4:
        if samples.min() < -MOST or samples.max() >= MOST:
            raise ValueError(
                f"int32 samples are numbers of 24 bits, from {-MOST} to {MOST - 1}, and these reach from "
                f"{samples.min()} to {samples.max()}: shift those of 32 bits right by 8"
            )
        samples = samples * np.int32(256)
    return np.ascontiguousarray(samples, samples.dtype.newbyteorder("<"))


def image_of_wav(
    data: memoryview, layout: str, size: Sequence[int] | None, method: MethodName, name: str
) -> UInt8Array:
    """Makes the image of the bytes of a WAV file, which messages name."""
    sound = wav_info([data], len(data), name)
    image, stream = begin(sound, layout, size, method, name)
    end = sound.offset + sound.n_bytes
    for start in range(sound.offset, end, 2 * SAMPLES):
        push(stream, data[start : min(start + 2 * SAMPLES, end)], name)
    stream.finish()
    return image


def wav_info(pieces: "Iterable[ReadableBuffer]", length: int, name: str) -> _core.Sound:
    """Returns what a WAV file of a length says of its samples; `pieces` are its bytes, taken as long as needed.

    Raises:
        ValueError: it is no WAV file, or one that R-71 refuses. The message has the name.
    """
    reader = _core.WavReader(length)
    try:
        return next(sound for piece in pieces if (sound := reader.push(piece)) is not None)
    except ValueError as error:
        raise ValueError(f"{name}: {error}") from None


def wav_info_of(source: OpenSource) -> _core.Sound:
    """Does the same for a source, of which at most a block is in memory; raises OSError if it has become shorter."""
    return wav_info(
        replace(source, block=BLOCK).blocks(0, source.length, lambda block: None), source.length, source.name
    )


def check_sound(sound: _core.Sound, layout: str, name: str) -> tuple[int, int]:
    """Returns the (height, width) of a sound's image, or raises ValueError with its name."""
    try:
        return _core.sound_shape(layout, sound)
    except ValueError as error:
        raise ValueError(f"{name}: {error}") from None


def begin(
    sound: _core.Sound, layout: str, size: Sequence[int] | None, method: MethodName, name: str
) -> tuple[UInt8Array, _core.Stream]:
    """Returns the array of the result and the stream that will fill it from the samples."""
    check_resize(size, method)
    if size is not None:
        size = check_size(size)
    height, width = check_sound(sound, layout, name)
    if size is not None:
        height, width = size
    if height * width > sys.maxsize:
        raise ValueError(f"{name}: the result is too large for the address space")
    image = np.empty((height, width), np.uint8)
    try:
        return image, _core.Stream(layout, sound, image[None, :, :, None], method)
    except ValueError as error:
        get_isa()  # raises an error of its own if ISOPIXEL_ISA is the reason
        what = f"an image of {name}, layout {layout!r}, size {size!r}"
        raise ValueError(f"cannot make {what}: {error}{coverage(method)}") from None


def push(stream: _core.Stream, samples: "ReadableBuffer", name: str) -> None:
    """Pushes samples; ValueError, which has the name, if one is not finite."""
    try:
        stream.push(samples)
    except ValueError as error:
        raise ValueError(f"{name}: {error}") from None
