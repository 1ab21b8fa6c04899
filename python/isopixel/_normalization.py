# SPDX-License-Identifier: MIT
"""Normalisation: uint8 images to float32 numbers, with the same bits everywhere."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

from isopixel import _core
from isopixel._images import UInt8Array, check_axes, check_image, check_memory, check_writable
from isopixel._settings import check_threads

Float32Array = npt.NDArray[np.float32]
Decimals = str | float | Sequence[str | float]  # one decimal number for all channels, or one for each

FLOAT32 = np.dtype(np.float32)


def normalize(
    image: UInt8Array,
    mean: Decimals,
    std: Decimals,
    *,
    axes: str | None = None,
    out: Float32Array | None = None,
    threads: int | None = None,
) -> Float32Array:
    """Normalises an image or a batch of images: each sample v becomes (v/255 - mean)/std, as float32 (SPEC R-31).

    Each number is the exact value of that formula, mean and std being decimal numbers, rounded once, to the nearest
    float32 (R-29, R-30). So it has the same bits everywhere, which floating-point arithmetic does not guarantee: a
    library that computes (x/255 - mean)/std in float32 rounds three times, after it has rounded mean and std.

    A mean or std is the decimal number as written: a string such as "0.485", an int, or a Python float, which stands
    for its repr: 0.485 is 485/1000, not the binary number nearest to it. It has at most 9 significant digits, and is 0
    or from 0.000000001 to below 1000000000 in magnitude; std is above 0.

    Note: mean and std are for v/255, samples from 0 to 1. Those on the scale from 0 to 255, such as 123.675 and 58.395,
    are other numbers: divide them by 255 first (0.485 and 0.229). A recipe refuses them (R-90); this function does not.

    Args:
        image: uint8, of rank 2 to 4, at any strides; it is not copied.
        mean: one for all channels, or one for each: for RGB often (0.485, 0.456, 0.406).
        std: one for all channels, or one for each: for RGB often (0.229, 0.224, 0.225).
        axes: the meaning of the image's axes, one of HW, HWC, CHW, NHW, NHWC, NCHW. By default the rank decides, as in
            `resize`: HW, HWC or NHWC, with at most 4 channels.
        out: a C-contiguous float32 array for the result, of its shape, apart from image.
        threads: as in `resize`.

    Returns:
        The result, float32, with the axes CHW, or NCHW for a batch, whatever those of image; an image without the axis
        C has one channel. It is `out` if that was given, otherwise a new C-contiguous array.

    Raises:
        TypeError: image is not a NumPy array of uint8; a mean or std is not a string, float or int (np.float32, say,
            which is not the decimal number that it was made of).
        ValueError: a rank, shape, name or out that does not fit; a mean or std that is not such a decimal number; more
            than one, but not one for each channel of the image.
        MemoryError: the result does not fit in memory.

    Example:
        >>> import isopixel
        >>> import numpy as np
        >>> image = np.array([[0, 51, 255]], np.uint8)
        >>> isopixel.normalize(image, 0.5, "0.25")
        array([[[-2. , -1.2,  2. ]]], dtype=float32)
    """
    check_image(image, "use isopixel.torch.Normalize")
    axes = check_axes(image, axes)
    threads = check_threads(threads)
    shape = _planes(image, axes)
    table = normalization_table(mean, std, shape[1])
    result_shape = shape if "N" in axes else shape[1:]
    if out is None:
        out = np.empty(result_shape, FLOAT32)
    else:
        _check_out(out, result_shape, image)
    _core.normalize(image, axes, table, out.reshape(shape), threads)
    return out


def normalize_by(image: UInt8Array, table: Float32Array) -> Float32Array:
    """Normalises an image (H, W) or (H, W, C) by a table [C, 256], to float32 (C, H, W)."""
    axes = check_axes(image, None)
    shape = _planes(image, axes)
    out = np.empty(shape[1:], FLOAT32)
    _core.normalize(image, axes, table, out.reshape(shape), check_threads(None))
    return out


def _planes(image: UInt8Array, axes: str) -> tuple[int, int, int, int]:
    """Returns the shape of an image with the axes NCHW."""
    lengths = dict(zip(axes, image.shape, strict=True))
    return lengths.get("N", 1), lengths.get("C", 1), lengths["H"], lengths["W"]


def normalization_table(mean: Decimals, std: Decimals, channels: int) -> Float32Array:
    """Returns what each sample value becomes: table[c, v] for value v of channel c (SPEC R-30).

    Args:
        mean: as in `normalize`.
        std: as in `normalize`.
        channels: of the image, from 1.

    Returns:
        float32, (channels, 256), C-contiguous and read-only; it is cached for later calls.

    Raises:
        TypeError, ValueError: as `normalize`, for mean and std.
    """
    return _table(decimals(mean, "mean"), decimals(std, "std"), channels)


@lru_cache(maxsize=64)
def _table(mean: str, std: str, channels: int) -> Float32Array:
    table = _core.normalization_table(mean, std, channels)
    table.flags.writeable = False
    return table


def decimals(values: Decimals, name: str) -> str:
    """Returns one or more decimal numbers (R-29) as the core reads them, with commas between them; or raises TypeError.

    Args:
        values: as mean and std of `normalize`.
        name: of the argument, for messages.
    """
    is_sequence = isinstance(values, Sequence) and not isinstance(values, (str, bytes, bytearray, memoryview))
    is_vector = isinstance(values, np.ndarray) and values.ndim == 1
    items: Any = values if is_sequence or is_vector else (values,)
    if len(items) == 0:
        raise ValueError(f"{name} is empty: give one number, or one for each channel")
    return ",".join(_decimal(item, name) for item in items)


def _decimal(value: object, name: str) -> str:
    if isinstance(value, str):
        if "," in value or not value.isascii():
            raise ValueError(f"{name} {value!a} is not a decimal number; several are a sequence, such as ('0.5', '1')")
        return value
    if isinstance(value, float):  # also np.float64
        return float.__repr__(value)
    if isinstance(value, (int, np.integer)) and not isinstance(value, bool):
        if abs(int(value)) >= 10**1000:  # Python refuses to write what has thousands of digits
            raise ValueError(f"{name} is a whole number of more than 1000 digits: it has to be below 1000000000")
        return str(int(value))
    raise TypeError(
        f"{name} must be decimal numbers, as text such as '0.485', float or int, got {value!r} "
        f"of type {type(value).__name__}: write the number as text"
    )


def _check_out(out: Float32Array, shape: tuple[int, ...], image: UInt8Array) -> None:
    """Raises TypeError or ValueError if the result cannot be written to out."""
    check_writable(out, shape, FLOAT32)
    if not out.flags.c_contiguous:
        raise ValueError(f"out must be C-contiguous, got the strides {out.strides}")
    check_memory(out, image)
