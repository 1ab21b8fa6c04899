# SPDX-License-Identifier: MIT
"""The command that measures what a mismatch of training and serving costs."""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import click

from isopixel import __version__
from isopixel._atomic import replacing
from isopixel._cli.options import PATH, check_folder, cpu_name, parse_recipe, print_note
from isopixel._cli.progress import progress
from isopixel._guard import Guard, kind_of_file
from isopixel._pictures import pillow
from isopixel._recipe import Recipe
from isopixel._shown import counted, shown
from isopixel._skew import Cost, Served, Skew, find_files, load_model, measure, missing_ways, ways_of
from isopixel._skew.model import import_torch
from isopixel._skew.report import report

MOST = 5  # classes that are listed after a way, in the text


@click.command("skew", short_help="Measure what other inputs cost a model.")
@click.argument("model_name", metavar="MODEL")
@click.argument("paths", metavar="FILES|FOLDERS...", nargs=-1, required=True, type=PATH)
@click.option("--recipe", metavar="LINE", callback=parse_recipe, required=True, help="How the model's inputs are made.")
@click.option(
    "--against", "names", metavar="NAME", multiple=True, help="A different way to make them; may be repeated."
)
@click.option("--trust", is_flag=True, help="Load a .pt2 file, which can run code of its own.")
@click.option("--bytes", "are_bytes", is_flag=True, help="Take the bytes of files that are pictures or listings.")
@click.option("--json", "as_json", is_flag=True, help="Print a JSON object.")
@click.option("-o", "--output", type=PATH, help="Report to write, .html, with the worst examples as pictures.")
@click.pass_context
def skew_command(
    ctx: click.Context,
    model_name: str,
    paths: tuple[Path, ...],
    recipe: Recipe,
    names: tuple[str, ...],
    trust: bool,
    are_bytes: bool,
    as_json: bool,
    output: Path | None,
) -> None:
    """Measure what it costs to make a model's inputs differently from training.

    Runs the model on the files under the recipe, and under other ways to make its inputs; prints how many predictions
    flip, and by how much the score of the predicted class changes.

    MODEL is an exported program (.pt2), a TorchScript file, or module:callable. It gets one tensor of shape
    (1, C, H, W) at a time, float32 if the recipe normalises, otherwise uint8; and returns the scores, (1, classes).
    torch runs code of an exported program's file while it loads it: it is loaded if --trust says so. A module is
    imported, which runs it. Do not run a model that you do not trust.

    A single folder with sub-folders is a data set with a class in each, numbered by their sorted names, and the
    accuracy is reported too; files beside the sub-folders are left out. Otherwise all files in folders are used,
    without classes.

    The other ways, of a recipe of bytes, are the methods of isopixel for images of bytes (its own, and the frozen
    peers) whose filter is of the recipe's kind, such as bilinear; torch-float32 and torch-float32-antialias, resizes in
    floating point, which are rounded to 8 bits if the recipe does not normalise; and jpeg-75, an image that was once
    saved as JPEG, with the quality of that number. --against names others, also methods of other filters.

    Those of a recipe of images are, as far as they apply to it: channels-reversed; orientation-apply or
    orientation-ignore, whichever it does not do; luma-…, another formula for gray; crop-even or crop-down, the other
    rounding of crops; squashed, a resize that does not keep the proportions; the methods whose filter is of the
    recipe's kind, and torch-float32, as above; decoder-tensorflow and decoder-fast, which make other samples of JPEG
    files, and need the package simplejpeg; jpeg-95 and jpeg-75, where the picture was saved again as JPEG on its way.

    With a recipe of bytes, nothing is measured if all files are pictures, or all are listings in hexadecimal, unless
    --bytes says that their bytes are meant.

    Exits with 0 if no prediction flips; with 1 if one does, or if a file cannot be read, which is named at the end.
    """
    if are_bytes and recipe.layout is None:
        raise click.UsageError(
            f"--bytes takes the bytes of pictures, and the recipe '{recipe}' is of images: leave --bytes out, or use a "
            "recipe with a layout, such as 'isopixel 1: nataraj | bilinear 224,224'"
        )
    ways = ways_of(recipe, names)
    missing = {} if names else missing_ways(recipe)
    files = find_files(paths, recipe)
    note = None if are_bytes else check_bytes([str(path) for path in files.paths], recipe)
    if output is not None:
        check_report(output, files.paths)
    model = load_model(model_name, trust)
    total = counted(len(files.paths), "file")
    with progress(len(files.paths), "skew", lambda done: f"{done:,} of {total}", rates=False) as advance:
        skew = measure(model, recipe, ways, files, lambda: advance(1))
    try:
        if output is not None:
            html = report(skew, facts(skew, missing))
            with replacing(output) as (file,):
                file.write(html.encode("utf-8"))
    finally:  # if the report cannot be written, what was measured is not lost
        if as_json:
            click.echo(json.dumps(as_record(skew, missing), indent=1, allow_nan=False))
        else:
            for line in as_lines(skew, missing):
                click.echo(line)
    if output is not None and not as_json:
        click.echo(f"report       {shown(output)}")
    print_note(note)
    for path, why in skew.files.notes:
        print_note(f"{path}: {why}")
    for path, why in skew.files.failures:
        click.echo(f"isopixel: {shown(path)}: {shown(why)}", err=True)
    ctx.exit(1 if skew.files.failures or any(skew.cost(served).flips for served in skew.served) else 0)


