# SPDX-License-Identifier: MIT
"""Images of many files: which ones, under which names, on all cores."""

import os
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from pathlib import Path

from isopix.recipe import Recipe
from isopix.saving import save


@dataclass
class Plan:
    """What is to be done: the outputs, the source of each, and the paths that cannot be sources, with the reason."""

    jobs: dict[Path, Path] = field(default_factory=dict)
    failures: list[tuple[Path, str]] = field(default_factory=list)


def plan(paths: Sequence[Path], folder: Path) -> Plan:
    """Finds the files of paths, and names their outputs in folder.

    A file gets its whole name with .png behind it; of a folder all files are taken, also those in sub-folders, which
    are kept. Links to files are followed, links to folders are not, and `folder` itself is passed over.

    Raises:
        ValueError: two files would get the same output.
    """
    made = Plan()
    for path in paths:
        for source, name in _files(path, folder.resolve(), made.failures):
            output = folder / f"{name}.png"
            if output in made.jobs:
                raise ValueError(f"{str(made.jobs[output])!r} and {str(source)!r} would both become {str(output)!r}")
            made.jobs[output] = source
    return made


def _files(path: Path, passed_over: Path, failures: list[tuple[Path, str]]) -> Iterator[tuple[Path, str]]:
    """Yields the files of a path, and their names below it."""
    if not path.is_dir():
        yield path, path.name
        return
    for root, folders, files in os.walk(path, onerror=lambda e: failures.append((Path(e.filename), reason(e)))):
        for name in sorted(folders):
            if (Path(root) / name).is_symlink():
                failures.append((Path(root) / name, "a link to a folder, which is not followed"))
        folders[:] = sorted(name for name in folders if (Path(root) / name).resolve() != passed_over)
        for name in sorted(files):
            source = Path(root) / name
            yield source, str(source.relative_to(path))


def run(made: Plan, recipe: Recipe, on_bytes: Callable[[int], object]) -> list[tuple[Path, str]]:
    """Makes the images of a plan on all cores, and saves them with their manifests.

    Args:
        made: the plan.
        recipe: how.
        on_bytes: called in this thread, now and then, with the number of bytes read since the last call.

    Returns:
        The paths that failed, with the reason, those of the plan first. The others are done.
    """
    lock = threading.Lock()
    read = 0

    def see(block: memoryview) -> None:
        nonlocal read
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
            on_bytes(read - reported)
            reported = read
            for job in done:
                path = pending.pop(job)
                error = job.exception()
                if isinstance(error, (OSError, ValueError, MemoryError)):
                    failures.append((path, reason(error)))
                elif error is not None:
                    raise error
    finally:
        pool.shutdown(cancel_futures=True)
    return failures


def reason(error: BaseException) -> str:
    """Returns what an error says, without the path that it may repeat."""
    return (error.strerror if isinstance(error, OSError) else None) or str(error) or type(error).__name__
