# SPDX-License-Identifier: MIT
"""A folder of files as a data set: of images of their bytes, or of pictures."""

import os
import warnings
from pathlib import Path
from typing import ClassVar, Literal, SupportsIndex, overload

import torch
from torch import Tensor

from isopixel._guard import Guard, kind_of_file
from isopixel._recipe import Recipe
from isopixel._shown import counted
from isopixel._walk import Found, look, reason, walk
from isopixel.torch._items import number_of, tensor_of

Sample = tuple[Tensor, int]


class _Folder(torch.utils.data.Dataset[Sample]):
    """What both data sets are; a subclass says of what its recipes are, and which one has the others."""

    _of: ClassVar[Literal["bytes", "images"]]
    _other: ClassVar[str]

    def __init__(
        self, root: str | os.PathLike[str], recipe: Recipe | str, *, on_error: Literal["raise", "skip"] = "raise"
    ) -> None:
        """Lists the files.

        Args:
            root: a folder with a sub-folder for each class.
            recipe: a recipe, or its line. If the tensors are to be stacked to a batch, it has to make one size.
            on_error: "raise": a folder that cannot be taken is an error here, and a file when its sample is requested.
                "skip": each file is opened here, though not read, and what cannot be made into an image is left out:
                files that are empty, too short for the layout, not such pictures or listings by their first bytes, not
                regular or not to be read, and such folders; see `skipped`. What goes wrong with a file later is an
                error even so.

        Warns:
            UserWarning: the recipe is of bytes, and some files begin as pictures or as listings in hexadecimal do.

        Raises:
            OSError: a folder cannot be read.
            TypeError: recipe is neither a recipe nor a string.
            ValueError: the line is not a recipe, or one for the other data set; no sub-folders; a sub-folder without
                files; a link to a folder that was found before; on_error is another word.
        """
        if on_error not in ("raise", "skip"):
            raise ValueError(f"on_error is 'raise' or 'skip', not {on_error!r}")
        self.root = os.fspath(root)
        self.recipe = recipe if isinstance(recipe, Recipe) else Recipe.parse(recipe)
        of = "images" if self.recipe.layout is None else "bytes"
        if of != self._of:
            raise ValueError(f"the recipe '{self.recipe}' is of {of}: use isopixel.torch.{self._other}")
        with os.scandir(self.root) as entries:
            self.classes = sorted(entry.name for entry in entries if entry.is_dir())
        if not self.classes:
            raise ValueError(f"{self.root!r} has no sub-folders: each class is a sub-folder with its files")
        self.class_to_idx = {name: index for index, name in enumerate(self.classes)}
        self.samples: list[tuple[str, int]] = []
        self.skipped: list[tuple[str, str]] = []
        tops = [str(Path(self.root, name)) for name in self.classes]
        seen = {look(self.root, "").identity}
        for top in tops:
            if (folder := look(top, "").identity) in seen:
                raise ValueError(f"{top!r} is a link to the root or to the folder of another class")
            seen.add(folder)
        for index, top in enumerate(tops):
            for found in sorted(walk(top, seen, follow_links=True), key=lambda found: found.path):
                if (error := self._error(found, on_error == "skip")) is None:
                    self.samples.append((found.path, index))
                elif on_error == "skip":
                    self.skipped.append((found.path, reason(error, found.path)))
                else:
                    raise error if isinstance(error, OSError) else ValueError(f"{found.path!r} is {error}")
        self.targets = [index for _, index in self.samples]
        present = set(self.targets)
        if empty := [name for name, index in self.class_to_idx.items() if index not in present]:
            raise ValueError(f"{self.root!r} has classes without files: {', '.join(map(repr, empty))}")
        guard = Guard(self.recipe)
        for path, _ in self.samples if self._of == "bytes" else ():
            guard.see(path, kind_of_file(path))
        if (note := guard.note(len(self.samples))) is not None:
            warnings.warn(note, stacklevel=2)

    def _error(self, found: Found, checks_files: bool) -> OSError | ValueError | None:
        """Returns why something is not a sample; None if it is one."""
        if found.is_folder:
            return found.problem
        if checks_files:
            try:
                self.recipe._check_file(found.path)
            except (OSError, ValueError) as error:
                return error
        return None

    def __len__(self) -> int:
        """Returns the number of files."""
        return len(self.samples)

    @overload
    def __getitem__(self, index: SupportsIndex) -> Sample: ...

    @overload
    def __getitem__(self, index: slice) -> list[Sample]: ...

    def __getitem__(self, index: SupportsIndex | slice) -> Sample | list[Sample]:
        """Makes the image of a file, or those of several.

        Args:
            index: a whole number, counted from the end if it is negative; or a slice.

        Returns:
            The image, [C, H, W], uint8, or float32 if the recipe normalises; and the index of its class. For a slice a
            list of them.

        Raises:
            IndexError: there is no such sample.
            TypeError: index is something else.
            OSError, ValueError: the file cannot be read or made into an image; the message names it.
        """
        if isinstance(index, slice):
            return [self[i] for i in range(len(self))[index]]
        path, target = self.samples[number_of(index, len(self))]
        try:
            image = self.recipe(path)
        except (OSError, ValueError) as error:
            kind = OSError if isinstance(error, OSError) else ValueError
            raise kind(f"cannot make the image of {path!r}: {reason(error, path)}") from error
        return tensor_of(image), target

    def __repr__(self) -> str:
        """Returns the arguments and the numbers of files and classes."""
        numbers = [counted(len(self.samples), "file"), counted(len(self.classes), "class")]
        numbers += [f"{len(self.skipped):,} skipped"] * bool(self.skipped)
        return f"{type(self).__name__}({self.root!r}, {str(self.recipe)!r}): {', '.join(numbers)}"


