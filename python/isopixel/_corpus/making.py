# SPDX-License-Identifier: MIT
"""Making a corpus: its plan, its shards, its manifest."""

import functools
import re
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Literal

import pyarrow as pa

from isopixel._corpus import listing, manifest, plan, shard
from isopixel._corpus.engines import Engine, ShardsFailedError
from isopixel._corpus.manifest import CorpusManifest
from isopixel._corpus.places import Place
from isopixel._corpus.plan import Plan, Settings
from isopixel._corpus.rows import IO
from isopixel._corpus.shard import Made
from isopixel._pool import call_in_thread
from isopixel._workers import WorkerDiedError


@dataclass(frozen=True)
class Progress:
    """How far the making of a corpus is.

    Attributes:
        stage: "list" while the sources are listed, "make" while the shards are made, "finish" while the manifest is;
            "verify" while a corpus is verified.
        done_files: how many were found, or are done; without those of shards that were there before.
        total_files: how many there are to do; 0 while they are listed.
        done_bytes: of the sources, that are done.
        total_bytes: of all sources that there are to do; at the end, of those that were read.
        errors: how many files became no images, with those of shards that were there before.

    Example:
        >>> import isopixel.corpus
        >>> isopixel.corpus.Progress("list", 1000).done_files
        1000
    """

    stage: Literal["list", "make", "finish", "verify"]
    done_files: int = 0
    total_files: int = 0
    done_bytes: int = 0
    total_bytes: int = 0
    errors: int = 0


OnProgress = Callable[[Progress], object]


def begin(source: Place, dst: Place, settings: Settings, file_list: str | None, on_progress: OnProgress) -> Plan:
    """Writes the plan of a corpus, unless it is there by the same settings, and returns it."""
    names = dst.names()  # once, since another driver may be about to write the plan
    if plan.NAME not in names:
        if names:
            raise ValueError(f"{dst.text!r} is not empty, and holds no corpus: choose another folder")
        with suppress(FileExistsError):  # another driver was first
            # Taken out of here, so that the sorted rows may have the place of these: there may be ten million.
            listed = [_listed(source, dst, file_list, on_progress)]
            found = Progress("list", len(listed[0]))
            call_in_thread(lambda: plan.write(dst, listed.pop(), settings), lambda: on_progress(found))
    made = Plan(dst)
    settings.check_same(made.settings, dst.text)
    return made


def _listed(source: Place, dst: Place, file_list: str | None, on_progress: OnProgress) -> pa.Table:
    if file_list is not None:
        return call_in_thread(lambda: listing.read_list(file_list), lambda: on_progress(Progress("list")))
    return listing.listing_of(source, dst, lambda n: on_progress(Progress("list", n)))


def part_of(text: str | None) -> slice:
    """Returns which shards a part "k/n" has, of any number of them; all, if none is given."""
    if text is None:
        return slice(None)
    match = re.fullmatch(r"([0-9]+)/([0-9]+)", text, re.ASCII)
    if not match or not 1 <= int(match[1]) <= int(match[2]):
        raise ValueError(f"part is k/n, with k from 1 to n, such as 1/3; not {text!r}")
    return slice(int(match[1]) - 1, None, int(match[2]))


def with_io_errors(plan: Plan) -> list[int]:
    """Returns the shards that have files that could not be read, and those that are missing."""
    found = ((i, shard.stats_of(plan, i)) for i in range(plan.shards))
    return [i for i, stats in found if stats is None or IO in stats["errors"]]


def run(
    made: Plan,
    numbers: Sequence[int],
    engine: Engine,
    io_threads: int,
    on_progress: OnProgress,
    *,
    again: bool = False,
) -> CorpusManifest | None:
    """Makes shards, and the manifest; returns None if other shards are missing.

    Raises:
        ShardsFailedError: some shards are not made, since their workers died.
        Exception: what a shard raised, which ends the work.
    """
    lengths = made.lengths()
    reading: dict[int, int] = {}
    rows = length = taken = errors = 0
    all_rows, all_length = (sum(lengths[i][k] for i in numbers) for k in (0, 1))
    failed: dict[int, WorkerDiedError] = {}

    def on_done(i: int, result: Made | BaseException) -> None:
        nonlocal rows, length, taken, errors, all_rows, all_length
        reading.pop(i, None)
        if isinstance(result, WorkerDiedError):
            failed[i] = result
            return
        if isinstance(result, BaseException):
            raise result
        errors += sum(result.stats["errors"].values())
        if result.is_new:
            rows, length = rows + lengths[i][0], length + lengths[i][1]
            taken += result.stats["source_bytes"]
        else:
            all_rows, all_length = all_rows - lengths[i][0], all_length - lengths[i][1]

    def on_read(i: int, n: int) -> None:
        reading[i] = reading.get(i, 0) + n

    def on_tick() -> None:
        read = sum(min(n, lengths[i][1]) for i, n in list(reading.items()))
        on_progress(Progress("make", rows, all_rows, length + read, all_length, errors))

    if numbers:
        make = functools.partial(shard.make, made.dst.text, made.sha256, io_threads, again)
        # The longest first, so that nobody waits for the last one.
        engine(make, sorted(numbers, key=lambda i: lengths[i][1], reverse=True), on_done, on_read, on_tick)
    if failed:
        first = min(failed)
        raise ShardsFailedError(
            f"{len(failed)} of {len(numbers)} shards could not be made, the others are there. Of shard {first}, "
            f"{failed[first]}: see that there is enough memory, or use fewer workers, and go on with the same command"
        )
    on_progress(Progress("finish", rows, rows, taken, taken, errors))
    return manifest.finish(made)
