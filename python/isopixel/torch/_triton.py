# SPDX-License-Identifier: MIT
"""The exact resize on CUDA devices, with or without normalisation: one Triton kernel, which computes in integers alone.

Sample j of an axis has in result i the weight

    min(top, max(0, reach - |step·j - pace·i + shift|))

by which R-3 (bilinear), R-32 (nearest) and R-33 (area) are one formula of a few integers. The kernel computes weights
where it needs them, so that there are no tables, and adds up all that a result is made of in one program, so that
there is nothing between source and result.
"""

import functools
import math
from collections.abc import Sequence
from typing import NamedTuple

import torch
import triton
import triton.language as tl
from torch import Tensor

METHODS = ("bilinear", "bilinear-two-tap", "area", "nearest")
TILE_HEIGHT, TILE_WIDTH = 4, 64  # results of a program
MOST = 2**31 - TILE_WIDTH  # programs of a launch, and samples of a row of the result, which are counted in int32

# What Triton compiles does not depend on whether these are 1 or multiples of 16: one program serves all sizes.
_ANY = ["source", "image_stride", "descriptions", "description_stride", "out", "out_n", "out_c", "out_y", "out_x"]
_ANY += ["channels", "height", "width", "table", "table_stride"]


class Axis(NamedTuple):
    """The numbers of an axis, in the order in which the kernel reads them."""

    length: int  # how many samples there are
    step: int
    pace: int
    shift: int
    reach: int
    top: int
    taps: int  # that a result has at most


@functools.lru_cache(maxsize=4096)
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


def resize_batch(image: Tensor, out: Tensor, method: str, table: Tensor | None = None) -> bool:
    """Resizes images of one size in one launch.

    Args:
        image: uint8, [N, C, H, W] with any strides, not empty.
        out: [N, C, height, width] with any strides, apart from image: uint8, or float32 if there is a table.
        method: its name.
        table: float32 [C or 1, 256], in which each sample of the result is looked up (R-31).

    Returns:
        Whether it did: False for other methods than METHODS, and sizes whose sums are beyond int64.
    """
    check_capture()
    described = _batch_description(
        method, tuple(image.shape[-2:]), tuple(out.shape[-2:]), image.stride()[1:], image.device
    )
    if described is None or not _fits(out):
        return False
    description, widths = described
    _launch(image, image.stride(0), description, 0, out, table, widths)
    return True


def check_capture() -> None:
    """Raises RuntimeError while a CUDA graph is captured: others would have the descriptions' memory when it runs."""
    if torch.cuda.is_available() and torch.cuda.is_current_stream_capturing():
        raise RuntimeError("isopixel.torch cannot resize while a CUDA graph is captured: resize before, outside it")


def resize_list(images: Sequence[Tensor], out: Tensor, method: str, table: Tensor | None = None) -> bool:
    """Resizes images of any sizes in one launch, as resize_batch: uint8 [C, H, W] to [N, C, height, width]."""
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
    _launch(images[0], 0, descriptions, descriptions.stride(0), out, table, (part_bits, whole_bits))
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
    source: Tensor,
    image_stride: int,
    descriptions: Tensor,
    description_stride: int,
    out: Tensor,
    table: Tensor | None,
    widths: tuple[int, int],
) -> None:
    programs, interleaved = _programs(out)
    part, whole = (tl.int32 if bits == 32 else tl.int64 for bits in widths)
    with torch.cuda.device_of(out):  # type: ignore[no-untyped-call]
        _resize[(programs,)](
            source,
            image_stride,
            descriptions,
            description_stride,
            out,
            *out.stride(),
            *out.shape[1:],
            table,
            0 if table is None or len(table) == 1 else 256,
            interleaved=interleaved,
            tile_height=TILE_HEIGHT,
            tile_width=TILE_WIDTH,
            part=part,
            whole=whole,
        )


@triton.jit  # type: ignore[untyped-decorator]
def _axis(description, part: tl.constexpr):  # type: ignore[no-untyped-def]
    """Loads an Axis."""
    length = tl.load(description).to(part)
    step = tl.load(description + 1).to(part)
    pace = tl.load(description + 2).to(part)
    shift = tl.load(description + 3).to(part)
    reach = tl.load(description + 4).to(part)
    top = tl.load(description + 5).to(part)
    taps = tl.load(description + 6).to(tl.int32)
    return length, step, pace, shift, reach, top, taps


