# SPDX-License-Identifier: MIT
"""What there is to make a corpus of: all that lies in a folder or a store, or what a list names."""

import hashlib
import os
from collections.abc import Callable, Iterator

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from pyarrow import fs as pafs

from isopixel._corpus.places import Place
from isopixel._corpus.rows import INPUT, IO, check_extra, column_as
from isopixel._files import open_regular
from isopixel._pool import call_in_thread
from isopixel._sources import BLOCK
from isopixel._walk import Found, look, reason, walk

# A large_string has offsets of 64 bits: the paths of ten million files may be longer than 2 GiB together.
SCHEMA = pa.schema(
    [
        pa.field("path", pa.large_string(), nullable=False),
        pa.field("size", pa.int64()),
        pa.field("error", pa.string()),
        pa.field("error_kind", pa.string()),
    ]
)
PART = 1 << 16  # rows that are collected at a time

Listed = tuple[str, int | None, str | None, str | None]
OnFound = Callable[[int], object]


def listing_of(source: Place, dst: Place, on_found: OnFound) -> pa.Table:
    """Lists all that lies in a folder and in all folders in it, in any order.

    What cannot be a source is a row with an error. Files that were never completed are passed over, and so is the
    corpus itself.

    Args:
        source: the folder.
        dst: the place of the corpus.
        on_found: called now and then with the number of files that were found.

    Raises:
        OSError: the folder cannot be read.
    """
    found = _of_folder(source, dst) if source.store is None else _of_store(source, dst, on_found)
    parts: list[pa.RecordBatch] = []
    rows: list[Listed] = []
    for row in found:
        rows.append(row)
        if len(rows) == PART:
            parts.append(_batch(rows))
            rows = []
        if len(rows) % 1024 == 0:
            on_found(PART * len(parts) + len(rows))
    parts.append(_batch(rows))
    return pa.Table.from_batches(parts, SCHEMA)


def _batch(rows: list[Listed]) -> pa.RecordBatch:
    columns = zip(*rows, strict=True) if rows else iter([()] * len(SCHEMA))

    arrays = [pa.array(column, field.type) for column, field in zip(columns, SCHEMA, strict=True)]
    return pa.RecordBatch.from_arrays(arrays, schema=SCHEMA)


def _of_folder(source: Place, dst: Place) -> Iterator[Listed]:
    passed_over = look(dst.base, "").identity if dst.store is None else None
    top = look(source.base, "")
    if not top.is_folder:
        raise (
            top.problem
            if isinstance(top.problem, OSError)
            else NotADirectoryError(f"{source.text!r} is not a folder: name the folder in which the sources lie")
        )
    if top.identity == passed_over:
        raise ValueError(f"the folder for the corpus, {dst.text!r}, is that of the sources: choose another")
    for found in walk(source.base, {passed_over}):
        if found.name == "" and isinstance(found.problem, OSError):
            raise found.problem
        yield _row(found)


def _row(found: Found) -> Listed:
    name = found.name.replace(os.sep, "/")
    try:
        name.encode("utf-8")
    except UnicodeEncodeError:
        name = os.fsencode(name).decode("utf-8", "backslashreplace")
        return name, None, "its name is not UTF-8, and here has escapes for what is not", INPUT
    if found.is_folder and isinstance(found.problem, OSError):
        return name, None, f"a folder that cannot be read: {reason(found.problem, found.path)}", IO
    if isinstance(found.problem, ValueError) and found.stat is not None:
        return name, None, str(found.problem), INPUT
    # What could not be looked at is left to who reads it, who gets the same error, or none by then.
    return name, None if found.stat is None else found.length, None, None


def _of_store(source: Place, dst: Place, on_found: OnFound) -> Iterator[Listed]:
    assert source.store is not None
    if source.text == dst.text:
        raise ValueError(f"the place for the corpus, {dst.text!r}, is that of the sources: choose another")
    base, inside = (f"{place.base.strip('/')}/" for place in (source, dst))
    has_inside = type(dst.store) is type(source.store)
    for info in _infos(source, on_found):
        path = info.path.lstrip("/")
        if has_inside and path.startswith(inside):
            continue
        if info.type == pafs.FileType.File:
            yield path.removeprefix(base), info.size, None, None
        elif info.type != pafs.FileType.Directory:
            yield path.removeprefix(base), None, "not a regular file", INPUT


def _infos(source: Place, on_found: OnFound) -> list[pafs.FileInfo]:
    """Returns all objects of a store, in a thread: no interrupt is heeded in the call, which may take minutes."""
    store = source.store
    assert store is not None
    selector = pafs.FileSelector(source.base, recursive=True)
    infos: list[pafs.FileInfo] = call_in_thread(lambda: store.get_file_info(selector), lambda: on_found(0))
    return infos


def digest_of_list(path: str) -> str:
    """Returns the SHA-256 of a list of sources; raises OSError."""
    digest = hashlib.sha256()
    with open_regular(path, buffering=0) as file:
        while block := file.read(BLOCK):
            digest.update(block)
    return digest.hexdigest()


def read_list(path: str) -> pa.Table:
    """Reads a list of sources: a Parquet file with the column path, relative to SRC; size; and others to carry along.

    Raises:
        OSError: the file cannot be read.
        ValueError: it is not Parquet, or has no paths, or one that does not lie below SRC.
    """
    try:
        listed = pq.read_table(path)
    except pa.ArrowInvalid as error:
        raise ValueError(f"{path!r} is not a list: it has to be a Parquet file with a column path ({error})") from None
    names = listed.schema.names
    if names.count("path") != 1:
        raise ValueError(f"the list {path!r} has to have one column path, and has {', '.join(map(repr, names))}")
    extra = [name for name in names if name not in ("path", "size")]
    check_extra(extra, f"the list {path!r}")
    paths = column_as(pa.large_string(), listed, "path", f"the list {path!r}")
    check_paths(paths, path)
    n = len(listed)
    sizes = column_as(pa.int64(), listed, "size", f"the list {path!r}") if "size" in names else pa.nulls(n, pa.int64())
    columns = [paths, sizes, pa.nulls(n, pa.string()), pa.nulls(n, pa.string()), *(listed[name] for name in extra)]
    return pa.table(columns, schema=pa.schema([*SCHEMA, *(listed.schema.field(name) for name in extra)]))


def check_paths(paths: pa.ChunkedArray, path: str) -> None:
    """Raises ValueError if one of the paths of a list is not relative, or leaves the folder."""
    if paths.null_count:
        raise ValueError(f"the list {path!r} has a row without a path")
    wrong = pc.match_substring_regex(paths, r"^$|^/|(^|/)\.{0,2}(/|$)")
    if pc.any(wrong).as_py():
        first = paths.filter(wrong)[0].as_py()
        raise ValueError(
            f"the list {path!r} has the path {first!r}: paths are relative to the folder of the sources, "
            "with / between their parts, and without . and .. among them"
        )
