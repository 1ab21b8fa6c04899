# SPDX-License-Identifier: MIT
"""Files that are complete or not there at all."""

import os
import secrets
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import IO


@contextmanager
def replacing(*paths: Path) -> Iterator[Sequence[IO[bytes]]]:
    """Gives files to write to, beside the paths, which get their names once all are complete, or vanish on an error.

    A symbolic link stays, and what it points to is replaced.
    """
    targets = [Path(os.path.realpath(path)) for path in paths]
    aside: list[Path] = []
    try:
        with ExitStack() as stack:
            files = []
            for target in targets:
                file = stack.enter_context(_beside(target))
                aside.append(Path(file.name))
                files.append(file)
            yield files
            for file in files:
                file.flush()
                os.fsync(file.fileno())
        for made, target in zip(aside, targets, strict=True):
            if target.exists():
                made.chmod(target.stat().st_mode & 0o777)
            made.replace(target)
    except BaseException:
        for made in aside:
            made.unlink(missing_ok=True)
        raise


def _beside(target: Path) -> IO[bytes]:
    """Makes a file in the folder of target; an error names target."""
    if target.is_dir():
        raise IsADirectoryError(21, "Is a directory", str(target))
    try:
        return target.with_name(f".isopixel-{secrets.token_hex(8)}").open("xb")
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(target)) from None
