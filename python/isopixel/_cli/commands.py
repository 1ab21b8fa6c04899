# SPDX-License-Identifier: MIT
"""The group of commands; two that belong to no other file; and how all are run."""

import os
import sys
from contextlib import suppress
from pathlib import Path
from typing import NoReturn

import click

from isopixel import __version__, _core
from isopixel._atomic import abandon
from isopixel._cli.audit import audit_command
from isopixel._cli.corpus import corpus_command
from isopixel._cli.explain import explain_command
from isopixel._cli.golden import golden
from isopixel._cli.images import apply_command, bytes_command
from isopixel._cli.interrupts import EndedError, ended_by_signals
from isopixel._cli.options import (
    PATH,
    check_output,
    cpu_name,
    method_for_picture,
    method_option,
    parse_size,
    print_result,
)
from isopixel._cli.peers import compare, diff
from isopixel._cli.recipe import recipe_command
from isopixel._cli.show import show
from isopixel._cli.skew import skew_command
from isopixel._cli.tables import fingerprint_command, layouts_command, methods_command
from isopixel._cli.trace import trace_command
from isopixel._decoding import read_pixels
from isopixel._images import resize as resize_image
from isopixel._methods import MethodName
from isopixel._saving import describe, write_saved
from isopixel._settings import get_isa
from isopixel._shown import shown
from isopixel._verify import first_failure, load_vectors


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, message="isopixel %(version)s")
def main() -> None:
    """Bytes and images to arrays of one size, with the same bits on every machine."""


@main.command(short_help="Resize a picture.")
@click.argument("picture", metavar="PICTURE", type=PATH)
@click.option("-o", "--output", type=PATH, required=True, help="Picture to write, .png or .npy.")
@click.option(
    "--size", metavar="H,W", callback=parse_size, required=True, help="Height and width of the result, such as 224,224."
)
@method_option
def resize(picture: Path, output: Path, size: tuple[int, int], method: MethodName | None) -> None:
    """Resize a picture (.png, .jpg, .bmp) or array (.npy); print shape and fingerprint of the result, and the method.

    A PNG with alpha (RGBA or LA) is resized by the form of a method whose name ends in -alpha, if it has one, since
    that is what the library computes for such a picture.
    """
    check_output(output, picture)
    image = read_pixels(picture)
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


main.add_command(apply_command)
main.add_command(audit_command)
main.add_command(bytes_command)
main.add_command(compare)
main.add_command(corpus_command)
main.add_command(diff)
main.add_command(explain_command)
main.add_command(golden)
main.add_command(recipe_command)
main.add_command(show)
main.add_command(skew_command)
main.add_command(methods_command)
main.add_command(layouts_command)
main.add_command(fingerprint_command)
main.add_command(trace_command)


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
