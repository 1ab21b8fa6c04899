# SPDX-License-Identifier: MIT
"""The resize of what a batch is made of, to one tensor for a model."""

from collections.abc import Sequence

from torch import Tensor

from isopixel._arguments import check_size
from isopixel._methods import MethodName, check_channels, check_method
from isopixel.torch import _operators
from isopixel.torch._normalizing import Normalize
from isopixel.torch._resizing import check_tensor, result_size


def resize_batch(
    images: Tensor | Sequence[Tensor],
    size: Sequence[int],
    *,
    method: MethodName = "bilinear",
    antialias: bool | None = None,
    channels: str | None = None,
    normalize: Normalize | None = None,
) -> Tensor:
    """Resizes images of any sizes to one batch, and normalises it: the bits of `resize`, and then of `Normalize`.

    On a CUDA device with Triton it is one launch, for all images and both steps, which needs no memory but that of the
    result, for "bilinear", "bilinear-two-tap", "area" and "nearest". (By other methods each image of a list is resized
    for itself.)

    It is the operator `isopixel::resize_list`, or for a tensor `isopixel::resize_normalize` or `isopixel::resize`.

    Args:
        images: a sequence of uint8 [C, H, W], each of any size and strides, all with the same channels on one device;
            or a tensor, uint8 [..., C, H, W].
        size: (height, width) of the result, in pixels.
        method: as in `isopixel.resize`.
        antialias: as in `isopixel.resize`: False makes "bilinear" "bilinear-two-tap".
        channels: as in `isopixel.resize`: what four channels are, "CMYK" or "RGBX", if none of them is alpha.
        normalize: the module whose numbers become of the samples; None for uint8.

    Returns:
        [N, C, height, width], or of a tensor [..., C, height, width], on the device of the images. Normalised it is
        float32, contiguous; otherwise uint8, and channels-last if all images are, otherwise contiguous.

    Raises:
        TypeError: images are not dense tensors of uint8, or an argument has a wrong type.
        ValueError: as `resize` and `Normalize`; and for no images, or images that are on several devices or differ in
            their channels.

    Example:
        >>> import isopixel.torch
        >>> import torch
        >>> images = [torch.zeros(3, 480, 640, dtype=torch.uint8), torch.zeros(3, 375, 500, dtype=torch.uint8)]
        >>> isopixel.torch.resize_batch(images, (224, 224), normalize=isopixel.torch.Normalize(0.5, 0.25)).shape
        torch.Size([2, 3, 224, 224])
    """
    if normalize is not None and not isinstance(normalize, Normalize):
        raise TypeError(f"normalize must be an isopixel.torch.Normalize, got {type(normalize).__name__}")
    if isinstance(images, Tensor):
        check_tensor(images, "images")
        parts: Sequence[Tensor] = (images,)
    else:
        _check_images(images)
        parts = images
    method = check_method(method, antialias)
    check_channels(channels, parts[0].shape[-3], method, are_last=True)
    height, width = check_size(size)
    for part in parts:
        result_size((height, width), None, part.shape[-2], part.shape[-1])
    if normalize is not None:
        normalize.check(parts[0])
    table = None if normalize is None else normalize.table
    result: Tensor
    if not isinstance(images, Tensor):
        result = _operators.resize_list(list(images), height, width, method, table)
    elif table is not None:
        result = _operators.resize_normalize(images, height, width, method, table)
    else:
        result = _operators.resize(images, height, width, method)
    return result


def _check_images(images: Sequence[Tensor]) -> None:
    """Raises TypeError or ValueError if images are not uint8 [C, H, W] of the same channels on one device."""
    if not isinstance(images, Sequence):
        raise TypeError(f"images must be a tensor or a sequence of tensors, got {type(images).__name__}")
    if not images:
        raise ValueError("images is empty: a batch needs one image at least")
    for number, image in enumerate(images):
        name = f"images[{number}]"
        check_tensor(image, name)
        if image.ndim != 3:
            raise ValueError(f"{name} must have the shape [C, H, W], got {list(image.shape)}")
        if len(image) != len(images[0]):
            raise ValueError(f"{name} has {len(image)} channels, and images[0] {len(images[0])}: convert one of them")
        if image.device != images[0].device:
            raise ValueError(f"{name} is on {image.device}, and images[0] on {images[0].device}: move one of them")
