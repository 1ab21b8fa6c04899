# SPDX-License-Identifier: MIT
"""The resize of tensors, as a function and as a module."""

import operator
from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor

from isopixel._arguments import check_size
from isopixel._methods import MethodName, check_channels, check_method
from isopixel.torch import _operators
from isopixel.torch._exact import COMPUTED, may_be_symbols, resize_exactly
from isopixel.torch._exact_weights import larger, smaller

Size = int | Sequence[int] | None


def resize(
    tensor: Tensor,
    size: Sequence[int],
    *,
    method: MethodName = "bilinear",
    antialias: bool | None = None,
    channels: str | None = None,
    out: Tensor | None = None,
) -> Tensor:
    """Resizes an image or a batch of images like `isopixel.resize`, to the same bits (SPEC R-1 to R-5, R-18).

    On the CPU the core computes it, in `isopixel.get_num_threads()` threads, and reads the tensor in place: contiguous,
    channels-last, cropped, with its rows flipped, or with any strides of the batch. It is copied first if the samples
    of a row do not follow each other (columns flipped or left out); and for a frozen peer that sees the channels of a
    pixel together, if it is not channels-last. (These are the peers with alpha, and of OpenCV those of some numbers of
    channels: R-23, R-24, R-39, R-42 and R-46.)

    On a CUDA device with Triton, which torch's builds for CUDA on Linux bring, a kernel computes the same bits of
    "bilinear", "bilinear-two-tap", "area" and "nearest", and of the methods of Pillow and torch, from any strides, with
    no memory but that of the result (and for alpha, which is a step of its own). isopixel's own bicubic methods, and on
    other devices all of these, are computed by torch operations, which need up to some sixty times the memory of a
    tensor that they shrink, and refuse sizes whose sums are beyond int64. Those of OpenCV are for the CPU alone.

    It is the operator `isopixel::resize`, one node of a program that `torch.compile` or `torch.export` makes. It has no
    gradient. For a tensor on the device meta it returns one of the right shape.

    Args:
        tensor: uint8, [..., C, H, W] with any number of batch dimensions, or none.
        size: (height, width) of the result, in pixels; for one number, the shorter side, use `Resize`.
        method: as in `isopixel.resize`.
        antialias: as in `isopixel.resize`: False makes "bilinear" "bilinear-two-tap".
        channels: as in `isopixel.resize`: what four channels are, "CMYK" or "RGBX", if none of them is alpha.
        out: a tensor for the result, uint8 of its shape, on the same device, apart from tensor. It is written in place
            if the samples of its rows follow each other as those of tensor do; otherwise the result is copied to it.

    Returns:
        uint8, [..., C, height, width], on the device of tensor: `out` if it was given, otherwise a new tensor, which is
        channels-last if tensor is, otherwise contiguous.

    Raises:
        TypeError: tensor or out is not a dense tensor of uint8, or an argument has a wrong type.
        ValueError: a rank, shape, size, name, device or out that does not fit; sizes that are too large to be exact;
            channels or sizes that a frozen peer does not cover.

    Example:
        >>> import isopixel.torch
        >>> import torch
        >>> image = torch.tensor([[[0, 255]]], dtype=torch.uint8)
        >>> isopixel.torch.resize(image, (1, 3))
        tensor([[[  0, 128, 255]]], dtype=torch.uint8)
    """
    check_tensor(tensor, "tensor")
    method = check_method(method, antialias)
    check_channels(channels, tensor.shape[-3], method, are_last=True)
    height, width = result_size(check_size(size), None, tensor.shape[-2], tensor.shape[-1])
    if out is None:
        result: Tensor = _operators.resize(tensor, height, width, method)
        return result
    check_tensor(out, "out")
    shape = (*tensor.shape[:-2], height, width)
    if out.shape != shape:
        raise ValueError(f"out must have the shape {shape}, got {tuple(out.shape)}")
    if out.device != tensor.device:
        raise ValueError(f"out must be on the device of tensor, {tensor.device}, got {out.device}")
    _operators.resize_out(tensor, out, method)
    return out


