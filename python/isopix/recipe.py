# SPDX-License-Identifier: MIT
"""Recipes: how bytes become an array, as one line of text that training saves and deployment loads."""

import hashlib
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from isopix import _core
from isopix.arguments import check_layout, check_size
from isopix.bytes_image import check_resize, from_bytes, image_of_file
from isopix.images import UInt8Array
from isopix.manifest import Source, SourceDigest

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer


@dataclass(frozen=True, init=False)
class Recipe:
    """How bytes become an array: an immutable value with one canonical line of text (SPEC R-16).

    The line, `str(recipe)`, is made to sit in the configuration beside a model. `Recipe.parse` reads it again, and so
    does any host of the C interface. Equal recipes have equal lines.

    Attributes:
        line: the canonical line, such as "isopix 1: nataraj | bilinear 224,224".
        layout: the canonical text of the layout (R-10), as in `from_bytes`.
        size: (height, width) of the result, or None where the image is not resized.
        method: as in `resize`.
        antialias: as in `resize`; False where the method is another one than "bilinear".
    """

    line: str
    layout: str = field(repr=False, compare=False)
    size: tuple[int, int] | None = field(repr=False, compare=False)
    method: str = field(repr=False, compare=False)
    antialias: bool = field(repr=False, compare=False)

    def __init__(
        self,
        layout: str,
        size: Sequence[int] | None = None,
        *,
        method: str = "bilinear",
        antialias: bool | None = None,
    ) -> None:
        """Makes a recipe of the arguments that `from_bytes` takes, and raises what it raises."""
        antialias = check_resize(size, method, antialias)
        line = f"isopix 1: {check_layout(layout)}"
        if size is not None:
            height, width = check_size(size)
            option = ",antialias=no" if method == "bilinear" and not antialias else ""
            line += f" | {method}{option} {height},{width}"
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
        names = ("line", "layout", "method", "antialias", "size")
        for name, value in zip(names, _core.parse_recipe(line), strict=True):
            object.__setattr__(self, name, value)

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

    def __call__(self, source: "str | os.PathLike[str] | ReadableBuffer") -> UInt8Array:
        """Makes the array of a file, or of bytes.

        Args:
            source: the path of a file, read as `from_file` does; or bytes, as `from_bytes` takes them.

        Returns:
            As `from_bytes`.

        Raises:
            OSError, TypeError, ValueError, MemoryError: as `from_file` and `from_bytes`.
        """
        if isinstance(source, (str, os.PathLike)):
            return self.from_file(source)
        return from_bytes(source, self.layout, self.size, method=self.method, antialias=self._antialias())

    def from_file(
        self, path: str | os.PathLike[str], on_block: Callable[[memoryview], object] = lambda block: None
    ) -> UInt8Array:
        """Makes the array of a file.

        Args:
            path: as in `isopix.from_file`.
            on_block: called with each block of bytes, which is good until it returns.

        Returns:
            As `isopix.from_file`.

        Raises:
            OSError, TypeError, ValueError, MemoryError: as `isopix.from_file`.
        """
        return image_of_file(path, self.layout, self.size, self.method, self._antialias(), on_block)

    def read(
        self, path: str | os.PathLike[str], on_block: Callable[[memoryview], object] = lambda block: None
    ) -> tuple[UInt8Array, Source]:
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
