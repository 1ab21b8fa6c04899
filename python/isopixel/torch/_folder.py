# SPDX-License-Identifier: MIT
"""A folder of files as a data set of images of their bytes."""

import os
from collections.abc import Iterator
from pathlib import Path

import torch
from torch import Tensor

from isopixel._recipe import Recipe


class ByteImageFolder(torch.utils.data.Dataset[tuple[Tensor, int]]):
    """Images of files by a recipe, with a class for each sub-folder, as in torchvision's ImageFolder.

    All files below a sub-folder are its samples, whatever their names; links are followed. Files in the root itself do
    not belong to a class and are left out. A file is read when its sample is requested, in blocks, by the process that
    requests it: the workers of a DataLoader need only the names.

    Attributes:
        root: the folder, as it was given.
        recipe: how a file becomes a tensor.
        classes: the names of the sub-folders, sorted.
        class_to_idx: the index of each class.
        samples: (path, index of the class) of each file, by class, then by path.
        targets: the index of the class of each sample.

    Example:
        >>> from pathlib import Path
        >>> import isopixel.torch
        >>> for name in ("clean", "packed"):
        ...     Path("data", name).mkdir(parents=True)
        ...     Path("data", name, "program").write_bytes(b"any bytes")
        9
        9
        >>> folder = isopixel.torch.ByteImageFolder("data", "isopixel 1: square | bilinear 64,64")
        >>> folder
        ByteImageFolder('data', 'isopixel 1: square | bilinear 64,64'): 2 files, 2 classes
        >>> image, label = folder[1]
        >>> image.shape, folder.classes[label]
        (torch.Size([1, 64, 64]), 'packed')
    """

    def __init__(self, root: str | os.PathLike[str], recipe: Recipe | str) -> None:
        """Lists the files.

        Args:
            root: a folder with a sub-folder for each class.
            recipe: a recipe, or its line. It needs a size if the tensors are to be stacked to a batch.

        Raises:
            OSError: a folder cannot be read.
            TypeError: recipe is neither a recipe nor a string.
            ValueError: the line is not a recipe; no sub-folders; a sub-folder without files.
        """
        self.root = os.fspath(root)
        self.recipe = recipe if isinstance(recipe, Recipe) else Recipe.parse(recipe)
        with os.scandir(self.root) as entries:
            self.classes = sorted(entry.name for entry in entries if entry.is_dir())
        if not self.classes:
            raise ValueError(f"{self.root!r} has no sub-folders: each class is a sub-folder with its files")
        self.class_to_idx = {name: index for index, name in enumerate(self.classes)}
        self.samples = [
            (path, index)
            for name, index in self.class_to_idx.items()
            for path in sorted(map(str, _files(Path(self.root, name))))
        ]
        self.targets = [index for _, index in self.samples]
        found = set(self.targets)
        if empty := [name for name, index in self.class_to_idx.items() if index not in found]:
            raise ValueError(f"{self.root!r} has classes without files: {', '.join(map(repr, empty))}")

    def __len__(self) -> int:
        """Returns the number of files."""
        return len(self.samples)

    def __getitem__(self, index: int) -> tuple[Tensor, int]:
        """Makes the image of a file.

        Returns:
            The image, [C, H, W], uint8, or float32 if the recipe normalises; and the index of its class.

        Raises:
            IndexError: there is no such sample.
            OSError, ValueError: the file cannot be read or made into an image; the message names it.
        """
        path, target = self.samples[index]
        try:
            image = self.recipe(path)
        except (OSError, ValueError) as error:
            kind = OSError if isinstance(error, OSError) else ValueError
            raise kind(f"cannot make the image of {path!r}: {error}") from error
        if self.recipe.mean is None:  # (H, W) or (H, W, C); normalised images are (C, H, W)
            image = image[None] if image.ndim == 2 else image.transpose(2, 0, 1)
        return torch.from_numpy(image), target

    def __repr__(self) -> str:
        """Returns the arguments and the numbers of files and classes."""
        return (
            f"ByteImageFolder({self.root!r}, {str(self.recipe)!r}): "
            f"{len(self.samples)} files, {len(self.classes)} classes"
        )


def _files(top: Path) -> Iterator[Path]:
    """Yields the paths of all files below a folder."""

    def failed(error: OSError) -> None:
        raise error

    for folder, folders, files in os.walk(top, onerror=failed, followlinks=True):
        for link in (path for name in folders if (path := Path(folder, name)).is_symlink()):
            if Path(folder).resolve().is_relative_to(link.resolve()):
                raise ValueError(f"{str(link)!r} is a link to a folder that it lies in")
        yield from (Path(folder, name) for name in files)
