# SPDX-License-Identifier: MIT
"""The plan of a corpus: its sources, sorted and cut into shards; a value that is written once, to DST/plan.parquet."""

import dataclasses
import functools
import hashlib
import itertools
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from isopixel._corpus.decoded import check_decode
from isopixel._corpus.places import Place, place_of
from isopixel._manifest import is_digest

NAME = "plan.parquet"
MOST_ROWS = 4096  # of a shard
MOST_BYTES = 8 << 30  # of a shard's sources, but for a single one

_KEY = "isopixel.plan"
FIELDS = (
    pa.field("path", pa.string(), nullable=False),
    pa.field("size", pa.int64()),
    pa.field("error", pa.string()),  # of what cannot be a source, whose row has it
    pa.field("error_kind", pa.string()),
)


@dataclass(frozen=True)
class Settings:
    """What a plan is made by: the same ones go on with a corpus, others are refused.

    Attributes:
        recipe: the recipe's line.
        source: the absolute path or the URI of the folder of the sources.
        decode: how they are stored, "zlib" or None.
        rows: the most rows of a shard.
        bytes: the most bytes of its sources, but for a single one.
        list: the SHA-256 of the list of the sources; None if the folder was listed.
    """

    recipe: str
    source: str
    decode: str | None = None
    rows: int = MOST_ROWS
    bytes: int = MOST_BYTES
    list: str | None = None

    def check(self) -> None:
        """Raises ValueError for what no plan is made by."""
        check_decode(self.decode)
        for name in ("rows", "bytes"):
            if getattr(self, name) < 1:
                raise ValueError(f"{name} of a shard are at least 1, not {getattr(self, name)}")

    def check_same(self, there: "Settings", dst: str) -> None:
        """Raises ValueError if a corpus that is there was begun with other settings."""
        for name, wanted in dataclasses.asdict(self).items():
            if (had := getattr(there, name)) != wanted:
                raise ValueError(
                    f"{dst!r} holds a corpus that was begun with another {name}: {had!r}, and not {wanted!r}; "
                    "choose another folder, or the same settings"
                )


class Plan:
    """A plan that is there.

    Attributes:
        dst: the place of the corpus.
        settings: what it was made by.
        sha256: of what its shards are made by: the rows of each, the recipe and the decoding.
        shards: the number of its shards.
        extra: the columns that are carried along.
    """

    def __init__(self, dst: Place) -> None:
        """Opens the plan; raises FileNotFoundError if there is none, or ValueError if it is broken."""
        if not dst.exists(NAME):
            raise FileNotFoundError(f"{dst.text!r} is not a corpus: it has no {NAME}")
        self.dst = dst
        with dst.open(NAME) as file:
            try:
                self._metadata = pq.read_metadata(file)
                schema = self._metadata.schema.to_arrow_schema()
                known = dict(json.loads(self._metadata.metadata[_KEY.encode()]))
                self.sha256: str = known.pop("sha256")
                self.settings = Settings(**known)
                _check_types(self.settings, self.sha256, schema)
                self._lengths = [self._metadata.row_group(i).num_rows for i in range(self._metadata.num_row_groups)]
                if min(self._lengths, default=0) < 1 or sum(self._lengths) != self._metadata.num_rows:
                    raise ValueError("its shards do not have its rows")
            except (pa.ArrowInvalid, TypeError, KeyError, ValueError, RecursionError) as error:
                raise ValueError(f"{dst.path(NAME)!r} is not the plan of a corpus, or is broken: {error}") from None
        self.shards = len(self._lengths)
        self.extra: list[pa.Field] = list(schema)[len(FIELDS) :]

    @property
    def rows(self) -> int:
        """The number of its rows."""
        n: int = self._metadata.num_rows
        return n

    def shard(self, i: int) -> pa.Table:
        """Returns the rows of a shard."""
        with self._opened() as file:
            return file.read_row_group(i, use_threads=False)

    def columns(self, names: list[str]) -> pa.Table:
        """Returns columns of all rows."""
        with self._opened() as file:
            table = file.read(names)
            if len(table) != self.rows:
                raise OSError("rows are missing")
        return table

    def lengths(self) -> list[tuple[int, int]]:
        """Returns the rows of each shard, and the bytes of its sources."""
        sizes = self.columns(["size"])["size"].fill_null(0).to_numpy()
        starts = np.cumsum([0, *self._lengths[:-1]])
        return list(zip(self._lengths, np.add.reduceat(sizes, starts).tolist(), strict=True))

    @contextmanager
    def _opened(self) -> Iterator[pq.ParquetFile]:
        try:
            with self.dst.open(NAME) as file:
                yield pq.ParquetFile(file, metadata=self._metadata, page_checksum_verification=True)
        except (OSError, pa.ArrowException) as error:
            raise OSError(f"{self.dst.path(NAME)!r} cannot be read, or is broken: {error}") from error


