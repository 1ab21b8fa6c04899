# SPDX-License-Identifier: MIT
"""Resize and normalisation in torch operations alone: the bits of the core, on any device."""

import operator

import torch
from torch import Tensor
from torch.torch_version import TorchVersion

from isopixel._methods import METHODS, MethodName
from isopixel.torch._exact_weights import Axis, larger, nearest_samples, smaller, too_large, weights_of_axis
from isopixel.torch._passes import PASSED, resize_by_passes

# float64 holds every integer up to 2^53. A sum of integers is therefore exact, in whatever order a device adds, with or
# without fused multiplications, if the sum of their magnitudes stays below.
FLOAT64_BITS = 53
DENOMINATOR_BITS = 60  # of what `divide` accepts
MOST_SCALE = 2**51  # of what `divide` accepts


# The methods that are made of torch operations.
COMPUTED = frozenset(name for name in METHODS if not METHODS[name].is_frozen) | PASSED


def resize_exactly(image: Tensor, height: int, width: int, method: MethodName) -> Tensor:
    """Resizes by products with the weights of each axis and one division, all of integers; or by passes.

    In a program that `torch.export` makes for any source size, the sizes are symbols, and the weights are computed in
    it; sizes that are too large stop it, by an index beyond a table of one. Otherwise they are constants of a program.

    Args:
        image: uint8, [..., C, H, W].
        height: of the result, in pixels.
        width: of the result, in pixels.
        method: one of COMPUTED.

    Returns:
        uint8, [..., C, height, width], on the device of image.

    Raises:
        ValueError: sizes whose sums are beyond int64, sizes or channels that the method does not cover, or a device
            without float64.
    """
    if image.device.type == "mps":
        raise ValueError("the device mps has no float64: resize on the CPU, with tensor.cpu(), for the same bits")
    sizes = (*image.shape[-2:], height, width)
    for_any_size = may_be_symbols(method) and any(isinstance(size, torch.SymInt) for size in sizes)
    rows, columns, height, width = sizes if for_any_size else map(operator.index, sizes)
    if method in PASSED:
        return resize_by_passes(image, height, width, method)
    if method == "nearest":
        picked = image.index_select(-2, nearest_samples(rows, height, image.device))
        return picked.index_select(-1, nearest_samples(columns, width, image.device)).contiguous()
    vertical = weights_of_axis(method, rows, height, image.device)
    horizontal = weights_of_axis(method, columns, width, image.device)
    scale, beyond = split(vertical.most, horizontal.most)
    if not for_any_size and beyond:
        raise ValueError(too_large(f"an image of {rows}×{columns} to {height}×{width}"))
    denominator = vertical.weights.sum(1)[:, None] * horizontal.weights.sum(1)
    sums = weigh_rows(image, vertical)
    if not for_any_size and 255 * vertical.most * horizontal.most < 2**FLOAT64_BITS:
        numerator = weigh_columns(sums, horizontal).to(torch.int64).clamp(min=0)
        return ((2 * numerator + denominator) // (2 * denominator)).clamp(max=255).to(torch.uint8)
    scales = torch.full((1,), scale, device=image.device)
    if for_any_size:
        scales = scales.index_select(0, torch.full((1,), beyond, device=image.device))
    high = torch.floor(sums / scales)
    parts = weigh_columns(torch.stack((high, sums - high * scales)), horizontal)
    return divide(parts[0], parts[1], scales, denominator).clamp(0, 255).to(torch.uint8)


@torch.compiler.assume_constant_result  # type: ignore[untyped-decorator]
def computes_with_symbols() -> bool:
    """Returns whether a size can be a symbol in programs that torch exports.

    torch 2.6 compares symbols to find the smaller one, and its exporter of ONNX forgets on what the program depends.
    """
    return TorchVersion(torch.__version__) >= "2.13"


def may_be_symbols(method: str) -> bool:
    """Whether a program of a method can be for any source size."""
    return computes_with_symbols() and method != "bicubic" and method not in PASSED


def weigh_rows(image: Tensor, axis: Axis) -> Tensor:
    """Returns the weighted sums of the rows of [..., n_in, W], float64 [..., n_out, W]."""
    rows = image.index_select(-2, axis.samples.flatten())
    windows = rows.reshape(*image.shape[:-2], *axis.samples.shape, image.shape[-1])
    return torch.matmul(axis.weights[:, None].to(torch.float64), windows.to(torch.float64)).squeeze(-2)


def weigh_columns(image: Tensor, axis: Axis) -> Tensor:
    """Returns the weighted sums of the columns of [..., H, n_in], float64 [..., H, n_out]."""
    return weigh_rows(image.mT, axis).mT


def divide(high: Tensor, low: Tensor, scale: Tensor, denominator: Tensor) -> Tensor:
    """Returns floor((2·N + D) / (2·D)) for N = high·scale + low, whole float64 up to 2^53, which may exceed int64.

    |N| is below 2^9·D. The guess is the right quotient or next to it: high·scale is exact up to 2^53, otherwise, as it
    is at most |N| + 2^53, wrong by at most 2^-53·|N| + 1. With the roundings of high·scale, of the sum, of D, of the
    quotient and of its sum with 1/2, in any mode at most 2^-43 each, it is wrong by less than 2^-40 + 2/D, where D is
    large if high is not 0. (Otherwise N is exact.)
    The remainder, 2·N + D - 2·D·q, is added up in two parts, each at most 3·D + 2^54 + 2^10·scale: below 2^63, as D is
    below 2^60 and scale at most 2^51.
    """
    d_high = denominator // scale
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


def split(most_y: int, most_x: int) -> tuple[int, int]:
    """Returns the scale at which the vertical sums are split, so that high·scale + low is one; and 0 if that is exact.

    With S = most_y and T = most_x, bounds of the sums of the weights' magnitudes on the two axes, the vertical sums are
    at most 255·S. The low parts are at most scale = 2^53 / T, rounded down, and the high ones 255·S / scale + 2 (a
    quotient in float64 that is rounded up to a whole number makes a low part below 0); their sums are at most T times
    as large. The second number is 0 if all of them are below 2^53, and S·T below the denominators that `divide`
    accepts; it is a sum of quotients, because symbols cannot be compared.
    """
    most_y = smaller(most_y, 2**FLOAT64_BITS)
    scale = larger(smaller(2**FLOAT64_BITS // most_x, MOST_SCALE), 1)
    beyond = most_y // ((2**FLOAT64_BITS - 1) // 255 + 1)
    beyond += most_y // ((2**DENOMINATOR_BITS - 1) // most_x + 1)
    beyond += (255 * most_y // scale + 2) // ((2**FLOAT64_BITS - 1) // most_x + 1)
    return scale, beyond
