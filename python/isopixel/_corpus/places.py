# SPDX-License-Identifier: MIT
"""Places where sources lie and corpora are kept: folders of this machine, and those of stores such as S3."""

import functools
import os
import re
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlsplit

import pyarrow as pa
from pyarrow import fs as pafs

from isopixel._atomic import is_temporary, replacing
from isopixel._sources import OpenSource, open_file

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

REMOTE_BLOCK = 8 << 20  # bytes of an object that are requested at a time

_SECRET = re.compile(r"secret|token|passw|pwd|sig|credential|key|\bsas", re.IGNORECASE)


@dataclass(frozen=True)
class Place:
    """A folder of this machine, or one of a store.

    Attributes:
        text: its absolute path, or its URI.
        base: its path in the store's file system; for a folder of this machine, its absolute path.
        store: the file system; None for this machine's.
    """

    text: str
    base: str
    store: pafs.FileSystem | None = None

    def path(self, name: str) -> str:
        """Returns the path of what has a name, with / between its parts, below this place."""
        if self.store is None:
            return os.path.join(self.base, *name.split("/")) if name else self.base
        return f"{self.base}/{name}" if name else self.base

    def source(self, name: str) -> AbstractContextManager[OpenSource]:
        """Opens a source below this place; raises OSError, or ValueError for a path that leads out of it."""
        if any(part == ".." or os.path.basename(part) != part for part in name.split("/")):  # such as C: on Windows
            raise ValueError(f"{name!r} leads out of the folder of the sources, and is not read")
        return open_file(self.path(name)) if self.store is None else _open_object(self.store, self.path(name), name)

    def exists(self, name: str = "") -> bool:
        """Returns whether there is something of a name; raises OSError if that cannot be found out."""
        if self.store is None:
            return os.path.lexists(self.path(name))
        return bool(self.store.get_file_info(self.path(name)).type != pafs.FileType.NotFound)

    def names(self, folder: str = "") -> list[str]:
        """Returns what is in a folder but files that were never completed; nothing if the folder is not there."""
        try:
            if self.store is None:
                found = os.listdir(self.path(folder))
            else:
                selector = pafs.FileSelector(self.path(folder), allow_not_found=True)
                found = [info.base_name for info in self.store.get_file_info(selector)]
        except FileNotFoundError:
            return []
        return [name for name in found if name and not is_temporary(name)]

    def open(self, name: str) -> pa.NativeFile:
        """Opens a file for reading at any offset."""
        return pa.OSFile(self.path(name)) if self.store is None else self.store.open_input_file(self.path(name))

    def read(self, name: str) -> bytes:
        """Returns the bytes of a file."""
        with self.open(name) as file:
            content: bytes = file.read()
        return content

    @contextmanager
    def writing(self, name: str, *, is_new: bool = False) -> Iterator[IO[bytes]]:
        """Gives a file to write to, which gets its name when it is complete, or vanishes on an error.

        In a store, it is written to a temporary file of this machine first, and uploaded at once: an object appears
        there when its upload is complete.

        Args:
            name: of the file, which is replaced if it is there.
            is_new: whether a file that is there is not replaced, but FileExistsError raised. Of two writers in a store
                that come at the same moment, the last one wins even so.
        """
        if self.store is None:
            path = Path(self.path(name))
            path.parent.mkdir(parents=True, exist_ok=True)
            with replacing(path, is_new=is_new) as (file,):
                yield file
            return
        if is_new and self.exists(name):
            raise FileExistsError(f"{self.text}/{name} is there")
        with tempfile.TemporaryFile() as file:
            yield file
            file.seek(0)
            with self.store.open_output_stream(self.path(name)) as upload:
                while block := file.read(REMOTE_BLOCK):
                    upload.write(block)

    def remove(self, name: str) -> None:
        """Removes a file, if it is there."""
        if self.store is None:
            Path(self.path(name)).unlink(missing_ok=True)
        elif self.exists(name):
            self.store.delete_file(self.path(name))

    def check_is_there(self) -> None:
        """Raises OSError if this place cannot be looked at: it is gone, or the credentials are wrong or expired."""
        if self.store is None:
            with os.scandir(self.base):
                pass
        elif not self.exists():
            raise FileNotFoundError(f"{self.text} is not there")


