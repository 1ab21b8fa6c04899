# SPDX-License-Identifier: MIT
"""Saving and loading arrays without loss, with a manifest that shows whether they are still what was saved."""

import os
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from isopixel import _core
from isopixel._files import open_regular
from isopixel._fingerprints import fingerprint
from isopixel._manifest import SPEC, Manifest, Source, SourceDigest
from isopixel._pictures import Head, read_accepted, write_picture
from isopixel._recipe import Recipe
from isopixel._sources import BLOCK


def save(
    path: str | os.PathLike[str],
    image: npt.NDArray[Any],
    *,
    recipe: Recipe | str | None = None,
    source: Source | str | os.PathLike[str] | None = None,
) -> Manifest:
    """Saves an array without loss, with a manifest; for PNG it needs Pillow, as in `isopixel[cli]`.

    Args:
        path: ends in .png (the manifest goes into it) or .npy (the manifest goes beside it, into path + ".json"). A
            file that is there is replaced once the new one is complete.
        image: uint8, (H, W) or (H, W, C) with 2 to 4 channels; for .npy of any shape, and float32 too.
        recipe: what made it, for the manifest; one that does not make arrays of this dtype and shape is refused.
        source: the file that it was made of, for the manifest: as `Recipe.read` describes it, or its path, whose bytes
            are then read for their SHA-256. That the array was made of it, by this recipe, is your statement: it is
            not made again to compare.

    Returns:
        The manifest.

    Raises:
        OSError: a file cannot be read or written.
        TypeError, ValueError: a suffix that loses bits, an array that the format cannot hold (PNG neither float32 nor
            the mode bgr), a recipe that is not one or that makes arrays of another dtype or shape.

    Example:
        >>> import isopixel
        >>> image = isopixel.from_bytes(b"any bytes", "square")
        >>> manifest = isopixel.save("image.npy", image, recipe="isopixel 1: square")
        >>> manifest.shape
        (3, 3)
    """
    if isinstance(recipe, str):
        recipe = Recipe.parse(recipe)
    if recipe is not None and not isinstance(recipe, Recipe):
        raise TypeError(f"recipe must be a Recipe or its line, got {recipe!r}")
    if source is not None and not isinstance(source, Source):
        source = describe(Path(source))
    if recipe is not None and isinstance(image, np.ndarray):
        _check_makes(recipe, image, source)
        check_holds(Path(path), recipe)
    return write_saved(Path(path), image, recipe=None if recipe is None else recipe.line, source=source)


def write_saved(
    path: Path,
    image: npt.NDArray[Any],
    *,
    recipe: str | None = None,
    source: Source | None = None,
    resize: str | None = None,
) -> Manifest:
    """Saves an array with a manifest of these fields, and returns the manifest."""
    manifest = Manifest(_core.version, SPEC, fingerprint(image), image.shape, recipe, source, resize)
    write_picture(path, image, manifest.text())
    return manifest


def is_for_png(recipe: Recipe) -> bool:
    """Returns whether a recipe's arrays are what PNG holds: uint8, of colours in the order red, green, blue."""
    return recipe.normalization is None and recipe.mode != "bgr"


def check_holds(path: Path, recipe: Recipe) -> None:
    """Raises ValueError if a format cannot hold what a recipe makes."""
    if is_for_png(recipe) or path.suffix.lower() != ".png":
        return
    if recipe.normalization is not None:
        raise ValueError(
            f"{str(path)!r}: the recipe normalises, to float32, which PNG cannot hold: end the name in .npy, "
            "or leave the step normalize out of the recipe"
        )
    raise ValueError(
        f"{str(path)!r}: the recipe makes blue, green, red, and PNG holds red, green, blue: end the name in .npy, "
        "or use the mode rgb"
    )


