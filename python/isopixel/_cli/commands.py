# SPDX-License-Identifier: MIT
"""The group of commands; those that make and check images; and how all are run."""

import errno
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NoReturn

import click

from isopixel import __version__, _batch, _core
from isopixel._atomic import abandon, destination
from isopixel._cli.audit import audit_command
from isopixel._cli.golden import golden
from isopixel._cli.interrupts import EndedError, ended_by_signals
from isopixel._cli.options import (
    PATH,
    check_holds,
    check_output,
    complete_layout,
    cpu_name,
    method_for_picture,
    method_option,
    parse_recipe,
    parse_size,
    print_note,
    print_result,
)
from isopixel._cli.peers import compare, diff
from isopixel._cli.progress import progress
from isopixel._cli.show import show
from isopixel._cli.skew import skew_command
from isopixel._cli.tables import fingerprint_command, layouts_command, methods_command
from isopixel._guard import Guard
from isopixel._images import resize as resize_image
from isopixel._methods import MethodName
from isopixel._pictures import LOSSY, SUFFIXES, check_pixels, read_lossless
from isopixel._recipe import Recipe
from isopixel._saving import describe, save, write_saved
from isopixel._settings import get_isa, most_pixels
from isopixel._shown import counted, shown
from isopixel._verify import first_failure, load_vectors
from isopixel._walk import is_folder, reason

LONG = 256 << 20  # bytes from which on the progress of a file is shown


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, message="isopixel %(version)s")
def main() -> None:
    """Bytes and images to arrays of one size, with the same bits on every machine."""


@main.command("bytes")
@click.argument("paths", metavar="FILES|FOLDERS...", nargs=-1, required=True, type=PATH)
@click.option("-o", "--output", type=PATH, help="Picture to write, .png or .npy; a folder for several files.")
@click.option(
    "--recipe",
    metavar="LINE",
    callback=parse_recipe,
    help="How images are made, instead of the three options that follow.",
)
@click.option(
    "--layout", metavar="TEXT", shell_complete=complete_layout, help="How bytes become pixels.  [default: nataraj]"
)
@click.option("--size", metavar="H,W", callback=parse_size, help="Resize to this height and width, such as 224,224.")
@method_option
@click.option("--jobs", metavar="N", type=click.IntRange(1), help="Files to work on at once.  [default: one per core]")
@click.option("--dry-run", is_flag=True, help="Print what would be written and what cannot be, and write nothing.")
@click.pass_context
def bytes_command(
    ctx: click.Context,
    paths: tuple[Path, ...],
    output: Path | None,
    recipe: Recipe | None,
    layout: str | None,
    size: tuple[int, int] | None,
    method: MethodName | None,
    jobs: int | None,
    dry_run: bool,
) -> None:
    """Make images of the bytes of files.

    For one file, prints the shape and the fingerprint, and writes the picture that -o names. FILE - is the standard
    input, which is first copied to a temporary file, since the width of an image depends on the length.

    For several files, or a folder and all that is in it, writes a PNG for each into the folder that -o names, under the
    file's whole name followed by .png. A file that fails does not stop the others: it is named at the end, and the exit
    code is 1. Links to folders, and what is not a file, such as a pipe, are left out with a note.

    A recipe that normalises makes float32 arrays, which PNG cannot hold: they are written as .npy.

    Every picture has a manifest: see isopixel show.
    """
    if recipe is None:
        recipe = Recipe(layout or "nataraj", size, method=method or "bilinear")
    elif layout is not None or size is not None or method is not None:
        raise click.UsageError("--recipe holds all options: leave out --layout, --size and --method")
    if len(paths) == 1 and not is_folder(paths[0]) and (is_stdin(paths[0]) or not (output and output.is_dir())):
        if output is not None:
            check_output(output, paths[0])
            check_holds(output, recipe)
        with named_file(paths[0]) as path:
            one_file(path, output, recipe, dry_run)
        return
    if any(map(is_stdin, paths)):
        raise click.UsageError("- is the standard input, and cannot be combined with other files")
    if output is None or (output.suffix.lower() in (*SUFFIXES, *LOSSY) and not output.is_dir()):
        raise click.UsageError("for a folder or several files, -o has to name a folder")
    ctx.exit(many_files(paths, output, recipe, jobs, dry_run))


