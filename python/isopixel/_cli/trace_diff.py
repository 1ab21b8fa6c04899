# SPDX-License-Identifier: MIT
"""The commands that show traces, and where two of them part."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import click

from isopixel._atomic import replacing
from isopixel._cli.options import PATH, check_folder
from isopixel._cli.tables import columns, json_option
from isopixel._shown import counted, shown
from isopixel._trace.comparing.divergence import diff
from isopixel._trace.comparing.path import path
from isopixel._trace.file import load
from isopixel._trace.records import Trace
from isopixel._trace.showing.markdown import as_markdown
from isopixel._trace.showing.report import diff_report, trace_report
from isopixel._trace.showing.shown import as_lines, as_record, node_lines, trace_record_of, versions_text


def report_option(what: str) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Returns the option -o of a report."""
    return click.option("-o", "--output", type=PATH, help=f"Report to write, .html, with {what} as pictures.")


@click.command("diff", short_help="Find the first step where two traces part, and why.")
@click.argument("a", metavar="A", type=PATH)
@click.argument("b", metavar="B", type=PATH)
@json_option
@click.option("--markdown", "as_table", is_flag=True, help="Print Markdown, for the summary of a step in CI.")
@report_option("both ways, and the first pixel that differs,")
@click.pass_context
def diff_command(ctx: click.Context, a: Path, b: Path, as_json: bool, as_table: bool, output: Path | None) -> None:
    """Find the first step where two traces part, the function on either side, and why they differ.

    A and B are files that isopixel.trace wrote, or folders of arrays NN-name.npy, which any program can write. A is
    taken to be right, that of training for example; the remedy makes B like it.

    Compares samples, not calls: the order of axes does not matter, nor what holds the samples, nor differences that
    are gone again at the end. = marks the steps up to the last value that both have, » those where they part.

    In a step of GitHub's CI: isopixel trace diff A B --markdown >> "$GITHUB_STEP_SUMMARY"

    Exits with 0 if the last values are the same, with 1 if they differ, with 2 if a trace cannot be read.
    """
    if as_json and as_table:
        raise click.UsageError("--json and --markdown are two forms: choose one")
    check_report(output, a, b)
    found, names = diff(load(a), load(b)), (str(a), str(b))
    write_report(output, lambda: diff_report(found, names))
    if as_json:
        click.echo(json.dumps(as_record(found, names), indent=1, allow_nan=False))
    else:
        for line in (as_markdown if as_table else as_lines)(found, names):
            click.echo(line)
        if output is not None and not as_table:
            click.echo(f"report       {shown(output)}")
    ctx.exit(0 if found.is_equal else 1)


@click.command("show", short_help="Show the steps of a trace.")
@click.argument("trace", metavar="TRACE", type=PATH)
@json_option
@report_option("the steps")
def show_command(trace: Path, as_json: bool, output: Path | None) -> None:
    """Show the steps on the way to the last value of a trace: a file that isopixel.trace wrote, or a folder."""
    check_report(output, trace)
    loaded = load(trace)
    write_report(output, lambda: trace_report(loaded, str(trace)))
    if as_json:
        click.echo(json.dumps(trace_record_of(loaded, str(trace)), indent=1, allow_nan=False))
        return
    for line in trace_lines(loaded, str(trace)):
        click.echo(line)
    if output is not None:
        click.echo(f"report       {shown(output)}")


def trace_lines(trace: Trace, name: str) -> Iterator[str]:
    """Yields what a trace holds as text."""
    nodes = path(trace)
    yield f"trace        {shown(name)}{versions_text(trace)}"
    yield f"steps        {len(trace.steps):,}, of which {counted(len(nodes), 'value')} on the way to the last one"
    for warning in trace.warnings:
        yield f"note         {shown(warning)}"
    if nodes:
        yield ""
        yield from columns([("", "step", "value", "range", "arguments", "at"), *node_lines(nodes)])


def check_report(output: Path | None, *traces: Path) -> None:
    """Refuses a path to which a report cannot be written, before any work is done."""
    if output is None:
        return
    if output.suffix.lower() not in (".html", ".htm"):
        raise ValueError(f"{str(output)!r}: the report is HTML: end the name in .html")
    check_folder(output)
    if output.exists() and any(trace.exists() and output.samefile(trace) for trace in traces):
        raise ValueError(f"the report {str(output)!r} would replace a trace: choose another name")


def write_report(output: Path | None, make: Callable[[], str]) -> None:
    """Writes a report, if one is wanted."""
    if output is not None:
        html = make().encode("utf-8")
        with replacing(output) as (file,):
            file.write(html)
