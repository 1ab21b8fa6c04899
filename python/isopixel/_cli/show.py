# SPDX-License-Identifier: MIT
"""The command that shows what is known of a saved picture, or what a recipe makes of a sound."""

import dataclasses
import json
from pathlib import Path

import click

from isopixel import _core
from isopixel._cli.images import LONG
from isopixel._cli.options import PATH, check_figure, parse_recipe
from isopixel._cli.progress import progress
from isopixel._pictures import write_figure
from isopixel._recipe import Recipe
from isopixel._saving import read_saved
from isopixel._shown import shown
from isopixel._spectrogram import spectrogram_figure


@click.command(short_help="Print the manifest of a saved picture, or draw a sound.")
@click.argument("path", metavar="FILE", type=PATH)
@click.option("--json", "as_json", is_flag=True, help="Print a JSON object, of a saved picture.")
@click.option("--recipe", metavar="LINE", callback=parse_recipe, help="Draw FILE, a WAV file, as this recipe reads it.")
@click.option("-o", "--output", type=PATH, help="PNG to draw it to.")
def show(path: Path, as_json: bool, recipe: Recipe | None, output: Path | None) -> None:
    """Print what is known of a saved picture, if its pixels are unchanged; or draw a sound.

    The shape, the dtype and the fingerprint are verified: they are those of the samples in the file, and those in its
    manifest. The rest is what whoever saved it stated: the version of isopixel, the recipe or the resize that made it,
    and the source that it was made of.

    With --recipe, whose layout is logmel or logfft, and -o, FILE is a WAV file, and its spectrogram is drawn for
    people: in colours, low frequencies at the bottom, with axes in Hz, seconds and decibels. What isopixel apply makes
    is something else: the array, with row 0, the lowest, on top. If the recipe resizes, the drawing is of the result,
    which is what a model sees, along the axes of the whole sound; it is of what comes before normalize. An image of
    more than 1200 columns or 512 rows is averaged to that, so that an hour fits too, and the drawing says so.
    """
    if recipe is not None and output is not None and not as_json:
        draw(path, recipe, output)
        return
    if recipe is not None or output is not None:
        raise click.UsageError("a drawing of a sound needs --recipe and -o, and is no JSON")
    if path.suffix.lower() == ".wav":
        raise click.UsageError(
            f"{str(path)!r} has no manifest: to draw it, give -o drawing.png and "
            "--recipe 'isopixel 1: logmel,rate=16000,window=400,hop=160,bands=80' with its own rate"
        )
    image, manifest = read_saved(path)
    dtype = image.dtype.newbyteorder("=").name
    if as_json:
        stated = dataclasses.asdict(manifest)
        verified = {name: stated.pop(name) for name in ("fingerprint", "shape")}
        click.echo(json.dumps({"verified": verified | {"dtype": dtype}, "stated": stated}, indent=1))
        return
    lines = [
        "verified     the samples are those that were saved",
        f"shape        {image.shape}",
        f"dtype        {dtype}",
        f"fingerprint  {manifest.fingerprint}",
        "stated       by who saved them, and not checked",
        f"isopixel     {manifest.isopixel}, specification {manifest.spec}",
    ]
    made_by = {"recipe": manifest.recipe, "resize": manifest.resize}
    known = {name: step for name, step in made_by.items() if step is not None} or {"recipe": "not known"}
    lines += [f"{name:12} {step}" for name, step in known.items()]
    if manifest.source:
        lines.append(f"source       {manifest.source.name}, {manifest.source.bytes} bytes")
        lines.append(f"             sha256:{manifest.source.sha256}")
    for line in lines:
        click.echo(shown(line))


def draw(path: Path, recipe: Recipe, output: Path) -> None:
    """Draws the spectrogram of a WAV file, and prints what is shown."""
    if recipe.layout is None or _core.rate_of(recipe.layout) is None:
        raise click.UsageError(f"the recipe '{recipe}' is not of sounds: its layout has to be logmel or logfft")
    check_figure(output, path)
    length = path.stat().st_size
    with progress(length, shown(path.name), hidden=length < LONG) as advance:
        figure, notes = spectrogram_figure(path, recipe, lambda block: advance(len(block)))
    write_figure(output, figure)
    for note in notes:
        click.echo(note)
