# SPDX-License-Identifier: MIT
"""Corpora: the arrays of very many files, in shards of Parquet; needs pyarrow (`isopixel[corpus]`)."""

import os

from isopixel._corpus import manifest as _manifest
from isopixel._corpus import plan as _plan
from isopixel._corpus import shard as _shard
from isopixel._corpus.making import begin as _begin
from isopixel._corpus.manifest import CorpusManifest
from isopixel._corpus.places import place_of as _place_of
from isopixel._recipe import Recipe

__all__ = ["CorpusManifest", "make", "read"]


def make(
    src: str | os.PathLike[str],
    dst: str | os.PathLike[str],
    recipe: Recipe | str,
    *,
    file_list: str | os.PathLike[str] | None = None,
    rows: int = _plan.MOST_ROWS,
    max_bytes: int = _plan.MOST_BYTES,
    decode: str | None = None,
    io_threads: int = 1,
) -> CorpusManifest | None:
    """Makes a corpus of all files of a folder."""
    plan = _begin(src, _place_of(os.fspath(dst)), recipe, decode, rows, max_bytes, file_list, lambda n: None)
    for i in range(plan.shards):
        _shard.make(plan.dst.text, plan.sha256, i, io_threads)
    return _manifest.finish(plan)


def read(dst: str | os.PathLike[str]) -> CorpusManifest:
    """Reads the manifest of a corpus that is finished."""
    return _manifest.read(_place_of(os.fspath(dst)))