class ByteImageFolder(_Folder):
    """Images of the bytes of files by a recipe, with a class for each sub-folder, as in torchvision's ImageFolder.

    All files below a sub-folder are its samples, whatever their names. Links are followed, but a folder belongs to one
    class alone, and once. Files in the root itself do not belong to a class and are left out. A file is read when its
    sample is requested, in blocks, by the process that requests it: the workers of a DataLoader need only the names.

    Attributes:
        root: the folder, as it was given.
        recipe: how a file becomes a tensor.
        classes: the names of the sub-folders, sorted.
        class_to_idx: the index of each class.
        samples: (path, index of the class) of each file, by class, then by path.
        targets: the index of the class of each sample.
        skipped: (path, reason) of what is left out, with on_error="skip".

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

    _of = "bytes"
    _other = "PictureFolder"


class PictureFolder(_Folder):
    """Pictures of files by a recipe of images, with a class for each sub-folder, as in torchvision's ImageFolder.

    A recipe of images begins with such as "isopixel 1: image rgb", and reads JPEG, PNG and BMP (SPEC R-51): the same
    tensors on every machine. All else is as in ByteImageFolder: all files below a sub-folder are its samples, whatever
    their names, and one is read when its sample is requested.

    Attributes:
        root: the folder, as it was given.
        recipe: how a file becomes a tensor.
        classes: the names of the sub-folders, sorted.
        class_to_idx: the index of each class.
        samples: (path, index of the class) of each file, by class, then by path.
        targets: the index of the class of each sample.
        skipped: (path, reason) of what is left out, with on_error="skip".

    Example:
        >>> from pathlib import Path
        >>> from PIL import Image
        >>> import isopixel.torch
        >>> for name in ("cat", "dog"):
        ...     Path("photos", name).mkdir(parents=True)
        ...     Image.new("RGB", (640, 480), "orange").save(f"photos/{name}/1.jpg")
        >>> line = "isopixel 1: image rgb | bilinear short=256 | crop 224,224 | normalize mean=0.5 std=0.5"
        >>> folder = isopixel.torch.PictureFolder("photos", line)
        >>> image, label = folder[1]
        >>> image.shape, folder.classes[label]
        (torch.Size([3, 224, 224]), 'dog')
    """

    _of = "images"
    _other = "ByteImageFolder"
