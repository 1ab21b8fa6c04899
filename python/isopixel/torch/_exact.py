# SPDX-License-Identifier: MIT
"""Resize and normalisation in torch operations alone: the bits of the core, on any device."""

import operator

import torch
from torch import Tensor

from isopixel.torch._exact_weights import nearest_samples, too_large, weights_of_axis

# float64 holds every integer up to 2^53. A sum of integers is therefore exact, in whatever order a device adds, with or
# without fused multiplications, if the sum of their magnitudes stays below.
FLOAT64_BITS = 53
DENOMINATOR_BITS = 60  # of what `divide` accepts


def resize_exactly(image: Tensor, height: int, width: int, method: str) -> Tensor:
    """Resizes by one of isopixel's own methods: products with the weights of each axis, one division, all of integers.

    The source size and the size of the result are constants of a program that is traced here; the dimensions before
    them may vary.

    Args:
        image: uint8, [..., H, W].
        height: of the result, in pixels.
        width: of the result, in pixels.
        method: its name.

    Returns:
        uint8, [..., height, width], on the device of image.

    Raises:
        ValueError: sizes whose sums are beyond int64, or a device without float64.
    """
    if image.device.type == "mps":
        raise ValueError("the device mps has no float64: resize on the CPU, with tensor.cpu(), for the same bits")
    # index makes numbers of symbolic sizes, so that a program that is traced for many sizes is traced again for each.
    rows, columns, height, width = map(operator.index, (*image.shape[-2:], height, width))
    if method == "nearest":
        picked = image.index_select(-2, nearest_samples(rows, height, image.device))
        return picked.index_select(-1, nearest_samples(columns, width, image.device)).contiguous()
    vertical, most_y = weights_of_axis(method, rows, height, image.device)
    horizontal, most_x = weights_of_axis(method, columns, width, image.device)
    low_bits = bits_of_low_part(most_y, most_x)
    if low_bits is None:
        raise ValueError(too_large(f"an image of {rows}×{columns} to {height}×{width}"))
    columns_of_weights = horizontal.T.to(torch.float64)
    sums = vertical.to(torch.float64) @ image.to(torch.float64)
    denominator = vertical.sum(1)[:, None] * horizontal.sum(1)
    if low_bits == FLOAT64_BITS:
        numerator = (sums @ columns_of_weights).to(torch.int64)
        quotient = torch.div(2 * numerator + denominator, 2 * denominator, rounding_mode="floor")
    else:  # scaling by a power of two is exact, and so is the product of either part
        scale = 2**low_bits
        high = torch.floor(sums / scale)
        low = sums - high * scale
        quotient = divide(high @ columns_of_weights, low @ columns_of_weights, scale, denominator)
    return quotient.clamp(0, 255).to(torch.uint8)


def divide(high: Tensor, low: Tensor, scale: int, denominator: Tensor) -> Tensor:
    """Returns floor((2·N + D) / (2·D)) for N = high·scale + low, whole float64 below 2^53, which may exceed int64.

    A quotient in float64 is the right one or next to it: |N| is below 2^9·D, so that it is wrong by less than 2^-40.
    The remainder, 2·N + D - 2·D·q, is added up in two parts, each at most 3·D + 2^54 + 2^10·scale: below 2^63, as D is
    below 2^60 and scale at most 2^51.
    """
    d_high = torch.div(denominator, scale, rounding_mode="floor")
    d_low = denominator - d_high * scale
    guess = torch.floor((high * scale + low) / denominator.to(torch.float64) + 0.5).to(torch.int64)
    first = (high.to(torch.int64) - d_high * guess) * (2 * scale)
    remainder = first + 2 * (low.to(torch.int64) - d_low * guess) + denominator
    return guess + (remainder >= 2 * denominator).to(torch.int64) - (remainder < 0).to(torch.int64)


def look_up(image: Tensor, table: Tensor) -> Tensor:
    """Looks up uint8 [..., C, H, W] in a table [C or 1, 256], on the same device, to a contiguous tensor (R-31)."""
    index = image.to(torch.int64)
    if len(table) > 1:
        index = index + torch.arange(0, 256 * len(table), 256, device=image.device)[:, None, None]
    return table.flatten()[index].contiguous()


def bits_of_low_part(most_y: int, most_x: int) -> int | None:
    """Returns how many low bits of the vertical sums make a part of their own; FLOAT64_BITS if no split is needed.

    With S = most_y and T = most_x, bounds of the sums of the weights' magnitudes on the two axes, the vertical sums are
    at most 255·S, the numerators 255·S·T. Split at b bits, the low parts are below 2^b and the high ones at most
    255·S / 2^b and 1; their sums are at most T times as large. None if no split keeps all of them exact, or if S·T is
    beyond the denominators that `divide` accepts.
    """
    if 255 * most_y >= 2**FLOAT64_BITS or most_y * most_x >= 2**DENOMINATOR_BITS:
        return None
    if 255 * most_y * most_x < 2**FLOAT64_BITS:
        return FLOAT64_BITS
    low_bits = FLOAT64_BITS - most_x.bit_length()
    is_exact = low_bits > 0 and (255 * most_y + 2**low_bits) * most_x < 2 ** (FLOAT64_BITS + low_bits)
    return low_bits if is_exact else None
