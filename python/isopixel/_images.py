# SPDX-License-Identifier: MIT
"""The resize of arrays."""

import math
import sys
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from isopixel import _core, _settings
from isopixel._arguments import check_size, kind_of
from isopixel._methods import ALPHA_FORMS, MethodName, check_channels, check_method, coverage
from isopixel._settings import check_threads, get_isa

UInt8Array = npt.NDArray[np.uint8]

UINT8 = np.dtype(np.uint8)
AXES = _core.axes
AXES_OF_RANK = {rank: next(axes for axes in AXES if len(axes) == rank) for rank in (2, 3, 4)}
MOST_CHANNELS = _core.most_channels  # without axes=, a longer last axis is not assumed to be channels


def resize(
    image: UInt8Array,
    size: Sequence[int],
    *,
    method: MethodName = "bilinear",
    antialias: bool | None = None,
    axes: str | None = None,
    channels: str | None = None,
    out: UInt8Array | None = None,
    threads: int | None = None,
) -> UInt8Array:
    """Resizes an image or a batch of images, exactly (SPEC R-1 to R-5, R-32 to R-36), or as another library does.

    Each sample of the result is the exact value of the method's formula, rounded once. Channels and images are
    independent of each other; alpha is a channel like the others.

    The methods that begin with the name of a library are frozen peers: what Pillow, OpenCV and torch compute, bit for
    bit, whichever version of them is installed, if any. `isopixel.methods()` lists the releases and the images that
    each covers, and `isopixel.method_for` returns the one that a release needs. The channels of an image are those of
    its axis C if that is the last one; with axes "CHW" or "NCHW" each plane is an image of one channel. Methods whose
    name ends in -alpha (the last channel is alpha: Pillow's modes LA and RGBA) therefore refuse planes; and those of
    OpenCV, which round differently when both sides are halved exactly and there are 2 channels (linear alone) or more
    than 4, treat planes as gray images. An array does not know whether its fourth channel is alpha, and Pillow
    multiplies by alpha: its methods without -alpha refuse four channels until the argument channels says what they are.

    Args:
        image: uint8, of rank 2 to 4. No copy is made if the samples of a row follow each other in memory (as in any
            crop, flip of rows, or planar image); other arrays are copied first.
        size: (height, width) of the result, in pixels.
        method: "bilinear", which averages all source pixels when the image shrinks (a triangle filter);
            "bilinear-two-tap", of which the two nearest ones on each axis count; "area" and "bicubic", which average
            too; "bicubic-four-tap" and "nearest"; or a frozen peer such as "pillow-4-bilinear". An axis that does not
            shrink is the same by the first two.
        antialias: False makes "bilinear" "bilinear-two-tap"; True is the default. Not to be given with other methods.
        axes: the meaning of the image's axes, one of HW, HWC, CHW, NHW, NHWC, NCHW. By default the rank decides:
            HW, HWC or NHWC, with at most 4 channels.
        channels: what four channels are, "CMYK" or "RGBX", if none of them is alpha. It changes no result.
        out: a uint8 array for the result, of its shape, with the samples of a row next to each other, apart from image.
        threads: how many to use at most; they share the rows of a large image, or the images of a batch. By default
            `get_num_threads()`, which is 1 unless it was set.

    Returns:
        The result, uint8, with the axes of image: `out` if it was given, otherwise a new C-contiguous array.

    Raises:
        TypeError: image is not a NumPy array of uint8, or size or threads are not whole numbers.
        ValueError: a rank, shape, size, name or out that does not fit; sizes that are too large to be exact; channels
            or sizes that a frozen peer does not cover.
        MemoryError: the result does not fit in memory.

    Example:
        >>> import isopixel
        >>> import numpy as np
        >>> image = np.array([[0, 255]], np.uint8)
        >>> isopixel.resize(image, (1, 3))
        array([[  0, 128, 255]], dtype=uint8)
        >>> photo = np.zeros((480, 640, 3), np.uint8)
        >>> isopixel.resize(photo, (224, 224), method="pillow-4-bilinear").shape
        (224, 224, 3)
    """
    if channels is None:
        wanted = _settings.num_threads if threads is None else threads
        result = _core.resize_plainly(image, size, method, antialias, axes, out, wanted)
        if result is not None:
            return result
    check_image(image, "use isopixel.torch.resize")
    axes = check_axes(image, axes)
    height, width = check_size(size)
    method = check_method(method, antialias)
    threads = check_threads(threads)
    first = axes.index("H")
    if channels is not None or method in ALPHA_FORMS:
        count = image.shape[axes.index("C")] if "C" in axes else 1
        check_channels(channels, count, method, axes[-1] == "C")
    shape = (*image.shape[:first], height, width, *image.shape[first + 2 :])
    if math.prod(shape) > sys.maxsize:
        raise ValueError(f"size {size!r} is too large: a result of shape {shape} is beyond the address space")
    if out is None:
        out = np.empty(shape, UINT8)
    else:
        check_out(out, shape, axes, image)
    resize_into(out, image, axes, method, threads)
    return out


