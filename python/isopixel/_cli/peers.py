# SPDX-License-Identifier: MIT
"""The commands that compare: two pictures; the results of several methods."""

import json
import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import numpy as np

from isopixel._bytes_image import from_file
from isopixel._cli.options import (
    PATH,
    check_figure,
    complete_layout,
    complete_method,
    filter_option,
    method_for_picture,
    parse_size,
)
from isopixel._decoding import read_pixels
from isopixel._difference import Array, Bin, Difference, difference, is_image
from isopixel._figure import difference_figure, figure, numbers
from isopixel._images import UInt8Array, resize
from isopixel._methods import ALPHA_FORMS, MethodName, check_method, kind_of_filter, methods
from isopixel._pictures import write_figure
from isopixel._shown import counted, shown

BAR = 40  # characters of the longest bar


@click.command(short_help="Compare two pictures or arrays, bit for bit.")
@click.argument("path_a", metavar="A", type=PATH)
@click.argument("path_b", metavar="B", type=PATH)
@click.option("-o", "--output", type=PATH, help="PNG to write: the differences, in colours with a legend.")
@click.option("--json", "as_json", is_flag=True, help="Print a JSON object.")
@click.pass_context
def diff(ctx: click.Context, path_a: Path, path_b: Path, output: Path | None, as_json: bool) -> None:
    """Compare two pictures (.png, .jpg, .bmp) or arrays (.npy, uint8 or float32), bit for bit.

    Prints their shapes, how many pixels differ and by how much, and the first one that does. Exits with 0 if they are
    equal, with 1 if they differ (also in shape or dtype), with 2 on an error.
    """
    if output is not None:
        check_figure(output, path_a, path_b)
    a, b = read_array(path_a), read_array(path_b)
    is_same_kind = (a.shape, a.dtype) == (b.shape, b.dtype)
    found = difference(a, b) if is_same_kind else None
    picture = "none, for arrays of different shapes or dtypes"
    if output is not None and is_same_kind:
        if not is_image(a) or a.dtype != np.uint8:
            raise ValueError(f"{str(path_a)!r} is not a uint8 image, but {kind(a)}: leave out -o")
        write_figure(output, difference_figure(shown(f"{path_a.name}, {path_b.name}"), a, b))
        picture = shown(output)
    if as_json:
        click.echo(json.dumps(as_record(a, b, found), indent=1, allow_nan=False))
    else:
        click.echo(f"A            {shown(path_a)}, {kind(a)}")
        click.echo(f"B            {shown(path_b)}, {kind(b)}")
        click.echo("\n".join(as_lines(a, b, found)))
        if output is not None:
            click.echo(f"picture      {picture}")
    ctx.exit(0 if found and not found.differing else 1)


@click.command(short_help="Show what several methods make of one picture.")
@click.argument("source", type=PATH)
@click.option(
    "--size",
    metavar="H,W",
    callback=parse_size,
    required=True,
    help="Height and width of the results, such as 224,224.",
)
@click.option(
    "--method",
    "names",
    metavar="NAME",
    multiple=True,
    shell_complete=complete_method,
    help="A method to compare; may be repeated.",
)
@filter_option("Compare the methods of one kind of filter", default="bilinear")
@click.option(
    "--bytes",
    "layout",
    metavar="LAYOUT",
    shell_complete=complete_layout,
    help="Compare images of the bytes of SOURCE, in this layout; of a WAV file with logmel or logfft.",
)
@click.option("-o", "--output", type=PATH, required=True, help="PNG to write.")
def compare(
    source: Path,
    size: tuple[int, int],
    names: tuple[str, ...],
    filter_kind: str | None,
    layout: str | None,
    output: Path,
) -> None:
    """Show what several methods make of one picture (.png, .jpg, .bmp) or array (.npy), or of a file's bytes.

    Writes a figure of the results beside each other and, below them, their absolute differences from the first, in
    colours that mean the same in every figure; and prints how many pixels differ, and by how much. Without --method
    the methods are all of one kind of filter that cover the channels. A PNG with alpha is resized by the forms of
    methods whose names end in -alpha, as in isopixel resize.
    """
    if names and filter_kind:
        raise click.UsageError("--filter chooses methods that --method names: use one of the two")
    check_figure(output, source)
    image = None if layout is not None else read_pixels(source)
    if image is not None and not (is_image(image) and image.dtype == np.uint8):
        raise ValueError(f"{str(source)!r} is not a uint8 image, but {kind(image)}")
    chosen = [check_method(name) if image is None else method_for_picture(source, image, name) for name in names]

    def result(name: MethodName) -> UInt8Array:
        if image is None:
            return from_file(source, layout or "", size, method=name)
        return resize(image, size, method=name)

    if not chosen:
        shape = image.shape if image is not None else from_file(source, layout or "").shape
        channels = shape[2] if len(shape) == 3 else 1
        listed = [method for method in methods() if kind_of_filter(method) == (filter_kind or "bilinear")]
        covering = [method.name for method in listed if method.covers(channels)]
        chosen = [name for name in covering if ALPHA_FORMS.get(name) not in covering]
    first = result(chosen[0])
    results: dict[str, UInt8Array] = {name: first if name == chosen[0] else result(name) for name in chosen}
    made_of = f"{source.name}, {layout}" if image is None else f"{source.name} {image.shape[:2]}"
    title = shown(f"{made_of}, resized to {size}")
    write_figure(output, figure(title, results))
    longest = max(map(len, results))
    for name, made in results.items():
        text = "the others are compared with this one" if made is first else numbers(difference(first, made))
        click.echo(f"{name:{longest}}  {text}")


