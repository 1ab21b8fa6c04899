# SPDX-License-Identifier: MIT
"""Images of many files: which files, under which names, on all cores.

Paths are texts here: those of pathlib would need ten times the memory, and there may be very many.
"""

import functools
import os
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from isopixel._guard import Guard
from isopixel._pictures import beside
from isopixel._pool import cores, run_in_threads
from isopixel._recipe import Recipe
from isopixel._saving import save
from isopixel._walk import Found, Identity, is_folder, look, reason, walk

Failure = tuple[Path, str]  # a path, and why it cannot be a source


@dataclass
class Plan:
    """What is to be done.

    Attributes:
        jobs: the source of each output.
        length: the bytes of all sources together.
        failures: the paths that cannot be sources, with the reason.
        notes: what is no source and no failure either, with the reason.
    """

    jobs: dict[str, str] = field(default_factory=dict)
    length: int = 0
    failures: list[Failure] = field(default_factory=list)
    notes: list[Failure] = field(default_factory=list)


def plan(paths: Sequence[Path], folder: Path, suffix: str) -> Plan:
    """Finds the files of paths, and names their outputs in folder.

    An output has the whole name of its file, followed by the suffix, .png or .npy. A folder stands for all files in it,
    also those in sub-folders, which are kept. Links to files are followed, links to folders are not, and `folder`
    itself is skipped. A file that comes twice under one path counts once.

    Raises:
        ValueError: two files would get the same output, an output would replace a source, or one would have to be a
            folder for another; or there are no files.
    """
    made = Plan()
    sources: set[Identity | None] = set()
    for found in files_of(paths, made.failures, made.notes, folder):
        if found.length == 0:
            made.failures.append((Path(found.path), "is empty, or does not report its length"))
            continue
        output = os.path.join(folder, found.name + suffix)
        if output in made.jobs:
            raise ValueError(f"{made.jobs[output]!r} and {found.path!r} would both become {output!r}")
        made.jobs[output] = found.path
        made.length += found.length
        sources.add(found.identity)
    if not made.jobs and not made.failures:
        raise no_files(paths)
    _check(made.jobs, folder, suffix, sources)
    return made


def files_of(
    paths: Sequence[Path], failures: list[Failure], notes: list[Failure], passed_over: Path | None = None
) -> Iterator[Found]:
    """Yields the regular files of all paths, each once, and lists what else is there.

    Raises:
        ValueError: one of the paths is the folder that is to be passed over.
    """
    output = None if passed_over is None else look(str(passed_over), "").identity
    seen = {output}
    taken: set[str] = set()
    real = functools.cache(os.path.realpath)
    if output is not None and any(look(str(path), "").identity == output for path in paths):
        raise ValueError(f"the folder for the pictures, {str(passed_over)!r}, is one of the sources: choose another")
    for path in paths:
        base = real(path if is_folder(path) else path.parent)
        for found in walk(path, seen):
            if (place := os.path.join(base, found.name)) in taken:
                continue
            taken.add(place)
            if found.problem is None:
                yield found
            else:
                left_out = notes if found.is_note else failures
                left_out.append((Path(found.path), reason(found.problem, found.path)))


def no_files(paths: Sequence[Path]) -> ValueError:
    """Returns the error that paths hold no files."""
    return ValueError(f"there are no files in {', '.join(repr(str(path)) for path in paths)}")


def _check(jobs: dict[str, str], folder: Path, suffix: str, sources: set[Identity | None]) -> None:
    """Raises ValueError if an output is a source, or lies where a folder has to be."""
    needed: dict[str, str] = {}
    for output, source in jobs.items():
        parent = os.path.dirname(output)
        while parent not in needed and len(parent) > len(str(folder)):
            needed[parent] = source
            parent = os.path.dirname(parent)
    is_new = not folder.is_dir()
    for output, source in jobs.items():
        for written in (output,) if suffix == ".png" else (output, str(beside(Path(output)))):
            if written in needed:
                raise ValueError(f"{source!r} would become a file where {needed[written]!r} needs a folder")
            if not is_new and look(written, "").identity in sources:
                raise ValueError(f"the picture of {source!r} would replace the source {written!r}")


def run(
    made: Plan,
    recipe: Recipe,
    on_progress: Callable[[int, int], object],
    threads: int | None = None,
    guard: Guard | None = None,
) -> list[Failure]:
    """Makes the images of a plan on all cores, and saves them with their manifests.

    Args:
        made: the plan.
        recipe: how they are made.
        on_progress: called in this thread, now and then, with the numbers of bytes read and of files done since the
            last call.
        threads: how many files are worked on at once; as many as there are cores, if not given.
        guard: takes note of the files that are pictures or listings.

    Returns:
        The paths that failed, with the reason, those of the plan first. The others are done.
    """
    lock = threading.Lock()
    failures = list(made.failures)
    read = done = 0

    def make(job: tuple[str, str], check: Callable[[], None]) -> None:
        watch = (guard or Guard(recipe)).watch(job[1])

        def see(block: memoryview) -> None:
            nonlocal read
            check()
            watch(block)
            with lock:
                read += len(block)

        output, path = job
        image, source = recipe.read(path, see)
        os.makedirs(os.path.dirname(output), exist_ok=True)
        save(output, image, recipe=recipe, source=source)

    def finish(job: tuple[str, str], error: BaseException | None) -> None:
        nonlocal done
        done += 1
        if error is not None:
            failures.append((Path(job[1]), reason(error, job[1])))

    reported = (0, 0)

    def report() -> None:
        nonlocal reported
        now = (read, done)
        on_progress(now[0] - reported[0], now[1] - reported[1])
        reported = now

    run_in_threads(make, made.jobs.items(), threads or cores(), finish, report)
    return failures
