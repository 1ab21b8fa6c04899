# SPDX-License-Identifier: MIT
"""The commands that make corpora, show them and verify them."""

import dataclasses
import json
import re
import shlex
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import islice
from typing import TYPE_CHECKING, Any

import click

from isopixel._cli.options import parse_recipe, print_note
from isopixel._cli.progress import status
from isopixel._cli.tables import json_option
from isopixel._guard import note_of
from isopixel._shown import counted, shown

if TYPE_CHECKING:
    from isopixel._corpus.looking import State
    from isopixel.corpus import CorpusManifest, FileError, Progress

FIRST = 5  # errors that are listed
FILE_COST = 1 << 17  # bytes that take as long as what a file costs besides its bytes

_UNITS = {"": 1, "KiB": 1 << 10, "MiB": 1 << 20, "GiB": 1 << 30, "TiB": 1 << 40}


def parse_bytes(ctx: click.Context, param: click.Parameter, value: str | None) -> int | None:
    """Returns a number of bytes from a text such as 8GiB."""
    if value is None:
        return None
    match = re.fullmatch(r"([0-9]+) ?([KMGT]iB)?", value, re.ASCII)
    if not match or int(match[1]) < 1:
        raise click.BadParameter(f"{value!r}: write a whole number of bytes, or of KiB, MiB, GiB or TiB, such as 8GiB")
    return int(match[1]) * _UNITS[match[2] or ""]


workers_option = click.option(
    "--workers", metavar="N", type=click.IntRange(min=1), help="Local processes.  [default: one for each core]"
)


@click.group("corpus", short_help="Make the images of very many files, in shards of Parquet; show and verify them.")
def corpus_command() -> None:
    """Make the images of very many files, in shards of Parquet; show and verify them.

    Places are folders, or addresses of stores such as s3://bucket/folder, whose credentials come from the environment.
    """


@corpus_command.command("make", short_help="Make a corpus, or go on with one.")
@click.argument("places", metavar="SRC DST", nargs=-1, required=True)
@click.option("--recipe", metavar="LINE", callback=parse_recipe, help="How the arrays are made.")
@click.option(
    "--engine",
    type=click.Choice(["local", "ray", "spark"]),
    default="local",
    show_default=True,
    help="What makes the shards.",
)
@workers_option
@click.option("--part", metavar="k/n", help="Every n-th shard alone, from the k-th on: for job arrays.")
@click.option("--list", "file_list", metavar="FILE.parquet", help="The files that are meant, in a column path.")
@click.option("--rows", metavar="N", type=click.IntRange(min=1), help="The most rows of a shard.  [default: 4096]")
@click.option(
    "--bytes",
    "max_bytes",
    metavar="N",
    callback=parse_bytes,
    help="The most bytes of the files of a shard.  [default: 8GiB]",
)
@click.option("--decode", type=click.Choice(["zlib"]), help="How the files are stored.")
@click.option(
    "--io-threads",
    metavar="N",
    type=click.IntRange(min=1),
    default=1,
    show_default=True,
    help="Files that a worker reads at once; 16 to 64 for stores.",
)
@click.option("--retry-errors", is_flag=True, help="Read again what could not be read: make DST --retry-errors.")
@json_option
def make_command(places: tuple[str, ...], retry_errors: bool, as_json: bool, **options: Any) -> int:
    """Make a corpus of all files in SRC, and in the folders in it; or go on with one that was interrupted.

    DST gets plan.parquet, shards in data, each of which is whole or not there, and at last manifest.json. A file that
    cannot be made into an image is a row with the reason. The shards have the same bytes whoever makes them, in
    whatever order: so several machines may make parts of one corpus, or the same.

    Exits with 0 if all files are images, of the corpus or of its part, with 1 if some are not, and with 2 if the corpus
    could not be made: the message says what to do, and the same command goes on.
    """
    from isopixel import corpus  # which needs pyarrow

    begun = time.monotonic()
    last = corpus.Progress("list")
    given = {name: value for name, value in options.items() if value is not None}
    with reported() as report:

        def on_progress(progress: "Progress") -> None:
            nonlocal last
            last = progress
            report(progress)

        try:
            if retry_errors:
                (dst,) = _expect(places, 1, "with --retry-errors name the corpus alone")
                if wrong := given.keys() - {"engine", "workers", "io_threads"}:
                    raise click.UsageError(f"--retry-errors goes by the plan of the corpus: leave out {min(wrong)}")
                made = corpus.retry_errors(dst, on_progress=on_progress, **given)
            else:
                src, dst = _expect(places, 2, "name the folder of the files, and that of the corpus")
                if "recipe" not in given:
                    raise click.UsageError("--recipe is missing: it says how the arrays are made")
                made = corpus.make(src, dst, on_progress=on_progress, **given)
        except corpus.ShardsFailedError as error:
            raise click.ClickException(str(error)) from error
    if made is None:
        return _print_part(dst, last.errors, as_json)
    first = list(islice(corpus.errors(dst), FIRST)) if made.errors else []
    if as_json:
        click.echo(json.dumps(_record(made, first), indent=1))
    else:
        seconds = time.monotonic() - begun
        click.echo(f"{_counts(made)} in {shown(dst)}")
        click.echo(f"{last.done_bytes / 1e6:,.0f} MB in {seconds:,.1f} s, {last.done_files / seconds:,.0f} files/s")
        click.echo(f"digest       {made.digest}")
    _print_errors(made, first, dst)
    return 1 if made.errors else 0


