# SPDX-License-Identifier: MIT
"""The commands that record goldens of files and check them."""

from pathlib import Path

import click

from isopixel._atomic import replacing
from isopixel._batch import Failure, files_of, no_files
from isopixel._cli.options import PATH, check_folder, parse_recipe, print_note
from isopixel._golden import as_text, differences, load_record, record_files
from isopixel._guard import Guard
from isopixel._recipe import Recipe
from isopixel._shown import counted, shown


@click.group(short_help="Record what a recipe makes of files, and check it.")
def golden() -> None:
    """Record the results of a recipe on some files, and check them on another machine."""


@golden.command(short_help="Write a golden file.")
@click.argument("paths", metavar="FILES|FOLDERS...", nargs=-1, required=True, type=PATH)
@click.option("--recipe", metavar="LINE", callback=parse_recipe, required=True, help="How images are made of them.")
@click.option("-o", "--output", type=PATH, required=True, help="Golden file to write, .json.")
def record(paths: tuple[Path, ...], recipe: Recipe, output: Path) -> None:
    """Write a golden file: hashes of the files; shapes and fingerprints of their images; small images whole.

    A folder stands for all files in it, sorted by name. All files have to be in the golden file's folder, or below it,
    and are named relative to it.
    """
    if output.suffix.lower() != ".json":
        raise click.UsageError(f"the name of a golden file ends in .json, not as {str(output)!r}")
    check_folder(output)
    failures: list[Failure] = []
    notes: list[Failure] = []
    found = [Path(file.path) for file in files_of(paths, failures, notes)]
    files = [file for file in found if file.resolve() != output.resolve()]
    for path, why in failures:
        raise ValueError(f"{str(path)!r}: {why}")
    if not files:
        raise no_files(paths)
    guard = Guard(recipe)
    content = as_text(record_files(recipe, files, output.parent, guard))
    with replacing(output) as (file,):
        file.write(content)
    for path, why in notes:
        print_note(f"{path}: {why}")
    print_note(guard.note(len(files)))
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
