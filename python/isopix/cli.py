# SPDX-License-Identifier: MIT
"""The command line."""

import platform
import sys
from pathlib import Path

import click

from isopix import __version__, _core
from isopix.bytes_image import image_of_file
from isopix.fingerprints import fingerprint
from isopix.images import UInt8Array
from isopix.images import resize as resize_image
from isopix.pictures import check_suffix, read_picture, write_picture
from isopix.verify import first_failure, load_vectors

LONG = 256 << 20  # bytes of a file from which on its progress is shown


def parse_size(ctx: click.Context, param: click.Parameter, value: str | None) -> tuple[int, int] | None:
    """Returns (height, width) from H,W or from one number for both."""
    if value is None:
        return None
    if "x" in value.lower():
        raise click.BadParameter(f"{value!r}: write H,W (height first); with an x some read it as width first")
    texts = [side.strip() for side in value.split(",")]
    sides = [int(side) for side in texts if side.isascii() and side.isdecimal()]
    if len(sides) != len(texts) or len(sides) > 2 or min(sides) < 1:
        raise click.BadParameter(f"{value!r}: write H,W, or one number for both, each at least 1")
    return sides[0], sides[-1]


def parse_output(ctx: click.Context, param: click.Parameter, value: Path | None) -> Path | None:
    """Returns the path of a file to write, whose suffix keeps every bit."""
    if value is not None:
        try:
            check_suffix(value)
        except ValueError as error:
            raise click.BadParameter(str(error)) from None
        if not value.parent.is_dir():
            raise click.BadParameter(f"there is no directory {str(value.parent)!r}")
        if value.is_dir():
            raise click.BadParameter(f"{str(value)!r} is a directory")
    return value


PATH = click.Path(path_type=Path)
antialias_option = click.option(
    "--no-antialias", is_flag=True, help="Take the two nearest pixels on each axis, instead of averaging all."
)


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, message="isopix %(version)s")
def main() -> None:
    """Bytes and images to arrays of one size, with the same bits on every machine."""


@main.command("bytes")
@click.argument("file", type=PATH)
@click.option("-o", "--output", type=PATH, callback=parse_output, help="Picture to write, .png or .npy.")
@click.option("--layout", default="nataraj", show_default=True, help="How bytes become pixels.")
@click.option("--size", metavar="H,W", callback=parse_size, help="Resize to H,W, or to a square of one number.")
@antialias_option
def bytes_command(
    file: Path, output: Path | None, layout: str, size: tuple[int, int] | None, no_antialias: bool
) -> None:
    """Make an image of the bytes of FILE; print its shape and fingerprint."""
    if no_antialias and size is None:
        raise click.UsageError("--no-antialias needs a --size: without one the image is not resized")
    length = file.stat().st_size
    with click.progressbar(length=length, label=file.name, file=sys.stderr, hidden=length < LONG) as bar:
        image = image_of_file(
            file, layout, size, "bilinear", False if no_antialias else None, lambda block: bar.update(len(block))
        )
    finish(image, output)


@main.command()
@click.argument("picture", metavar="IN.png|IN.npy", type=PATH)
@click.option("-o", "--output", type=PATH, callback=parse_output, required=True, help="Picture to write, .png or .npy.")
@click.option("--size", metavar="H,W", callback=parse_size, required=True, help="H,W, or one number for a square.")
@antialias_option
def resize(picture: Path, output: Path, size: tuple[int, int], no_antialias: bool) -> None:
    """Resize a picture; print the shape and fingerprint of the result."""
    finish(resize_image(read_picture(picture), size, antialias=not no_antialias), output)


@main.command()
@click.pass_context
def verify(ctx: click.Context) -> None:
    """Check this installation, on this machine, against the vectors of the specification.

    Exits with 1 where a result differs.
    """
    vectors = load_vectors()
    click.echo(f"isopix       {__version__}")
    click.echo(f"compiler     {_core.compiler}")
    click.echo(f"cpu          {cpu_name()}")
    click.echo(f"instructions {_core.isa()}")
    if failure := first_failure(vectors):
        click.echo(f"FAIL         {failure}")
        ctx.exit(1)
    click.echo(f"pass         {sum(map(len, vectors.values()))} vectors")


def finish(image: UInt8Array, output: Path | None) -> None:
    """Writes the result, then prints what it is."""
    if output is not None:
        write_picture(output, image)
    click.echo(f"shape        {image.shape}")
    click.echo(f"fingerprint  {fingerprint(image)}")


def cpu_name() -> str:
    """Returns the name of the processor, as well as the system tells it."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace").splitlines()
        names = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    except OSError:
        names = []
    return (names[0] if names else platform.processor() or "unknown") + f" ({platform.machine()})"


def run() -> int:
    """Runs the command line; returns the exit code. An error is one line on stderr, and the code 2."""
    try:
        return main(standalone_mode=False) or 0
    except click.exceptions.NoArgsIsHelpError as error:
        print(error.format_message())
        return 2
    except click.ClickException as error:
        message = error.format_message()
    except click.Abort:
        message = "interrupted"
    except (OSError, ValueError, TypeError, MemoryError) as error:
        message = str(error) or type(error).__name__
    print(f"isopix: {' '.join(message.split())}", file=sys.stderr)
    return 2
