# SPDX-License-Identifier: MIT
"""Arrays of files as record batches of Arrow, for the pipelines of any engine; needs pyarrow (`isopixel[corpus]`)."""

import functools
import os
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from typing import TypeVar

import pyarrow as pa

from isopixel._corpus.decoded import check_decode
from isopixel._corpus.places import place_of
from isopixel._corpus.rows import Row, batch_of, check_extra, column_as, in_order, make_row, recipe_of, schema_of
from isopixel._recipe import Recipe
from isopixel._sources import OpenSource, open_file

__all__ = ["schema", "transform"]

Batch = TypeVar("Batch", pa.RecordBatch, pa.Table)


def schema(recipe: Recipe | str) -> pa.Schema:
    """Returns the schema of what `transform` makes by a recipe, without columns that are carried along.

    Args:
        recipe: a recipe, or its line.

    Returns:
        The columns path, image (the samples of the array in C order, little-endian, as in SPEC R-8), shape, fingerprint
        (R-8), source_sha256, n_bytes, error and error_kind; and in the metadata isopixel.recipe, isopixel.dtype and
        isopixel.spec.

    Raises:
        ValueError: the line is not a recipe.

    Example:
        >>> import isopixel.arrow
        >>> isopixel.arrow.schema("isopixel 1: nataraj | bilinear 224,224").names
        ['path', 'image', 'shape', 'fingerprint', 'source_sha256', 'n_bytes', 'error', 'error_kind']
    """
    return schema_of(recipe_of(str(recipe)))


def transform(
    batch: Batch,
    recipe: Recipe | str,
    *,
    root: str | os.PathLike[str] = "",
    io_threads: int = 1,
    decode: str | None = None,
) -> Batch:
    """Makes the arrays of files, as a pure function over record batches: any engine's pipeline can call it.

    A file that cannot be made into an array is a row with an error, and stops no other. Its error_kind is "input" if
    its content is the reason, which stays so; and "io" if it could not be read, which another try may mend.

    Args:
        batch: a record batch or a table, with the columns

            - path: of the files, below root. A name of the file is enough if the batch has bytes.
            - bytes, if it is there: binary, the contents of the files, and nothing is read.
            - size, if it is there: the number of each file's bytes. Another one is an error, for files that grow.

            and any others, which are carried along.
        recipe: a recipe, or its line.
        root: the folder of the paths, or the URI of one, such as s3://bucket/folder; by default the working folder.
            Credentials come from the environment.
        io_threads: how many files are read at once: 16 to 64 for sources with latency.
        decode: "zlib" for files that zlib packed: the array, n_bytes and source_sha256 are of what it unpacks.

    Returns:
        What batch is, a record batch or a table, with as many rows in the same order: the columns of `schema`, and
        then those that are carried along.

    Raises:
        TypeError: batch is neither a record batch nor a table.
        ValueError: it has no path, a row without one, a column of another type, or one with a name of `schema`'s; the
            line is not a recipe; root has credentials in it; or the images together have 2 GiB or more, which is for
            smaller batches.

    Example:
        >>> import isopixel.arrow
        >>> import pyarrow as pa
        >>> batch = pa.record_batch({"path": ["a", "b"], "bytes": [b"any bytes", b""], "label": [0, 1]})
        >>> rows = isopixel.arrow.transform(batch, "isopixel 1: square").to_pylist()
        >>> rows[0]["image"], rows[0]["shape"], rows[0]["label"]
        (b'any bytes', [3, 3], 0)
        >>> rows[1]["error_kind"], rows[1]["error"]
        ('input', 'is empty, or does not report its length: an image needs at least one byte')
    """
    if isinstance(batch, pa.Table):
        call_again = functools.partial(transform, recipe=recipe, root=root, io_threads=io_threads, decode=decode)
        empty = pa.RecordBatch.from_pylist([], schema=batch.schema)
        parts = [call_again(part) for part in (empty, *batch.combine_chunks().to_batches())]
        return pa.Table.from_batches(parts)
    if not isinstance(batch, pa.RecordBatch):
        raise TypeError(f"batch is a RecordBatch or a Table of pyarrow, not {type(batch).__name__}")
    recipe = recipe_of(str(recipe))
    check_decode(decode)
    names = batch.schema.names
    if names.count("path") != 1:
        raise ValueError(f"the batch has to have one column 'path', and has {', '.join(map(repr, names))}")
    extra = [name for name in names if name not in ("path", "size", "bytes")]
    check_extra(extra, "the batch")
    place = place_of(os.fspath(root)) if root else None
    paths = column_as(pa.string(), batch, "path", "the batch")
    sizes = column_as(pa.int64(), batch, "size", "the batch") if "size" in names else None
    contents = column_as(pa.large_binary(), batch, "bytes", "the batch") if "bytes" in names else None

    def call(i: int, path: str) -> Callable[[], Row]:
        size = sizes[i].as_py() if sizes is not None else None
        if contents is None:
            full = place.path(path) if place else path
            opening = functools.partial(place.source, path) if place else functools.partial(open_file, path)
        else:
            full, opening = path, functools.partial(_in_memory, contents[i], path)
        return functools.partial(make_row, opening, path, full, recipe, decode, size)

    if paths.null_count:
        raise ValueError("the batch has a row without a path")
    rows = list(in_order((call(i, path) for i, path in enumerate(paths.to_pylist())), io_threads))
    if sum(row.length for row in rows) >= 1 << 31:
        raise ValueError(
            "the images of the batch have 2 GiB or more, for which an Arrow array is too small: "
            "pass fewer rows at a time"
        )
    return batch_of(
        paths,
        rows,
        [batch.column(name) for name in extra],
        schema_of(recipe, [batch.schema.field(name) for name in extra]),
    )


def _in_memory(content: pa.Scalar, name: str) -> AbstractContextManager[OpenSource]:
    """Opens bytes of a column."""
    buffer = content.as_buffer() if content.is_valid else pa.py_buffer(b"")
    return nullcontext(OpenSource(pa.BufferReader(buffer), buffer.size, repr(name)))
