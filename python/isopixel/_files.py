# SPDX-License-Identifier: MIT
"""Files that are read: regular ones alone, since a pipe can wait for ever, and a device never end."""

import os
import stat
from pathlib import Path
from typing import IO


def open_regular(path: str | os.PathLike[str], buffering: int = -1) -> IO[bytes]:
    """Opens a regular file for its bytes, without waiting.

    Args:
        path: of the file; links are followed.
        buffering: as of `open`.

    Raises:
        OSError: there is no such file, it may not be read, or it is not a regular file.
    """
    path = os.fspath(path)
    if stat.S_ISSOCK(Path(path).stat().st_mode):  # which cannot be opened
        raise OSError(f"{path!r} is not a regular file, but a socket")
    file = open(path, "rb", buffering, opener=_open_at_once)  # noqa: SIM115
    try:
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            raise OSError(f"{path!r} is not a regular file: copy what it holds to one first")
    except BaseException:
        file.close()
        raise
    return file


def read_small(path: str | os.PathLike[str], most: int) -> bytes:
    """Returns the bytes of a regular file.

    Raises:
        OSError: as open_regular.
        ValueError: they are more than `most`.
    """
    with open_regular(path) as file:
        content = file.read(most + 1)
    if len(content) > most:
        raise ValueError(f"{os.fspath(path)!r} has more than {most} bytes, which is too long for what it should be")
    return content


def _open_at_once(path: str, flags: int) -> int:
    """Opens without waiting for the writer of a pipe; a regular file does not care."""
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))
