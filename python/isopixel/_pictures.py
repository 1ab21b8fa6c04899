# SPDX-License-Identifier: MIT
"""Pictures as files: PNG (through Pillow) and .npy, both without loss."""

from pathlib import Path
from types import ModuleType
from typing import IO

import numpy as np

from isopixel._atomic import replacing
from isopixel._files import open_regular, read_small
from isopixel._images import UInt8Array

SUFFIXES = (".png", ".npy")
LOSSY = (".jpg", ".jpeg", ".jpe", ".webp", ".avif", ".jxl", ".heic")
PALETTE = 3  # the colour type in a PNG's header
MANIFEST = 1 << 20  # bytes of a manifest at most
KEY = "isopixel"  # of the text in a PNG that is the manifest


def check_suffix(path: Path) -> str:
    """Returns the suffix of a path in lower case; raises ValueError if it cannot keep a picture exactly."""
    suffix = path.suffix.lower()
    if suffix in LOSSY:
        raise ValueError(
            f"{str(path)!r}: {suffix} changes pixels when it is saved; use .png or .npy, which keep every bit"
        )
    if suffix not in SUFFIXES:
        raise ValueError(f"{str(path)!r}: the name must end in .png or .npy, the formats that keep every bit")
    return suffix


def read_picture(path: Path) -> tuple[UInt8Array, str | None]:
    """Reads a PNG of 8 bits a sample, as (H, W) or (H, W, C), or an array from .npy; and the manifest saved with it.

    The samples are those in the file: gamma, profiles and a transparent colour beside the samples do not change them.

    Returns:
        The array, and the text of its manifest, from the PNG or from the file `.json` beside the .npy; None if there is
        none.

    Raises:
        OSError: the file cannot be opened.
        ValueError: the file is not such a picture, or is broken.
    """
    is_npy = check_suffix(path) == ".npy"
    if not is_npy:
        pillow()  # here, since below its absence would look like a broken file
    with open_regular(path) as file:
        try:
            image, text = _read_npy(file) if is_npy else _read_png(file)
        except Exception as error:  # what a broken file raises in a decoder is not documented
            raise ValueError(f"{str(path)!r} cannot be read: {str(error) or type(error).__name__}") from error
    if is_npy and beside(path).exists():
        text = read_small(beside(path), MANIFEST).decode("ascii", "replace")
    return image, text


def _read_npy(file: IO[bytes]) -> tuple[UInt8Array, None]:
    if file.read(6) != b"\x93NUMPY":  # np.load would try other formats
        raise ValueError("it is not a .npy file")
    file.seek(0)
    return np.asarray(np.load(file, allow_pickle=False)), None


def _read_png(file: IO[bytes]) -> tuple[UInt8Array, str | None]:
    header = file.read(26)
    if header[:8] != b"\x89PNG\r\n\x1a\n" or header[12:16] != b"IHDR" or len(header) < 26:
        raise ValueError("it is not a PNG file")
    depth, colour = header[24], header[25]
    if depth != 8 or colour == PALETTE:
        kind = "a palette" if colour == PALETTE else f"{depth} bits a sample"
        raise ValueError(f"it has {kind}; convert it to 8 bits a sample first: how that is done decides the pixels")
    file.seek(0)
    # The class, and not Image.open, whose limit on the number of pixels byte images exceed.
    with pillow().PngImagePlugin.PngImageFile(file) as picture:
        if picture.is_animated:  # its text comes after all frames, of which a small file can have very many
            raise ValueError("it is an animation; save one frame of it as a picture first")
        return np.asarray(picture), picture.text.get(KEY)


def write_picture(path: Path, image: UInt8Array, manifest: str) -> None:
    """Writes an array to .png or .npy; a file of that name is replaced once the new one is complete.

    The manifest goes into the PNG, or into the file `.json` beside the .npy.
    """
    if check_suffix(path) == ".npy":
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
