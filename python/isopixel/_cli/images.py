# SPDX-License-Identifier: MIT
"""The commands that make the arrays of files by a recipe."""

import errno
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from isopixel import _batch
from isopixel._atomic import destination
from isopixel._cli.options import (
    PATH,
    check_output,
    complete_layout,
    method_option,
    parse_recipe,
    parse_size,
    print_note,
    print_result,
)
from isopixel._cli.progress import progress
from isopixel._guard import Guard, kind_of_file
from isopixel._methods import MethodName
from isopixel._pictures import LOSSY, SUFFIXES, check_pixels
from isopixel._recipe import Recipe
from isopixel._saving import check_holds, is_for_png, save
from isopixel._settings import most_pixels
from isopixel._shown import counted, shown
from isopixel._walk import is_folder, reason

LONG = 256 << 20  # bytes from which on the progress of a file is shown


def files_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """Adds what both commands have: the files, where to write, how many at once."""
    for decorate in (
        click.option(
            "--dry-run", is_flag=True, help="Print what would be written and what cannot be, and write nothing."
        ),
        click.option(
            "--jobs", metavar="N", type=click.IntRange(1), help="Files to work on at once.  [default: one per core]"
        ),
        click.option("-o", "--output", type=PATH, help="File to write, .png or .npy; a folder for several."),
        click.argument("paths", metavar="FILES|FOLDERS...", nargs=-1, required=True, type=PATH),
    ):
        function = decorate(function)
    return function


@click.command("bytes", short_help="Make images of the bytes of files.")
@click.option(
    "--recipe",
    metavar="LINE",
    callback=parse_recipe,
    help="How images are made, instead of the three options that follow.",
)
@click.option(
    "--layout",
    metavar="TEXT",
    shell_complete=complete_layout,
    help="How bytes become pixels, such as square or nataraj,length=65536: see isopixel layouts.  [default: nataraj]",
)
@click.option("--size", metavar="H,W", callback=parse_size, help="Resize to this height and width, such as 224,224.")
@method_option
@files_options
def bytes_command(
    recipe: Recipe | None, layout: str | None, size: tuple[int, int] | None, method: MethodName | None, **files: Any
) -> int:
    """Make images of the bytes of files.

    For one file, prints the shape and the fingerprint, and writes the picture that -o names. FILE - is the standard
    input, which is first copied to a temporary file, since the width of an image depends on the length.

    For several files, or a folder and all that is in it, writes a PNG for each into the folder that -o names, under the
    file's whole name followed by .png. A file that fails does not stop the others: it is named at the end, and the exit
    code is 1. Links to folders, and what is not a file, such as a pipe, are left out with a note.

    A layout says which bytes are meant: with nataraj,offset=44 those of a WAV file without its header, with
    nataraj,length=65536 the first 64 KiB; and with nataraj,unknown=0 those of a .bytes listing, in which 0 (to 255, or
    drop) stands for unknown ones. With logmel and logfft, which have to be given rate,
    window and hop, images are spectrograms of WAV files, whose row 0 is the lowest: isopixel show draws them.

    A recipe that normalises makes float32 arrays, which PNG cannot hold: they are written as .npy.

    Every picture has a manifest: see isopixel show.
    """
    if recipe is None:
        recipe = Recipe(layout or "nataraj", size, method=method or "bilinear")
    elif layout is not None or size is not None or method is not None:
        raise click.UsageError("--recipe holds all options: leave out --layout, --size and --method")
    if recipe.layout is None:
        raise click.UsageError(f"the recipe '{recipe}' is of images, and not of bytes: use isopixel apply")
    return make_arrays(recipe, **files)


@click.command("apply", short_help="Make the arrays of pictures, or of other files, by a recipe.")
@click.option("--recipe", metavar="LINE", callback=parse_recipe, required=True, help="How the arrays are made.")
@files_options
def apply_command(recipe: Recipe, **files: Any) -> int:
    """Make the arrays of pictures, or of other files, by a recipe.

    A recipe of images, which begins with such as 'isopixel 1: image rgb', reads JPEG, PNG and BMP; one with the layout
    logmel or logfft reads WAV files; one with another layout takes the bytes of any files.

    For one file, prints the shape and the fingerprint, and writes the array that -o names. For several files, or a
    folder and all that is in it, writes one for each into the folder that -o names, under the file's whole name
    followed by .png, or by .npy if the recipe normalises or has the mode bgr. A file that fails does not stop the
    others: it is named at the end, and the exit code is 1. FILE - is the standard input.
    """
    return make_arrays(recipe, **files)