def _print_part(dst: str, errors: int, as_json: bool) -> int:
    """Prints that a part of a corpus is made, which has a number of errors; returns the exit code."""
    from isopixel._corpus.looking import state_of

    if as_json:
        click.echo(json.dumps(_record_of(state_of(dst)) | {"errors_in_part": errors}, indent=1))
    else:
        click.echo(f"{shown(dst)}: shards of other parts are missing; who makes the last one writes the manifest")
        if errors:
            print_note(f"{counted(errors, 'file')} of this part became no image: isopixel.corpus.errors lists them")
    return 1 if errors else 0


def _expect(places: tuple[str, ...], number: int, what: str) -> tuple[str, ...]:
    if len(places) != number:
        raise click.UsageError(f"{what}; {counted(len(places), 'place')} given")
    return places


def _counts(made: "CorpusManifest") -> str:
    errors = sum(made.errors.values())
    kinds = ", ".join(f"{number:,} {kind}" for kind, number in made.errors.items())
    return f"{made.images:,} images of {counted(made.rows, 'file')}" + (
        f", {counted(errors, 'error')} ({kinds})" * (errors > 0)
    )


def _record(made: "CorpusManifest", first: "list[FileError]") -> dict[str, Any]:
    record = dataclasses.asdict(made)
    return record | {"shards": len(made.shards), "first_errors": [dataclasses.asdict(error) for error in first]}


def _record_of(state: "State") -> dict[str, Any]:
    settings = dataclasses.asdict(state.settings)
    return {"settings": settings, "rows": state.rows, "shards": state.shards, "shards_there": state.there}


def _print_errors(made: "CorpusManifest", first: "list[FileError]", dst: str) -> None:
    """Prints the first errors, and what files were taken for bytes that are pictures, on stderr."""
    kinds: dict[str, tuple[int, str]] = {}
    for stats in made.shards:
        for kind, (number, path) in stats["taken_for_bytes"].items():
            before, least = kinds.get(kind, (0, path))
            kinds[kind] = (before + number, min(least, path))
    print_note(note_of(kinds, made.rows))
    for error in first:
        click.echo(f"isopixel: {shown(error.path)}: {shown(error.message)} ({error.kind})", err=True)
    if (more := sum(made.errors.values()) - len(first)) > 0:
        click.echo(f"isopixel: and {counted(more, 'error')} more: isopixel.corpus.errors lists all", err=True)
    if "io" in made.errors:
        print_note(f"to read again what could not be read: isopixel corpus make {shlex.quote(dst)} --retry-errors")


