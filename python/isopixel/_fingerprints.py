# SPDX-License-Identifier: MIT
"""The fingerprint of an array."""

import hashlib
from typing import Any

import numpy as np
import numpy.typing as npt

from isopixel._arguments import kind_of


def fingerprint(array: npt.NDArray[Any]) -> str:
    """Returns a digest of an array's dtype, shape and samples, which is the same on every machine (SPEC R-8).

    The memory layout does not matter, the shape does: (H, W) and (H, W, 1) differ.

    Args:
        array: uint8 or float32, of rank 1 or more, not empty. An array that is not contiguous is copied.

    Returns:
        "sha256:" and 64 hexadecimal digits.

    Raises:
        TypeError: array is not a NumPy array, or has another dtype.
        ValueError: array has rank 0 or no samples.

    Example:
        >>> import isopixel
        >>> import numpy as np
        >>> isopixel.fingerprint(np.zeros((2, 3), np.uint8))
        'sha256:50f1d55d0debe32faba7be382890b4fbd6d7ec57744e0906dc47f2350b30c556'
    """
    if not isinstance(array, np.ndarray):
        got = kind_of(array, "pass tensor.cpu().numpy()", "pass np.asarray(image)", "convert it with np.asarray")
        raise TypeError(f"array must be a NumPy array, got {got}")
    if isinstance(array, np.ma.MaskedArray):
        raise TypeError("array is a masked array, and the mask would be lost: fill it first, with array.filled(...)")
    name = array.dtype.newbyteorder("=").name
    if name not in ("uint8", "float32"):
        raise TypeError(f"array must be of dtype uint8 or float32, got {array.dtype}: convert it with .astype first")
    if array.size == 0 or array.ndim == 0:
        raise ValueError(f"array must have rank 1 or more and at least one sample, got the shape {array.shape}")
    return digest_of(array, name)


def digest_of(array: npt.NDArray[Any], dtype: str) -> str:
    """Returns the digest of rule R-8 for an array of any dtype, which goes into it by this name."""
    samples = np.ascontiguousarray(array, dtype=array.dtype.newbyteorder("<"))
    digest = hashlib.sha256(f"isopixel-array-1 {dtype} {'x'.join(map(str, array.shape))}\n".encode("ascii"))
    digest.update(samples.reshape(-1).view(np.uint8).data)
    return f"sha256:{digest.hexdigest()}"
