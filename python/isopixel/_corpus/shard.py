# SPDX-License-Identifier: MIT
"""One shard of a corpus: a pure function of its rows of the plan and of the sources' bytes; whole, or not there."""

import functools
import json
from collections import Counter
from collections.abc import Callable, Iterator
from typing import IO, Any, NamedTuple

import pyarrow as pa
import pyarrow.parquet as pq

from isopixel._corpus.places import Place, place_of
from isopixel._corpus.plan import FIELDS as PLANNED
from isopixel._corpus.plan import Plan, plan_of
from isopixel._corpus.rows import INPUT, Row, batch_of, in_order, make_row, recipe_of, schema_of
from isopixel._corpus.rows import IO as READING
from isopixel._guard import Guard
from isopixel._manifest import is_count, is_digest

FOLDER = "data"
GROUP_ROWS = 16  # of a row group: what a random access has to look at
GROUP_BYTES = 64 << 20  # of a row group's images, but for a single one

_KEY = "isopixel.shard"
# One page a column and row group, which is not compressed: the values of images lie behind one another at its end.
_LAYOUT = {
    "compression": "none",
    "use_dictionary": False,
    "write_statistics": False,
    "data_page_version": "1.0",
    "data_page_size": (1 << 31) - 1,
    "write_page_checksum": True,
}

Stats = dict[str, Any]
OnRead = Callable[[int], object]


class Made(NamedTuple):
    """A shard that is there: its statistics, and whether it was not there before."""

    stats: Stats
    is_new: bool


def name_of(i: int, n: int) -> str:
    """Returns the name of shard i of n, below the place of the corpus."""
    return f"{FOLDER}/part-{i:05d}-of-{n:05d}.parquet"


def make(dst: str, sha256: str, io_threads: int, again: bool, i: int, on_read: OnRead = lambda n: None) -> Made:
    """Makes a shard, unless it is there.

    Args:
        dst: the place of the corpus.
        sha256: of its plan.
        io_threads: how many sources are read at once.
        again: whether it is made even if it is there.
        i: the shard's number.
        on_read: called with the number of bytes that were read since the last call.

    Raises:
        OSError: it cannot be written; or no source of it can be read, and neither can their folder.
    """
    plan = plan_of(dst, sha256)
    if not again and (there := stats_of(plan, i)) is not None:
        return Made(there, False)
    # Before anything is written, since what goes wrong there is not the file's fault.
    source, planned = place_of(plan.settings.source), plan.shard(i).combine_chunks()
    with plan.dst.writing(name_of(i, plan.shards)) as file:
        return Made(_write(file, plan, i, source, planned, io_threads, on_read), True)


def _write(
    file: IO[bytes], plan: Plan, i: int, source: Place, planned: pa.Table, io_threads: int, on_read: OnRead
) -> Stats:
    recipe, decode = recipe_of(plan.settings.recipe), plan.settings.decode
    guard = Guard(recipe)

    def call(path: str, size: int | None, error: str | None, kind: str | None) -> Callable[[], Row]:
        if error is not None:
            return lambda: Row(error=error, error_kind=kind)
        watch = guard.watch(path)

        def see(block: memoryview) -> None:
            watch(block)
            on_read(len(block))

        full = source.path(path)
        return functools.partial(
            make_row, functools.partial(source.source, path), path, full, recipe, decode, size, see
        )

    columns = [planned[field.name].to_pylist() for field in PLANNED]
    rows = in_order((call(*values) for values in zip(*columns, strict=True)), io_threads)
    errors: Counter[str] = Counter()
    length = at = 0
    schema = schema_of(recipe, plan.extra)
    with pq.ParquetWriter(file, schema, **_LAYOUT) as writer:
        for group in _groups(rows):
            part = planned.slice(at, len(group))
            extra = [_one(part[field.name]) for field in plan.extra]
            writer.write_batch(batch_of(_one(part["path"]), group, extra, schema))
            at += len(group)
            errors.update(row.error_kind for row in group if row.error_kind is not None)
            length += sum(row.n_bytes or 0 for row in group)
        if errors[READING] == len(planned):
            _check_is_there(source)
        stats = {
            "shard": i,
            "of": plan.shards,
            "rows": len(planned),
            "errors": dict(sorted(errors.items())),
            "source_bytes": length,
            "taken_for_bytes": guard.kinds(),
            "plan": plan.sha256,
        }
        writer.add_key_value_metadata({_KEY: json.dumps(stats)})
    return stats


