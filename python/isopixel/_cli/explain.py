# SPDX-License-Identifier: MIT
"""The command that names the functions which turn one picture into another."""

import json
from pathlib import Path
from typing import Any

import click

from isopixel._cli.options import PATH
from isopixel._decoding import read_pixels
from isopixel._explain import Explained, Explanation, explain
from isopixel._explain.images import Array
from isopixel._files import open_regular
from isopixel._pictures import DECODED, SUFFIXES, read_numbers
from isopixel._shown import shown


@click.command("explain", short_help="Name the functions that turn one picture into another.")
@click.argument("before", metavar="BEFORE", type=PATH)
@click.argument("after", metavar="AFTER", type=PATH)
@click.option("--json", "as_json", is_flag=True, help="Print a JSON object.")
@click.pass_context
def explain_command(ctx: click.Context, before: Path, after: Path, as_json: bool) -> None:
    """Name the known functions that turn one picture (.png, .jpg, .bmp) or array (.npy) into another, bit for bit.

    BEFORE may be any other file: then it is told which layout of its bytes, resized or not, AFTER is.

    Prints the chains of functions that make AFTER exactly, after "=", the simplest first; or, if there is none, those
    that come nearest, after "~", with the share of samples that differ. Exits with 0 if there is an exact one, with 1
    if not, with 2 on an error.
    """
    new = read(after)
    is_picture = before.suffix.lower() in (*SUFFIXES, *DECODED)
    found = explain(read(before) if is_picture else content_of(before), new)
    click.echo(json.dumps(as_record(found), indent=1) if as_json else shown_lines(found))
    ctx.exit(0 if found.is_exact else 1)


def read(path: Path) -> Array:
    """Reads a picture, or an array of any numbers."""
    return read_numbers(path) if path.suffix.lower() == ".npy" else read_pixels(path)


def content_of(path: Path) -> bytes:
    """Returns the bytes of a file."""
    with open_regular(path) as file:
        content: bytes = file.read()
    if not content:
        raise ValueError(f"{str(path)!r} is empty: an image needs at least one byte")
    return content


def shown_lines(found: Explained) -> str:
    """Returns the explanations as lines that are safe for a terminal."""
    return "\n".join(map(shown, str(found).splitlines()))


def as_record(found: Explained) -> dict[str, Any]:
    """Returns explanations as a JSON object."""
    return {"exact": found.is_exact, "explanations": list(map(_as_record, found)), "note": found.note}


def _as_record(one: Explanation) -> dict[str, Any]:
    operations = [
        {"kind": operation.kind, "name": operation.name, "arguments": dict(operation.arguments)}
        for operation in one.operations
    ]
    return {"text": str(one), "operations": operations, "share": one.share, "maximum": one.maximum}
