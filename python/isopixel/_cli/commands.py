# SPDX-License-Identifier: MIT
"""The group of commands; those that make and check images; and how all are run."""

import errno
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from isopixel import __version__, _batch, _core
from isopixel._atomic import replacing
from isopixel._cli.audit import audit_command
from isopixel._cli.options import (
    PATH,
    check_folder,
    check_holds,
    check_output,
    counted,
    cpu_name,
    finish,
    method_option,
    parse_recipe,
    parse_size,
    progress_bar,
)
from isopixel._cli.peers import compare, diff
from isopixel._cli.skew import skew_command
from isopixel._golden import as_text, differences, load_record, record_files
from isopixel._images import resize as resize_image
from isopixel._methods import MethodName
from isopixel._pictures import LOSSY, SUFFIXES, read_picture
from isopixel._recipe import Recipe
from isopixel._saving import read_saved
from isopixel._settings import get_isa
from isopixel._shown import shown
from isopixel._verify import first_failure, load_vectors

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
@click.option("--layout", metavar="TEXT", help="How bytes become pixels.  [default: nataraj]")
@click.option("--size", metavar="H,W", callback=parse_size, help="Resize to this height and width, such as 224,224.")
@method_option
@click.option("--dry-run", is_flag=True, help="Print what would be written, and write nothing.")
@click.pass_context
def bytes_command(
    ctx: click.Context,
    paths: tuple[Path, ...],
    output: Path | None,
    recipe: Recipe | None,
    layout: str | None,
    size: tuple[int, int] | None,
    method: MethodName | None,
    dry_run: bool,
) -> None:
    """Make images of the bytes of files.

    For one file, prints the shape and the fingerprint, and writes the picture that -o names. FILE - is the standard
    input, which is first copied to a temporary file, since the width of an image depends on the length.

    For several files, or a folder and all that is in it, writes a PNG for each into the folder that -o names, under the
    file's whole name followed by .png. A file that fails does not stop the others: it is named at the end, and the exit
    code is 1.

    A recipe that normalises makes float32 arrays, which PNG cannot hold: they are written as .npy.

    Every picture has a manifest: see isopixel show.
    """
    if recipe is None:
        recipe = Recipe(layout or "nataraj", size, method=method or "bilinear")
    elif layout is not None or size is not None or method is not None:
        raise click.UsageError("--recipe holds all options: leave out --layout, --size and --method")
    if len(paths) == 1 and not _batch.is_folder(paths[0]) and (is_stdin(paths[0]) or not (output and output.is_dir())):
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
    ctx.exit(many_files(paths, output, recipe, dry_run))


def one_file(path: Path, output: Path | None, recipe: Recipe, dry_run: bool) -> None:
    """Makes the image of one file."""
    length = path.stat().st_size
    if dry_run:
        click.echo(f"{shown(path)} -> {shown(output) if output else 'nothing'}")
        return
    with progress_bar(length, shown(path.name), hidden=length < LONG) as bar:

        def advance(block: memoryview) -> None:
            bar.update(len(block))

        # Without a manifest to write, nobody needs the file's SHA-256.
        image, source = recipe.read(path, advance) if output else (recipe._of_file(path, advance), None)
    finish(image, output, recipe, source)


def many_files(paths: tuple[Path, ...], folder: Path, recipe: Recipe, dry_run: bool) -> int:
    """Makes the images of several files; returns the exit code."""
    made = _batch.plan(paths, folder, ".npy" if recipe.mean else ".png")
    if dry_run:
        for output, path in made.jobs.items():
            click.echo(f"{shown(path)} -> {shown(output)}")
        failures = made.failures
    else:
        folder.mkdir(parents=True, exist_ok=True)
        if not os.access(folder, os.W_OK | os.X_OK):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(folder))
        with progress_bar(made.length, "images", hidden=False) as bar:
            failures = _batch.run(made, recipe, bar.update)
        good = len(made.jobs) + len(made.failures) - len(failures)
        click.echo(f"{counted(good, 'image')} in {shown(folder)}" + (f", {len(failures)} failed" if failures else ""))
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
        with copy.open("wb") as file:
            shutil.copyfileobj(sys.stdin.buffer, file, 1 << 20)
        if copy.stat().st_size == 0:
            raise ValueError("the standard input is empty: an image needs at least one byte")
        yield copy


