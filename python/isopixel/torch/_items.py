# SPDX-License-Identifier: MIT
"""What all data sets do with an index, and with the array of an item."""

import operator
from typing import Any, SupportsIndex

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor


def number_of(index: SupportsIndex, length: int) -> int:
    """Returns the number of an item, counted from the beginning.

    Raises:
        IndexError: there is no such item.
        TypeError: index is not a whole number.
    """
    try:
        number = operator.index(index)
    except TypeError:
        raise TypeError(f"a sample's index is a whole number or a slice, not {type(index).__name__}") from None
    if not -length <= number < length:
        raise IndexError(f"there is no sample {number}: there are {length}")
    return number % length


def tensor_of(array: npt.NDArray[Any]) -> Tensor:
    """Returns the array of a recipe as [C, H, W]: normalised ones are so, others are (H, W) or (H, W, C)."""
    if array.dtype == np.uint8:
        array = array[None] if array.ndim == 2 else array.transpose(2, 0, 1)
    return torch.from_numpy(array)
