# SPDX-License-Identifier: MIT
"""The samples of picture files (SPEC R-51): JPEG by the core; PNG, of which decoders agree, by Pillow; BMP as it is."""

import io
import os
import struct
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from isopixel import _core
from isopixel._guard import HEAD, LISTING, LISTING_ADVICE, described, kind_of
from isopixel._images import UInt8Array
from isopixel._pictures import DECODED, Head, check_pixels, pillow, read_accepted
from isopixel._png import PngHead, check_samples, read_png_head
from isopixel._settings import most_pixels
from isopixel._sources import OpenSource, open_file

_BMP_HEADER = 54  # bytes of both headers that are looked at
_BMP_COLOUR = 4  # bytes of a colour of a palette: blue, green, red, and one that is not used


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
    if not head:
        raise ValueError("it is empty")
    what = f"it is {described(kind)}" if kind else f"it begins with {head[:4].hex(' ')}"
    advice = {
        None: "for the image of a file's bytes use a layout, such as 'isopixel 1: nataraj | bilinear 224,224'",
        LISTING: LISTING_ADVICE,
        ".npy": "load it with np.load, and call the recipe with the array",
    }.get(kind, "convert it to PNG first")
    raise ValueError(f"{what}, and a recipe of images reads JPEG, PNG and BMP; {advice}")


@contextmanager
def naming(name: str) -> Iterator[None]:
    """Gives what is wrong with a picture its name."""
    try:
        yield
    except ValueError as error:
        raise ValueError(f"{name}: {error}") from error


def check_is_picture(path: str | os.PathLike[str]) -> int:
    """Raises what reading a picture file would raise, as far as that shows from its first bytes; returns its length."""
    with open_file(path) as source:
        _check_head(source)
        return source.length


def picture_content(path: str | os.PathLike[str]) -> bytes:
    """Returns the bytes of a picture file; raises OSError, or ValueError for what does not begin as a picture does."""
    with open_file(path) as source:
        return content_of(source, lambda block: None)


def content_of(source: OpenSource, on_block: Callable[[memoryview], object]) -> bytes:
    """Does what `picture_content` does, of a source that is open, and shows each block that is read."""
    _check_head(source)  # before a file of any length is in memory
    return b"".join(bytes(block) for block in source.blocks(0, source.length, on_block))


def _check_head(source: OpenSource) -> None:
    with naming(source.name):
        kind_of_picture(source.head(HEAD))


def read_pixels(path: Path) -> npt.NDArray[Any]:
    """Reads the array of a picture or array that commands work on, as (H, W) or (H, W, C), whoever saved it.

    A JPEG or BMP is read as recipes of images read it. A PNG has to be of 8 bits a sample, without a palette: what is
    to become of others is for a recipe to say. The array of a .npy is uint8 or float32.

    Raises:
        OSError: the file cannot be opened.
        ValueError: the file is not such a picture, or is broken; it is to be turned for viewing, or has a transparent
            colour; or it has more pixels than the environment variable ISOPIXEL_MAX_PIXELS allows.
    """

    def accept(head: Head) -> None:
        _check_upright(path, head.orientation)
        if head.is_transparent:
            raise ValueError(
                f"{str(path)!r} has a transparent colour (tRNS), of which some libraries make alpha: convert it to "
                "RGBA or to RGB first, and save that"
            )

    if path.suffix.lower() not in DECODED:
        return read_accepted(path, accept)
    content = picture_content(path)
    with naming(repr(str(path))):
        picture = decode(content)
    _check_upright(path, picture.orientation)
    return picture.samples[..., 0] if picture.samples.shape[2] == 1 else picture.samples


def _check_upright(path: Path, orientation: int) -> None:
    if orientation != 1:
        told = "orientations that differ" if orientation < 0 else f"the EXIF orientation {orientation}"
        raise ValueError(
            f"{str(path)!r} has {told}: viewers turn it, and programs that ignore the orientation see other pixels; "
            "turn it upright and save it as .png first, with isopixel apply and --recipe "
            "'isopixel 1: image rgb orientation=apply', or as it is stored with orientation=ignore"
        )


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
    plugin = pillow().PngImagePlugin
    try:
        check_samples(file)
        file.seek(0)
        with plugin.PngImageFile(file) as picture:
            return Picture(_png_samples(picture, head), head.orientation)
    except (ValueError, MemoryError):
        raise
    except Exception as error:  # what a broken file raises in zlib and in Pillow, SyntaxError too
        raise ValueError(f"it is broken: {error}") from error


def _png_samples(picture: Any, head: PngHead) -> UInt8Array:
    channels = 3 if head.has_palette else head.shape[2] if len(head.shape) == 3 else 1
    has_alpha = head.is_transparent or channels % 2 == 0
    mode = ("LA" if channels < 3 else "RGBA") if has_alpha else ("L" if channels == 1 else "RGB")
    if head.has_palette:
        _check_colours(np.asarray(picture), head.colours)
    elif isinstance(transparent := picture.info.get("transparency"), int):
        # Pillow compares it with samples of 8 bits, and has it as one of the file's depth, or of 8 if that is 1.
        most = 2**head.depth - 1
        picture.info["transparency"] = 255 * (transparent & most) // most
    return _samples(picture.convert(mode))


def _bmp(content: bytes) -> Picture:
    if len(content) < _BMP_HEADER:
        raise ValueError("it is cut short")
    begin, header, width, height, _, bits, compression = struct.unpack_from("<IIiiHHI", content, 10)
    if bits not in (8, 24) or compression != 0 or header == 12:
        raise ValueError("it is not a BMP of 24 bits, or of 8 with a palette, without compression: convert it first")
    rows, stride = abs(height), -(-width * bits // 32) * 4
    if width < 1 or rows < 1:
        raise ValueError("it is broken: it has no pixels")
    check_pixels("it", (rows, width), most_pixels(None), "read")
    colours = (struct.unpack_from("<I", content, 46)[0] or 256) if bits == 8 else 0
    palette = 14 + header
    if colours > 256 or begin < palette + colours * _BMP_COLOUR:
        raise ValueError("it is broken: its palette reaches into its samples")
    if len(content) < begin + rows * stride:
        raise ValueError("it is cut short")
    stored = np.frombuffer(content, np.uint8, rows * stride, begin).reshape(rows, stride)
    samples = stored[:, : width * bits // 8] if height < 0 else stored[::-1, : width * bits // 8]
    if bits == 24:
        return Picture(samples.reshape(rows, width, 3)[..., ::-1], 1)
    _check_colours(samples, colours)
    table = np.frombuffer(content, np.uint8, colours * _BMP_COLOUR, palette).reshape(colours, _BMP_COLOUR)
    return Picture(table[:, 2::-1][samples], 1)


def _check_colours(indices: UInt8Array, colours: int) -> None:
    if indices.max() >= colours:
        raise ValueError("it is broken: its palette does not have all of its colours")


def _samples(picture: object) -> UInt8Array:
    samples: UInt8Array = np.asarray(picture)
    return samples[..., None] if samples.ndim == 2 else samples


_DECODERS = {"JPEG": _jpeg, "PNG": _png, "BMP": _bmp}
