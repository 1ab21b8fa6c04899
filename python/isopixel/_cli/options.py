# SPDX-License-Identifier: MIT
"""What several commands use: options, checks of outputs, and how results and the machine are printed."""

import platform
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
import numpy.typing as npt

from isopixel import _core
from isopixel._atomic import destination
from isopixel._fingerprints import fingerprint
from isopixel._methods import ALPHA_FORMS, METHODS, MethodName, check_method, kinds_of_filters
from isopixel._pictures import beside, check_suffix
from isopixel._recipe import Recipe
from isopixel._shown import shown


def parse_size(ctx: click.Context, param: click.Parameter, value: str | None) -> tuple[int, int] | None:
    """Returns (height, width) from H,W."""
    if value is None:
        return None
    if "x" in value.lower():
        raise click.BadParameter(f"{value!r}: write H,W (height first); with an x some read it as width first")
    texts = [side.strip() for side in value.split(",")]
    sides = [int(side) for side in texts if side.isascii() and side.isdecimal()]
    if len(sides) != len(texts) or len(sides) > 2 or min(sides) < 1:
        raise click.BadParameter(f"{value!r}: write H,W, two whole numbers, each at least 1")
    if len(sides) == 1:
        raise click.BadParameter(
            f"{value!r} is one number: write H,W (height first); for a square --size {sides[0]},{sides[0]}"
        )
    return sides[0], sides[1]


def check_output(path: Path, source: Path) -> None:
    """Refuses a path to which a picture cannot be written, before any work is done."""
    check_suffix(path, "writing")
    check_folder(path)
    if path.suffix.lower() == ".npy":
        destination(beside(path))
    if path.exists() and source.exists() and path.samefile(source):
        raise ValueError(f"the output {str(path)!r} would replace the source: choose another name")


def check_figure(path: Path, *sources: Path) -> None:
    """Refuses a path to which a figure cannot be written, before any work is done."""
    for source in sources:
        check_output(path, source)
    if path.suffix.lower() != ".png":
        raise ValueError(f"{str(path)!r}: figures are PNG: end the name in .png")


def check_folder(path: Path) -> None:
    """Refuses a path whose folder does not exist, or where there is something that is not to be replaced."""
    if not path.parent.is_dir():
        raise ValueError(f"there is no folder {str(path.parent)!r} for the output: create it first")
    if path.is_dir():
        raise ValueError(f"the output {str(path)!r} is a folder: name a file")
    destination(path)


PATH = click.Path(path_type=Path)


def parse_recipe(ctx: click.Context, param: click.Parameter, value: str | None) -> Recipe | None:
    """Returns the recipe of a line."""
    return None if value is None else Recipe.parse(value)


def complete_method(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[str]:
    """Returns the names of methods that begin with a text, for shells."""
    return [name for name in METHODS if name.startswith(incomplete)]


def complete_layout(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[str]:
    """Returns the layouts that begin with a text, for shells; after a comma, with the options of the rule."""
    rule, comma, _ = incomplete.partition(",")
    if not comma:
        return [name for name in _core.layouts if name.startswith(incomplete)]
    before = incomplete.rpartition(",")[0]
    options = [f"{before},{name}=" for name, *_ in _core.layout_options.get(rule, ())]
    return [option for option in options if option.startswith(incomplete)]


method_option = click.option(
    "--method",
    metavar="NAME",
    shell_complete=complete_method,
    help="How to resize: bilinear, bicubic and area average all pixels, bilinear-two-tap the two nearest ones on each "
    "axis; or as another library does, such as pillow-4-bilinear.  [default: bilinear]",
)


def filter_option(description: str, default: str | None = None) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Returns the option --filter, which chooses methods by what their filters are forms of."""
    return click.option(
        "--filter",
        "filter_kind",
        type=click.Choice(kinds_of_filters()),
        metavar="KIND",
        help=f"{description}: {', '.join(kinds_of_filters())}." + (f"  [default: {default}]" if default else ""),
    )


def method_for_picture(path: Path, image: npt.NDArray[Any], name: str) -> MethodName:
    """Returns the method of a name, in its form for alpha if the picture has alpha: a PNG of 2 or 4 channels has.

    Raises:
        ValueError: there is no such method; or an array, whose fourth channel may be alpha, and a method that would
            treat it as a channel like the others.
    """
    method = check_method(name)
    channels = image.shape[2] if image.ndim == 3 else 1
    if channels not in (2, 4) or method not in ALPHA_FORMS:
        return method
    if path.suffix.lower() == ".png":
        return ALPHA_FORMS[method]
    raise ValueError(
        f"{str(path)!r} is an array of {channels} channels, and does not know whether the last one is alpha: "
        f"if it is, use {ALPHA_FORMS[method]!r}"
        + ("; if not, resize it with isopixel.resize and its argument channels" if channels == 4 else "")
    )


def print_result(image: npt.NDArray[Any]) -> None:
    """Prints the shape and the fingerprint of a result."""
    click.echo(f"shape        {image.shape}")
    click.echo(f"fingerprint  {fingerprint(image)}")


def print_note(text: str | None) -> None:
    """Prints a line on stderr that is no error, if there is one."""
    if text is not None:
        click.echo(f"isopixel: note: {shown(text)}", err=True)


def cpu_name() -> str:
    """Returns the name of the processor, as far as the system reports it."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace").splitlines()
        names = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    except OSError:
        names = []
    return (names[0] if names else platform.processor() or "unknown") + f" ({platform.machine()})"