def _check_makes(recipe: Recipe, image: npt.NDArray[Any], source: Source | None) -> None:
    """Raises ValueError if a recipe does not make arrays of this dtype and shape, of that source if it is known."""
    if image.dtype.newbyteorder("=") != recipe.dtype:
        raise ValueError(f"the recipe '{recipe}' makes {recipe.dtype}, and the array is {image.dtype}: give its own")
    try:
        made = recipe._shape(None if source is None else source.bytes)
    except ValueError as error:
        raise ValueError(f"the recipe '{recipe}' makes no image of the source: {error}") from None
    if len(made) != image.ndim or any(n not in (None, m) for n, m in zip(made, image.shape, strict=True)):
        text = str(made).replace("None", "…")
        raise ValueError(f"the recipe '{recipe}' makes the shape {text}, and the array has {image.shape}: give its own")


def load(path: str | os.PathLike[str], *, max_pixels: int | None = None) -> npt.NDArray[Any]:
    """Loads an array that `save` saved, if its bits are unchanged; for PNG it needs Pillow, as in `isopixel[cli]`.

    Args:
        path: a .png, or a .npy with its manifest beside it.
        max_pixels: how many pixels it may have, height times width (of arrays that are not images, samples), so that a
            small file cannot fill the memory. By default the environment variable ISOPIXEL_MAX_PIXELS, or 268435456.

    Returns:
        The array, with the shape and dtype that were saved.

    Raises:
        OSError: the file cannot be read.
        ValueError: the file is broken, has no manifest, has too many pixels, or is not what was saved: saved again with
            a palette, with more bits, in another shape, or with other pixels.

    Example:
        >>> import isopixel
        >>> image = isopixel.from_bytes(b"any bytes", "square")
        >>> manifest = isopixel.save("image.npy", image)
        >>> isopixel.fingerprint(isopixel.load("image.npy")) == manifest.fingerprint
        True
    """
    return read_saved(path, max_pixels)[0]


def read_manifest(path: str | os.PathLike[str], *, max_pixels: int | None = None) -> Manifest:
    """Returns the manifest of an array that `save` saved, if its bits are unchanged.

    Args:
        path: as in `load`.
        max_pixels: as in `load`.

    Returns:
        The manifest, as `save` returned it.

    Raises:
        OSError, ValueError: as `load`.

    Example:
        >>> import isopixel
        >>> image = isopixel.from_bytes(b"any bytes", "square")
        >>> saved = isopixel.save("image.npy", image, recipe="isopixel 1: square")
        >>> manifest = isopixel.read_manifest("image.npy")
        >>> manifest == saved
        True
        >>> manifest.recipe
        'isopixel 1: square'
    """
    return read_saved(path, max_pixels)[1]


def read_saved(path: str | os.PathLike[str], max_pixels: int | None = None) -> tuple[npt.NDArray[Any], Manifest]:
    """Returns what `load` and `read_manifest` return, from one reading of the file.

    A file that claims another shape than its manifest is refused before a sample is read.
    """
    name = repr(os.fspath(path))
    manifest: Manifest | None = None

    def accept(head: Head) -> None:
        nonlocal manifest
        if head.manifest is None:
            raise ValueError(
                f"{name} has no manifest to check it by: another program saved it, or moved it away from its .json; "
                "Pillow and np.load read it unchecked"
            )
        try:
            manifest = Manifest.parse(head.manifest)
        except ValueError as error:
            raise ValueError(f"{name}: {error}") from None
        if head.shape != manifest.shape:
            raise ValueError(f"{name} is not what was saved: its shape is {head.shape}, not {manifest.shape}")

    image = read_accepted(Path(path), accept, max_pixels)
    assert manifest is not None
    try:
        actual = fingerprint(image)
    except TypeError as error:
        raise ValueError(f"{name} is not what was saved: {error}") from None
    if actual != manifest.fingerprint:
        raise ValueError(
            f"{name} is not what was saved: its pixels have the fingerprint {actual}, not {manifest.fingerprint}"
        )
    return image, manifest


def describe(path: Path) -> Source:
    """Returns the description of a file, whose bytes are read for it."""
    digest = SourceDigest()
    with open_regular(path) as file:
        while block := file.read(BLOCK):
            digest.update(block)
    return digest.source(path)