@corpus_command.command("show", short_help="Print what a corpus holds, and what is new in its sources.")
@click.argument("dst", metavar="DST")
@json_option
def show_command(dst: str, as_json: bool) -> int:
    """Print what a corpus holds; of one that is not finished, how far it is; and how its sources differ by now.

    Exits with 1 if some files are not images, or if the corpus is not finished.
    """
    from isopixel import corpus
    from isopixel._corpus.looking import state_of

    state = state_of(dst)
    try:
        with reported() as on_progress:
            changes, unknown = corpus.changes(dst, on_progress=on_progress), None
    except (OSError, ValueError) as error:
        changes, unknown = None, str(error)
    made = state.manifest
    first = list(islice(corpus.errors(dst), FIRST)) if made and made.errors else []
    if as_json:
        record = _record_of(state) | (_record(made, first) if made else {})
        changed = None if changes is None else dataclasses.asdict(changes)
        click.echo(json.dumps(record | {"changes": changed, "changes_unknown": unknown}, indent=1))
        return 1 if made is None or made.errors else 0
    lines = [f"recipe       {state.settings.recipe}", f"source       {state.settings.source}"]
    lines += [f"decode       {state.settings.decode}"] * (state.settings.decode is not None)
    lines.append(f"shards       {state.there:,} of {state.shards:,}")
    if made:
        lines += [f"rows         {_counts(made)}", f"bytes        {made.source_bytes:,}", f"digest       {made.digest}"]
    else:
        lines += [f"rows         {state.rows:,} planned", "not finished: isopixel corpus make goes on with it"]
    if changes is not None:
        numbers = {name: len(paths) for name, paths in dataclasses.asdict(changes).items()}
        lines.append("sources      " + ", ".join(f"{n:,} {name}" for name, n in numbers.items()) + " since the plan")
    for line in lines:
        click.echo(shown(line))
    if unknown is not None:
        print_note(f"how the sources differ by now is not known: {unknown}")
    if made:
        _print_errors(made, first, dst)
    return 1 if made is None or made.errors else 0


@corpus_command.command("verify", short_help="Check that a corpus is as it was made.")
@click.argument("dst", metavar="DST")
@click.option(
    "--sample", metavar="N", type=click.IntRange(min=0), default=0, help="Rows to make again of their sources."
)
@workers_option
@json_option
def verify_command(dst: str, sample: int, workers: int | None, as_json: bool) -> int:
    """Check that every bit of a corpus is as it was made; and with --sample that some rows are made the same again.

    Exits with 1 if something is wrong.
    """
    from isopixel import corpus

    with reported() as on_progress:
        findings = corpus.verify(dst, sample=sample, workers=workers, on_progress=on_progress)
    made = corpus.read(dst) if not findings else None
    if as_json:
        record = {"findings": [dataclasses.asdict(finding) for finding in findings]}
        click.echo(json.dumps(record | {"digest": made.digest if made else None}, indent=1))
        return 1 if findings else 0
    for finding in findings:
        where = finding.file if finding.path is None else f"{finding.file}, {finding.path}"
        click.echo(f"FAIL         {shown(where)}: {shown(finding.what)}")
    if made:
        click.echo(f"pass         {counted(made.rows, 'row')}, {made.digest}")
    return 1 if findings else 0


@contextmanager
def reported() -> "Iterator[Callable[[Progress], None]]":
    """Yields what prints how far the work is, with its rate and the time that is left."""
    begun: dict[str, float] = {}
    with status() as show:

        def report(progress: "Progress") -> None:
            seconds = time.monotonic() - begun.setdefault(progress.stage, time.monotonic())
            show(_line(progress, seconds))

        yield report


def _line(progress: "Progress", seconds: float) -> str:
    """Returns how far the work is, which is of a stage that began some seconds ago."""
    rate = progress.done_files / max(seconds, 1e-9)
    if progress.stage == "list":
        return f"listing: {counted(progress.done_files, 'file')}, {rate:,.0f} files/s"
    if progress.stage == "finish":
        return "writing the manifest"
    if progress.stage == "verify":
        return f"verifying: {progress.done_files:,} of {counted(progress.total_files, 'row')}, {rate:,.0f} rows/s"
    amount = f"{progress.done_files:,} of {counted(progress.total_files, 'file')}"
    read = f"{progress.done_bytes / 1e6:,.0f} of {progress.total_bytes / 1e6:,.0f} MB"
    done = progress.done_bytes + FILE_COST * progress.done_files
    left = progress.total_bytes + FILE_COST * progress.total_files - done
    return f"{amount}, {read}, {rate:,.0f} files/s" + (
        f", {_time(seconds * left / done)} left" if done and seconds > 1 else ""
    )


def _time(seconds: float) -> str:
    if seconds < 100:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 6000 else f"{seconds / 3600:.1f} h"
