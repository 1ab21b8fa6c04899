# SPDX-License-Identifier: MIT
"""Recipes: how bytes become an array, as one line of text that training saves and deployment loads."""

import hashlib
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from isopixel import _core
from isopixel._arguments import check_layout, check_size
from isopixel._bytes_image import check_resize, from_bytes, image_of_file
from isopixel._images import UINT8, UInt8Array
from isopixel._manifest import Source, SourceDigest
from isopixel._normalization import FLOAT32, Decimals, decimals, normalize

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer


@dataclass(frozen=True, init=False)
class Recipe:
    """How bytes become an array: an immutable value with one canonical line of text (SPEC R-16).

    The line, `str(recipe)`, is made to sit in the configuration beside a model. `Recipe.parse` reads it again, and so
    does any host of the C interface. Equal recipes have equal lines.

    Attributes:
        line: the canonical line, such as "isopixel 1: nataraj | bilinear 224,224".
        layout: the canonical text of the layout (R-10), as in `from_bytes`.
        size: (height, width) of the result, or None where the image is not resized.
        method: as in `resize`.
        antialias: as in `resize`; False where the method is another one than "bilinear".
        mean: as in `normalize`, canonical texts of decimal numbers (R-29), one or as many as the layout has channels;
            None where the image is not normalised.
        std: as mean.
    """

    line: str
    layout: str = field(repr=False, compare=False)
    size: tuple[int, int] | None = field(repr=False, compare=False)
    method: str = field(repr=False, compare=False)
    antialias: bool = field(repr=False, compare=False)
    mean: tuple[str, ...] | None = field(repr=False, compare=False)
    std: tuple[str, ...] | None = field(repr=False, compare=False)

    def __init__(
        self,
        layout: str,
        size: Sequence[int] | None = None,
        *,
        method: str = "bilinear",
        antialias: bool | None = None,
        mean: Decimals | None = None,
        std: Decimals | None = None,
    ) -> None:
        """Makes a recipe of the arguments that `from_bytes` takes, and of mean and std, as `normalize` takes them.

        It raises what those raise.
        """
        antialias = check_resize(size, method, antialias)
        line = f"isopixel 1: {check_layout(layout)}"
        if size is not None:
            height, width = check_size(size)
            option = ",antialias=no" if method == "bilinear" and not antialias else ""
            line += f" | {method}{option} {height},{width}"
        if mean is not None and std is not None:
            line += f" | normalize mean={decimals(mean, 'mean')} std={decimals(std, 'std')}"
        elif mean is not None or std is not None:
            raise ValueError("mean and std go together: give both, or none")
        self._read(line)

    @classmethod
    def parse(cls, line: str) -> "Recipe":
        """Reads a recipe from its line; blanks around words and a line end do not matter.

        Raises:
            TypeError: line is no text.
            ValueError: a word that is not known, or a recipe of a newer version.
        """
        if not isinstance(line, str):
            raise TypeError(f"a recipe is a line of text, got {type(line).__name__}")
        recipe = cls.__new__(cls)
        recipe._read(line)
        return recipe

    def _read(self, line: str) -> None:
        if not line.isascii():
            raise ValueError(f"a recipe is ASCII text, got {line!a}")
        *fields, mean, std = _core.parse_recipe(line)
        fields += [None if numbers is None else tuple(numbers.split(",")) for numbers in (mean, std)]
        for name, value in zip(("line", "layout", "method", "antialias", "size", "mean", "std"), fields, strict=True):
            object.__setattr__(self, name, value)

    @property
    def dtype(self) -> np.dtype[Any]:
        """The dtype of the arrays: float32 where they are normalised, else uint8."""
        return UINT8 if self.mean is None else FLOAT32

    def _finished(self, image: UInt8Array) -> npt.NDArray[Any]:
        """Returns the image normalised, where that is the last step."""
        if self.mean is None or self.std is None:
            return image
        return normalize(image, self.mean, self.std)

    def _antialias(self) -> bool | None:
        """Returns antialias as an argument: None where it cannot be chosen."""
        return self.antialias if self.size and self.method == "bilinear" else None

    def __str__(self) -> str:
        """Returns the canonical line."""
        return self.line

    @property
    def digest(self) -> str:
        """The digest of the canonical line, "sha256:" and 64 hexadecimal digits."""
        return f"sha256:{hashlib.sha256(self.line.encode('ascii')).hexdigest()}"

    def __call__(self, source: "str | os.PathLike[str] | ReadableBuffer") -> npt.NDArray[Any]:
        """Makes the array of a file, or of bytes.

        Args:
            source: the path of a file, read as `from_file` does; or bytes, as `from_bytes` takes them.

        Returns:
            uint8, as `from_bytes`; where the recipe normalises, float32, (channels, height, width).

        Raises:
            OSError, TypeError, ValueError, MemoryError: as `from_file` and `from_bytes`.
        """
        if isinstance(source, (str, os.PathLike)):
            return self.from_file(source)
        image = from_bytes(source, self.layout, self.size, method=self.method, antialias=self._antialias())
        return self._finished(image)

    def from_file(
        self, path: str | os.PathLike[str], on_block: Callable[[memoryview], object] = lambda block: None
    ) -> npt.NDArray[Any]:
        """Makes the array of a file.

        Args:
            path: as in `isopixel.from_file`.
            on_block: called with each block of bytes, which is good until it returns.

        Returns:
            uint8, as `isopixel.from_file`; where the recipe normalises, float32, (channels, height, width).

        Raises:
            OSError, TypeError, ValueError, MemoryError: as `isopixel.from_file`.
        """
        return self._finished(image_of_file(path, self.layout, self.size, self.method, self._antialias(), on_block))

    def read(
        self, path: str | os.PathLike[str], on_block: Callable[[memoryview], object] = lambda block: None
    ) -> tuple[npt.NDArray[Any], Source]:
        """Makes the array of a file, and in the same pass over it the description of the file, with its SHA-256.

        Args:
            path: as in `from_file`.
            on_block: as in `from_file`.

        Returns:
            The array, and the file's name, length and SHA-256, as `save` takes them.

        Raises:
            OSError, TypeError, ValueError, MemoryError: as `from_file`.
        """
        digest = SourceDigest()

        def see(block: memoryview) -> None:
            digest.update(block)
            on_block(block)

        image = self.from_file(path, see)
        return image, digest.source(path)
