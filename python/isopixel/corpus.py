# SPDX-License-Identifier: MIT
"""Corpora: the arrays of very many files, in shards of Parquet; needs pyarrow (`isopixel[corpus]`).

A corpus is a folder, or a place in a store such as s3://bucket/folder, with a plan (plan.parquet: what there is to do),
shards (data/part-00000-of-02442.parquet: a row for each file, see `isopixel.arrow.schema`), and a manifest
(manifest.json, written last). A shard is a function of its part of the plan, the recipe, and the files' bytes alone:
whoever makes it, in whatever order, and however often, it has the same bytes.
"""

import os
from collections.abc import Iterator
from concurrent.futures import Executor
from typing import Literal

from isopixel._corpus import engines as _engines
from isopixel._corpus import listing as _listing
from isopixel._corpus import looking as _looking
from isopixel._corpus import making as _making
from isopixel._corpus import manifest as _manifest
from isopixel._corpus import plan as _plan
from isopixel._corpus import verifying as _verifying
from isopixel._corpus.engines import ShardsFailedError
from isopixel._corpus.looking import Changes, FileError
from isopixel._corpus.making import OnProgress, Progress
from isopixel._corpus.manifest import CorpusManifest
from isopixel._corpus.places import place_of as _place_of
from isopixel._corpus.verifying import Finding
from isopixel._recipe import Recipe

__all__ = [
    "Changes",
    "CorpusManifest",
    "FileError",
    "Finding",
    "Progress",
    "ShardsFailedError",
    "changes",
    "errors",
    "make",
    "read",
    "retry_errors",
    "verify",
]

Path = str | os.PathLike[str]
EngineName = Literal["local", "ray", "spark"]


def _engine(name: EngineName, workers: int | None, executor: Executor | None, io_threads: int) -> _engines.Engine:
    """Returns what makes the shards; raises ValueError for arguments that are not possible."""
    if io_threads < 1 or (workers is not None and workers < 1):
        raise ValueError(f"workers and io_threads are at least 1, not {workers} and {io_threads}")
    return _engines.named(name, workers) if executor is None else _engines.of_executor(executor)


