# SPDX-License-Identifier: MIT
"""Pictures as files: PNG (through Pillow) and .npy, both without loss."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import numpy as np
from PIL import Image, PngImagePlugin

from isopix.images import UInt8Array

SUFFIXES = (".png", ".npy")
LOSSY = (".jpg", ".jpeg", ".jpe", ".webp", ".avif", ".jxl", ".heic")
PALETTE = 3  # the colour type in a PNG's header


def check_suffix(path: Path) -> str:
    """Returns the suffix of a path in lower case; raises ValueError where a picture cannot be kept exactly under it."""
    suffix = path.suffix.lower()
    if suffix in LOSSY:
        raise ValueError(
            f"{str(path)!r}: {suffix} changes pixels when it is saved; use .png or .npy, which keep every bit"
        )
    if suffix not in SUFFIXES:
        raise ValueError(f"{str(path)!r}: the name must end in .png or .npy, the formats that keep every bit")
    return suffix


def read_picture(path: Path) -> UInt8Array:
    """Reads a PNG of 8 bits a sample, as (H, W) or (H, W, C), or an array from .npy.

    The samples are those in the file: gamma, profiles and a transparent colour beside the samples change nothing.

    Raises:
        OSError: the file cannot be opened.
        ValueError: the file is no such picture, or is broken.
    """
    read = _read_npy if check_suffix(path) == ".npy" else _read_png
    with path.open("rb") as file:
        try:
            return read(file)
        except Exception as error:  # what a broken file raises in a decoder is not documented
            raise ValueError(f"{str(path)!r} cannot be read: {error}") from error


def _read_npy(file: IO[bytes]) -> UInt8Array:
    if file.read(6) != b"\x93NUMPY":  # np.load would try other formats
        raise ValueError("it is no .npy file")
    file.seek(0)
    return np.asarray(np.load(file, allow_pickle=False))


def _read_png(file: IO[bytes]) -> UInt8Array:
    header = file.read(26)
    if header[:8] != b"\x89PNG\r\n\x1a\n" or header[12:16] != b"IHDR" or len(header) < 26:
        raise ValueError("it is no PNG file")
    depth, colour = header[24], header[25]
    if depth != 8 or colour == PALETTE:
        kind = "a palette" if colour == PALETTE else f"{depth} bits a sample"
        raise ValueError(
            f"it has {kind}; convert it to 8 bits a sample first, since how that is done decides the pixels"
        )
    file.seek(0)
    # The class, and not Image.open, whose limit on the number of pixels byte images exceed.
    with PngImagePlugin.PngImageFile(file) as picture:
        return np.asarray(picture)


def write_picture(path: Path, image: UInt8Array) -> None:
    """Writes an array to .png or .npy; whatever stood under that name is replaced once the new file is whole."""
    suffix = check_suffix(path)
    if suffix == ".png" and not (image.ndim == 2 or (image.ndim == 3 and 2 <= image.shape[2] <= 4)):
        raise ValueError(f"{str(path)!r}: PNG holds (H, W) or (H, W, 2 to 4), not {image.shape}; use .npy")
    with replacing(path) as file:
        if suffix == ".npy":
            np.save(file, image, allow_pickle=False)
        else:
            Image.fromarray(image).save(file, format="PNG")


@contextmanager
def replacing(path: Path) -> Iterator[IO[bytes]]:
    """Gives a file to write to, beside path, which takes its name at the end, or vanishes where something fails.

    A symbolic link stays, and what it leads to is replaced.
    """
    path = path.resolve()
    descriptor, name = tempfile.mkstemp(prefix=".isopix-", dir=path.parent)
    aside = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            yield file
            file.flush()
            os.fsync(descriptor)
        mode = path.stat().st_mode if path.exists() else 0o666 & ~_umask()
        aside.chmod(mode & 0o777)
        aside.replace(path)
    except BaseException:
        aside.unlink()
        raise


def _umask() -> int:
    """Returns the process's umask, which can only be read by setting it."""
    mask = os.umask(0)
    os.umask(mask)
    return mask
