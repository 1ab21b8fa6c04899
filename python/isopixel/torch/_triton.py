# SPDX-License-Identifier: MIT
"""The resize on CUDA devices, with or without normalisation: what the kernels are told, and their launch.

Of isopixel's own methods, sample j of an axis has in result i the weight

    min(top, max(0, reach - |step·j - pace·i + shift|))

by which R-3 (bilinear), R-32 (nearest) and R-33 (area) are one formula of a few integers. The kernel computes weights
where it needs them, so that there are no tables. Those of Pillow and torch are tables of whole numbers.
"""

import functools
import math
from collections.abc import Sequence
from typing import Any, NamedTuple

import torch
import triton
import triton.language as tl
from torch import Tensor

from isopixel._methods import OF_ALPHA, MethodName
from isopixel.torch._exact import look_up
from isopixel.torch._passes import PASSED, Pass, divided, passes_of, premultiplied
from isopixel.torch._triton_kernels import resize_by_formula, resize_by_passes

METHODS = ("bilinear", "bilinear-two-tap", "area", "nearest")
TILE_HEIGHT, TILE_WIDTH = 4, 64  # results of a program
MOST = 2**31 - TILE_WIDTH  # programs of a launch, and samples of a row of the result, which are counted in int32


class Axis(NamedTuple):
    """The numbers of an axis, in the order in which the kernel reads them."""

    length: int  # how many samples there are
    step: int
    pace: int
    shift: int
    reach: int
    top: int
    taps: int  # that a result has at most


