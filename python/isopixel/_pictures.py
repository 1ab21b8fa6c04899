# SPDX-License-Identifier: MIT
"""Pictures as files: PNG (through Pillow) and .npy, both without loss."""

import math
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import IO, Any, Literal

import numpy as np
import numpy.typing as npt

from isopixel._atomic import replacing
from isopixel._files import open_regular, read_small
from isopixel._images import MOST_CHANNELS, UInt8Array
from isopixel._manifest import MOST_RANK, MOST_SAMPLES
from isopixel._png import KEY, check_samples, read_png_head
from isopixel._settings import most_pixels

SUFFIXES = (".png", ".npy")
JPEG = (".jpg", ".jpeg", ".jpe")
DECODED = (*JPEG, ".bmp")  # read as pictures alone, and never written
LOSSY = (*JPEG, ".webp", ".avif", ".jxl", ".heic")
MANIFEST = 1 << 20  # bytes of a manifest at most
MOST_HEADER = 10_000  # bytes of a header of .npy; NumPy refuses more in its own words
MAGIC = b"\x93NUMPY"

Accept = Callable[["Head"], object]


@dataclass(frozen=True)
class Head:
    """What a file says of its array, before a sample is read.

    Attributes:
        shape: as the array will have it.
        manifest: the text of its manifest, from the PNG or from the file `.json` beside the .npy; None without one.
        orientation: as in PngHead.
        is_transparent: as in PngHead.
    """

    shape: tuple[int, ...]
    manifest: str | None
    orientation: int = 1
    is_transparent: bool = False


def check_suffix(path: Path, doing: Literal["reading", "writing"]) -> str:
    """Returns the suffix of a path in lower case; raises ValueError if it is not of a format that keeps every bit."""
    suffix = path.suffix.lower()
    if suffix in SUFFIXES:
        return suffix
    if doing == "reading":
        why = "its kind is not read; open it with the program that made it, and save its pixels as .png or .npy"
        if suffix in DECODED:
            why = f"only .png or .npy are saved with what checks their bits: read {suffix} with isopixel.read_picture"
        elif suffix in LOSSY:
            why = (
                f"{suffix} is not read, because decoders make different pixels of one file: decode it with the library "
                "whose pixels are meant, and save them as .png or .npy"
            )
    elif suffix in LOSSY:
        why = f"{suffix} changes pixels when it is saved; use .png or .npy, which keep every bit"
    else:
        why = "the name must end in .png or .npy, the formats that keep every bit"
    raise ValueError(f"{str(path)!r}: {why}")


def read_accepted(path: Path, accept: Accept, max_pixels: int | None = None) -> npt.NDArray[Any]:
    """Reads a PNG of 8 bits a sample, as (H, W) or (H, W, C), or an array from .npy, if `accept` raises no error.

    The samples are those in the file: gamma, profiles and orientation change nothing. Memory is used for what is
    accepted alone: `accept`, which gets the file's head, and the limit come before the first sample.

    Raises:
        OSError: the file cannot be opened.
        ValueError: the file is not such a picture, or is broken; or it has more pixels than `max_pixels`, or the
            environment variable ISOPIXEL_MAX_PIXELS, allows.
    """
    is_npy = check_suffix(path, "reading") == ".npy"
    most = most_pixels(max_pixels)
    if not is_npy:
        pillow()  # here, since below its absence would look like a broken file
    with open_regular(path) as file:
        with _naming(path):
            head = _read_npy_head(file) if is_npy else _read_png_head(file)
        if is_npy and beside(path).exists():
            head = Head(head.shape, read_small(beside(path), MANIFEST).decode("ascii", "replace"))
        accept(head)
        check_pixels(repr(str(path)), head.shape, most, "read")
        with _naming(path):
            return _read_npy(file) if is_npy else _read_png(file)


def read_numbers(path: Path) -> npt.NDArray[Any]:
    """Reads an array of real numbers of any type from .npy.

    Raises:
        OSError: the file cannot be opened.
        ValueError: as `read_accepted`.
    """
    with open_regular(path) as file:
        with _naming(path):
            head = _read_npy_head(file, any_numbers=True)
        check_pixels(repr(str(path)), head.shape, most_pixels(None), "read")
        with _naming(path):
            return _read_npy(file)


@contextmanager
def _naming(path: Path) -> Iterator[None]:
    """Gives errors the name of the file; what a broken file raises in a decoder is not documented."""
    try:
        yield
    except Exception as error:
        raise ValueError(f"{str(path)!r} cannot be read: {str(error) or type(error).__name__}") from error


def check_pixels(name: str, shape: Sequence[Any], most: int, done: Literal["read", "written"]) -> None:
    """Raises ValueError for an array of more than `most` pixels, which is not read, and so not written either."""
    if (pixels := _pixels(shape)) > most:
        raise ValueError(
            f"{name} has {pixels} pixels, more than {most}, the limit that keeps a small file from filling the "
            f"memory when it is read: if it is to be {done}, set ISOPIXEL_MAX_PIXELS={pixels}"
        )


