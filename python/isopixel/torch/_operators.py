# SPDX-License-Identifier: MIT
"""The operators of `isopixel::`, each one node of a compiled or exported program.

Saved programs name them, so their schemas stay as they are.
"""

from collections.abc import Callable, Iterator, Sequence

import torch
from torch import Tensor

from isopixel import _core
from isopixel._images import check_memory, resize_into
from isopixel._methods import MethodName, check_method
from isopixel._settings import get_num_threads
from isopixel.torch import _devices

# A graph that torch.compile captures would not keep what a device is told of the images.
TAGS = tuple(getattr(torch.Tag, name) for name in ("pt2_compliant_tag", "cudagraph_unsafe") if hasattr(torch.Tag, name))
LIBRARY = torch.library.Library("isopixel", "DEF")  # type: ignore[no-untyped-call]


def _resize(image: Tensor, height: int, width: int, method: str) -> Tensor:
    """Resizes [..., C, H, W] to a new tensor."""
    out = empty_result(image, height, width)
    _resize_into(image, out, method)
    return out


def _resize_normalize(image: Tensor, height: int, width: int, method: str, table: Tensor) -> Tensor:
    """Resizes [..., C, H, W], and looks the result up in a table [C or 1, 256], to a new contiguous tensor."""
    if image.device.type == "cpu":
        return _normalize(_resize(image, height, width, method), table)
    out = image.new_empty((*image.shape[:-2], height, width), dtype=torch.float32)
    if out.numel() > 0:
        _resize_on_device(image, out, check_method(method), table)
    return out


def _resize_list(images: Sequence[Tensor], height: int, width: int, method: str, table: Tensor | None) -> Tensor:
    """Resizes images [C, H, W] of any sizes to one new tensor; with a table, as _resize_normalize."""
    if len({image.shape[0] for image in images}) != 1:
        raise ValueError(f"images must have the same channels, got the shapes {[tuple(i.shape) for i in images]}")
    if images[0].device.type == "cpu":
        out = _empty_results(images, height, width, None)
        for image, result in zip(images, out, strict=True):
            _resize_into(image, result, method)
        return out if table is None else _normalize(out, table)
    out = _empty_results(images, height, width, table)
    if out.numel() > 0:
        own = check_method(method)
        _devices.check_computed(own, out.device)
        for image in images:
            _check_pixels(image)
        _devices.resize_list(images, out, own, None if table is None else _checked(table, out))
    return out


def _resize_out(image: Tensor, out: Tensor, method: str) -> None:
    """Resizes [..., C, H, W] to the size of out."""
    if out.device.type == "cpu":
        check_memory(out.numpy(), image.numpy())  # as a whole: of a batch that does not merge, the core sees parts
        _resize_into(image, out, method)
    else:  # out may share memory with image there
        out.copy_(_resize(image, out.shape[-2], out.shape[-1], method))
    torch.autograd.graph.increment_version(out)


def _resize_fake(image: Tensor, height: int, width: int, method: str) -> Tensor:
    check_method(method)
    return empty_result(image, height, width)


def _resize_out_fake(image: Tensor, out: Tensor, method: str) -> None:
    check_method(method)


def _resize_normalize_fake(image: Tensor, height: int, width: int, method: str, table: Tensor) -> Tensor:
    check_method(method)
    return image.new_empty((*image.shape[:-2], height, width), dtype=torch.float32)


def _resize_list_fake(images: Sequence[Tensor], height: int, width: int, method: str, table: Tensor | None) -> Tensor:
    check_method(method)
    return _empty_results(images, height, width, table)


def _register(schema: str, kernel: Callable[..., object], fake: Callable[..., object]) -> None:
    """Registers an operator with one kernel for all devices; a call costs half of what custom_op costs."""
    LIBRARY.define(schema, tags=TAGS)  # type: ignore[no-untyped-call]
    name = schema[: schema.index("(")]
    LIBRARY.impl(name, kernel, "CompositeExplicitAutograd")  # type: ignore[no-untyped-call]
    torch.library.register_fake(f"isopixel::{name}", fake, lib=LIBRARY)


def empty_result(image: Tensor, height: int, width: int) -> Tensor:
    """Returns an empty tensor for the result: channels-last if image is, otherwise contiguous."""
    *batch, channels, _, _ = image.shape
    if is_channels_last(image):
        return image.new_empty((*batch, height, width, channels)).movedim(-1, -3)
    return image.new_empty((*batch, channels, height, width))