@triton.jit(do_not_specialize=_ANY)  # type: ignore[untyped-decorator]
def _resize(  # type: ignore[no-untyped-def]
    source,
    image_stride,
    descriptions,
    description_stride,
    out,
    out_n,
    out_c,
    out_y,
    out_x,
    channels,
    height,
    width,
    table,
    table_stride,
    interleaved: tl.constexpr,
    tile_height: tl.constexpr,
    tile_width: tl.constexpr,
    part: tl.constexpr,
    whole: tl.constexpr,
):
    """Computes a tile of the result: rows and columns of a plane, or of the pixels of an image.

    Lanes beyond its edges compute the last result again, and write the same to the same place.
    """
    tiles_x = (width * interleaved + tile_width - 1) // tile_width
    tiles_y = (height + tile_height - 1) // tile_height
    program = tl.program_id(0)
    tile_x = program % tiles_x
    tile_y = program // tiles_x % tiles_y
    plane = program // tiles_x // tiles_y
    planes = channels // interleaved
    image = (plane // planes).to(tl.int64)
    place = tl.minimum(tile_x * tile_width + tl.arange(0, tile_width), width * interleaved - 1)[None, :]
    x = place // interleaved
    channel = plane % planes + place % interleaved  # one of the two is 0
    y = tl.minimum(tile_y * tile_height + tl.arange(0, tile_height), height - 1)[:, None]

    description = descriptions + image * description_stride
    source_c = tl.load(description + 1)
    source_y = tl.load(description + 2)
    source_x = tl.load(description + 3)
    length_y, step_y, pace_y, shift_y, reach_y, top_y, taps_y = _axis(description + 4, part)
    length_x, step_x, pace_x, shift_x, reach_x, top_x, taps_x = _axis(description + 11, part)

    # The first sample j with step·j - pace·i + shift > -reach, and its distance.
    first_y = tl.maximum(pace_y * y - shift_y - reach_y + step_y, 0) // step_y
    first_x = tl.maximum(pace_x * x - shift_x - reach_x + step_x, 0) // step_x
    nearest_y = step_y * first_y - pace_y * y + shift_y
    nearest_x = step_x * first_x - pace_x * x + shift_x

    samples = source + image * image_stride + tl.load(description) + channel * source_c
    numerator = tl.full([tile_height, tile_width], 0, whole)
    denominator = tl.full([tile_height, tile_width], 0, whole)
    for tap_y in range(taps_y):
        j_y = first_y + tap_y
        weight_y = reach_y - tl.abs(nearest_y + step_y * tap_y)
        weight_y = tl.where(j_y < length_y, tl.minimum(tl.maximum(weight_y, 0), top_y), 0)
        row_numerator = tl.full([tile_height, tile_width], 0, part)
        row_denominator = tl.full([1, tile_width], 0, part)
        for tap_x in range(taps_x):
            j_x = first_x + tap_x
            weight_x = reach_x - tl.abs(nearest_x + step_x * tap_x)
            weight_x = tl.where(j_x < length_x, tl.minimum(tl.maximum(weight_x, 0), top_x), 0)
            pointers = samples + j_y.to(tl.int64) * source_y + j_x.to(tl.int64) * source_x
            sample = tl.load(pointers, mask=(j_y < length_y) & (j_x < length_x), other=0)
            row_numerator += weight_x * sample.to(part)
            row_denominator += weight_x
        numerator += weight_y.to(whole) * row_numerator.to(whole)
        denominator += weight_y.to(whole) * row_denominator.to(whole)

    # The denominator is above 0. Triton does not compile a division without being told so: its analysis begins with the
    # 0 before the loop.
    value = (numerator + denominator // 2) // tl.maximum(denominator, 1)
    results = out + image * out_n + channel.to(tl.int64) * out_c + y.to(tl.int64) * out_y + x.to(tl.int64) * out_x
    if table is None:
        tl.store(results, value.to(tl.uint8))
    else:
        tl.store(results, tl.load(table + channel * table_stride + value))
