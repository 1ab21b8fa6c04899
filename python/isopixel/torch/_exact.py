# SPDX-License-Identifier: MIT
"""Resize and normalisation in torch operations alone: the bits of the core, on any device."""

import operator

import torch
from torch import Tensor

from isopixel import _core

# float64 holds every integer up to 2^53. A sum of products of integers that are not negative is therefore exact, in
# whatever order a device adds, with or without fused multiplications, if the whole sum stays below.
FLOAT64_BITS = 53
INT64_BITS = 63


def resize_exactly(image: Tensor, height: int, width: int, antialias: bool) -> Tensor:
    """Resizes by R-2 to R-4: a product with the weights of each axis, and one division, all of integers.

    The source size and the size of the result are constants of a program that is traced here; the dimensions before
    them may vary.

    Args:
        image: uint8, [..., H, W].
        height: of the result, in pixels.
        width: of the result, in pixels.
        antialias: the form of R-3.

    Returns:
        uint8, [..., height, width], on the device of image.

    Raises:
        ValueError: sizes whose sums are beyond int64, or a device without float64.
    """
    if image.device.type == "mps":
        raise ValueError("the device mps has no float64: resize on the CPU, with tensor.cpu(), for the same bits")
    # index makes numbers of symbolic sizes, so that a program that is traced for many sizes is traced again for each.
    rows, columns, height, width = map(operator.index, (*image.shape[-2:], height, width))
    vertical, most_y = axis_weights(rows, height, antialias, image.device)
    horizontal, most_x = axis_weights(columns, width, antialias, image.device)
    low_bits = bits_of_low_part(most_y, most_x)
    if low_bits is None:
        raise ValueError(_too_large(f"an image of {rows}×{columns} to {height}×{width}"))
    columns_of_weights = horizontal.T.to(torch.float64)
    sums = vertical.to(torch.float64) @ image.to(torch.float64)
    if low_bits == FLOAT64_BITS:
        numerator = (sums @ columns_of_weights).to(torch.int64)
    else:  # scaling by a power of two is exact, and so is the product of either part
        scale = 2**low_bits
        high = torch.floor(sums / scale)
        low = sums - high * scale
        numerator = (high @ columns_of_weights).to(torch.int64) * scale + (low @ columns_of_weights).to(torch.int64)
    denominator = vertical.sum(1)[:, None] * horizontal.sum(1)
    return ((numerator + denominator // 2) // denominator).to(torch.uint8)


def look_up(image: Tensor, table: Tensor) -> Tensor:
    """Looks up uint8 [..., C, H, W] in a table [C or 1, 256], on the same device, to a contiguous tensor (R-31)."""
    index = image.to(torch.int64)
    if len(table) > 1:
        index = index + torch.arange(0, 256 * len(table), 256, device=image.device)[:, None, None]
    return table.flatten()[index].contiguous()


def axis_weights(n_in: int, n_out: int, antialias: bool, device: torch.device) -> tuple[Tensor, int]:
    """Returns the weights of an axis (R-3), int64 [n_out, n_in], row i those of result i; and a bound of their sums."""
    w, v, half_width, most = _axis(n_in, n_out, antialias)
    samples = (2 * torch.arange(n_in, device=device) + 1) * v
    results = (2 * torch.arange(n_out, device=device) + 1) * w
    return (half_width - (samples - results[:, None]).abs()).clamp(min=0), most


def bits_of_low_part(most_y: int, most_x: int) -> int | None:
    """Returns how many low bits of the vertical sums make a part of their own; FLOAT64_BITS if no split is needed.

    With S = most_y and T = most_x, bounds of the sums of weights of the two axes, the vertical sums are at most 255·S,
    the numerators 255·S·T. Split at b bits, the low parts are below 2^b and the high ones at most 255·S / 2^b; their
    sums are at most T times as large. None if no split keeps all of them exact, or if the rounded numerator exceeds an
    int64.
    """
    most = 255 * most_y * most_x
    if 255 * most_y >= 2**FLOAT64_BITS or most + most_y * most_x // 2 >= 2**INT64_BITS:
        return None
    if most < 2**FLOAT64_BITS:
        return FLOAT64_BITS
    low_bits = FLOAT64_BITS - most_x.bit_length()
    return low_bits if most < 2 ** (FLOAT64_BITS + low_bits) else None


@torch.compiler.assume_constant_result  # type: ignore[untyped-decorator]
def _axis(n_in: int, n_out: int, antialias: bool) -> tuple[int, int, int, int]:
    """Returns w, v and R of R-2 and R-3, and a bound of the sums of weights."""
    axis = _core.axis(n_in, n_out, antialias)
    if axis is None:
        raise ValueError(_too_large(f"an axis of {n_in} samples to {n_out}"))
    return axis


def _too_large(what: str) -> str:
    return (
        f"{what} is beyond the exact sums of torch operations (int64, and float64 below 2^53): "
        "resize on the CPU, without decompose"
    )
