# SPDX-License-Identifier: MIT
"""The command that shows what a recipe means."""

from collections.abc import Iterator

import click

from isopixel._cli.options import parse_size
from isopixel._recipe import Recipe
from isopixel._shown import shown


@click.command("recipe", short_help="Print what a recipe means: its canonical line, its digest, what it makes.")
@click.argument("line", metavar="LINE")
@click.option(
    "--for",
    "size",
    metavar="H,W",
    callback=parse_size,
    help="Height and width of an image, for the size after each step.",
)
def recipe_command(line: str, size: tuple[int, int] | None) -> None:
    """Print the canonical line of a recipe, its digest, and the dtype and shape of the arrays that it makes.

    With --for, also the size, height,width, that each step of a recipe of images makes of an image, turned upright, of
    that size.
    """
    for text in list(lines(Recipe.parse(line), size)):
        click.echo(shown(text))


def lines(recipe: Recipe, size: tuple[int, int] | None) -> Iterator[str]:
    """Yields the lines of the answer."""
    yield f"recipe       {recipe}"
    yield f"digest       {recipe.digest}"
    if size is not None:
        if recipe.layout is not None:
            raise click.UsageError("--for is for recipes of images: bytes have no height and width")
        yield f"image        {size[0]},{size[1]}"
        for step, place in zip(recipe.line.split(" | ")[1:], recipe.geometry(*size), strict=False):
            size = place.size
            yield f"             {f'{size[0]},{size[1]}':12} {step}"
    yield f"makes        {recipe.dtype} {recipe._shape(None, size)}".replace("None", "…")