def _one(column: pa.ChunkedArray) -> pa.Array:
    array = column.combine_chunks()
    return array.chunk(0) if isinstance(array, pa.ChunkedArray) else array


def _groups(rows: Iterator[Row]) -> Iterator[list[Row]]:
    """Yields the rows of each row group: at most GROUP_ROWS and, but for a single one, GROUP_BYTES of images."""
    group: list[Row] = []
    length = 0
    for row in rows:
        if group and (len(group) == GROUP_ROWS or length + row.length > GROUP_BYTES):
            yield group
            group, length = [], 0
        group.append(row)
        length += row.length
    if group:
        yield group


def _check_is_there(source: Place) -> None:
    """Raises ValueError if the sources' folder cannot be read: then what is wrong is not wrong with each of them."""
    try:
        source.check_is_there()
    except OSError as error:
        raise ValueError(
            f"no source of a shard can be read, and neither can their folder {source.text!r}: {error}; "
            "see that it is there and that the credentials are valid, and go on with the same command"
        ) from error


def footer_of(place: Place, name: str) -> bytes:
    """Returns the end of a shard, which says where all of it lies; raises OSError, or ValueError for another file."""
    with place.open(name) as file:
        size = file.size()
        file.seek(max(0, size - 8))
        tail = file.read(8)
        length = int.from_bytes(tail[:4], "little") + 8
        if tail[4:] != b"PAR1" or length + 4 > size:
            raise ValueError(f"{place.path(name)!r} is not a Parquet file, or is broken")
        file.seek(size - length)
        footer: bytes = file.read(length)
    return footer


def parsed(footer: bytes) -> pq.FileMetaData:
    """Returns what a footer says; raises ValueError if it is broken."""
    try:
        return pq.read_metadata(pa.BufferReader(footer))
    except (OSError, pa.ArrowException) as error:
        raise ValueError(f"its footer is broken: {error}") from None


def stats_in(metadata: pq.FileMetaData) -> Stats:
    """Returns the statistics in a footer; raises ValueError if there are none."""
    try:
        stats: Stats = json.loads(metadata.metadata[_KEY.encode()])
    except (TypeError, KeyError, ValueError, RecursionError):
        stats = {}
    if not is_stats(stats):
        raise ValueError("its footer has no statistics of a shard")
    return stats


def is_stats(stats: object) -> bool:
    """Returns whether a value from JSON is the statistics of a shard."""
    return (
        isinstance(stats, dict)
        and stats.keys() >= {"shard", "of", "rows", "errors", "source_bytes", "taken_for_bytes", "plan"}
        and all(is_count(stats[name]) for name in ("shard", "of", "rows", "source_bytes"))
        and are_errors(stats["errors"])
        and isinstance(stats["taken_for_bytes"], dict)
        and all(_is_kind(*item) for item in stats["taken_for_bytes"].items())
        and is_digest(stats["plan"])
    )


def are_errors(errors: object) -> bool:
    """Returns whether a value from JSON is the numbers of errors by their kinds."""
    return isinstance(errors, dict) and errors.keys() <= {INPUT, READING} and all(map(is_count, errors.values()))


def _is_kind(kind: str, files: object) -> bool:
    is_pair = isinstance(files, list) and len(files) == 2 and is_count(files[0]) and isinstance(files[1], str)
    return is_pair and kind != ""


def stats_of(plan: Plan, i: int) -> Stats | None:
    """Returns the statistics of a shard, from its footer; None if it is not there, not whole, or of another plan."""
    try:
        stats = stats_in(parsed(footer_of(plan.dst, name_of(i, plan.shards))))
    except (FileNotFoundError, ValueError):
        return None
    return stats if (stats.get("plan"), stats.get("shard")) == (plan.sha256, i) else None
