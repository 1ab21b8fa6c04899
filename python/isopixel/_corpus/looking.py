# SPDX-License-Identifier: MIT
"""What is in a corpus, and how its sources differ by now."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from isopixel._corpus.listing import listing_of
from isopixel._corpus.manifest import NAME as MANIFEST
from isopixel._corpus.manifest import CorpusManifest, read
from isopixel._corpus.places import place_of
from isopixel._corpus.plan import Plan, Settings
from isopixel._corpus.shard import FOLDER, name_of, stats_of


@dataclass(frozen=True)
class FileError:
    """A file that became no image.

    Attributes:
        path: its path.
        kind: "input" if its content is the reason, "io" if it could not be read.
        message: the reason.

    Example:
        >>> import isopixel.corpus
        >>> isopixel.corpus.FileError("a.exe", "io", "Permission denied").kind
        'io'
    """

    path: str
    kind: str
    message: str


@dataclass(frozen=True)
class Changes:
    """How the sources differ from those that a corpus was planned with.

    Attributes:
        new: the paths that were not there.
        vanished: the paths that are not there any more.
        resized: the paths of files of another number of bytes.

    Example:
        >>> import isopixel.corpus
        >>> isopixel.corpus.Changes(new=("a.exe",)).vanished
        ()
    """

    new: tuple[str, ...] = ()
    vanished: tuple[str, ...] = ()
    resized: tuple[str, ...] = ()


@dataclass(frozen=True)
class State:
    """How far a corpus is.

    Attributes:
        settings: what it is made by.
        rows: the number of its rows.
        shards: the number of its shards.
        there: of how many there is a file.
        manifest: what it holds; None if it is not finished.
    """

    settings: Settings
    rows: int
    shards: int
    there: int
    manifest: CorpusManifest | None


def state_of(dst: str) -> State:
    """Returns how far a corpus is; raises FileNotFoundError if there is none."""
    place = place_of(dst)
    plan = Plan(place)
    manifest = read(place) if place.exists(MANIFEST) else None
    names = {f"{FOLDER}/{name}" for name in place.names(FOLDER)}
    there = sum(name_of(i, plan.shards) in names for i in range(plan.shards))
    return State(plan.settings, plan.rows, plan.shards, there, manifest)


def errors(plan: Plan) -> Iterator[FileError]:
    """Yields the files that became no images, in the order of their paths, as far as their shards are there."""
    for i in range(plan.shards):
        stats = stats_of(plan, i)
        if stats is None or not stats["errors"]:
            continue
        with plan.dst.open(name_of(i, plan.shards)) as file:
            shard = pq.ParquetFile(file).read(["path", "error_kind", "error"])
        for row in shard.filter(pc.is_valid(shard["error"])).to_pylist():
            yield FileError(row["path"], row["error_kind"], row["error"])


def changes(plan: Plan, on_found: Callable[[int], object]) -> Changes:
    """Compares the sources with a plan; raises ValueError if that was made of a list, OSError if there are none."""
    if plan.settings.list is not None:
        raise ValueError("the corpus is of the files of a list, and not of all in a folder")
    now = listing_of(place_of(plan.settings.source), plan.dst, on_found)
    then = plan.columns(["path", "size"])
    then = then.set_column(0, "path", then["path"].cast(pa.large_string()))
    places = pc.index_in(now["path"], then["path"].combine_chunks())
    new = now["path"].filter(pc.is_null(places))
    vanished = then["path"].filter(pc.invert(pc.is_in(then["path"], now["path"].combine_chunks())))
    both = now.filter(pc.is_valid(places))
    resized = both["path"].filter(pc.not_equal(both["size"], then["size"].take(places.drop_null())))
    return Changes(*(tuple(sorted(paths.to_pylist())) for paths in (new, vanished, resized)))
