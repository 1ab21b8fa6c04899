# SPDX-License-Identifier: MIT
"""The methods of Pillow and torch in torch operations alone: passes over an axis each, of integers (SPEC R-20)."""

import operator
from typing import NamedTuple

import torch
from torch import Tensor

from isopixel import _core
from isopixel._methods import METHODS, OF_ALPHA, MethodName, coverage


class Pass(NamedTuple):
    """A pass over one axis: result i is (half of 2^bits + the sum of its weights times their samples) >> bits."""

    first: Tensor  # int32 [n_out], the sample of a result's first weight
    weights: Tensor  # int32 [n_out, taps], 0 behind a result's last one; the sums are within int32
    bits: int


class Passes(NamedTuple):
    """The passes of an image; None for an axis that has none."""

    vertical_first: bool
    vertical: Pass | None
    horizontal: Pass | None


PASSED = frozenset(name for name in METHODS if _core.passes(name, (1, 1), min(METHODS[name].channels or (1,)), (1, 1)))


@torch.compiler.assume_constant_result  # type: ignore[untyped-decorator]
def passes_of(
    method: MethodName, size_in: tuple[int, int], channels: int, size_out: tuple[int, int], device: torch.device
) -> Passes:
    """Returns the passes of one of the methods of PASSED, which the core computes, on a device.

    Raises:
        ValueError: the method does not cover the channels or the sizes.
    """
    try:
        made = _core.passes(method, size_in, channels, size_out)
    except ValueError as error:
        what = f"an image of {size_in} with {channels} channels to {size_out}"
        raise ValueError(f"cannot resize {what}: {error}{coverage(method)}") from None
    assert made is not None, "a method of PASSED"
    vertical_first, *passes = made
    vertical, horizontal = (
        one and Pass(torch.from_numpy(one[0]).to(device), torch.from_numpy(one[1]).to(device), one[2]) for one in passes
    )
    return Passes(vertical_first, vertical, horizontal)


def resize_by_passes(image: Tensor, height: int, width: int, method: MethodName) -> Tensor:
    """Resizes [..., C, H, W] of numbers, not symbols, by one of the methods of PASSED."""
    channels, rows, columns = map(operator.index, image.shape[-3:])
    passes = passes_of(method, (rows, columns), channels, (height, width), image.device)
    if (height, width) == (rows, columns):
        return image.clone(memory_format=torch.contiguous_format)
    if method in OF_ALPHA:
        image = premultiplied(image)
    if passes.vertical and passes.vertical_first:
        image = _weigh_rows(image, passes.vertical)
    if passes.horizontal:
        image = _weigh_rows(image.mT, passes.horizontal).mT
    if passes.vertical and not passes.vertical_first:
        image = _weigh_rows(image, passes.vertical)
    return (divided(image) if method in OF_ALPHA else image).contiguous()


def _weigh_rows(image: Tensor, one: Pass) -> Tensor:
    """Makes a pass over the rows of [..., n_in, W].

    All numbers are whole, below 2^32, and the last product is one by a power of two: float64 is exact.
    """
    n_out, taps = one.weights.size(0), one.weights.size(1)
    samples = one.first[:, None] + torch.arange(taps, dtype=torch.int32, device=image.device)
    rows = image.index_select(-2, samples.clamp(max=image.shape[-2] - 1).flatten())
    windows = rows.reshape(*image.shape[:-2], n_out, taps, image.shape[-1])
    sums = torch.matmul(one.weights[:, None].to(torch.float64), windows.to(torch.float64)).squeeze(-2)
    return torch.floor((sums + 2**one.bits // 2) / 2**one.bits).clamp(0, 255).to(torch.uint8)


def premultiplied(image: Tensor) -> Tensor:
    """Returns [..., C, H, W] with its channels multiplied by the last one (R-23)."""
    colours, alpha = image[..., :-1, :, :].to(torch.int32), image[..., -1:, :, :]
    products = colours * alpha + 128
    return torch.cat((((products + products // 256) // 256).to(torch.uint8), alpha), -3)


def divided(image: Tensor) -> Tensor:
    """Returns [..., C, H, W] with its channels divided by the last one, where it is not 0 (R-23, R-39)."""
    colours, alpha = image[..., :-1, :, :], image[..., -1:, :, :]
    quotients = (255 * colours.to(torch.int32) // alpha.clamp(min=1)).clamp(max=255).to(torch.uint8)
    return torch.cat((torch.where(alpha == 0, colours, quotients), alpha), -3)
