# SPDX-License-Identifier: MIT
"""The files that a model is run on, and their classes."""

import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from isopix.batch import files_of, is_folder


@dataclass
class Files:
    """The files, in order.

    Attributes:
        paths: of the files.
        labels: of each file the index of its class; () where they are not known.
        classes: the names of the classes by their index; () where they are not known.
        failures: the paths that cannot be read, with the reason.
    """

    paths: list[Path] = field(default_factory=list)
    labels: list[int] = field(default_factory=list)
    classes: tuple[str, ...] = ()
    failures: list[tuple[Path, str]] = field(default_factory=list)


def find_files(paths: Sequence[Path]) -> Files:
    """Finds the files to run a model on.

    A single folder that has sub-folders is a data set: each sub-folder is a class, and their sorted names have the
    indices from 0 on, as torchvision's ImageFolder numbers them. All else has no labels: files, and of folders all
    files in them.

    Raises:
        ValueError: there are no files, or none of a class, or files beside the folders of the classes.
    """
    found = Files()
    folder = paths[0]
    names = sorted(entry.name for entry in os.scandir(folder) if entry.is_dir()) if is_folder(folder) else []
    if len(paths) > 1 or not names:
        for path in paths:
            found.paths += [file for file, _ in files_of(path, "", found.failures)]
        if not found.paths and not found.failures:
            raise ValueError(f"there are no files in {', '.join(repr(str(path)) for path in paths)}")
        return found
    beside = sorted(entry.name for entry in os.scandir(folder) if not entry.is_dir())
    if beside:
        raise ValueError(
            f"{str(folder / beside[0])!r} lies beside the folders of the classes: move it, or, if the folders are no "
            f"classes, give {folder / '*'!s} instead"
        )
    found.classes = tuple(names)
    for label, name in enumerate(names):
        members = [file for file, _ in files_of(folder / name, "", found.failures)]
        if not members:
            raise ValueError(f"the class {str(folder / name)!r} has no files: remove the folder, or fill it")
        found.paths += members
        found.labels += [label] * len(members)
    return found
