# SPDX-License-Identifier: MIT
"""The samples of picture files (SPEC R-51): JPEG by the core; PNG and BMP, of which decoders agree, by Pillow."""

import io
import struct
from dataclasses import dataclass

import numpy as np

from isopixel import _core
from isopixel._guard import HEAD, LISTING, LISTING_ADVICE, described, kind_of
from isopixel._images import UInt8Array
from isopixel._pictures import check_pixels, pillow
from isopixel._png import check_samples, read_png_head
from isopixel._settings import most_pixels

_BMP_HEADER = 54  # bytes of both headers that are looked at


@dataclass(frozen=True)
class Picture:
    """What a picture file holds.

    Attributes:
        samples: uint8 (H, W, C): gray, gray and alpha, red, green and blue, or these and alpha.
        orientation: 1 to 8, or -1 if programs tell it in different ways.
    """

    samples: UInt8Array
    orientation: int


def decode(content: bytes) -> Picture:
    """Returns the picture of a file's bytes; the messages of its errors go on behind the file's name and a colon.

    Raises:
        ValueError: it is not a picture that a recipe reads, is broken, or has too many pixels.
    """
    return _DECODERS[kind_of_picture(content[:HEAD])](content)


def kind_of_picture(head: bytes) -> str:
    """Returns the kind of picture that begins with these HEAD bytes; raises ValueError as `decode` if it is not one."""
    kind = kind_of(head)
    if kind in _DECODERS:
        return kind
    what = f"it is {described(kind)}" if kind else f"it begins with {head[:4].hex(' ') or 'nothing'}"
    advice = {
        None: "for the image of a file's bytes use a layout, such as 'isopixel 1: nataraj | bilinear 224,224'",
        LISTING: LISTING_ADVICE,
        ".npy": "load it with np.load, and call the recipe with the array",
    }.get(kind, "convert it to PNG first")
    raise ValueError(f"{what}, and a recipe of images reads JPEG, PNG and BMP; {advice}")


def _jpeg(content: bytes) -> Picture:
    height, width, _, orientation = _core.jpeg_info(content)
    check_pixels("it", (height, width), most_pixels(None), "read")
    return Picture(_core.decode_jpeg(content), orientation)


def _png(content: bytes) -> Picture:
    file = io.BytesIO(content)
    head = read_png_head(file)
    if head.depth == 16:
        raise ValueError("it has 16 bits a sample; libraries make 8 of them in different ways: convert it first")
    check_pixels("it", head.shape, most_pixels(None), "read")
    check_samples(file)
    file.seek(0)
    with pillow().PngImagePlugin.PngImageFile(file) as picture:
        channels = 3 if head.has_palette else head.shape[2] if len(head.shape) == 3 else 1
        has_alpha = head.is_transparent or channels % 2 == 0
        mode = ("LA" if channels < 3 else "RGBA") if has_alpha else ("L" if channels == 1 else "RGB")
        return Picture(_samples(picture.convert(mode)), head.orientation)


def _bmp(content: bytes) -> Picture:
    if len(content) < _BMP_HEADER:
        raise ValueError("it is cut short")
    offset, _, width, height, _, bits, compression = struct.unpack_from("<IIiiHHI", content, 10)
    if bits not in (8, 24) or compression != 0 or struct.unpack_from("<I", content, 14)[0] == 12:
        raise ValueError("it is not a BMP of 24 bits, or of 8 with a palette, without compression: convert it first")
    height = abs(height)
    if width < 1 or height < 1:
        raise ValueError("it is broken: it has no pixels")
    check_pixels("it", (height, width), most_pixels(None), "read")
    if len(content) < offset + height * (-(-width * bits // 32) * 4):
        raise ValueError("it is cut short")
    with pillow().BmpImagePlugin.BmpImageFile(io.BytesIO(content)) as picture:
        return Picture(_samples(picture.convert("RGB")), 1)


def _samples(picture: object) -> UInt8Array:
    samples: UInt8Array = np.asarray(picture)
    return samples[..., None] if samples.ndim == 2 else samples


_DECODERS = {"JPEG": _jpeg, "PNG": _png, "BMP": _bmp}
