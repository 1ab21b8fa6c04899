# SPDX-License-Identifier: MIT
"""Arrays as images: what may be explained, and by which axes it may be read."""

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from isopixel._arguments import kind_of
from isopixel._explain.operation import Operation
from isopixel._images import MOST_CHANNELS

Array: TypeAlias = npt.NDArray[Any]

ROWS = 64  # that are looked at together, while they are in the cache


def as_array(value: object, name: str) -> Array:
    """Returns the array that is to be explained; raises TypeError or ValueError for what cannot be.

    Args:
        value: an array, a PIL image, or a tensor of torch on a CPU.
        name: of the argument, for messages.
    """
    if not isinstance(value, np.ndarray):
        value = _converted(value, name)
    if isinstance(value, np.ma.MaskedArray):
        raise TypeError(f"{name} is a masked array, and the mask would be lost: fill it first, with .filled(...)")
    if value.dtype.kind not in "buif" or value.dtype.itemsize > 8:
        raise TypeError(
            f"{name} must be of numbers (whole ones, or floats of up to 64 bits), got dtype {value.dtype}: "
            "convert it yourself, since how decides the samples"
        )
    if value.size == 0:
        raise ValueError(f"{name} is empty: its shape is {value.shape}")
    if not 1 <= value.ndim <= 4:
        raise ValueError(f"{name} must have rank 1 to 4, got the shape {value.shape}: take one image of it")
    return np.asarray(value, value.dtype.newbyteorder("="))  # a matrix too has rank 2 for ever


def _converted(value: object, name: str) -> Array:
    library = type(value).__module__.partition(".")[0]
    image = sys.modules.get("PIL.Image")
    if image is not None and isinstance(value, image.Image):
        return np.asarray(value)
    torch: Any = sys.modules.get("torch")
    if library == "torch" and isinstance(value, torch.Tensor):
        if value.device.type != "cpu" or value.dtype == torch.bfloat16:
            raise TypeError(f"{name} must be on the CPU, in a dtype of NumPy: pass {name}.cpu() or {name}.float()")
        made: Array = value.detach().numpy()
        return made
    raise TypeError(
        f"{name} must be a NumPy array, a PIL image, or a tensor of torch on the CPU, got "
        + kind_of(value, f"pass {name}.numpy()", "pass np.asarray(...)", "convert it with np.asarray")
    )


@dataclass(frozen=True)
class Reading:
    """An array read by axes.

    Attributes:
        image: (H, W, C), a view.
        axes: those of the array, such as "CHW".
    """

    image: Array
    axes: str


def readings(array: Array) -> Iterator[Reading]:
    """Yields the ways to read an array as one image; none for other ranks than 2 to 4, and for batches of several."""
    if array.ndim == 2:
        yield Reading(array[..., None], "HW")
    elif array.ndim == 3:
        if array.shape[2] <= MOST_CHANNELS:
            yield Reading(array, "HWC")
        if array.shape[0] <= MOST_CHANNELS:
            yield Reading(array.transpose(1, 2, 0), "CHW")
    elif array.ndim == 4 and len(array) == 1:
        for reading in readings(array[0]):
            yield Reading(reading.image, f"N{reading.axes}")


def misreadings(array: Array) -> Iterator[Reading]:
    """Yields the images whose samples have the order of an array but another shape: it was reshaped, not transposed."""
    if array.ndim == 4 and len(array) == 1:
        array = array[0]
    if array.ndim == 3 and 1 < array.shape[0] <= MOST_CHANNELS:
        yield Reading(array.reshape(*array.shape[1:], array.shape[0]), "HWC")
    if array.ndim == 3 and 1 < array.shape[2] <= MOST_CHANNELS:
        yield Reading(array.reshape(array.shape[2], *array.shape[:2]).transpose(1, 2, 0), "CHW")


def axes_between(before: Reading, after: Reading) -> tuple[Operation, ...]:
    """Returns what happens to the axes; one channel may have an axis or none if the channels were others before."""
    old, new = before.axes.removeprefix("N"), after.axes.removeprefix("N")
    made: list[Operation] = []
    if len(old) == len(new) == 3 and old != new and after.image.shape[2] > 1:
        made.append(Operation("axes", f"{old}-to-{new}"))
    elif before.image.shape[2] == after.image.shape[2] == 1 and old != new:
        if len(old) > 2:
            made.append(Operation("axes", "removed", (("at", old.index("C")),)))
        if len(new) > 2:
            made.append(Operation("axes", "added", (("at", new.index("C")),)))
    elif len(old) == 2 and new == "CHW":  # a gray image is repeated: its channels are last
        made.append(Operation("axes", "HWC-to-CHW"))
    if len(before.axes) - len(old) != len(after.axes) - len(new):
        made.append(Operation("axes", "added" if "N" in after.axes else "removed", (("at", 0),)))
    return tuple(made)


def same(a: Array, b: Array) -> bool:
    """Returns whether two arrays are the same, bit for bit."""
    if a.shape != b.shape or a.dtype != b.dtype:
        return False
    if a.dtype.kind != "f":
        return bool(np.array_equal(a, b))
    bits = f"u{a.dtype.itemsize}"
    return bool(np.array_equal(np.ascontiguousarray(a).view(bits), np.ascontiguousarray(b).view(bits)))