def axis_of(method: str, n_in: int, n_out: int) -> Axis:
    """Returns the axis of R-2, with the weights of a method, all of them doubled for area.

    nearest counts in half units, in which d = 2·((2j + 1)·v - (2i + 1)·w) - 1 is odd: |d| < 2·v is the one sample with
    -v < (2j + 1)·v - (2i + 1)·w <= v. An axis that stays as it is needs no other sample, whatever the method (R-5).
    """
    divisor = math.gcd(n_in, n_out)
    w, v = n_in // divisor, n_out // divisor
    step, pace, shift = 2 * v, 2 * w, v - w
    if method == "nearest" or n_in == n_out:
        step, pace, shift, reach, top = 2 * step, 2 * pace, 2 * shift - 1, 2 * v, 1
    elif method == "area":
        reach, top = v + w, 2 * min(v, w)
    else:
        reach = top = 2 * (max(w, v) if method == "bilinear" else v)
    # The open interval of 2·reach has at most so many whole numbers at a distance of step.
    taps = min(n_in, -(-(2 * reach - 1) // step))
    return Axis(n_in, step, pace, shift, reach, top, taps)


def most_of(axis: Axis) -> int:
    """Returns a bound of the sum of a result's weights.

    step times the sum is the trapezoidal rule for the integral of the weight, top·(2·reach - top). That rule is exact
    where a function is straight; a corner that points up makes it smaller, and one that points down, as both feet do,
    larger by at most step²/8.
    """
    by_integral = (4 * axis.top * (2 * axis.reach - axis.top) + axis.step**2) // (4 * axis.step)
    return min(axis.taps * axis.top, by_integral)


def places_of(axis: Axis, n_out: int) -> int:
    """Returns a bound of all that the kernel computes to find the samples of a result and their weights."""
    return axis.pace * n_out + abs(axis.shift) + 2 * axis.reach + 2 * axis.step


def widths_of(y: Axis, x: Axis, height: int, width: int) -> tuple[int, int] | None:
    """Returns how many bits weights and the sums of a row need, 32 or 64, and those of a result; None if more.

    The sums of a row are at most 255·most_of(x). With D the product of the two sums of weights, what is divided is at
    most 255·D + D // 2 (R-4, halves upwards).
    """
    denominator = most_of(y) * most_of(x)
    whole = 255 * denominator + denominator // 2
    part = max(255 * most_of(x), most_of(y), places_of(y, height), places_of(x, width))
    if max(part, whole) >= 2**63 or max(y.taps, x.taps) > MOST:
        return None
    part_bits = 32 if part < 2**31 else 64
    return part_bits, 32 if part_bits == 32 and whole < 2**31 else 64


def resize_batch(image: Tensor, out: Tensor, method: MethodName, table: Tensor | None = None) -> bool:
    """Resizes images of one size in one launch.

    Args:
        image: uint8, [N, C, H, W] with any strides, not empty.
        out: [N, C, height, width] with any strides, apart from image: uint8, or float32 if there is a table.
        method: its name.
        table: float32 [C or 1, 256], in which each sample of the result is looked up (R-31).

    Returns:
        Whether it did: False for other methods than METHODS and PASSED, and sizes whose sums are beyond int64.

    Raises:
        ValueError: a method of PASSED does not cover the sizes or channels.
    """
    check_capture()
    if method in PASSED:
        return _resize_by_passes(image, out, method, table)
    described = _batch_description(
        method, tuple(image.shape[-2:]), tuple(out.shape[-2:]), image.stride()[1:], image.device
    )
    if described is None or not _fits(out):
        return False
    description, widths = described
    _keep(description)
    _launch(resize_by_formula, (image, image.stride(0), description, 0), out, table, widths)
    return True


def check_capture() -> None:
    """Raises RuntimeError while a CUDA graph is captured: others would have the descriptions' memory when it runs."""
    if torch.cuda.is_available() and torch.cuda.is_current_stream_capturing():
        raise RuntimeError("isopixel.torch cannot resize while a CUDA graph is captured: resize before, outside it")


def resize_list(images: Sequence[Tensor], out: Tensor, method: str, table: Tensor | None = None) -> bool:
    """Resizes images of any sizes in one launch, by one of METHODS: uint8 [C, H, W] to [N, C, height, width]."""
    check_capture()
    size = tuple(out.shape[-2:])
    first = images[0].data_ptr()
    rows, part_bits, whole_bits = [], 32, 32
    for image in images:
        described = _describe(method, tuple(image.shape[-2:]), size, image.stride())
        if described is None:
            return False
        numbers, widths = described
        rows.append((image.data_ptr() - first, *numbers))
        part_bits, whole_bits = max(part_bits, widths[0]), max(whole_bits, widths[1])
    if not _fits(out):
        return False
    # From pinned memory the copy is one of the stream's works, for which nobody waits.
    descriptions = torch.tensor(rows, dtype=torch.int64, pin_memory=out.is_cuda).to(out.device, non_blocking=True)
    given = images[0], 0, descriptions, descriptions.stride(0)
    _launch(resize_by_formula, given, out, table, (part_bits, whole_bits))
    return True


@functools.lru_cache(maxsize=4096)
def _describe(
    method: str, size_in: tuple[int, int], size_out: tuple[int, int], strides: tuple[int, int, int]
) -> tuple[tuple[int, ...], tuple[int, int]] | None:
    """Returns what the kernel has to know of an image but its place, and widths_of its axes; None if it cannot."""
    if method not in METHODS:
        return None
    y, x = (axis_of(method, n_in, n_out) for n_in, n_out in zip(size_in, size_out, strict=True))
    widths = widths_of(y, x, *size_out)
    return None if widths is None else ((*strides, *y, *x), widths)


def _keep(*tensors: Tensor) -> None:
    """Tells who allocates that the stream reads what a cache may let go of meanwhile."""
    for tensor in tensors:
        if tensor.is_cuda:
            tensor.record_stream(torch.cuda.current_stream(tensor.device))


@functools.lru_cache(maxsize=4096)
def _batch_description(
    method: str,
    size_in: tuple[int, int],
    size_out: tuple[int, int],
    strides: tuple[int, int, int],
    device: torch.device,
) -> tuple[Tensor, tuple[int, int]] | None:
    """Returns the description of every image of a batch, on the device, where it stays for the next batch."""
    described = _describe(method, size_in, size_out, strides)
    if described is None:
        return None
    numbers, widths = described
    return torch.tensor((0, *numbers), dtype=torch.int64).to(device), widths


def _resize_by_passes(image: Tensor, out: Tensor, method: MethodName, table: Tensor | None) -> bool:
    """Resizes as resize_batch by one of PASSED; alpha takes steps before and after (R-23), with memory of their own."""
    channels, rows, columns = image.shape[1:]
    vertical_first, y, x = _tables(method, (rows, columns), channels, (out.shape[2], out.shape[3]), image.device)
    _keep(y.first, y.weights, x.first, x.weights)
    if vertical_first:  # the first pass is over what the kernel calls x
        image, out, y, x = image.mT, out.mT, x, y
    if not _fits(out):
        return False
    has_alpha = method in OF_ALPHA and image.shape != out.shape
    source = premultiplied(image) if has_alpha else image
    made = torch.empty_like(out, dtype=torch.uint8) if has_alpha else out
    tables = (part for one in (y, x) for part in (one.first, one.weights, one.weights.shape[1], one.bits))
    given = source, *source.stride(), *source.shape[2:], *tables
    _launch(resize_by_passes, given, made, None if has_alpha else table)
    if has_alpha:
        out.copy_(divided(made) if table is None else look_up(divided(made), table))
    return True


@functools.lru_cache(maxsize=256)
def _tables(
    method: MethodName, size_in: tuple[int, int], channels: int, size_out: tuple[int, int], device: torch.device
) -> tuple[bool, Pass, Pass]:
    """Returns whether the vertical pass is first, and both, on the device, where they stay for the next batch."""
    passes = passes_of(method, size_in, channels, size_out, device)
    y = passes.vertical or _each_sample(size_in[0], device)
    x = passes.horizontal or _each_sample(size_in[1], device)
    return passes.vertical_first, y, x


def _each_sample(n: int, device: torch.device) -> Pass:
    """Returns a pass that keeps an axis as it is: (1 + 2·p) >> 1 is p."""
    first = torch.arange(n, dtype=torch.int32, device=device)
    return Pass(first, torch.full_like(first, 2)[:, None], 1)


def _fits(out: Tensor) -> bool:
    """Returns whether the kernel can count the results of a row, the rows and the programs."""
    channels, height, width = out.shape[1:]  # a channel's numbers in a table are 256
    return max(256, width) * channels <= MOST and height <= MOST and _programs(out)[0] <= MOST


def _programs(out: Tensor) -> tuple[int, int]:
    """Returns how many programs compute out, and how many channels of a pixel are one behind the other in it."""
    n, channels, height, width = out.shape
    interleaved = channels if out.stride(1) == 1 else 1
    tiles = triton.cdiv(height, TILE_HEIGHT) * triton.cdiv(width * interleaved, TILE_WIDTH)
    return n * (channels // interleaved) * tiles, interleaved


def _launch(
    kernel: Any, given: Sequence[object], out: Tensor, table: Tensor | None, widths: Sequence[int] = ()
) -> None:
    """Launches a kernel with what it is given of the source, and the widths of its sums if it has several."""
    programs, interleaved = _programs(out)
    types = (tl.int32 if bits == 32 else tl.int64 for bits in widths)
    with torch.cuda.device_of(out):  # type: ignore[no-untyped-call]
        kernel[(programs,)](
            *given,
            out,
            *out.stride(),
            *out.shape[1:],
            table,
            0 if table is None or len(table) == 1 else 256,
            interleaved=interleaved,
            tile_height=TILE_HEIGHT,
            tile_width=TILE_WIDTH,
            **dict(zip(("part", "whole"), types, strict=False)),
        )
