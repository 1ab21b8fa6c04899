# SPDX-License-Identifier: MIT
"""The command that shows what is known of a saved picture."""

import dataclasses
import json
from pathlib import Path

import click

from isopixel._cli.options import PATH
from isopixel._saving import read_saved
from isopixel._shown import shown


@click.command(short_help="Print the manifest of a saved picture.")
@click.argument("picture", metavar="FILE", type=PATH)
@click.option("--json", "as_json", is_flag=True, help="Print a JSON object.")
def show(picture: Path, as_json: bool) -> None:
    """Print what is known of a saved picture, if its pixels are unchanged.

    The shape, the dtype and the fingerprint are verified: they are those of the samples in the file, and those in its
    manifest. The rest is what whoever saved it stated: the version of isopixel, the recipe or the resize that made it,
    and the source that it was made of.
    """
    image, manifest = read_saved(picture)
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