def make(
    src: Path,
    dst: Path,
    recipe: Recipe | str,
    *,
    engine: EngineName = "local",
    workers: int | None = None,
    executor: Executor | None = None,
    part: str | None = None,
    file_list: Path | None = None,
    rows: int = _plan.MOST_ROWS,
    max_bytes: int = _plan.MOST_BYTES,
    decode: str | None = None,
    io_threads: int = 1,
    on_progress: OnProgress = lambda progress: None,
) -> CorpusManifest | None:
    """Makes a corpus of all files of a folder; or goes on with one, where it was interrupted.

    All that lies in the folder and in the folders in it becomes a row, also what is no file, or cannot be read: then
    the row has an error, of the kind "input" if the content is the reason, and "io" if it could not be read.

    Args:
        src: the folder, or the URI of one in a store (s3://, gs://, or another that fsspec knows). Credentials come
            from the environment. Links to folders are not followed.
        dst: the folder of the corpus, or such a URI: new, empty, or of a corpus that was begun by the same arguments.
        recipe: a recipe, or its line.
        engine: what makes the shards: "local", processes of this machine; "ray", tasks of the cluster that RAY_ADDRESS
            names, or of the one that this process is connected to; "spark", those of this process's session. These
            need `isopixel[ray]` and `isopixel[spark]`.
        workers: the number of local processes; as many as there are cores if not given.
        executor: makes the shards instead of the engine: any executor of concurrent.futures, or one like it, such as
            `client.get_executor()` of Dask. Its functions have to find isopixel, src and dst.
        part: "k/n", such as "1/3": of all shards every n-th one alone, for job arrays. Whoever finds all shards there
            writes the manifest.
        file_list: a Parquet file with a column path, of the files that are meant, relative to src and with / between
            the parts; size, if it is there; and any others, which the rows get. Then the folder is not listed.
        rows: the most rows of a shard.
        max_bytes: the most bytes of a shard's files, but for a single one.
        decode: "zlib" for files that zlib packed.
        io_threads: how many files a worker reads at once: 16 to 64 for stores.
        on_progress: called now and then in this thread; what it raises ends the work.

    Returns:
        The manifest; None if shards of other parts are missing.

    Raises:
        OSError: src cannot be listed, or dst not be written.
        ValueError: dst holds another corpus, or something else; src is empty, or dst; a wrong argument; credentials in
            a URI; no file of a shard can be read, and neither can src.
        ModuleNotFoundError: the engine is not installed.
        ShardsFailedError: workers died again and again over a shard; the others are made.

    Example:
        >>> from pathlib import Path
        >>> import isopixel.corpus
        >>> Path("samples").mkdir()
        >>> for name in ("a.exe", "b.exe"):
        ...     _ = Path("samples", name).write_bytes(b"some bytes of " + name.encode())
        >>> made = isopixel.corpus.make("samples", "images", "isopixel 1: nataraj | bilinear 64,64", workers=1)
        >>> made.rows, made.images, made.errors
        (2, 2, {})
        >>> len(list(Path("images", "data").iterdir()))
        1
    """
    run = _engine(engine, workers, executor, io_threads)
    wanted = _making.part_of(part)
    source, place = _place_of(os.fspath(src)), _place_of(os.fspath(dst))
    line = recipe.line if isinstance(recipe, Recipe) else Recipe.parse(recipe).line
    listed = None if file_list is None else os.fspath(file_list)
    digest = None if listed is None else _listing.digest_of_list(listed)
    settings = _plan.Settings(line, source.text, decode, rows, max_bytes, digest)
    settings.check()
    plan = _making.begin(source, place, settings, listed, on_progress)
    return _making.run(plan, range(plan.shards)[wanted], run, io_threads, on_progress)


def retry_errors(
    dst: Path,
    *,
    engine: EngineName = "local",
    workers: int | None = None,
    executor: Executor | None = None,
    io_threads: int = 1,
    on_progress: OnProgress = lambda progress: None,
) -> CorpusManifest | None:
    """Makes the shards of a corpus again that have files which could not be read, and those that are missing.

    The manifest is removed first, and written again at the end.

    Args:
        dst: the corpus.
        engine: as in `make`.
        workers: as in `make`.
        executor: as in `make`.
        io_threads: as in `make`.
        on_progress: as in `make`.

    Returns:
        The manifest.

    Raises:
        OSError, ValueError, ModuleNotFoundError, ShardsFailedError: as `make`.

    Example:
        >>> from concurrent.futures import ThreadPoolExecutor
        >>> from pathlib import Path
        >>> import isopixel.corpus
        >>> Path("samples").mkdir()
        >>> Path("samples", "link.exe").symlink_to("missing")
        >>> with ThreadPoolExecutor() as executor:
        ...     made = isopixel.corpus.make("samples", "images", "isopixel 1: square | bilinear 4,4", executor=executor)
        ...     _ = Path("samples", "missing").write_bytes(b"here it is")
        ...     again = isopixel.corpus.retry_errors("images", executor=executor)
        >>> made.errors, again.errors
        ({'io': 1}, {})
    """
    run = _engine(engine, workers, executor, io_threads)
    plan = _plan.Plan(_place_of(os.fspath(dst)))
    numbers = _making.with_io_errors(plan)
    if numbers:
        plan.dst.remove(_manifest.NAME)
    return _making.run(plan, numbers, run, io_threads, on_progress, again=True)


def read(dst: Path) -> CorpusManifest:
    """Reads the manifest of a corpus that is finished.

    Raises:
        FileNotFoundError: there is no corpus, or it is not finished.
        ValueError: the manifest is broken, or of a newer version.

    Example:
        >>> from concurrent.futures import ThreadPoolExecutor
        >>> from pathlib import Path
        >>> import isopixel.corpus
        >>> Path("samples").mkdir()
        >>> _ = Path("samples", "a.exe").write_bytes(b"some bytes")
        >>> with ThreadPoolExecutor() as executor:
        ...     made = isopixel.corpus.make("samples", "images", "isopixel 1: square | bilinear 4,4", executor=executor)
        >>> isopixel.corpus.read("images") == made
        True
    """
    return _manifest.read(_place_of(os.fspath(dst)))


