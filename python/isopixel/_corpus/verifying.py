# SPDX-License-Identifier: MIT
"""Whether a corpus is as it was made: each bit of its shards, and of some rows what the recipe makes of the sources."""

import dataclasses
import functools
import hashlib
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from isopixel._corpus.making import OnProgress, Progress
from isopixel._corpus.manifest import NAME as MANIFEST
from isopixel._corpus.manifest import CorpusManifest, manifest_of, read
from isopixel._corpus.pages import MAGIC, wrong_heads
from isopixel._corpus.places import Place, place_of
from isopixel._corpus.plan import NAME as PLAN
from isopixel._corpus.plan import Plan
from isopixel._corpus.rows import make_row, recipe_of
from isopixel._corpus.shard import OnRead, footer_of, name_of, parsed
from isopixel._fingerprints import fingerprint
from isopixel._pool import cores
from isopixel._recipe import Recipe
from isopixel._workers import run_in_workers


@dataclass(frozen=True)
class Finding:
    """Something in a corpus that is not as it was made.

    Attributes:
        file: the file of the corpus.
        path: the path of the row; None if the file is meant.
        what: is wrong with it.

    Example:
        >>> import isopixel.corpus
        >>> print(isopixel.corpus.Finding("plan.parquet", None, "is broken").file)
        plan.parquet
    """

    file: str
    path: str | None
    what: str


@dataclass(frozen=True)
class _Shard:
    """What is known of a shard: its name, the digest of its footer, and the rows in it that are to be made again."""

    name: str
    footer: str | None
    rows: tuple[int, ...]


@dataclass(frozen=True)
class _Maker:
    """What makes rows again."""

    recipe: Recipe
    source: Place
    decode: str | None

    def differs(self, row: dict[str, Any]) -> str | None:
        """Returns what is different if a row is made again."""
        path = row["path"]
        if row["error"] is not None:
            return None
        opening = functools.partial(self.source.source, path)
        again = make_row(opening, path, self.source.path(path), self.recipe, self.decode)
        if again.error is not None:
            return f"its source cannot be taken any more: {again.error}"
        if again.source_sha256 != row["source_sha256"]:
            return "its source has changed"
        return None if again.fingerprint == row["fingerprint"] else "the recipe makes another image of its source"


def verify(dst: Place, sample: int, workers: int | None, on_progress: OnProgress) -> list[Finding]:
    """Compares a corpus with its manifest; see `isopixel.corpus.verify`."""
    manifest = read(dst)
    chosen: dict[int, list[int]] = {}
    starts = np.cumsum([0, *(stats["rows"] for stats in manifest.shards)])
    for row in sorted(random.sample(range(manifest.rows), min(sample, manifest.rows))):
        i = int(np.searchsorted(starts, row, "right")) - 1
        chosen.setdefault(i, []).append(row - int(starts[i]))
    found: dict[str, list[Finding]] = {}
    reading = 0

    def on_done(shard: _Shard, result: list[Finding] | BaseException) -> None:
        if isinstance(result, BaseException):
            raise result
        found[shard.name] = result

    def on_read(shard: _Shard, n: int) -> None:
        nonlocal reading
        reading += n

    def on_tick() -> None:
        on_progress(Progress("verify", reading, manifest.rows))

    n = len(manifest.shards)
    shards = [
        _Shard(name_of(i, n), stats.get("footer"), tuple(chosen.get(i, ()))) for i, stats in enumerate(manifest.shards)
    ]
    check = functools.partial(_check, dst.text, manifest.recipe, manifest.source, manifest.decode)
    run_in_workers(check, shards, workers or cores(), on_done, on_read, on_tick)
    findings = [finding for name in sorted(found) for finding in found[name]]
    findings = [*_of_plan(dst, manifest), *findings]
    return findings or _of_manifest(dst, manifest)


def _of_plan(dst: Place, manifest: CorpusManifest) -> list[Finding]:
    try:
        plan = Plan(dst)
        for i in range(plan.shards):
            plan.shard(i)  # each page has a checksum
    except (OSError, ValueError) as error:
        return [Finding(PLAN, None, str(error))]
    if any(stats["plan"] != plan.sha256 for stats in manifest.shards):
        return [Finding(PLAN, None, "is not the plan that the shards were made by")]
    return []


def _of_manifest(dst: Place, manifest: CorpusManifest) -> list[Finding]:
    """Compares the manifest with what would be written now: with the plan, and with all rows and their order."""
    try:
        made = manifest_of(Plan(dst))
    except (OSError, ValueError) as error:
        return [Finding(MANIFEST, None, str(error))]
    if made is None:
        return [Finding(MANIFEST, None, "it is of other shards than the plan")]
    names = [field.name for field in dataclasses.fields(made) if field.name != "isopixel"]  # who finished it
    wrong = [name for name in names if getattr(made, name) != getattr(manifest, name)]
    return [Finding(MANIFEST, None, f"its {name} is not that of the plan and the shards") for name in wrong]


def _check(dst: str, recipe: str, source: str, decode: str | None, shard: _Shard, on_read: OnRead) -> list[Finding]:
    """Returns what is wrong with a shard."""
    name = shard.name
    findings: list[Finding] = []

    def find(what: str, path: str | None = None) -> None:
        findings.append(Finding(name, path, what))

    place = place_of(dst)
    try:
        footer = footer_of(place, name)
    except (OSError, ValueError) as error:
        return [Finding(name, None, str(error))]
    if f"sha256:{hashlib.sha256(footer).hexdigest()}" != shard.footer:
        # Which is not parsed: pyarrow may end the process over one that contradicts itself.
        return [Finding(name, None, "its footer is not the one that the manifest knows")]
    metadata = parsed(footer)
    try:
        with place.open(name) as file:
            if file.read(len(MAGIC)) != MAGIC:
                find("its first bytes are not those of a Parquet file")
            for group, column in wrong_heads(file, metadata):
                find(f"the head of column {column} in row group {group} is broken")
            _check_rows(file, metadata, _Maker(recipe_of(recipe), place_of(source), decode), shard.rows, find, on_read)
    except (OSError, ValueError, pa.ArrowException) as error:
        find(f"it cannot be read: {error}")
    return findings


def _check_rows(
    file: pa.NativeFile,
    metadata: pq.FileMetaData,
    maker: _Maker,
    chosen: Sequence[int],
    find: Callable[..., None],
    on_read: OnRead,
) -> None:
    file.seek(0)
    shard = pq.ParquetFile(file, metadata=metadata, page_checksum_verification=True)
    left, at = set(chosen), 0
    for group in range(metadata.num_row_groups):
        try:
            rows = shard.read_row_group(group, use_threads=False).to_pylist()
        except (OSError, ValueError, pa.ArrowException) as error:
            find(f"row group {group} is broken: {error}")
            rows = []
        for j, row in enumerate(rows):
            if row["image"] is not None and (what := _of_image(row, maker.recipe)) is not None:
                find(what, row["path"])
            if at + j in left and (what := maker.differs(row)) is not None:
                find(what, row["path"])
        at += metadata.row_group(group).num_rows
        on_read(metadata.row_group(group).num_rows)


def _of_image(row: dict[str, Any], recipe: Recipe) -> str | None:
    """Returns what is wrong with the image of a row."""
    samples = np.frombuffer(row["image"], recipe.dtype.newbyteorder("<"))
    try:
        array = samples.reshape(row["shape"])
    except (TypeError, ValueError):
        return "its image does not have its shape"
    return None if fingerprint(array) == row["fingerprint"] else "its image does not have its fingerprint"
