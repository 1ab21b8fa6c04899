# SPDX-License-Identifier: MIT
"""The resize on devices other than the CPU: by the Triton kernel where it runs, else by torch operations."""

import functools
import warnings
from collections.abc import Sequence
from types import ModuleType

import torch
from torch import Tensor

from isopixel._methods import MethodName
from isopixel.torch._exact import COMPUTED, look_up, resize_exactly


def resize_batch(image: Tensor, out: Tensor, method: MethodName, table: Tensor | None = None) -> None:
    """Resizes images of one size.

    Args:
        image: uint8, [N, C, H, W], not empty.
        out: new, [N, C, height, width], uint8, or float32 if there is a table.
        method: one of COMPUTED.
        table: float32 [C or 1, 256], in which each sample of the result is looked up (R-31).

    Raises:
        ValueError: sizes whose sums are too large to be exact there, or that the method does not cover.
    """
    kernels = _kernels(image.device)
    if kernels is None or not kernels.resize_batch(image, out, method, table):
        made = resize_exactly(image, out.shape[-2], out.shape[-1], method)
        out.copy_(made if table is None else look_up(made, table))


def resize_list(images: Sequence[Tensor], out: Tensor, method: MethodName, table: Tensor | None) -> None:
    """Resizes images [C, H, W] of any sizes, otherwise as resize_batch."""
    kernels = _kernels(out.device)
    if kernels is None or not kernels.resize_list(images, out, method, table):
        for image, result in zip(images, out, strict=True):
            resize_batch(image[None], result[None], method, table)


def normalize_batch(image: Tensor, out: Tensor, table: Tensor) -> None:
    """Looks [N, C, H, W] up in a table [C or 1, 256]: a resize to its own size, which looks at one sample each."""
    kernels = _kernels(image.device)
    if kernels is None or not kernels.resize_batch(image, out, "nearest", table):
        out.copy_(look_up(image, table))


def check_computed(method: MethodName, device: torch.device) -> None:
    """Raises ValueError for a method that devices do not compute."""
    if method not in COMPUTED:
        raise ValueError(
            f"method {method!r} is computed on the CPU alone, and the tensor is on {device}: "
            "resize tensor.cpu(), then move the result"
        )


@functools.cache
def _kernels(device: torch.device) -> ModuleType | None:
    """Returns the kernels, if Triton is there and compiles for this device.

    It needs a C compiler on the machine, and not every card is one of those that it knows.
    """
    if device.type != "cuda":
        return None
    try:
        from isopixel.torch import _triton
    except ImportError:
        return None
    _triton.check_capture()
    one = torch.zeros((1, 1, 1, 1), dtype=torch.uint8, device=device)
    try:
        _triton.resize_batch(one, torch.empty_like(one), "nearest")
    except torch.OutOfMemoryError:
        raise
    except Exception as error:
        warnings.warn(f"Triton cannot compile for {device}, where resizing is slower without it: {error}", stacklevel=2)
        return None
    return _triton
