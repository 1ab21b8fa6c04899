# SPDX-License-Identifier: MIT
"""The commands that list what there is, methods and layouts; and the one that identifies arrays."""

import dataclasses
import json
from collections.abc import Iterator, Sequence
from pathlib import Path

import click

from isopixel import _core
from isopixel._cli.options import PATH, filter_option
from isopixel._decoding import read_pixels
from isopixel._fingerprints import fingerprint
from isopixel._methods import Method, kind_of_filter, methods
from isopixel._shown import shown
from isopixel._walk import reason

json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


@click.command("methods", short_help="List the methods of resizing.")
@filter_option("List the methods of one kind of filter")
@json_option
def methods_command(filter_kind: str | None, as_json: bool) -> None:
    """List the methods of resizing: isopixel's own, and the frozen peers.

    Prints for each its name, the releases of another library that were measured to compute it, that library's filter,
    and the numbers of channels that it covers.
    """
    listed = [method for method in methods() if filter_kind in (None, kind_of_filter(method))]
    if as_json:
        click.echo(json.dumps([as_record(method) for method in listed], indent=1))
        return
    rows = [(m.name, m.library, " to ".join(dict.fromkeys(m.releases)), m.filter, channels_text(m)) for m in listed]
    for line in columns([("method", "library", "releases", "filter", "channels"), *rows]):
        click.echo(line)


def channels_text(method: Method) -> str:
    """Returns the numbers of channels that a method covers."""
    if isinstance(method.channels, range):
        return f"1 to {method.channels[-1]}"
    return "any" if method.channels is None else ", ".join(map(str, method.channels))


def as_record(method: Method) -> dict[str, object]:
    """Returns a method as a JSON object: channels is a list, or the least and the most of them."""
    record = dataclasses.asdict(method)
    if method.channels is None or isinstance(method.channels, range):
        record["channels"] = {"least": 1, "most": method.channels[-1] if method.channels else None}
    return record


@click.command("layouts", short_help="List the layouts, with their options and defaults.")
@json_option
def layouts_command(as_json: bool) -> None:
    """List the layouts: how bytes become pixels, with the options of each, what they accept, and their defaults.

    Options follow the name: nataraj,edge=le,pad=255. All layouts have offset and length, for a part of the bytes, and
    unknown, for those of .bytes listings, which says what an unknown byte becomes.
    """
    if as_json:
        record = {
            rule: {name: {"values": values, "default": default or None} for name, values, default, _ in options}
            for rule, options in _core.layout_options.items()
        }
        click.echo(json.dumps(record, indent=1))
        return
    rows = [("layout", "option", "accepts", "default")]
    for rule, options in _core.layout_options.items():
        for i, (name, values, default, left_out) in enumerate(options):
            rows.append((rule if i == 0 else "", name, ", ".join(values), default or left_out))
    for line in columns(rows):
        click.echo(line)


@click.command("fingerprint", short_help="Print the fingerprints of pictures and arrays.")
@click.argument("files", metavar="FILES...", nargs=-1, required=True, type=PATH)
@click.pass_context
def fingerprint_command(ctx: click.Context, files: tuple[Path, ...]) -> None:
    """Print the fingerprint of each picture (.png, .jpg, .bmp) or array (.npy), and its name.

    A fingerprint is of the shape, the type and the samples alone: the same array has the same one in any file. A file
    that cannot be read does not stop the others: it is named, and the exit code is 1.
    """
    failed = False
    for path in files:
        try:
            click.echo(f"{fingerprint(read_pixels(path))}  {shown(path)}")
        except (OSError, ValueError, TypeError) as error:
            failed = True
            click.echo(f"isopixel: {shown(path)}: {shown(reason(error, path))}", err=True)
    ctx.exit(1 if failed else 0)


def columns(rows: Sequence[tuple[str, ...]]) -> Iterator[str]:
    """Yields the lines of a table."""
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    for row in rows:
        yield "  ".join(f"{cell:{width}}" for cell, width in zip(row, widths, strict=True)).rstrip()