@main.command()
@click.argument("picture", metavar="IN.png|IN.npy", type=PATH)
@click.option("-o", "--output", type=PATH, required=True, help="Picture to write, .png or .npy.")
@click.option(
    "--size", metavar="H,W", callback=parse_size, required=True, help="Height and width of the result, such as 224,224."
)
@method_option
def resize(picture: Path, output: Path, size: tuple[int, int], method: MethodName | None) -> None:
    """Resize a picture; print the shape and fingerprint of the result."""
    check_output(output, picture)
    finish(resize_image(read_picture(picture), size, method=method or "bilinear"), output)


@main.command()
@click.argument("picture", metavar="FILE", type=PATH)
def show(picture: Path) -> None:
    """Print the manifest of a saved picture, if its pixels are unchanged."""
    image, manifest = read_saved(picture)
    lines = [
        f"isopixel     {manifest.isopixel}, specification {manifest.spec}",
        f"recipe       {manifest.recipe or 'not known'}",
    ]
    if manifest.source:
        lines.append(f"source       {manifest.source.name}, {manifest.source.bytes} bytes")
        lines.append(f"             sha256:{manifest.source.sha256}")
    lines += [f"shape        {image.shape}", f"fingerprint  {manifest.fingerprint}"]
    for line in lines:
        click.echo(shown(line))


@main.group()
def golden() -> None:
    """Record the results of a recipe on some files, and check them on another machine."""


@golden.command()
@click.argument("files", metavar="FILES...", nargs=-1, required=True, type=PATH)
@click.option("--recipe", metavar="LINE", callback=parse_recipe, required=True, help="How images are made of them.")
@click.option("-o", "--output", type=PATH, required=True, help="Golden file to write, .json.")
def record(files: tuple[Path, ...], recipe: Recipe, output: Path) -> None:
    """Write a golden file: hashes of the files; shapes and fingerprints of their images; small images whole.

    The names of the files are relative to the golden file's folder.
    """
    if output.suffix.lower() != ".json":
        raise click.UsageError(f"the name of a golden file ends in .json, not as {str(output)!r}")
    check_folder(output)
    content = as_text(record_files(recipe, files, output.parent))
    with replacing(output) as (file,):
        file.write(content)
    click.echo(f"{counted(len(files), 'file')} in {shown(output)}")


@golden.command()
@click.argument("file", metavar="GOLDEN.json", type=PATH)
@click.option(
    "--recipe", metavar="LINE", callback=parse_recipe, help="The recipe in use here, which should be the recorded one."
)
@click.pass_context
def check(ctx: click.Context, file: Path, recipe: Recipe | None) -> None:
    """Make the images again, and compare every bit.

    Exits with 1 if the bytes of a file, the recipe or the pixels differ; prints which, and the first pixel.
    """
    recorded = load_record(file)
    count = 0
    for count, line in enumerate(differences(recorded, file.parent, recipe), 1):  # noqa: B007
        click.echo(f"FAIL  {line}")
    if count:
        ctx.exit(1)
    click.echo(f"pass  {counted(len(recorded['files']), 'file')}, {recorded['recipe']}")


@main.command()
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
main.add_command(skew_command)


def run() -> int:
    """Runs the command line; returns the exit code. An error is one line on stderr, and the exit code is 2."""
    try:
        return main(standalone_mode=False) or 0
    except click.exceptions.NoArgsIsHelpError as error:
        print(error.format_message())
        return 2
    except click.ClickException as error:
        message = error.format_message()
    except click.Abort:
        print("isopixel: interrupted", file=sys.stderr)
        return 130  # as shells report it
    except (OSError, ValueError, TypeError, MemoryError, ModuleNotFoundError) as error:
        message = str(error) or type(error).__name__
    print(f"isopixel: {shown(message)}", file=sys.stderr)
    return 2
