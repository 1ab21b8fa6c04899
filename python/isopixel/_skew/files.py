# SPDX-License-Identifier: MIT
"""The files that a model is run on, and their classes."""

import warnings
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from isopixel._batch import files_of, no_files
from isopixel._recipe import Recipe
from isopixel._skew.model import import_torch
from isopixel._walk import is_folder


@dataclass
class Files:
    """The files, in order.

    Attributes:
        paths: of the files.
        labels: for each file the index of its class; () if they are not known.
        classes: the names of the classes by their index; () if they are not known.
        failures: the paths that cannot be read, with the reason.
        notes: what is left out of a folder, since it is not a file, with the reason.
    """

    paths: list[Path] = field(default_factory=list)
    labels: list[int] = field(default_factory=list)
    classes: tuple[str, ...] = ()
    failures: list[tuple[Path, str]] = field(default_factory=list)
    notes: list[tuple[Path, str]] = field(default_factory=list)


def find_files(paths: Sequence[Path], recipe: Recipe) -> Files:
    """Finds the files to run a model on.

    A single folder that has sub-folders is a data set, with a class in each, as for `isopixel.torch.ByteImageFolder`
    or `isopixel.torch.PictureFolder`. Everything else has no labels: files, and all files in folders.

    Raises:
        ModuleNotFoundError: torch is not installed.
        ValueError: there are no files, or a class has none.
    """
    import_torch()
    from isopixel.torch import ByteImageFolder, PictureFolder

    if len(paths) == 1 and is_folder(paths[0]) and any(is_folder(path) for path in paths[0].iterdir()):
        with warnings.catch_warnings():  # of pictures, which the command looks for among all files
            warnings.simplefilter("ignore")
            folder = (PictureFolder if recipe.layout is None else ByteImageFolder)(paths[0], recipe)
        return Files([Path(path) for path, _ in folder.samples], folder.targets, tuple(folder.classes))
    found = Files()
    found.paths += [Path(file.path) for file in files_of(paths, found.failures, found.notes)]
    if not found.paths and not found.failures:
        raise no_files(paths)
    return found
