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
from isopixel._bytes_image import check_file, check_resize, from_bytes, image_of_file
from isopixel._images import UINT8, UInt8Array
from isopixel._manifest import Source, SourceDigest
from isopixel._methods import MethodName
from isopixel._normalization import FLOAT32, Decimals, decimals, normalize

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

MOST_SIDE = 2**31 - 1  # pixels
MANY_BYTES = 1 << 40  # of which each layout makes an image
PARTS = ("line", "layout", "method", "size", "mean", "std")  # as the core returns them


@dataclass(frozen=True, init=False, repr=False)
class Recipe:
    """How bytes become an array: an immutable value with one canonical line of text (SPEC R-16).

    The line, `str(recipe)`, is made to sit in the configuration beside a model. `Recipe.parse` reads it again, and so
    does any host of the C interface. Equal recipes have equal lines.

    Attributes:
        line: the canonical line, such as "isopixel 1: nataraj | bilinear 224,224".
        layout: the canonical text of the layout (R-10), as in `from_bytes`.
        method: as in `resize`; None if the image is not resized.
        size: (height, width) of the result, or None if the image is not resized.
        mean: as in `normalize`, canonical texts of decimal numbers (R-29), one or as many as the layout has channels;
            None if the image is not normalised.
        std: as mean.

    Example:
        >>> import isopixel
        >>> recipe = isopixel.Recipe("nataraj", (2, 3), mean=0.5, std=0.25)
        >>> print(recipe)
        isopixel 1: nataraj | bilinear 2,3 | normalize mean=0.5 std=0.25
        >>> array = recipe(bytes(range(256)))
        >>> array.shape, array.dtype
        ((1, 2, 3), dtype('float32'))
    """

    line: str
    layout: str = field(compare=False)
    method: MethodName | None = field(compare=False)
    size: tuple[int, int] | None = field(compare=False)
    mean: tuple[str, ...] | None = field(compare=False)
    std: tuple[str, ...] | None = field(compare=False)

    def __init__(
        self,
        layout: str,
        size: Sequence[int] | None = None,
        *,
        method: MethodName = "bilinear",
        mean: Decimals | None = None,
        std: Decimals | None = None,
    ) -> None:
        """Makes a recipe of the arguments that `from_bytes` accepts, and of mean and std, as `normalize` accepts them.

        It raises what those raise; and ValueError if a mean is beyond 4 in magnitude, or a std above 4: they are
        for samples from 0 to 1 (R-90).
        """
        layout, method = check_layout(layout), check_resize(size, method)
        if (mean is None) != (std is None):
            raise ValueError("mean and std go together: give both, or neither")
        numbers = [None if part is None else decimals(part, name) for name, part in (("mean", mean), ("std", std))]
        if size is None:
            self._set(_core.make_recipe(layout, None, None, *numbers))
            return
        height, width = check_size(size)
        if max(height, width) > MOST_SIDE:  # the core refuses them too, but cannot be given all of them
            raise ValueError(f"a recipe's height and width are each from 1 to {MOST_SIDE}, not {height} and {width}")
        self._set(_core.make_recipe(layout, method, (height, width), *numbers))

    @classmethod
    def parse(cls, line: str) -> "Recipe":
        """Reads a recipe from its line; blanks around words and a line end do not matter.

        Raises:
            TypeError: line is not a text.
            ValueError: a word that is not known, or a recipe of a newer version.

        Example:
            >>> import isopixel
            >>> isopixel.Recipe.parse("isopixel 1: line|bilinear 4,8").size
            (4, 8)
        """
        if not isinstance(line, str):
            raise TypeError(f"a recipe is a line of text, got {type(line).__name__}")
        if not line.isascii():
            raise ValueError(f"a recipe is ASCII text, got {line!a}")
        recipe = cls.__new__(cls)
        recipe._set(_core.parse_recipe(line))
        return recipe

    def _set(self, parts: tuple[object, object, object, object, str | None, str | None]) -> None:
        *fields, mean, std = parts
        fields += [None if numbers is None else tuple(numbers.split(",")) for numbers in (mean, std)]
        for name, value in zip(PARTS, fields, strict=True):
            object.__setattr__(self, name, value)

    @property
    def dtype(self) -> np.dtype[Any]:
        """The dtype of the arrays: float32 if they are normalised, else uint8."""
        return UINT8 if self.mean is None else FLOAT32

    def _shape(self, length: int | None) -> tuple[int | None, ...]:
        """Returns the shape of the arrays; without a size, height and width are None unless the length is given.

        Raises:
            ValueError: the layout makes no image of this number of bytes.
        """
        *sides, channels = _core.layout_shape(self.layout, MANY_BYTES if length is None else length)
        height, width = self.size or (sides if length is not None else (None, None))
        if self.mean is not None:
            return channels, height, width
        return (height, width) if channels == 1 else (height, width, channels)

    def without_normalization(self) -> "Recipe":
        """Returns the recipe up to its uint8 image."""
        return Recipe(self.layout, self.size, method=self.method or "bilinear")

    def _finished(self, image: UInt8Array) -> npt.NDArray[Any]:
        """Returns the image normalised, if that is the last step."""
        if self.mean is None or self.std is None:
            return image
        return normalize(image, self.mean, self.std)

    def __repr__(self) -> str:
        """Returns the call that makes an equal recipe."""
        return f"Recipe.parse({self.line!r})"

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
            source: the path of a file, read as `isopixel.from_file` does; or bytes, as `isopixel.from_bytes` accepts
                them.

        Returns:
            uint8, as `isopixel.from_bytes`; if the recipe normalises, float32, (channels, height, width).

        Raises:
            OSError, TypeError, ValueError, MemoryError: as `isopixel.from_file` and `isopixel.from_bytes`.
        """
        if isinstance(source, (str, os.PathLike)):
            return self._of_file(source, lambda block: None)
        return self._finished(from_bytes(source, self.layout, self.size, method=self.method or "bilinear"))

    def _of_file(self, path: str | os.PathLike[str], on_block: Callable[[memoryview], object]) -> npt.NDArray[Any]:
        return self._finished(image_of_file(path, self.layout, self.size, self.method or "bilinear", on_block))

    def _check_file(self, path: str | os.PathLike[str]) -> None:
        """Raises what reading a file would raise, as far as that shows from its length."""
        check_file(path, self.layout)

    def read(
        self, path: str | os.PathLike[str], on_block: Callable[[memoryview], object] = lambda block: None
    ) -> tuple[npt.NDArray[Any], Source]:
        """Makes the array of a file, and in the same pass over it the description of the file, with its SHA-256.

        Args:
            path: as in `isopixel.from_file`.
            on_block: called with each block of bytes, which is good until it returns: to show progress, say.

        Returns:
            The array, and the file's name, length and SHA-256, as `save` accepts them.

        Raises:
            OSError, TypeError, ValueError, MemoryError: as `isopixel.from_file`.
        """
        digest = SourceDigest()

        def see(block: memoryview) -> None:
            digest.update(block)
            on_block(block)

        image = self._of_file(path, see)
        return image, digest.source(path)