def check_bytes(paths: Sequence[str], recipe: Recipe) -> str | None:
    """Refuses files that all are pictures, or all listings; returns a note if some are."""
    guard = Guard(recipe)
    for path in paths:
        guard.see(path, kind_of_file(path))
    if paths and guard.are_all(paths):
        raise ValueError(
            f"{guard.what(len(paths))}, and the recipe '{recipe}' is of bytes: no model's inputs would be measured; "
            f"{guard.advice()}; if their bytes are meant, say --bytes"
        )
    return guard.note(len(paths))


def check_report(path: Path, sources: Sequence[Path]) -> None:
    """Refuses a path to which a report cannot be written, before any work is done."""
    if path.suffix.lower() not in (".html", ".htm"):
        raise ValueError(f"{str(path)!r}: the report is HTML: end the name in .html")
    check_folder(path)
    if path.exists() and any(source.exists() and path.samefile(source) for source in sources):
        raise ValueError(f"the report {str(path)!r} would replace a source: choose another name")


def facts(skew: Skew, missing: dict[str, str]) -> list[tuple[str, str]]:
    """Returns the model, the recipe, the files, the versions, the processor, and what is missing, as texts by name."""
    base = skew.cost(skew.base)
    files = f"{base.files}"
    if skew.recipe.layout is None:
        files += f" ({jpeg_files(skew)} JPEG)"
    if base.accuracy is not None:
        files += f", in {counted(len(skew.classes), 'class')}; accuracy {percent(base.accuracy)}"
    found = [
        ("model", skew.model),
        ("recipe", skew.recipe.line),
        ("files", files),
        ("versions", f"isopixel {__version__}, torch {import_torch().__version__}, Pillow {pillow().__version__}"),
        ("cpu", cpu_name()),
    ]
    if missing:
        install = f"pip install {' '.join(dict.fromkeys(missing.values()))}"
        found.append(("not measured", f"{', '.join(missing)}: {install}"))
    return found


def jpeg_files(skew: Skew) -> int:
    """Returns how many of the files that were read are JPEG."""
    return sum(kind_of_file(str(path)) == "JPEG" for path in skew.files.paths)


def percent(share: float) -> str:
    """Returns a share as a text."""
    return f"{100 * share:.3g} %"


def as_lines(skew: Skew, missing: dict[str, str]) -> Iterator[str]:
    """Yields the facts, the table of the ways, and for each way the classes that suffer most."""
    for name, value in facts(skew, missing):
        yield f"{name:12} {shown(value)}"
    yield ""
    rows = [("against", "flips", "share", "change: mean", "maximum", "pixels differ", "accuracy")]
    for served in skew.served:
        cost = skew.cost(served)
        accuracy = "" if cost.accuracy is None else percent(cost.accuracy)
        numbers = (f"{cost.mean:.3g}", f"{cost.maximum:.3g}", percent(float(served.pixels.mean())))
        rows.append((served.way.name, str(cost.flips), percent(cost.share), *numbers, accuracy))
    used = range(7 if skew.files.labels else 6)
    widths = [max(len(row[i]) for row in rows) for i in used]
    for row in rows:
        yield "  ".join(f"{row[i]:{'>' if i else '<'}{widths[i]}}" for i in used)
    yield ""
    for served in skew.served:
        by_class = {name: cost for name, cost in skew.by_class(served).items() if cost.flips}
        worst = sorted(by_class, key=lambda name: -by_class[name].share)
        if worst:
            listed = [f"{shown(name)} {by_class[name].flips} of {by_class[name].files}" for name in worst[:MOST]]
            more = [f"{counted(len(worst) - MOST, 'more class')}"] if len(worst) > MOST else []
            yield f"{served.way.name:{widths[0]}}  flips by class: {', '.join(listed + more)}"


def as_record(skew: Skew, missing: dict[str, str]) -> dict[str, Any]:
    """Returns what was measured as a JSON object."""
    return {
        "isopixel": __version__,
        "torch": import_torch().__version__,
        "pillow": pillow().__version__,
        "cpu": cpu_name(),
        "model": skew.model,
        "recipe": skew.recipe.line,
        "files": len(skew.files.paths),
        "jpeg_files": jpeg_files(skew) if skew.recipe.layout is None else None,
        "failed": [{"file": str(path), "reason": why} for path, why in skew.files.failures],
        "classes": list(skew.files.classes) or None,
        "accuracy": skew.cost(skew.base).accuracy,
        "against": [way_record(skew, served) for served in skew.served],
        "not_measured": missing,
    }


def way_record(skew: Skew, served: Served) -> dict[str, Any]:
    """Returns what a way costs as a JSON object."""
    flipped = [
        {
            "file": str(skew.files.paths[i]),
            "from": skew.classes[int(skew.base.predictions[i])],
            "to": skew.classes[int(served.predictions[i])],
            "top_score_change": float(served.changes[i]),
        }
        for i in skew.flips(served).nonzero()[0]
    ]
    return {
        "name": served.way.name,
        "how": served.way.how,
        **cost_record(skew.cost(served)),
        "pixels_differ": float(served.pixels.mean()),
        "by_class": {name: cost_record(cost) for name, cost in skew.by_class(served).items()},
        "flipped": flipped,
    }


def cost_record(cost: Cost) -> dict[str, Any]:
    """Returns a cost as a JSON object."""
    return {
        "files": cost.files,
        "flips": cost.flips,
        "flip_share": cost.share,
        "top_score_change": {"mean": cost.mean, "maximum": cost.maximum},
        "accuracy": cost.accuracy,
    }
