# SPDX-License-Identifier: MIT
"""A corpus as a data set: random access to the images in its shards."""

import os
from collections.abc import Callable
from functools import cached_property
from typing import SupportsIndex, overload

import torch
from torch import Tensor

from isopixel._shown import counted
from isopixel.torch._items import number_of, tensor_of

Item = Tensor | tuple[Tensor, int]


class Corpus(torch.utils.data.Dataset[Item]):
    """The images of a corpus that is finished, in a local folder: the same bits as the recipe makes of the sources.

    An image is read from its place in a shard when it is requested, without a look at any other and without pyarrow, by
    the process that requests it. Rows without an image are left out. The order is that of the paths.

    In memory are 8 bytes an image; 8 more with targets; 32 more with `verify`; 4 more for each axis if the recipe does
    not make all images of one size: 80 MB for ten million images of one size, and 160 MB with targets. Each worker of a
    DataLoader that is spawned, and not forked, has its own.

    Attributes:
        dst: the absolute path of the corpus.
        recipe: what made the images.
        digest: of the corpus (SPEC R-70).
        targets: int64, of each image; empty if there are none.
        classes: the texts that were targets, sorted; empty if targets are numbers, or none.
        class_to_idx: the index of each class.
        skipped: (path, reason) of each row that has no image.

    Example:
        >>> from pathlib import Path
        >>> import isopixel.corpus
        >>> import isopixel.torch
        >>> for name in ("clean", "packed"):
        ...     Path("programs", name).mkdir(parents=True)
        ...     Path("programs", name, "program").write_bytes(b"any bytes")
        9
        9
        >>> made = isopixel.corpus.make("programs", "corpus", "isopixel 1: square | bilinear 64,64")
        >>> data = isopixel.torch.Corpus("corpus", target=lambda path: path.split("/")[0])
        >>> len(data), data.paths, data.classes
        (2, ['clean/program', 'packed/program'], ['clean', 'packed'])
        >>> image, label = data[1]
        >>> image.shape, label
        (torch.Size([1, 64, 64]), 1)
    """

    def __init__(
        self,
        dst: str | os.PathLike[str],
        *,
        target: str | Callable[[str], str | int] | None = None,
        verify: bool = False,
    ) -> None:
        """Reads where the images lie, in 1 µs for each, and 3 to 5 µs with targets or `verify`.

        Args:
            dst: the folder of the corpus.
            target: a column that the list of the sources had and the corpus carries along; or a function of the path,
                which is called here for each image, and not kept. Whole numbers are targets as they are. Texts become
                the indices of the sorted texts, `classes`. None: items are tensors alone.
            verify: whether each image that is read is compared with its fingerprint, which finds every change of it.
                That costs what SHA-256 of it costs.

        Raises:
            ModuleNotFoundError: there is no pyarrow.
            OSError: the corpus is not there, is not finished, or cannot be read.
            TypeError: target is something else.
            ValueError: it is in a store; it was changed after it was finished, or is laid out as by another release; it
                has no such column; or a target is neither a text nor a whole number.
        """
        from isopixel._corpus.index import index_of

        self._index = index_of(os.fspath(dst), target, verify)
        self._has_targets = target is not None
        self.dst = self._index.folder
        self.recipe = self._index.recipe
        self.digest = self._index.digest
        self.targets = self._index.targets
        self.classes = self._index.classes
        self.class_to_idx = {name: number for number, name in enumerate(self.classes)}
        self.skipped = self._index.skipped

    @cached_property
    def paths(self) -> list[str]:
        """Of the images, relative to the folder of their sources; read from the shards by the first use, and kept."""
        return self._index.paths()

    def __len__(self) -> int:
        """Returns the number of images."""
        return len(self._index.offsets)

    @overload
    def __getitem__(self, index: SupportsIndex) -> Item: ...

    @overload
    def __getitem__(self, index: slice) -> list[Item]: ...

    def __getitem__(self, index: SupportsIndex | slice) -> Item | list[Item]:
        """Reads an image, or several.

        Args:
            index: a whole number, counted from the end if it is negative; or a slice.

        Returns:
            The image, [C, H, W], uint8, or float32 if the recipe normalises; and its target if there are any. For a
            slice a list of them.

        Raises:
            IndexError: there is no such image.
            TypeError: index is something else.
            OSError: its shard cannot be read.
            ValueError: its shard was changed, as far as that shows without `verify`; or the image, with it.
        """
        if isinstance(index, slice):
            return [self[i] for i in range(len(self))[index]]
        number = number_of(index, len(self))
        image = tensor_of(self._index.image(number))
        return (image, int(self.targets[number])) if self._has_targets else image

    def __repr__(self) -> str:
        """Returns the arguments and the numbers of images, classes and rows without an image."""
        numbers = [counted(len(self), "image")]
        numbers += [counted(len(self.classes), "class")] * bool(self.classes)
        numbers += [f"{len(self.skipped):,} skipped"] * bool(self.skipped)
        return f"{type(self).__name__}({self.dst!r}, {str(self.recipe)!r}): {', '.join(numbers)}"
