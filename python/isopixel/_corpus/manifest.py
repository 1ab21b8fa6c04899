# SPDX-License-Identifier: MIT
"""The manifest of a corpus, DST/manifest.json: written last, once all shards are there."""

import dataclasses
import hashlib
import json
from collections import Counter
from dataclasses import dataclass
from typing import Any

import pyarrow.parquet as pq

from isopixel import _core
from isopixel._corpus.places import Place
from isopixel._corpus.plan import Plan
from isopixel._corpus.shard import FOLDER, Stats, are_errors, footer_of, is_stats, name_of, parsed, stats_in
from isopixel._corpus_digest import CorpusDigest
from isopixel._manifest import SPEC, check_spec, is_count, is_digest

NAME = "manifest.json"
DIGESTED = ["path", "n_bytes", "source_sha256", "fingerprint", "error_kind"]  # in the order of a row of R-70


@dataclass(frozen=True)
class CorpusManifest:
    """What a corpus holds.

    Attributes:
        isopixel: the version of isopixel that finished it.
        spec: the version of the specification.
        recipe: the canonical line of the recipe.
        source: the absolute path or the URI of the folder of its sources.
        decode: how they are stored: "zlib", or None.
        rows: the number of its rows, one for each file.
        images: the number of rows that have an image.
        errors: the numbers of rows that have none, by their kinds, "input" and "io".
        source_bytes: of the sources of all images, decoded.
        digest: of the corpus (SPEC R-70).
        shards: the statistics of each shard.

    Example:
        >>> from concurrent.futures import ThreadPoolExecutor
        >>> from pathlib import Path
        >>> import isopixel.corpus
        >>> Path("samples").mkdir()
        >>> _ = Path("samples", "a.exe").write_bytes(b"some bytes")
        >>> with ThreadPoolExecutor() as executor:
        ...     made = isopixel.corpus.make("samples", "images", "isopixel 1: square | bilinear 4,4", executor=executor)
        >>> made.rows, made.images, made.source_bytes
        (1, 1, 10)
        >>> isopixel.corpus.CorpusManifest.parse(made.text()) == made
        True
    """

    isopixel: str
    spec: int
    recipe: str
    source: str
    decode: str | None
    rows: int
    images: int
    errors: dict[str, int]
    source_bytes: int
    digest: str
    shards: tuple[dict[str, Any], ...]

    def text(self) -> str:
        """Returns the manifest as JSON, in ASCII."""
        return json.dumps(dataclasses.asdict(self), indent=1) + "\n"

    @classmethod
    def parse(cls, text: str) -> "CorpusManifest":
        """Reads a manifest; raises ValueError if the text is not one, or of another version of the specification."""
        try:
            fields = json.loads(text)
        except (ValueError, RecursionError):
            fields = None
        if not isinstance(fields, dict):
            raise ValueError("the manifest is broken: it is not a JSON object")
        check_spec(fields.get("spec"), "the manifest")
        is_whole = (
            fields.keys() == {field.name for field in dataclasses.fields(cls)}
            and all(isinstance(fields[name], str) for name in ("isopixel", "recipe", "source"))
            and isinstance(fields["decode"], str | None)
            and all(is_count(fields[name]) for name in ("rows", "images", "source_bytes"))
            and are_errors(fields["errors"])
            and is_digest(fields["digest"], "sha256:")
            and isinstance(fields["shards"], list)
            and all(is_stats(stats) and is_digest(stats.get("footer"), "sha256:") for stats in fields["shards"])
        )
        if not is_whole:
            raise ValueError("the manifest is broken: a field is missing, unknown, or of the wrong type")
        return cls(**(fields | {"shards": tuple(fields["shards"])}))


def read(dst: Place) -> CorpusManifest:
    """Reads the manifest of a corpus; raises FileNotFoundError if it is not finished, ValueError if it is broken."""
    try:
        content = dst.read(NAME)
    except FileNotFoundError:
        what = "is not finished" if dst.exists("plan.parquet") else "is not a corpus"
        raise FileNotFoundError(f"{dst.text!r} {what}: it has no {NAME}") from None
    return CorpusManifest.parse(content.decode("utf-8", "replace"))


def finish(plan: Plan) -> CorpusManifest | None:
    """Writes the manifest, and returns it; None if a shard is missing."""
    made = manifest_of(plan)
    if made is not None:
        with plan.dst.writing(NAME) as out:
            out.write(made.text().encode("ascii"))
    return made


def manifest_of(plan: Plan) -> CorpusManifest | None:
    """Returns the manifest of the shards of a plan; None if one is missing.

    Raises ValueError if their rows are out of order.
    """
    if len(plan.dst.names(FOLDER)) < plan.shards:
        return None
    shards: list[Stats] = []
    digest, errors = CorpusDigest(), Counter[str]()
    for i in range(plan.shards):
        name = name_of(i, plan.shards)
        try:
            footer = footer_of(plan.dst, name)
            metadata = parsed(footer)
            stats = stats_in(metadata)
        except (FileNotFoundError, ValueError):
            return None
        if (stats.get("plan"), stats.get("shard")) != (plan.sha256, i):
            return None
        with plan.dst.open(name) as file:
            is_remote = plan.dst.store is not None  # where few requests matter more than the time of each
            columns = pq.ParquetFile(file, metadata=metadata, pre_buffer=is_remote).read(DIGESTED, use_threads=False)
        digest.update(zip(*(columns[name].to_pylist() for name in DIGESTED), strict=True))
        errors.update(stats["errors"])
        shards.append(stats | {"footer": f"sha256:{hashlib.sha256(footer).hexdigest()}"})
    rows = sum(stats["rows"] for stats in shards)
    return CorpusManifest(
        _core.version,
        SPEC,
        plan.settings.recipe,
        plan.settings.source,
        plan.settings.decode,
        rows,
        rows - sum(errors.values()),
        dict(sorted(errors.items())),
        sum(stats["source_bytes"] for stats in shards),
        digest.text(),
        tuple(shards),
    )