def read_array(path: Path) -> Array:
    """Reads a picture or array, in the machine's order of bytes; refuses what cannot be compared."""
    array = read_pixels(path)
    if array.size == 0 or array.ndim == 0:
        raise ValueError(f"{str(path)!r} has {kind(array)}: arrays are compared, and not empty ones")
    return array.astype(array.dtype.newbyteorder("="), copy=False)


def kind(array: Array) -> str:
    """Returns the shape and dtype as a text."""
    return f"{array.shape} {array.dtype}"


def as_lines(a: Array, b: Array, found: Difference | None) -> Iterator[str]:
    """Yields the lines that describe a difference."""
    if found is None:
        words = [word for word in ("shape", "dtype") if getattr(a, word) != getattr(b, word)]
        yield f"different    other {' and other '.join(words)}"
        return
    total = counted(found.total, found.unit.removesuffix("s"))
    if found.first is None:
        yield f"equal        {total}"
        return
    yield f"different    {found.differing:,} of {total}, {100 * found.share:.3g} %"
    yield f"difference   at most {found.maximum:g}, on average {found.mean:.4g}"
    yield f"first        at {found.first}: {found.values[0]} and {found.values[1]}"
    yield "samples      by difference"
    most = max(bin.samples for bin in found.bins)
    for bin in found.bins:
        yield f"{range_text(bin, a.dtype == np.uint8):>12} {'#' * math.ceil(BAR * bin.samples / most)} {bin.samples:,}"


def range_text(bin: Bin, is_whole: bool) -> str:
    """Returns the differences of a bin as a text."""
    if is_whole:
        return f"{bin.low:g}" if bin.high == bin.low + 1 else f"{bin.low:g} to {bin.high - 1:g}"
    if bin.low in (0, math.inf):
        return f"{bin.low:g}"
    return f"from {bin.low:g}"


def as_record(a: Array, b: Array, found: Difference | None) -> dict[str, Any]:
    """Returns a difference as a JSON object, in which null stands for what is not finite."""

    def finite(value: Any) -> Any:
        if isinstance(value, list):
            return [finite(v) for v in value]
        return None if isinstance(value, float) and not math.isfinite(value) else value

    record: dict[str, Any] = {
        "equal": found is not None and not found.differing,
        "shapes": [list(a.shape), list(b.shape)],
        "dtypes": [str(a.dtype), str(b.dtype)],
    }
    if found is not None:
        record |= {
            "unit": found.unit,
            "total": found.total,
            "differing": found.differing,
            "maximum": finite(found.maximum),
            "mean": finite(found.mean),
            "first": None if found.first is None else {"at": list(found.first), "values": finite(list(found.values))},
            "bins": [{"low": finite(bin.low), "high": finite(bin.high), "samples": bin.samples} for bin in found.bins],
        }
    return record