def errors(dst: Path) -> Iterator[FileError]:
    """Yields the files that became no images, in the order of their paths.

    Of a corpus that is not finished, they are those of the shards that are there.

    Raises:
        FileNotFoundError: there is no corpus.

    Example:
        >>> from concurrent.futures import ThreadPoolExecutor
        >>> from pathlib import Path
        >>> import isopixel.corpus
        >>> Path("samples").mkdir()
        >>> Path("samples", "empty.exe").touch()
        >>> with ThreadPoolExecutor() as executor:
        ...     made = isopixel.corpus.make("samples", "images", "isopixel 1: square | bilinear 4,4", executor=executor)
        >>> for error in isopixel.corpus.errors("images"):
        ...     print(error.path, error.kind)
        empty.exe input
    """
    return _looking.errors(_plan.Plan(_place_of(os.fspath(dst))))


def changes(dst: Path, *, on_progress: OnProgress = lambda progress: None) -> Changes:
    """Lists the sources of a corpus again, and compares them with its plan, by their paths and lengths.

    Raises:
        OSError: there is no corpus, or its sources cannot be listed.
        ValueError: it was made of a list.

    Example:
        >>> from concurrent.futures import ThreadPoolExecutor
        >>> from pathlib import Path
        >>> import isopixel.corpus
        >>> Path("samples").mkdir()
        >>> _ = Path("samples", "a.exe").write_bytes(b"some bytes")
        >>> with ThreadPoolExecutor() as executor:
        ...     made = isopixel.corpus.make("samples", "images", "isopixel 1: square | bilinear 4,4", executor=executor)
        >>> _ = Path("samples", "b.exe").write_bytes(b"more bytes")
        >>> isopixel.corpus.changes("images")
        Changes(new=('b.exe',), vanished=(), resized=())
    """
    plan = _plan.Plan(_place_of(os.fspath(dst)))
    return _looking.changes(plan, lambda n: on_progress(Progress("list", n)))


def verify(
    dst: Path,
    *,
    sample: int = 0,
    workers: int | None = None,
    on_progress: OnProgress = lambda progress: None,
) -> list[Finding]:
    """Verifies that a corpus that is finished is as it was made: every bit of its shards; and its plan and manifest.

    Images are compared with their fingerprints, all columns, also of the plan, with the checksums of their pages, what
    says where they lie with the manifest, and what the manifest says with the plan and all rows, by their digest too.

    Args:
        dst: the corpus.
        sample: so many rows, chosen at random, are also made again of their sources, and compared.
        workers: the number of local processes; as many as there are cores if not given.
        on_progress: called now and then in this thread; what it raises ends the work.

    Returns:
        What is wrong; nothing if all is as it was.

    Raises:
        FileNotFoundError: there is no corpus, or it is not finished.
        ValueError: the manifest is broken; or sample is negative.

    Example:
        >>> from concurrent.futures import ThreadPoolExecutor
        >>> from pathlib import Path
        >>> import isopixel.corpus
        >>> Path("samples").mkdir()
        >>> _ = Path("samples", "a.exe").write_bytes(b"some bytes")
        >>> with ThreadPoolExecutor() as executor:
        ...     made = isopixel.corpus.make("samples", "images", "isopixel 1: square | bilinear 4,4", executor=executor)
        >>> isopixel.corpus.verify("images", sample=1, workers=1)
        []
    """
    if sample < 0 or (workers is not None and workers < 1):
        raise ValueError(f"sample is at least 0, and workers 1, not {sample} and {workers}")
    return _verifying.verify(_place_of(os.fspath(dst)), sample, workers, on_progress)