def _check_types(settings: Settings, sha256: str, schema: pa.Schema) -> None:
    """Raises ValueError for what no plan says, whoever wrote it."""
    settings.check()
    texts, numbers = (settings.recipe, settings.source), (settings.rows, settings.bytes)
    is_whole = (
        all(isinstance(text, str) for text in texts)
        and all(type(number) is int for number in numbers)
        and (settings.list is None or is_digest(settings.list))
        and is_digest(sha256)
        and pa.schema(list(schema)[: len(FIELDS)]).equals(pa.schema(FIELDS))
    )
    if not is_whole:
        raise ValueError("a field is of the wrong type, or a column is missing")


@functools.lru_cache(maxsize=4)
def plan_of(dst: str, sha256: str) -> Plan:
    """Returns the plan of a corpus, which is opened once; raises ValueError if it is not the one of this digest."""
    plan = Plan(place_of(dst))
    if plan.sha256 != sha256:
        raise ValueError(f"{dst!r} holds another plan than where the work began: do all machines see one folder there?")
    return plan


def cuts(sizes: np.ndarray[Any, np.dtype[np.int64]], rows: int, most: int) -> list[int]:
    """Returns the first rows of shards, and at last the number of rows.

    A shard has at most `rows` rows and, but for a single one, `most` bytes.
    """
    ends = np.cumsum(sizes, dtype=np.int64)
    starts, n = [0], len(sizes)
    while (start := starts[-1]) < n:
        before = int(ends[start - 1]) if start else 0
        fits = int(np.searchsorted(ends, before + most, "right"))
        starts.append(min(max(fits, start + 1), start + rows, n))
    return starts


def write(dst: Place, listed: pa.Table, settings: Settings) -> None:
    """Writes the plan of sources, one row group for each shard.

    Raises:
        FileExistsError: another one was written before.
        ValueError: there are no sources; or two of one path.
    """
    if len(listed) == 0:
        raise ValueError(f"there are no files in {settings.source!r}")
    order = pc.sort_indices(listed["path"])
    try:
        listed = listed.take(order)
    except NotImplementedError as error:
        raise ValueError(
            f"the list has a column that cannot be sorted with the others: cast it first ({error})"
        ) from None
    del order
    paths = listed["path"].combine_chunks() if isinstance(listed["path"], pa.ChunkedArray) else listed["path"]
    same = pc.equal(paths[1:], paths[:-1])
    if pc.any(same).as_py():
        path = paths[pc.index(same, True).as_py()].as_py()
        raise ValueError(f"two files have the path {path!r}, as a corpus writes it: rename one, or list it once")
    starts = cuts(listed["size"].fill_null(0).to_numpy(), settings.rows, settings.bytes)
    schema = pa.schema([*FIELDS, *list(listed.schema)[len(FIELDS) :]])
    digest = _Digest()
    digest.write(f"{settings.recipe}\n{settings.decode}\n".encode("ascii"))
    with (
        dst.writing(NAME, is_new=True) as file,
        pq.ParquetWriter(file, schema, compression="zstd", write_page_checksum=True) as writer,
        pa.ipc.new_stream(pa.PythonFile(digest, "w"), schema) as stream,
    ):
        for start, end in itertools.pairwise(starts):
            part = listed.slice(start, end - start).cast(schema).combine_chunks()
            stream.write_table(part)
            writer.write_table(part, row_group_size=end - start)
        known = dataclasses.asdict(settings) | {"sha256": digest.sha256.hexdigest()}
        writer.add_key_value_metadata({_KEY: json.dumps(known)})


class _Digest:
    """A file that keeps nothing but the SHA-256 of what is written to it."""

    closed = False

    def __init__(self) -> None:
        self.sha256 = hashlib.sha256()

    def write(self, data: Any) -> int:
        self.sha256.update(data)
        return len(data)

    def flush(self) -> None:
        pass

    def close(self) -> None:
        pass
