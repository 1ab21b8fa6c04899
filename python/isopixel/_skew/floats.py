# SPDX-License-Identifier: MIT
"""Resizes in floating point, as the installed torch does them."""

from typing import Any

import numpy as np
import numpy.typing as npt

from isopixel._methods import METHODS, kind_of_filter
from isopixel._skew.model import import_torch

FLOATS = {"torch-float32": False, "torch-float32-antialias": True}  # the ways, and whether they average
MODES = ("bilinear", "bicubic")  # kinds of filters for which they are ways by default; of others they are bilinear


def mode_for(method: str) -> str:
    """Returns the mode of torch whose filter is of the kind of a method's."""
    kind = kind_of_filter(METHODS[method])
    return kind if kind in MODES else "bilinear"


def resized(image: npt.NDArray[Any], size: tuple[int, int], mode: str, antialias: bool) -> npt.NDArray[np.float32]:
    """Returns an image, (H, W, C), resized in float32."""
    torch = import_torch()
    tensor = torch.from_numpy(image.astype(np.float32)).permute(2, 0, 1)[None]
    made = torch.nn.functional.interpolate(tensor, size, mode=mode, antialias=antialias)
    result: npt.NDArray[np.float32] = made[0].permute(1, 2, 0).numpy()
    return result


def finished(image: npt.NDArray[np.float32], normalizes: bool) -> npt.NDArray[Any]:
    """Returns an image of such a way: as it is if it is normalised next, otherwise with whole samples."""
    made = image if normalizes else np.rint(image).clip(0, 255).astype(np.uint8)
    return made[..., 0] if made.shape[2] == 1 else made


def told_of_floats(mode: str, antialias: bool, normalizes: bool) -> str:
    """Returns what is done, for people."""
    call = f"torch {import_torch().__version__} in float32, interpolate({mode=}, {antialias=})"
    end = "not rounded before they are normalised" if normalizes else "rounded half to even to 8 bits"
    return f"{call}, of values from 0 to 255, {end}"
