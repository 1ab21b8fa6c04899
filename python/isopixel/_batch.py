# SPDX-License-Identifier: MIT
"""Images of many files: which files, under which names, on all cores."""

import os
import stat
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from pathlib import Path

from isopixel._pictures import beside
from isopixel._recipe import Recipe
from isopixel._saving import save


@dataclass
class Plan:
    """What is to be done.

    Attributes:
        jobs: the source of each output.
        length: the bytes of all sources together.
        failures: the paths that cannot be sources, with the reason.
    """

    jobs: dict[Path, Path] = field(default_factory=dict)
    length: int = 0
    failures: list[tuple[Path, str]] = field(default_factory=list)


def plan(paths: Sequence[Path], folder: Path, suffix: str) -> Plan:
    """Finds the files of paths, and names their outputs in folder.

    An output has the whole name of its file, followed by the suffix, .png or .npy. A folder stands for all files in it,
    also those in sub-folders, which are kept. Links to files are followed, links to folders are not, and `folder`
    itself is skipped.

    Raises:
        ValueError: two files would get the same output, an output would replace a source, or one would have to be a
            folder for another.
    """
    made = Plan()
    passed_over = os.path.realpath(folder)
    if any(os.path.realpath(path) == passed_over for path in paths):
        raise ValueError(f"the folder for the pictures, {str(folder)!r}, is one of the sources: choose another")
    for path in paths:
        for source, name in files_of(path, passed_over, made.failures):
            try:
                made.length += source.stat().st_size
            except OSError as error:
                made.failures.append((source, reason(error, source)))
                continue
            output = folder / f"{name}{suffix}"
            if output in made.jobs:
                raise ValueError(f"{str(made.jobs[output])!r} and {str(source)!r} would both become {str(output)!r}")
            made.jobs[output] = source
    sources = {os.path.realpath(source) for source in made.jobs.values()}
    written = dict(made.jobs)
    if suffix == ".npy":
        written |= {beside(output): source for output, source in made.jobs.items()}
    for output, source in written.items():
        if os.path.realpath(output) in sources:
            raise ValueError(f"the picture of {str(source)!r} would replace the source {str(output)!r}")
        if blocking := next((parent for parent in output.parents if parent in written), None):
            raise ValueError(f"{str(written[blocking])!r} would become a file where {str(source)!r} needs a folder")
    return made


def files_of(path: Path, passed_over: str, failures: list[tuple[Path, str]]) -> Iterator[tuple[Path, str]]:
    """Yields the files of a path, and their names below it."""
    if not is_folder(path):
        yield path, path.name
        return

    def failed(error: OSError) -> None:
        failures.append((Path(error.filename), reason(error, Path(error.filename))))

    for root, folders, files in os.walk(path, onerror=failed):
        for name in sorted(folders):
            if Path(root, name).is_symlink():
                failures.append((Path(root, name), "a link to a folder, which is not followed"))
        folders[:] = sorted(name for name in folders if os.path.realpath(Path(root, name)) != passed_over)
        for name in sorted(files):
            source = Path(root, name)
            yield source, str(source.relative_to(path))


def is_folder(path: Path) -> bool:
    """Returns whether a path is a folder; False if that cannot be found out."""
    try:
        return stat.S_ISDIR(path.stat().st_mode)
    except (OSError, ValueError):
        return False


class _StoppedError(Exception):
    """Ends the work on a file, because all work ends."""


def run(made: Plan, recipe: Recipe, on_bytes: Callable[[int], object]) -> list[tuple[Path, str]]:
    """Makes the images of a plan on all cores, and saves them with their manifests.

    Args:
        made: the plan.
        recipe: how they are made.
        on_bytes: called in this thread, now and then, with the number of bytes read since the last call.

    Returns:
        The paths that failed, with the reason, those of the plan first. The others are done.
    """
    lock = threading.Lock()
    stop = threading.Event()
    read = 0

    def see(block: memoryview) -> None:
        nonlocal read
        if stop.is_set():
            raise _StoppedError
        with lock:
            read += len(block)

    def make(output: Path, path: Path) -> None:
        image, source = recipe.read(path, see)
        output.parent.mkdir(parents=True, exist_ok=True)
        save(output, image, recipe=recipe, source=source)

    failures = list(made.failures)
    reported = 0
    pool = ThreadPoolExecutor(len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count())
    try:
        pending = {pool.submit(make, output, path): path for output, path in made.jobs.items()}
        while pending:
            done, _ = wait(pending, timeout=0.2, return_when=FIRST_COMPLETED)
            now = read
            on_bytes(now - reported)
            reported = now
            for job in done:
                path = pending.pop(job)
                if (error := job.exception()) is not None:
                    failures.append((path, reason(error, path)))
    finally:
        stop.set()
        pool.shutdown(cancel_futures=True)
    return failures


def reason(error: BaseException, path: Path) -> str:
    """Returns the message of an error about a path, without that path, but with another one."""
    text = str(error)
    if isinstance(error, OSError) and error.strerror:
        other = error.filename if error.filename is not None and os.fspath(error.filename) != str(path) else None
        text = error.strerror + (f": {other!r}" if other is not None else "")
    return text or type(error).__name__
