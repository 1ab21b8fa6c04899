# SPDX-License-Identifier: MIT
"""The files of a folder and of all folders in it: in one order, each folder once, and without opening any.

Paths are texts here: those of pathlib would need ten times the memory, and there may be very many.
"""

import os
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from isopixel._atomic import is_temporary

Identity = tuple[int, int]  # device and inode

NOT_REGULAR = "not a regular file"


class Found(NamedTuple):
    """A regular file, or something else, with the reason why it is left out.

    Attributes:
        path: its path.
        name: its path below the folder that is walked; for a file that is walked itself, its name.
        stat: what it is, links followed; None if that cannot be found out.
        problem: why it is left out, in words that do not name it, or as an OSError; None for a regular file.
        is_note: whether that is no failure: it lies in a folder, and is nothing that could have been read.
    """

    path: str
    name: str
    stat: os.stat_result | None
    problem: OSError | ValueError | None = None
    is_note: bool = False

    @property
    def length(self) -> int:
        """The number of its bytes; 0 if that cannot be found out."""
        return 0 if self.stat is None else self.stat.st_size

    @property
    def is_folder(self) -> bool:
        """Whether it is a folder, or a link to one."""
        return self.stat is not None and stat.S_ISDIR(self.stat.st_mode)

    @property
    def is_regular(self) -> bool:
        """Whether it is a regular file, or a link to one."""
        return self.stat is not None and stat.S_ISREG(self.stat.st_mode)

    @property
    def identity(self) -> Identity | None:
        """What it is known by, whatever its names; None if that cannot be found out."""
        return None if self.stat is None else (self.stat.st_dev, self.stat.st_ino)


def look(path: str, name: str) -> Found:
    """Returns what lies at a path."""
    try:
        found = Found(path, name, os.stat(path))
    except (OSError, ValueError) as error:
        return Found(path, name, None, error)
    return found if found.is_regular or found.is_folder else found._replace(problem=ValueError(NOT_REGULAR))


def walk(top: str | os.PathLike[str], seen: set[Identity | None], *, follow_links: bool = False) -> Iterator[Found]:
    """Finds all regular files of a path, and what else is there.

    They come sorted by name, the files of a folder before its folders. Files that were never completed, under the names
    that `replacing` gives them, are passed over.

    Args:
        top: a folder, or a file, which is then all that is found.
        seen: the folders that are not to be walked (again); those that are walked are added.
        follow_links: whether links to folders are followed, unless they lead to one that was seen.
    """
    first = look(os.fspath(top), os.path.basename(top))
    if not first.is_folder:
        yield first
        return
    seen.add(first.identity)
    folders = [first._replace(name="")]
    while folders:
        folder = folders.pop()
        try:
            with os.scandir(folder.path) as entries:
                inside = sorted((entry.name, entry.is_symlink()) for entry in entries if not is_temporary(entry.name))
        except OSError as error:
            yield folder._replace(problem=error)
            continue
        inner = []
        for name, is_link in inside:
            found = look(os.path.join(folder.path, name), os.path.join(folder.name, name))
            if not found.is_folder:
                yield found._replace(is_note=found.stat is not None and not found.is_regular)
            elif is_link and not follow_links:
                yield found._replace(problem=ValueError("a link to a folder, which is not followed"), is_note=True)
            elif found.identity not in seen:
                seen.add(found.identity)
                inner.append(found)
            elif is_link:
                yield found._replace(problem=ValueError("a link to a folder that was found before"), is_note=True)
        folders += reversed(inner)


def is_folder(path: Path) -> bool:
    """Returns whether a path is a folder; False if that cannot be found out."""
    return look(os.fspath(path), "").is_folder


def reason(error: BaseException, path: str | os.PathLike[str]) -> str:
    """Returns the message of an error about a path, without that path, but with another one."""
    text = str(error)
    if isinstance(error, OSError) and error.strerror:
        other = error.filename if error.filename is not None and os.fspath(error.filename) != os.fspath(path) else None
        text = error.strerror + (f": {other!r}" if other is not None else "")
    return text.removeprefix(f"{os.fspath(path)!r}: ") or type(error).__name__
