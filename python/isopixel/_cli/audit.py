# SPDX-License-Identifier: MIT
"""The command that finds out which functions the installed libraries compute."""

import dataclasses
import json
import sys
from collections.abc import Iterator

import click

from isopixel import __version__
from isopixel._audit import TITLES, Audited, Variant, audit
from isopixel._audit_cases import Check
from isopixel._audit_jpeg import SPEC
from isopixel._cli.options import cpu_name
from isopixel._settings import get_isa
from isopixel._shown import shown


@click.command("audit", short_help="Find out which functions installed libraries compute.")
@click.option("--json", "as_json", is_flag=True, help="Print a JSON object.")
@click.pass_context
def audit_command(ctx: click.Context, as_json: bool) -> None:
    """Compare the installed Pillow, OpenCV, torch, torchvision and TensorFlow with what is known, bit for bit.

    Resizes some hundreds of small images with each filter of each library, on one thread and on several, and reports
    which frozen peer has the same bits; or in which cases the nearest one differs, and by how much. On x86 it also
    hides instructions from OpenCV, and tells torch each capability that this CPU has (ATEN_CPU_CAPABILITY), to see
    what they compute on other CPUs. Of torchvision it calls transforms.v2.functional.resize with uint8 tensors, for
    which that calls torch, or, with some capabilities, computes in float32 and rounds; PIL images it resizes by Pillow.

    OpenCV's INTER_CUBIC is compared twice: without Intel IPP, which a frozen peer promises; and as it is, which none
    does, beside the exact bicubic-four-tap too.

    Each JPEG decoder (Image.open of Pillow, cv2.imdecode, torchvision.io.decode_jpeg, tf.io.decode_jpeg) reads some
    small files, and is the function of the specification, by which isopixel reads pictures, or another known one. It
    also turns pictures by their EXIF orientation, or does not.

    Exits with 0 if each filter that a frozen peer promises equals one, and each decoder is a known function, as the
    library is here, or if no library is installed; with 1 if not, or if a library does not run. What other
    instructions change is reported, but does not count.
    """
    get_isa()  # a wrong ISOPIXEL_ISA is one error, not one of each process
    with click.progressbar(
        length=1, label="audit", file=sys.stderr, hidden=not sys.stderr.isatty(), show_eta=False
    ) as bar:

        def on_progress(done: int, total: int) -> None:
            bar.length = total
            bar.update(done - bar.pos)

        found = audit(on_progress)
    if as_json:
        record = {"isopixel": __version__, "cpu": cpu_name(), "libraries": [as_record(audited) for audited in found]}
        click.echo(json.dumps(record, indent=1))
    else:
        click.echo(f"isopixel     {__version__}")
        click.echo(f"cpu          {cpu_name()}")
        for line in [*table(found), *departures(found), summary(found)]:
            click.echo(line)
    ctx.exit(0 if all(audited.passed for audited in found) else 1)


def as_record(audited: Audited) -> dict[str, object]:
    """Returns what was found of a library as a JSON object."""
    return {"installed": bool(audited.variants), "passed": audited.passed, **dataclasses.asdict(audited)}


def rows(found: list[Audited]) -> Iterator[tuple[str, str, str, str]]:
    """Yields the rows of the table: library, variant, filter, and what it equals."""
    for audited in found:
        if not audited.variants:
            yield title(audited), "not installed", "", ""
        for variant in audited.variants:
            if variant.error is not None:
                yield title(audited), variant.name, "", shown(variant.error)
            for check in variant.checks:
                yield title(audited), variant_name(variant, check), check.filter, check.equals or differ(check)


def differ(check: Check) -> str:
    """Returns what a filter is near to that equals no frozen peer."""
    if (departure := check.departure) is None:
        return ""
    if departure.method == SPEC:
        by = "" if departure.worst is None else f", by up to {departure.worst} levels"
        return f"another function than {SPEC}: {departure.cases} of {check.cases} test pictures differ{by}"
    if check.passed:
        return f"none, as expected; {departure.method} but for {departure.cases} of {check.cases} cases"
    return f"none: {departure.cases} of {check.cases} cases differ"


def title(audited: Audited) -> str:
    """Returns a library with its version."""
    return shown(f"{TITLES[audited.library]} {audited.version or ''}").strip()


def variant_name(variant: Variant, check: Check) -> str:
    """Returns the name of a variant, or the number of threads if nothing else was varied."""
    if check.threads is None:
        return variant.name
    return f"{check.threads} thread{'s' if check.threads > 1 else ''}"


def table(found: list[Audited]) -> Iterator[str]:
    """Yields the lines of the table, in which a cell that repeats the one above is blank."""
    cells = [("library", "as", "filter", "equals"), *rows(found)]
    widths = [max(len(row[i]) for row in cells) for i in range(3)]
    yield ""
    above = ("", "", "", "")
    for row in cells:
        library = "" if row[0] == above[0] else row[0]
        variant = "" if row[:2] == above[:2] else row[1]
        above = row
        yield f"{library:{widths[0]}}  {variant:{widths[1]}}  {row[2]:{widths[2]}}  {row[3]}".rstrip()
    yield ""


def departures(found: list[Audited]) -> Iterator[str]:
    """Yields two lines for each filter that equals no frozen peer, or decoder that is not the specification's."""
    for audited in found:
        for variant in audited.variants:
            for check in variant.checks:
                if (departure := check.departure) is None:
                    continue
                worst = "" if departure.worst is None else f", by at most {departure.worst}"
                yield (
                    f"{title(audited)}, {variant_name(variant, check)}, {check.filter}: departs from "
                    f"{departure.method} in {departure.cases} of {check.cases} cases, {departure.samples:,} of "
                    f"{check.samples:,} samples{worst}"
                )
                what = shown(departure.error)
                if departure.at is not None and departure.values is not None:
                    what = f"at {departure.at} {departure.values[0]}, not {departure.values[1]}"
                yield f"    the first is {departure.first}: {what}"


def summary(found: list[Audited]) -> str:
    """Returns the last line."""
    installed = [audited for audited in found if audited.variants]
    if not installed:
        *titles, last = TITLES.values()
        return f"pass         none of {', '.join(titles)} and {last} is installed: there is nothing to compare"
    failed = [title(audited) for audited in installed if not audited.passed]
    if failed:
        return f"FAIL         not equal to a frozen peer or a known decoder: {', '.join(failed)}"
    elsewhere = [
        f"{TITLES[audited.library]} {variant.name}"
        for audited in installed
        for variant in audited.variants[1:]
        if variant.error is not None or not all(check.passed for check in variant.checks)
    ]
    but = f"; elsewhere not: {'; '.join(elsewhere)}" if elsewhere else ""
    return f"pass         each installed library equals frozen peers and known decoders, as it is here{but}"