def _empty_results(images: Sequence[Tensor], height: int, width: int, table: Tensor | None) -> Tensor:
    """Returns an empty tensor for results [N, C, H, W]: channels-last if all images are, and no table makes floats."""
    first, n, channels = images[0], len(images), images[0].shape[0]
    if table is not None:
        return first.new_empty((n, channels, height, width), dtype=torch.float32)
    if all(map(is_channels_last, images)):
        return first.new_empty((n, height, width, channels)).movedim(-1, -3)
    return first.new_empty((n, channels, height, width))


def is_channels_last(image: Tensor) -> bool:
    """Returns whether the samples of a row follow each other pixel by pixel, with more than 1 channel."""
    channels = image.shape[-3]
    return channels > 1 and image.stride(-3) == 1 and image.stride(-1) == channels


def _resize_into(image: Tensor, out: Tensor, name: str) -> None:
    method = check_method(name)
    if out.numel() == 0:  # a batch of no images
        return
    if image.device.type != "cpu":
        _resize_on_device(image, out, method, None)
        return
    axes, row_axes = "CHW", 1
    if is_channels_last(image) or not _core.separates_channels(method, image.shape[-3]):
        axes, row_axes = "HWC", 2
        image, out = image.movedim(-3, -1), out.movedim(-3, -1)
    # Rows whose samples do not follow each other cannot be written by the core.
    first_row = out[(0,) * (out.ndim - row_axes)]
    target = out if first_row.is_contiguous() else torch.empty(out.shape, dtype=torch.uint8)
    for images, results in _batches(image, target):
        source, result = images.numpy(), results.numpy()
        resize_into(result, source, f"N{axes}", method, get_num_threads())
    if target is not out:
        out.copy_(target)


def _resize_on_device(image: Tensor, out: Tensor, method: MethodName, table: Tensor | None) -> None:
    _devices.check_computed(method, image.device)
    _check_pixels(image)
    if table is not None:
        table = _checked(table, out)
    for images, results in _batches(image, out):
        _devices.resize_batch(images, results, method, table)


def _check_pixels(image: Tensor) -> None:
    """Raises ValueError for an image without pixels, of which a device would read what lies behind it."""
    if image.numel() == 0:
        raise ValueError(f"an image must have pixels, got the shape {tuple(image.shape)}")


def _checked(table: Tensor, out: Tensor) -> Tensor:
    """Returns a table with the numbers of a channel behind one another; raises ValueError if it does not fit."""
    if table.shape not in ((1, 256), (out.shape[-3], 256)):
        raise ValueError(f"the table must be [{out.shape[-3]} or 1, 256], got the shape {tuple(table.shape)}")
    return table.contiguous()


def _batches(image: Tensor, out: Tensor) -> Iterator[tuple[Tensor, Tensor]]:
    """Yields views of rank 4: one if the dimensions of the batch merge to one, otherwise several."""
    if image.ndim == 3:
        yield image[None], out[None]
        return
    try:
        merged = image.view(-1, *image.shape[-3:]), out.view(-1, *out.shape[-3:])
    except RuntimeError:
        for one, result in zip(image, out, strict=True):
            yield from _batches(one, result)
    else:
        yield merged


def _normalize(image: Tensor, table: Tensor) -> Tensor:
    """Looks up [..., C, H, W] in a table [C or 1, 256], to a new contiguous tensor."""
    out = image.new_empty(image.shape, dtype=torch.float32)
    if out.numel() == 0:
        return out
    if image.device.type == "cpu":
        numbers = table.expand(image.shape[-3], 256).contiguous().numpy()
        for images, results in _batches(image, out):
            _core.normalize(images.numpy(), "NCHW", numbers, results.numpy(), get_num_threads())
    else:
        checked = _checked(table, out)
        for images, results in _batches(image, out):
            _devices.normalize_batch(images, results, checked)
    return out


_register(
    "resize(Tensor image, SymInt height, SymInt width, str method) -> Tensor",
    _resize,
    _resize_fake,
)
_register(
    "resize_out(Tensor image, Tensor(a!) out, str method) -> ()",
    _resize_out,
    _resize_out_fake,
)
_register(
    "resize_normalize(Tensor image, SymInt height, SymInt width, str method, Tensor table) -> Tensor",
    _resize_normalize,
    _resize_normalize_fake,
)
_register(
    "resize_list(Tensor[] images, SymInt height, SymInt width, str method, Tensor? table) -> Tensor",
    _resize_list,
    _resize_list_fake,
)
_register(
    "normalize(Tensor image, Tensor table) -> Tensor",
    _normalize,
    lambda image, table: image.new_empty(image.shape, dtype=torch.float32),
)

resize = torch.ops.isopixel.resize.default
resize_out = torch.ops.isopixel.resize_out.default
resize_normalize = torch.ops.isopixel.resize_normalize.default
resize_list = torch.ops.isopixel.resize_list.default
normalize = torch.ops.isopixel.normalize.default