def place_of(text: str) -> Place:
    """Returns the place of a path, or of a URI such as s3://bucket/folder.

    Raises:
        ValueError: a URI that has credentials in it, or of a store that is not known.
    """
    if "://" in text:
        return _place_of_uri(text)
    path = os.path.abspath(text)
    return Place(path, path)


@functools.lru_cache(maxsize=16)
def _place_of_uri(uri: str) -> Place:
    check_no_secrets(uri)
    try:
        store, base = pafs.FileSystem.from_uri(uri)
    except pa.ArrowInvalid as error:
        if "Unrecognized filesystem" not in str(error):
            raise ValueError(f"{uri!r} is not an address: {error}") from None
        store, base = _of_fsspec(uri)
    base = base.rstrip("/")
    if isinstance(store, pafs.LocalFileSystem):
        return place_of(base)
    return Place(uri.rstrip("/"), base, store)


def check_no_secrets(uri: str) -> None:
    """Raises ValueError if a URI has credentials in it, which plans and manifests would keep."""
    parts = urlsplit(uri)
    if parts.password is not None or any(_SECRET.search(key) for key, _ in parse_qsl(parts.query, True)):
        raise ValueError(
            f"the address of {parts.scheme}://…{parts.path} has credentials in it, which would be kept in the corpus: "
            "give them in the environment (such as AWS_ACCESS_KEY_ID) or in the store's own configuration"
        )


def _of_fsspec(uri: str) -> tuple[pafs.FileSystem, str]:
    """Returns the file system that fsspec has for a URI, and the path in it."""
    scheme = uri.partition("://")[0]
    try:
        import fsspec
    except ModuleNotFoundError:
        raise ValueError(
            f"pyarrow has no file system for {scheme}://: fsspec may have one (pip install fsspec)"
        ) from None
    try:
        store, base = fsspec.core.url_to_fs(uri)
    except (ImportError, ValueError) as error:
        raise ValueError(f"neither pyarrow nor fsspec has a file system for {scheme}://: {error}") from None
    return pafs.PyFileSystem(pafs.FSSpecHandler(store)), base


class _Object:
    """An object of a store as a file; every failure is an OSError, though those of fsspec are of any kind."""

    def __init__(self, file: pa.NativeFile) -> None:
        self._file = file

    def read(self, size: int, /) -> bytes:
        content: bytes = _as_os_error(self._file.read, size)
        return content

    def readinto(self, buffer: "WriteableBuffer", /) -> int:
        n: int = _as_os_error(self._file.readinto, buffer)
        return n

    def seek(self, offset: int, /) -> object:
        return self._file.seek(offset)


def _as_os_error(call: Callable[..., Any], *arguments: Any) -> Any:
    try:
        return call(*arguments)
    except (OSError, MemoryError):
        raise
    except Exception as error:
        raise OSError(f"{type(error).__name__}: {error}") from error


@contextmanager
def _open_object(store: pafs.FileSystem, path: str, name: str) -> Iterator[OpenSource]:
    """Opens an object of a store.

    One that fits a block is one request, and so of one moment. Of a longer one, neither pyarrow nor fsspec can ask that
    all its blocks be of one version (If-Match), so its length and its time are compared before and after.

    Raises:
        OSError: there is no such object, it cannot be read, or it was replaced while it was read.
    """
    with _as_os_error(store.open_input_file, path) as file:
        length = file.size()
        before = _as_os_error(store.get_file_info, path) if length > REMOTE_BLOCK else None
        yield OpenSource(_Object(file), length, repr(name), REMOTE_BLOCK)
    if before is not None:
        after = _as_os_error(store.get_file_info, path)
        if (after.size, after.mtime_ns) != (before.size, before.mtime_ns):
            raise OSError(f"{name!r} was replaced while it was read")
