# SPDX-License-Identifier: MIT
"""Making a corpus: its plan, its shards, its manifest."""

import os
from collections.abc import Callable
from contextlib import suppress

from isopixel._corpus import listing, plan
from isopixel._corpus.places import Place, place_of
from isopixel._corpus.plan import Plan, Settings
from isopixel._recipe import Recipe


def begin(
    src: str | os.PathLike[str],
    dst: Place,
    recipe: Recipe | str,
    decode: str | None,
    rows: int,
    most: int,
    file_list: str | os.PathLike[str] | None,
    on_found: Callable[[int], object],
) -> Plan:
    """Writes the plan of a corpus, unless it is there by the same settings, and returns it."""
    source = place_of(os.fspath(src))
    line = recipe.line if isinstance(recipe, Recipe) else Recipe.parse(recipe).line
    listed, digest = (None, None) if file_list is None else listing.read_list(os.fspath(file_list))
    settings = Settings(line, source.text, decode, rows, most, digest)
    settings.check()
    if not dst.exists(plan.NAME):
        if dst.names():
            raise ValueError(f"{dst.text!r} is not empty, and holds no corpus: choose another folder")
        if listed is None:
            listed = listing.listing_of(source, dst, on_found)
        with suppress(FileExistsError):  # another driver was first
            plan.write(dst, listed, settings)
    made = Plan(dst)
    settings.check_same(made.settings, dst.text)
    return made