def make_arrays(recipe: Recipe, paths: tuple[Path, ...], output: Path | None, jobs: int | None, dry_run: bool) -> int:
    """Makes the arrays of files, and returns the exit code."""
    if len(paths) == 1 and not is_folder(paths[0]) and (is_stdin(paths[0]) or not (output and output.is_dir())):
        if output is not None:
            check_output(output, paths[0])
            check_holds(output, recipe)
        with named_file(paths[0]) as path:
            one_file(path, output, recipe, dry_run)
        return 0
    if any(map(is_stdin, paths)):
        raise click.UsageError("- is the standard input, and cannot be combined with other files")
    if output is None or (output.suffix.lower() in (*SUFFIXES, *LOSSY) and not output.is_dir()):
        raise click.UsageError("for a folder or several files, -o has to name a folder")
    return many_files(paths, output, recipe, jobs, dry_run)


def one_file(path: Path, output: Path | None, recipe: Recipe, dry_run: bool) -> None:
    """Makes the image of one file."""
    part = recipe._check_file(path)
    length = path.stat().st_size
    shape = recipe._shape(length)
    if output is not None and None not in shape:
        check_pixels(repr(str(output)), shape, most_pixels(None), "written")
    if dry_run:
        click.echo(f"{shown(path)} -> {shown(output) if output else 'nothing'}")
        return
    guard = Guard(recipe)
    guard.see(path.name, kind_of_file(str(path)))
    reads = length if output is not None else part
    with progress(reads, shown(path.name), hidden=reads < LONG) as advance:

        def see(block: memoryview) -> None:
            advance(len(block))

        # Without a manifest to write, nobody needs the file's SHA-256, nor the bytes beside a part.
        image, source = recipe.read(path, see) if output else (recipe._of_file(path, see), None)
    if output is not None:
        save(output, image, recipe=recipe, source=source)
    print_note(guard.note(1))
    print_result(image)


def many_files(paths: tuple[Path, ...], folder: Path, recipe: Recipe, jobs: int | None, dry_run: bool) -> int:
    """Makes the images of several files; returns the exit code."""
    plan = _batch.plan(paths, folder, ".png" if is_for_png(recipe) else ".npy")
    destination(folder / "picture")  # before folders are made through a link that is not to be followed
    if dry_run:
        failures = list(plan.failures)
        for output, source in plan.jobs.items():
            try:
                recipe._check_file(source)
            except (OSError, ValueError) as error:
                failures.append((Path(source), reason(error, source)))
            else:
                click.echo(f"{shown(source)} -> {shown(output)}")
    else:
        folder.mkdir(parents=True, exist_ok=True)
        if not os.access(folder, os.W_OK | os.X_OK):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(folder))
        total, done = counted(len(plan.jobs), "file"), 0
        guard = Guard(recipe)
        with progress(plan.length, "images", lambda read: f"{done:,} of {total}") as advance:

            def on_progress(read: int, files: int) -> None:
                nonlocal done
                done += files
                advance(read)

            failures = _batch.run(plan, recipe, on_progress, jobs, guard)
        good = len(plan.jobs) + len(plan.failures) - len(failures)
        click.echo(f"{counted(good, 'image')} in {shown(folder)}" + (f", {len(failures):,} failed" if failures else ""))
        print_note(guard.note(len(plan.jobs)))
    for path, why in plan.notes:
        print_note(f"{path}: {why}")
    for path, why in failures:
        click.echo(f"isopixel: {shown(path)}: {shown(why)}", err=True)
    return 1 if failures else 0


def is_stdin(path: Path) -> bool:
    """Returns whether a path stands for the standard input."""
    return str(path) == "-"


@contextmanager
def named_file(path: Path) -> Iterator[Path]:
    """Yields a file with a length: the path itself, or for - a temporary copy of the standard input."""
    if not is_stdin(path):
        yield path
        return
    with tempfile.TemporaryDirectory(prefix="isopixel-") as folder:
        copy = Path(folder) / "-"
        if sys.stdin is None:
            raise ValueError("the standard input is closed: there is nothing to read for -")
        with copy.open("wb") as file:
            shutil.copyfileobj(sys.stdin.buffer, file, 1 << 20)
        if copy.stat().st_size == 0:
            raise ValueError("the standard input is empty: an image needs at least one byte")
        try:
            yield copy
        except ValueError as error:
            raise ValueError(str(error).replace(repr(str(copy)), "'-'")) from error