def one_file(path: Path, output: Path | None, recipe: Recipe, dry_run: bool) -> None:
    """Makes the image of one file."""
    recipe._check_file(path)
    length = path.stat().st_size
    if output is not None:
        check_pixels(output, recipe._shape(length), most_pixels(None), "written")
    if dry_run:
        click.echo(f"{shown(path)} -> {shown(output) if output else 'nothing'}")
        return
    with progress(length, shown(path.name), hidden=length < LONG) as advance:
        guard = Guard()
        watch = guard.watch(path.name)

        def see(block: memoryview) -> None:
            watch(block)
            advance(len(block))

        # Without a manifest to write, nobody needs the file's SHA-256.
        image, source = recipe.read(path, see) if output else (recipe._of_file(path, see), None)
    if output is not None:
        save(output, image, recipe=recipe, source=source)
    print_note(guard.note(1))
    print_result(image)


def many_files(paths: tuple[Path, ...], folder: Path, recipe: Recipe, jobs: int | None, dry_run: bool) -> int:
    """Makes the images of several files; returns the exit code."""
    plan = _batch.plan(paths, folder, ".npy" if recipe.normalization else ".png")
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
        guard = Guard()
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
        yield copy


@main.command(short_help="Resize a picture.")
@click.argument("picture", metavar="IN.png|IN.npy", type=PATH)
@click.option("-o", "--output", type=PATH, required=True, help="Picture to write, .png or .npy.")
@click.option(
    "--size", metavar="H,W", callback=parse_size, required=True, help="Height and width of the result, such as 224,224."
)
@method_option
def resize(picture: Path, output: Path, size: tuple[int, int], method: MethodName | None) -> None:
    """Resize a picture; print the shape and fingerprint of the result, and the method.

    A PNG with alpha (RGBA or LA) is resized by the form of a method whose name ends in -alpha, if it has one, since
    that is what the library computes for such a picture.
    """
    check_output(output, picture)
    image = read_lossless(picture)
    method = method_for_picture(picture, image, method or "bilinear")
    result = resize_image(image, size, method=method)
    step = f"{method} {size[0]},{size[1]}"
    write_saved(output, result, source=describe(picture), resize=step)
    print_result(result)
    click.echo(f"method       {method}")


@main.command(short_help="Check this installation against the specification.")
@click.pass_context
def verify(ctx: click.Context) -> None:
    """Check this installation, on this machine, against the vectors of the specification.

    Exits with 1 if a result differs.
    """
    vectors, isa = load_vectors(), get_isa()
    click.echo(f"isopixel     {__version__}")
    click.echo(f"compiler     {_core.compiler}")
    click.echo(f"cpu          {cpu_name()}")
    click.echo(f"instructions {isa}")
    if failure := first_failure(vectors):
        click.echo(f"FAIL         {failure}")
        ctx.exit(1)
    click.echo(f"pass         {sum(map(len, vectors.values()))} vectors")


main.add_command(audit_command)
main.add_command(compare)
main.add_command(diff)
main.add_command(golden)
main.add_command(show)
main.add_command(skew_command)
main.add_command(methods_command)
main.add_command(layouts_command)
main.add_command(fingerprint_command)


def run() -> int:
    """Runs the command line; returns the exit code. An error is one line on stderr, and the exit code is 2."""
    try:
        with ended_by_signals():
            return run_to_end()
    except EndedError as ended:
        end(128 + ended.number)  # as shells report it


def run_to_end() -> int:
    """Runs the command line, if no signal ends it."""
    try:
        return main(standalone_mode=False) or 0
    except click.exceptions.NoArgsIsHelpError as error:
        print(error.format_message())
        return 2
    except click.ClickException as error:
        message = error.format_message()
    except (OSError, ValueError, TypeError, MemoryError, ModuleNotFoundError) as error:
        message = str(error) or type(error).__name__
    print(f"isopixel: {shown(message)}", file=sys.stderr)
    return 2


def end(code: int) -> NoReturn:
    """Ends the process at once: a thread in a long call of C, for which Python would wait, writes nothing any more."""
    abandon()
    for write in (lambda: print("isopixel: interrupted", file=sys.stderr), sys.stderr.flush, sys.stdout.flush):
        with suppress(OSError):
            write()
    os._exit(code)