def resize_into(out: UInt8Array, image: UInt8Array, axes: str, method: MethodName, threads: int) -> None:
    """Resizes to the size of out, which fits: it has the axes of image, and shares no memory.

    Raises:
        ValueError: the core refuses the sizes or the channels.
    """
    try:
        if not _core.resize(image, out, axes, method, threads):
            _core.resize(np.ascontiguousarray(image), out, axes, method, threads)
    except ValueError as error:
        get_isa()  # raises an error of its own if ISOPIXEL_ISA is the reason
        first = axes.index("H")
        what = f"an image of shape {image.shape} (axes {axes}) to {out.shape[first : first + 2]}"
        raise ValueError(f"cannot resize {what}: {error}{coverage(method)}") from None


def check_image(image: UInt8Array, for_tensors: str) -> None:
    """Raises TypeError or ValueError if image is not a uint8 array of rank 2 to 4.

    Args:
        image: what was given.
        for_tensors: what to do with a tensor.
    """
    if not isinstance(image, np.ndarray):
        convert = "convert it with np.asarray"
        got = kind_of(image, for_tensors, f"{convert}, in mode L, RGB or RGBA", convert)
        raise TypeError(f"image must be a NumPy array, got {got}")
    if isinstance(image, np.ma.MaskedArray):
        raise TypeError("image is a masked array, and the mask would be lost: fill it first, with image.filled(...)")
    if image.dtype != UINT8:
        advice = "convert it yourself, since how the values become 0 to 255 decides the pixels"
        if image.dtype.kind == "f":
            advice += ": floats in 0 to 1, for example, with np.rint(image * 255).astype(np.uint8)"
        raise TypeError(f"image must be of dtype uint8, got {image.dtype}; {advice}")
    if image.ndim not in AXES_OF_RANK:
        raise ValueError(f"image must have rank 2, 3 or 4, got the shape {image.shape}")


def check_axes(image: UInt8Array, axes: str | None) -> str:
    """Returns the axes of image, from the argument or from its rank."""
    if axes is None:
        axes = AXES_OF_RANK[image.ndim]
        if axes[-1] == "C" and image.shape[-1] > MOST_CHANNELS:
            others = " or ".join(repr(a) for a in AXES if len(a) == image.ndim)
            raise ValueError(
                f"an image of shape {image.shape} would have {image.shape[-1]} channels; "
                f"say what its axes are: axes={others}"
            )
    elif not isinstance(axes, str) or axes not in AXES:
        raise ValueError(f"axes must be one of {', '.join(AXES)}, got {axes!r}")
    elif len(axes) != image.ndim:
        raise ValueError(f"axes={axes!r} needs an image of rank {len(axes)}, got the shape {image.shape}")
    if 0 in image.shape:
        raise ValueError(f"image is empty: its shape is {image.shape} (axes {axes})")
    return axes


def check_out(out: UInt8Array, shape: tuple[int, ...], axes: str, image: UInt8Array) -> None:
    """Raises TypeError or ValueError if the result cannot be written to out."""
    check_writable(out, shape, UINT8)
    if not out.flags.c_contiguous:
        check_strides(out, axes)
    check_memory(out, image)


def check_writable(out: npt.NDArray[Any], shape: tuple[int, ...], dtype: np.dtype[Any]) -> None:
    """Raises TypeError or ValueError if out is not a writable array of this shape and dtype."""
    if not isinstance(out, np.ndarray) or out.dtype != dtype:
        raise TypeError(f"out must be a {dtype} array, got {getattr(out, 'dtype', type(out).__name__)}")
    if out.shape != shape:
        raise ValueError(f"out must have the shape {shape}, got {out.shape}")
    if not out.flags.writeable:
        raise ValueError("out is read-only")


def check_memory(out: npt.NDArray[Any], image: UInt8Array) -> None:
    """Raises ValueError if samples of out share memory with each other, or with those of image."""
    if not out.flags.c_contiguous and overlaps_itself(out):
        raise ValueError(f"out has samples that share memory, with the strides {out.strides}: give another array")
    if np.may_share_memory(out, image) and np.shares_memory(out, image):
        raise ValueError("out shares memory with image: give another array, or none")


def check_strides(out: UInt8Array, axes: str) -> None:
    """Raises ValueError if the strides of out do not fit a result."""
    strides = dict(zip(axes, out.strides, strict=True))
    lengths = dict(zip(axes, out.shape, strict=True))
    channels = lengths.get("C", 1) if axes[-1] == "C" else 1
    if (channels > 1 and strides["C"] != 1) or (lengths["W"] > 1 and strides["W"] != channels):
        raise ValueError(f"out must have the samples of a row next to each other, got the strides {out.strides}")


def overlaps_itself(array: npt.NDArray[Any]) -> bool:
    """Returns whether an axis, when they are sorted by stride, does not step over all that the narrower ones span."""
    span = 1
    for stride, n in sorted((abs(stride), n) for stride, n in zip(array.strides, array.shape, strict=True) if n > 1):
        if stride < span:
            return True
        span += stride * (n - 1)
    return False
