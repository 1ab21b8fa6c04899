# SPDX-License-Identifier: MIT
"""Samples as text, for files of JSON: little endian, compressed by zlib, as base64."""

import base64
import zlib
from typing import Any

import numpy as np
import numpy.typing as npt


def packed(array: npt.NDArray[Any], level: int) -> str:
    """Returns the samples of an array, compressed at a level from 1 (quickly) to 9 (well)."""
    samples = np.ascontiguousarray(array, dtype=array.dtype.newbyteorder("<")).tobytes()
    return base64.b64encode(zlib.compress(samples, level)).decode("ascii")


def unpacked(text: str | bytes, length: int) -> bytes:
    """Returns the samples of a text, of which no more than one byte beyond a length is unpacked.

    Raises:
        ValueError: the text was not made by `packed`.
    """
    try:
        return zlib.decompressobj().decompress(base64.b64decode(text, validate=True), length + 1)
    except zlib.error as error:
        raise ValueError(str(error)) from None