class Resize(torch.nn.Module):
    """Resizes images as a module: the sizes of torchvision's transform, the bits of `isopixel.torch.resize`.

    Args:
        size: (height, width) of the result, in pixels; or one number (or a sequence of it) for the shorter side, the
            longer one being floor(size·longer/shorter); or None, with max_size alone.
        method: as in `isopixel.resize`.
        antialias: as in `isopixel.resize`: False makes "bilinear" "bilinear-two-tap".
        channels: as in `isopixel.resize`: what four channels are, "CMYK" or "RGBX", if none of them is alpha.
        max_size: only if size is one number, which it exceeds, or None: the most pixels of the longer side. If size
            would make it longer (or is None), it becomes max_size, and the shorter side becomes
            floor(max_size·shorter/longer) of the sides as size makes them.
        decompose: whether to use torch operations alone, on any device: an exported program then does not need
            isopixel. It is for any batch and any source size, if these are dynamic in `torch.export`; the source size
            is a constant of it for "bicubic" and the methods of Pillow and torch, with max_size, in `torch.compile`,
            and if torch is older than 2.13. The result is contiguous.

    Raises:
        TypeError, ValueError: as `isopixel.torch.resize`, and with decompose for a method of OpenCV.

    Example:
        >>> import isopixel.torch
        >>> import torch
        >>> images = torch.zeros(8, 3, 480, 640, dtype=torch.uint8)
        >>> isopixel.torch.Resize((224, 224))(images).shape
        torch.Size([8, 3, 224, 224])
        >>> isopixel.torch.Resize(224)(images).shape
        torch.Size([8, 3, 224, 298])
    """

    def __init__(
        self,
        size: Size,
        method: MethodName = "bilinear",
        *,
        antialias: bool | None = None,
        channels: str | None = None,
        max_size: int | None = None,
        decompose: bool = False,
    ) -> None:
        super().__init__()
        self.size = check_target(size, max_size)
        self.max_size = max_size
        self.method = check_method(method, antialias)
        if channels is not None:
            check_channels(channels, 4, self.method, are_last=True)
        self.channels = channels
        self.decompose = decompose
        if decompose and self.method not in COMPUTED:
            raise ValueError(
                f"method {method!r} is not made of torch operations: decompose is for isopixel's own methods, "
                "Pillow's, torch's and opencv-3.4-nearest"
            )

    def forward(self, tensor: Tensor) -> Tensor:
        """Resizes uint8 [..., C, H, W], as `isopixel.torch.resize`."""
        check_tensor(tensor, "tensor")
        check_channels(self.channels, tensor.shape[-3], self.method, are_last=True)
        rows, columns = tensor.shape[-2:]
        if self.decompose and (self.max_size is not None or not may_be_symbols(self.method)):
            rows, columns = operator.index(rows), operator.index(columns)
        height, width = result_size(self.size, self.max_size, rows, columns)
        if self.decompose:
            return resize_exactly(tensor, height, width, self.method)
        result: Tensor = _operators.resize(tensor, height, width, self.method)
        return result

    def extra_repr(self) -> str:
        """Returns the arguments, for print."""
        text = f"size={self.size}, method={self.method!r}"
        if self.channels is not None:
            text += f", channels={self.channels!r}"
        if self.max_size is not None:
            text += f", max_size={self.max_size}"
        return text + (", decompose=True" if self.decompose else "")


def check_tensor(tensor: Tensor, name: str) -> None:
    """Raises TypeError or ValueError if tensor is not a dense uint8 tensor [..., C, H, W]."""
    if not isinstance(tensor, Tensor):
        raise TypeError(f"{name} must be a torch.Tensor, got {type(tensor).__name__}; for arrays use isopixel itself")
    if tensor.layout is not torch.strided:
        raise TypeError(f"{name} must be dense, got the layout {tensor.layout}: convert it, with .to_dense() if sparse")
    if tensor.dtype is not torch.uint8:
        advice = "convert it yourself, since how the values become 0 to 255 decides the pixels"
        if tensor.is_quantized:
            advice = "pass its .int_repr() if the integers are the pixels"
        elif tensor.requires_grad:
            advice = "a rounded result has no gradient, so resize before the part that is trained"
        elif tensor.is_floating_point():
            advice += ": floats in 0 to 1, for example, with tensor.mul(255).round().to(torch.uint8)"
        raise TypeError(f"{name} must be of dtype torch.uint8, got {tensor.dtype}; {advice}")
    if tensor.ndim < 3:
        raise ValueError(
            f"{name} must have the shape [..., C, H, W], got {list(tensor.shape)}; a gray image [H, W] is image[None]"
        )


def check_target(size: Size, max_size: int | None) -> tuple[int, int] | int | None:
    """Returns size as (height, width), a number for the shorter side, or None; or raises TypeError or ValueError."""
    if max_size is not None and not _is_whole(max_size):
        raise TypeError(f"max_size must be a whole number or None, got {max_size!r}")
    if max_size is not None and max_size < 1:
        raise ValueError(f"max_size must be at least 1, got {max_size!r}")
    if size is None:
        if max_size is None:
            raise TypeError("size must be (height, width) or a number; None needs a max_size")
        return None
    if isinstance(size, Sequence) and not isinstance(size, str) and len(size) == 1:
        size = size[0]
    if isinstance(size, Sequence) or not _is_whole(size):
        if max_size is not None:
            raise ValueError(f"max_size is for a size of one number, the shorter side, or None, got size={size!r}")
        return check_size(size)  # type: ignore[arg-type]  # it refuses what is not a sequence
    shorter = operator.index(size)
    if shorter < 1:
        raise ValueError(f"size must be at least 1, got {size!r}")
    if max_size is not None and max_size <= shorter:
        raise ValueError(f"max_size must be above size, got max_size={max_size!r}, size={size!r}")
    return shorter


def _is_whole(number: object) -> bool:
    return hasattr(number, "__index__") and not isinstance(number, (bool, Tensor, np.ndarray))


def result_size(size: tuple[int, int] | int | None, max_size: int | None, rows: int, columns: int) -> tuple[int, int]:
    """Returns (height, width) of the result for a size of check_target and an image, in integers alone.

    torchvision computes int(size * longer / shorter) in float64, which is the same while size·longer is below 2^53.
    """
    if rows < 1 or columns < 1:
        raise ValueError(f"an image of {rows}×{columns} pixels is empty")
    if isinstance(size, tuple):
        return size
    height, width = rows, columns
    if size is not None:
        shorter = smaller(height, width)
        height, width = size * height // shorter, size * width // shorter
    if max_size is None:
        return height, width
    longer = larger(height, width)
    most_rows, most_columns = max_size * height // longer, max_size * width // longer
    if size is not None:  # sizes may be symbols, which nothing compares
        most_rows, most_columns = smaller(height, most_rows), smaller(width, most_columns)
    if isinstance(most_rows, int) and isinstance(most_columns, int) and min(most_rows, most_columns) < 1:
        raise ValueError(
            f"an image of {rows}×{columns} whose longer side becomes {max_size} would have no pixel left on the "
            "other: use (height, width)"
        )
    return most_rows, most_columns
