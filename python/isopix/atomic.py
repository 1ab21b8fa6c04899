# SPDX-License-Identifier: MIT
"""Files that are there whole or not at all."""

import os
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import IO

UMASK = os.umask(0o077)  # the process's, which can only be read by setting it
os.umask(UMASK)


@contextmanager
def replacing(*paths: Path) -> Iterator[Sequence[IO[bytes]]]:
    """Gives files to write to, beside the paths, which take their names once all are whole, or vanish on an error.

    A symbolic link stays, and what it leads to is replaced.
    """
    targets = [Path(os.path.realpath(path)) for path in paths]
    aside: list[Path] = []
    try:
        with ExitStack() as stack:
            files = []
            for target in targets:
                descriptor, name = _beside(target)
                aside.append(Path(name))
                files.append(stack.enter_context(os.fdopen(descriptor, "wb")))
            yield files
            for file in files:
                file.flush()
                os.fsync(file.fileno())
        for made, target in zip(aside, targets, strict=True):
            made.chmod(target.stat().st_mode & 0o777 if target.exists() else 0o666 & ~UMASK)
            made.replace(target)
    except BaseException:
        for made in aside:
            made.unlink(missing_ok=True)
        raise


def _beside(target: Path) -> tuple[int, str]:
    """Makes a file in the folder of target; an error names target."""
    if target.is_dir():
        raise IsADirectoryError(21, "Is a directory", str(target))
    try:
        return tempfile.mkstemp(prefix=".isopix-", dir=target.parent)
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(target)) from None
