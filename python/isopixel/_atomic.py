# SPDX-License-Identifier: MIT
"""Files that are complete or not there at all."""

import contextlib
import errno
import os
import re
import secrets
import stat
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO

FOR_ALL = stat.S_ISVTX | stat.S_IWOTH  # the mode of a folder in which everybody may write, such as /tmp
LINKS = 40  # that are followed one after the other, as Linux does
STALE = 86400  # seconds without a write, after which nobody is writing to a temporary any more

_TEMPORARY = re.compile(r"\.isopixel-[0-9a-f]{16}")
_unfinished: set[Path] = set()  # the temporaries of this process
_cleaned: set[Path] = set()  # the folders without stale temporaries
_abandoned = False


@contextlib.contextmanager
def replacing(*paths: Path, is_new: bool = False) -> Iterator[Sequence[IO[bytes]]]:
    """Gives files to write to, beside the paths, which get their names once all are complete, or vanish on an error.

    A symbolic link stays, and what it points to is replaced, if `destination` allows it. The mode of the file that is
    replaced stays, and its owner and group as far as this user may give files away.

    With is_new nothing is replaced: what is there by then raises FileExistsError.
    """
    targets = [destination(path) for path in paths]
    temporaries = [target.with_name(f".isopixel-{secrets.token_hex(8)}") for target in targets]
    try:
        _unfinished.update(temporaries)
        with contextlib.ExitStack() as stack:
            files = []
            for target, temporary in zip(targets, temporaries, strict=True):
                files.append(_beside(target, temporary))
                stack.callback(_close, files[-1])
            try:
                yield files
                for file in files:
                    file.flush()
                    os.fsync(file.fileno())
                    file.close()
            except OSError as error:
                raise _named(error, targets[0]) from None
        for target, temporary in zip(targets, temporaries, strict=True):
            _name_new(temporary, target) if is_new else temporary.replace(target)
    except BaseException:
        for temporary in temporaries:
            with contextlib.suppress(OSError):
                temporary.unlink()
        raise
    finally:
        _unfinished.difference_update(temporaries)


def _close(file: IO[bytes]) -> None:
    """Closes a file; one that could not be written tries again to write what is left, and its error has no name."""
    with contextlib.suppress(OSError):
        file.close()


def _name_new(temporary: Path, target: Path) -> None:
    """Gives a file that is complete its name, unless something has that name: of several writers one succeeds."""
    try:
        os.link(temporary, target)
    except FileExistsError:
        raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(target)) from None
    except OSError:  # a file system without hard links
        if os.path.lexists(target):
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(target)) from None
        temporary.rename(target)
    else:
        temporary.unlink()


def _named(error: OSError, target: Path) -> OSError:
    """Returns what went wrong while a file was written, with its name; NumPy's error of a full disk has no number."""
    if error.filename is not None:
        return error
    if error.errno is None:
        return OSError(f"{str(target)!r} cannot be written, as on a full disk: {error}")
    return OSError(error.errno, error.strerror, str(target))


def destination(path: Path) -> Path:
    """Returns the path of the file that `replacing` makes or replaces: links are followed.

    Raises:
        OSError: it is there and not a regular file; or it, or a link on the way to it, is one that another user put
            into a sticky folder where everybody may write. Linux itself refuses these, unless protected_symlinks and
            protected_regular are off.
    """
    target = _followed(path)
    try:
        there = target.lstat()
    except OSError:
        return target  # nothing is there, or its folder is not: then making it says so
    if stat.S_ISDIR(there.st_mode):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(target))
    if not stat.S_ISREG(there.st_mode) and not stat.S_ISLNK(there.st_mode):
        raise OSError(f"{str(target)!r} is there and not a regular file, and is not replaced: choose another name")
    where = target.parent.stat()
    if where.st_mode & FOR_ALL == FOR_ALL and there.st_uid not in (_user(), where.st_uid):
        why = "a file of another user, in a sticky folder where everybody may write, is not replaced"
        raise PermissionError(errno.EACCES, why, str(target))
    return target


def is_temporary(name: str) -> bool:
    """Returns whether a file's name is one that `replacing` gives to files that are not complete."""
    return _TEMPORARY.fullmatch(name) is not None


def abandon() -> None:
    """Removes the temporaries of all threads, for a process that ends at once and waits for none of them."""
    global _abandoned
    _abandoned = True
    for temporary in list(_unfinished):
        with contextlib.suppress(OSError):
            temporary.unlink()


def _followed(path: Path) -> Path:
    """Returns a path without links in it; those of a path that leads in a circle stay, after some rounds."""
    done, links = Path(), 0
    rest = [*reversed(path.parts)]
    while rest:
        path = done / rest.pop()
        try:
            link = path.lstat()
        except OSError:  # nothing is there
            return path.joinpath(*reversed(rest))
        if not stat.S_ISLNK(link.st_mode) or links == LINKS:
            done = path
            continue
        where = done.stat()
        if where.st_mode & FOR_ALL == FOR_ALL and link.st_uid not in (_user(), where.st_uid):
            why = "a link of another user, in a sticky folder where everybody may write, is not followed"
            raise PermissionError(errno.EACCES, why, str(path))
        links += 1
        rest += reversed(path.readlink().parts)
    return done


def _user() -> int:
    """Returns the number of the user; 0 on Windows, where files have the same."""
    return os.geteuid() if hasattr(os, "geteuid") else 0


def _beside(target: Path, temporary: Path) -> IO[bytes]:
    """Makes the temporary of a target, with the mode, owner and group that it will have; an error names the target."""
    _clean(target.parent)
    if _abandoned:
        raise InterruptedError("this process ends")
    replaced = target.stat() if target.is_file() else None
    # Nobody else can open it before it has its owner, group and mode. A new one has them at once.
    mode = 0o600 if replaced else 0o666
    try:
        file = open(temporary, "xb", opener=lambda path, flags: os.open(path, flags, mode))  # noqa: SIM115
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(target)) from None
    if replaced and hasattr(os, "fchown"):
        _become(file.fileno(), replaced)
    return file


def _become(descriptor: int, like: os.stat_result) -> None:
    """Gives a file the owner, group and mode of another one, as far as this user may."""
    for owner, group in ((like.st_uid, -1), (-1, like.st_gid)):
        with contextlib.suppress(OSError):
            os.fchown(descriptor, owner, group)
    mode = like.st_mode & 0o777
    if os.fstat(descriptor).st_gid != like.st_gid:  # another group may do what everybody may
        mode = mode & 0o707 | (mode & 0o007) << 3
    os.fchmod(descriptor, mode)


def _clean(folder: Path) -> None:
    """Removes what processes of this user that were killed left in a folder; looks there once."""
    if folder in _cleaned:
        return
    _cleaned.add(folder)
    with contextlib.suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            if is_temporary(entry.name):
                itself = entry.stat(follow_symlinks=False)
                is_ours = stat.S_ISREG(itself.st_mode) and itself.st_uid == _user()
                if is_ours and itself.st_mtime < time.time() - STALE:
                    Path(entry.path).unlink()