def _pixels(shape: Sequence[Any]) -> int:
    """Returns H·W of an image with up to 4 channels, and the number of samples of another array."""
    return math.prod(shape[:2] if len(shape) == 3 and shape[2] <= MOST_CHANNELS else shape)


def _read_npy_head(file: IO[bytes], *, any_numbers: bool = False) -> Head:
    """Reads the shape, and checks that the file has the samples for it: of uint8 or float32, or any real numbers."""
    start = file.read(len(MAGIC) + 2)
    if start[: len(MAGIC)] != MAGIC:
        raise ValueError("it is not a .npy file")
    if start[len(MAGIC) :] != b"\1\0":  # version 2 is for headers beyond 64 KiB, 3 for names that are not Latin
        raise ValueError("its header is longer than that of a uint8 or float32 array")
    length = int.from_bytes(file.read(2), "little")
    if length > MOST_HEADER:
        raise ValueError("its header is longer than that of a uint8 or float32 array")
    file.seek(len(MAGIC) + 2)
    try:
        shape, _, dtype = np.lib.format.read_array_header_1_0(file)
    except Exception as error:  # which can quote the whole header
        raise ValueError("its header is broken") from error
    if len(shape) > MOST_RANK or not all(type(n) is int and 0 <= n <= MOST_SAMPLES for n in shape):
        raise ValueError("its shape is not one of an array")
    if any_numbers and dtype.kind not in "buif":
        raise ValueError(f"its samples are not real numbers, but of dtype {str(dtype)[:40]}")
    if not any_numbers and dtype.newbyteorder("=") not in (np.uint8, np.float32):
        raise ValueError(f"its samples are not uint8 or float32, but of dtype {str(dtype)[:40]}")
    there, needed = os.fstat(file.fileno()).st_size - file.tell(), math.prod(shape) * dtype.itemsize
    if there < needed:
        raise ValueError(f"it is cut short: it has {there} bytes of samples, and its shape needs {needed}")
    return Head(shape, None)


def _read_npy(file: IO[bytes]) -> npt.NDArray[Any]:
    file.seek(0)
    array: npt.NDArray[Any] = np.lib.format.read_array(file, allow_pickle=False)
    return array


def _read_png_head(file: IO[bytes]) -> Head:
    head = read_png_head(file)
    head.check_depth()
    return Head(head.shape, head.manifest, head.orientation, head.is_transparent)


def _read_png(file: IO[bytes]) -> UInt8Array:
    check_samples(file)
    file.seek(0)
    # The class, and not Image.open, whose limit on the number of pixels byte images exceed.
    with pillow().PngImagePlugin.PngImageFile(file) as picture:
        return np.asarray(picture)


def write_picture(path: Path, image: UInt8Array, manifest: str) -> None:
    """Writes an array to .png or .npy; a file of that name is replaced once the new one is complete.

    The manifest goes into the PNG, or into the file `.json` beside the .npy.
    """
    is_npy = check_suffix(path, "writing") == ".npy"
    check_pixels(repr(str(path)), image.shape, most_pixels(None), "written")
    if is_npy:
        with replacing(path, beside(path)) as (file, notes):
            np.save(file, image, allow_pickle=False)
            notes.write(manifest.encode("ascii"))
        return
    if image.dtype != np.uint8 or not (image.ndim == 2 or (image.ndim == 3 and 2 <= image.shape[2] <= 4)):
        shape = f"{image.shape} {image.dtype}"
        raise ValueError(f"{str(path)!r}: PNG holds uint8 (H, W) or (H, W, 2 to 4), not {shape}; use .npy")
    info = pillow().PngImagePlugin.PngInfo()
    info.add_text(KEY, manifest)
    with replacing(path) as (file,):
        pillow().Image.fromarray(image).save(file, format="PNG", pnginfo=info)


def write_figure(path: Path, figure: UInt8Array) -> None:
    """Writes a picture for people, (H, W) or (H, W, 3), to a PNG without a manifest, as `write_picture` does."""
    with replacing(path) as (file,):
        pillow().Image.fromarray(figure).save(file, format="PNG")


def pillow() -> ModuleType:
    """Returns the package PIL, with the modules in use here; the error if it is missing says what to do."""
    try:
        import PIL.Image
        import PIL.ImageDraw
        import PIL.ImageFont
        import PIL.PngImagePlugin
    except ModuleNotFoundError:
        raise ModuleNotFoundError("PNG needs Pillow: pip install 'isopixel[cli]', or use .npy", name="PIL") from None
    return PIL


def beside(path: Path) -> Path:
    """Returns the path of the manifest of a .npy file."""
    return path.with_name(path.name + ".json")
