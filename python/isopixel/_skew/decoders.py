# SPDX-License-Identifier: MIT
"""Ways in which a recipe's steps get other samples of a picture: of other decoders, or of a picture saved again."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import Any

from isopixel import _core
from isopixel._decoding import decode, picture_content
from isopixel._guard import HEAD, kind_of
from isopixel._images import UInt8Array
from isopixel._recipe import Recipe
from isopixel._skew.way import Way, as_jpeg, jpeg_quality, told_of_jpeg

TENSORFLOW, FAST = "decoder-tensorflow", "decoder-fast"
# What a way needs, any of these packages; all of them compute the same.
PACKAGES = {TENSORFLOW: ("simplejpeg", "tensorflow"), FAST: ("simplejpeg",)}
TOLD = {
    TENSORFLOW: "with the fast inverse transform (libjpeg-turbo's JDCT_IFAST), as TensorFlow's decode_jpeg does",
    FAST: "with the fast inverse transform (libjpeg-turbo's JDCT_IFAST), and colours repeated, not interpolated",
}

Decoder = Callable[[bytes, int], UInt8Array]  # of a JPEG file and its number of channels


def missing_decoders() -> dict[str, str]:
    """Returns the ways that cannot be measured here, and the package that each needs."""
    return {name: packages[0] for name, packages in PACKAGES.items() if _package(packages) is None}


def decoder_ways(recipe: Recipe) -> Iterator[Way]:
    """Yields the ways of other decoders for which there is a package."""
    for name, packages in PACKAGES.items():
        if (package := _package(packages)) is not None:
            by = f"{package.__name__} {package.__version__}"
            how = f"JPEG files decoded {TOLD[name]}, by {by}; other files as under the recipe"
            yield Way(name, how, _with_decoder(recipe, _decoder(package, name == FAST)))


def saved_way(recipe: Recipe, name: str) -> Way | None:
    """Returns the way in which the picture was saved as JPEG on its way, if it has such a name."""
    quality = jpeg_quality(name)
    if quality is None:
        return None

    def make(path: Path) -> UInt8Array:
        picture = decode(picture_content(path))
        colours = picture.samples[..., 0] if picture.samples.shape[2] < 3 else picture.samples[..., :3]
        samples = decode(as_jpeg(colours, quality)).samples
        image: UInt8Array = recipe._run(samples, picture.orientation, is_picture=True)
        return image

    return Way(name, f"the picture, {told_of_jpeg(quality)}, before the steps of the recipe", make)


def _package(names: tuple[str, ...]) -> Any:
    """Returns the first of some packages that is installed; None without one."""
    for name in names:
        with suppress(ModuleNotFoundError):
            return import_module(name)
    return None


def _decoder(package: Any, is_plain: bool) -> Decoder:
    """Returns a decoder with the fast inverse transform; a plain one repeats colours instead of interpolating them."""

    def by_simplejpeg(content: bytes, channels: int) -> UInt8Array:
        colours = "GRAY" if channels == 1 else "RGB"
        samples: UInt8Array = package.decode_jpeg(content, colours, fastdct=True, fastupsample=is_plain)
        return samples

    def by_tensorflow(content: bytes, channels: int) -> UInt8Array:
        samples: UInt8Array = package.io.decode_jpeg(content, channels).numpy()
        return samples

    return by_tensorflow if package.__name__ == "tensorflow" else by_simplejpeg


def _with_decoder(recipe: Recipe, decoder: Decoder) -> Callable[[Path], UInt8Array]:
    """Returns what makes the image of a file, of a JPEG file by another decoder."""

    def make(path: Path) -> UInt8Array:
        content = picture_content(path)
        if kind_of(content[:HEAD]) != "JPEG":
            return recipe(content)
        _, _, channels, orientation = _core.jpeg_info(content)
        try:
            samples = decoder(content, channels)
        except Exception as error:  # TensorFlow's are of no kind that Python has
            raise ValueError(f"its decoder refuses the file: {error}") from error
        image: UInt8Array = recipe._run(samples, orientation, is_picture=True)
        return image

    return make
