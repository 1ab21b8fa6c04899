# SPDX-License-Identifier: MIT
"""The rows of a corpus: what a recipe makes of sources, as Arrow has it."""

import functools
import hashlib
import math
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import AbstractContextManager
from itertools import islice
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from isopixel._corpus.decoded import unpacked
from isopixel._fingerprints import fingerprint
from isopixel._manifest import SPEC
from isopixel._recipe import Recipe
from isopixel._sources import OpenSource
from isopixel._walk import reason

INPUT, IO = "input", "io"  # kinds of errors: of what a source holds, and of reading it
MOST_BYTES = (1 << 31) - (1 << 16)  # of an image: the offsets and pages of a column have 31 bits, with their heads

FIELDS = (
    pa.field("path", pa.string(), nullable=False),
    pa.field("image", pa.binary()),
    pa.field("shape", pa.list_(pa.int32())),
    pa.field("fingerprint", pa.string()),
    pa.field("source_sha256", pa.string()),
    pa.field("n_bytes", pa.int64()),
    pa.field("error", pa.string()),
    pa.field("error_kind", pa.string()),
)
NAMES = tuple(field.name for field in FIELDS)

See = Callable[[memoryview], object]
Opening = Callable[[], AbstractContextManager[OpenSource]]


class Row(NamedTuple):
    """What became of one source, without its path: the columns of FIELDS behind the first."""

    image: memoryview | None = None
    shape: tuple[int, ...] | None = None
    fingerprint: str | None = None
    source_sha256: str | None = None
    n_bytes: int | None = None
    error: str | None = None
    error_kind: str | None = None

    @property
    def length(self) -> int:
        """The number of the image's bytes."""
        return 0 if self.image is None else len(self.image)


@functools.lru_cache(maxsize=16)
def recipe_of(line: str) -> Recipe:
    """Returns the recipe of a line."""
    return Recipe.parse(line)


def schema_of(recipe: Recipe, extra: Iterable[pa.Field] = ()) -> pa.Schema:
    """Returns the schema of rows, with further columns at its end."""
    metadata = {"isopixel.recipe": recipe.line, "isopixel.dtype": recipe.dtype.name, "isopixel.spec": str(SPEC)}
    return pa.schema([*FIELDS, *extra], metadata=metadata)


def check_extra(names: Sequence[str], what: str) -> None:
    """Raises ValueError if columns that are carried along have names that are taken, or come twice."""
    if taken := [name for name in names if name in NAMES]:
        raise ValueError(f"{what} has a column {taken[0]!r}, which is the name of one that is made: rename it")
    if len(set(names)) < len(names):
        raise ValueError(f"{what} has two columns of one name: rename one")


def column_as(to: pa.DataType, table: pa.Table | pa.RecordBatch, name: str, what: str) -> Any:
    """Returns a column of a table or a batch as a type; raises ValueError if it is not of one like it."""
    try:
        return table.column(name).cast(to)
    except (pa.ArrowInvalid, NotImplementedError) as error:
        raise ValueError(f"{what} has a column {name!r} that cannot be {to}: {error}") from None


def make_row(
    opening: Opening,
    path: str,
    full: str,
    recipe: Recipe,
    decode: str | None = None,
    size: int | None = None,
    see: See = lambda block: None,
) -> Row:
    """Makes the row of a source; what is wrong with it is an error in the row.

    Args:
        opening: opens it.
        path: what messages call it.
        full: its path as errors of the system have it, which is not to be in messages.
        recipe: how its image is made.
        decode: how it is stored.
        size: the number of its bytes as they are stored, if that is known.
        see: called with each block of its bytes, decoded.
    """
    try:
        with opening() as source:
            if size is not None and source.length != size:
                raise OSError(f"has {source.length:,} bytes, and had {size:,} when the corpus was planned")
            if decode is not None:
                source = unpacked(source)
            _check_fits(recipe, source.length)
            digest = hashlib.sha256()

            def take(block: memoryview) -> None:
                digest.update(block)
                see(block)

            array = recipe._of_source(source, take, whole=True)
        samples = _samples(array)
        return Row(samples, array.shape, fingerprint(array), digest.hexdigest(), source.length)
    except (OSError, MemoryError) as error:
        return Row(error=_message(error, path, full), error_kind=IO)
    except ValueError as error:
        return Row(error=_message(error, path, full), error_kind=INPUT)


def _message(error: BaseException, path: str, full: str) -> str:
    if isinstance(error, MemoryError):
        return f"there is not enough memory for its image: {error}"
    # The path is a column beside the message.
    return reason(error, full).replace(repr(full), repr(path)).removeprefix(repr(path)).removeprefix(":").lstrip()


def _check_fits(recipe: Recipe, length: int) -> None:
    """Raises ValueError for a source whose image is too long for a row, as far as that shows before it is made."""
    if recipe.layout is not None and recipe.size is None and length > 0:
        try:
            shape = recipe._shape(length)
        except ValueError:
            return  # for who makes the image, with a better message
        known = [side for side in shape if side is not None]
        if len(known) == len(shape):
            _check_length(math.prod(known) * recipe.dtype.itemsize)


def _check_length(length: int) -> None:
    if length > MOST_BYTES:
        raise ValueError(
            f"its image has {length:,} bytes, and an image in a corpus has at most {MOST_BYTES:,}: "
            "use a recipe that resizes it"
        )


def _samples(array: npt.NDArray[Any]) -> memoryview:
    """Returns the samples of an array as R-8 has them: in C order, little-endian."""
    _check_length(array.nbytes)
    little = np.ascontiguousarray(array, dtype=array.dtype.newbyteorder("<"))
    return little.reshape(-1).view(np.uint8).data


def in_order(calls: Iterable[Callable[[], Row]], threads: int) -> Iterator[Row]:
    """Yields what calls return, in their order, a few of which run at once."""
    if threads == 1:
        for call in calls:
            yield call()
        return
    left = iter(calls)
    with ThreadPoolExecutor(threads) as pool:
        running: deque[Future[Row]] = deque()
        try:
            running.extend(pool.submit(call) for call in islice(left, 2 * threads))
            while running:
                row = running.popleft().result()
                running.extend(pool.submit(call) for call in islice(left, 1))
                yield row
        finally:
            for future in running:
                future.cancel()


def batch_of(paths: pa.Array, rows: Sequence[Row], extra: Sequence[pa.Array], schema: pa.Schema) -> pa.RecordBatch:
    """Returns rows as a record batch."""
    images, *columns = zip(*rows, strict=True) if rows else [()] * (len(FIELDS) - 1)
    arrays = [pa.array(column, field.type) for column, field in zip(columns, FIELDS[2:], strict=True)]
    return pa.RecordBatch.from_arrays([paths, _binary(images), *arrays, *extra], schema=schema)


def _binary(images: Sequence[memoryview | None]) -> pa.Array:
    """Returns images, below 2 GiB, as an array; pa.array keeps each for ever, as pyarrow 26 releases no memoryview."""
    offsets = np.zeros(len(images) + 1, np.int32)
    np.cumsum([0 if image is None else len(image) for image in images], out=offsets[1:])
    _, is_there = pa.array([image is not None for image in images], pa.bool_()).buffers()
    samples = b"".join(image for image in images if image is not None)
    buffers = [is_there, pa.py_buffer(offsets), pa.py_buffer(samples)]
    return pa.Array.from_buffers(pa.binary(), len(images), buffers)
