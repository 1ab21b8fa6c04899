# SPDX-License-Identifier: MIT
"""Traces as goldens: the way to the last value, by digests alone."""

import os
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

from isopixel._trace.comparing.divergence import Divergence
from isopixel._trace.comparing.findings import findings
from isopixel._trace.comparing.path import path as path_of
from isopixel._trace.file import Writer, load
from isopixel._trace.recording.recorder import Recording
from isopixel._trace.records import Trace
from isopixel._trace.showing.report import diff_report


def trace_of(trace: Any) -> Trace:
    """Returns the trace of a recording, of a path, or as it is; raises TypeError for anything else."""
    if isinstance(trace, Trace):
        return trace
    if isinstance(trace, Recording):
        return trace.trace
    if isinstance(trace, (str, os.PathLike)):
        return load(trace)
    raise TypeError(f"a trace is what isopixel.trace records, or a path, got {type(trace).__name__}")


def digests_of(trace: Trace) -> Trace:
    """Returns a trace of what is on the way to the last value alone, without samples.

    Raises:
        ValueError: there is no such way.
    """
    nodes = path_of(trace)
    if not nodes:
        raise ValueError("the trace has no step that made an image or an array")
    steps = {step.number: step for node in nodes for step in (node.step, node.saved) if step is not None}
    used = {number for step in steps.values() for number in (*step.inputs, step.output) if number is not None}
    numbers = {old: new for new, old in enumerate(sorted(used))}
    values = [replace(trace.values[old], number=new, array=None) for old, new in numbers.items()]
    kept = [
        replace(
            step,
            number=place,
            inputs=tuple(numbers[number] for number in step.inputs),
            output=None if step.output is None else numbers[step.output],
            facts=dict(next((node.facts for node in nodes if node.step is step), step.facts)),
        )
        for place, (_, step) in enumerate(sorted(steps.items()))
    ]
    found = [
        replace(finding, before=numbers[finding.before], after=numbers[finding.after])
        for finding in trace.findings
        if used.issuperset((finding.before, finding.after))
    ]
    return replace(trace, values=tuple(values), steps=tuple(kept), findings=tuple(found))


def write_digests(path: Path, trace: Trace) -> None:
    """Writes what `digests_of` returns, with what the samples show, as a file that `load` reads."""
    found = findings(trace.without_samples(), trace.arrays)
    digests = digests_of(replace(trace, findings=(*trace.findings, *found)))
    writer = Writer(path, digests.libraries)
    for value in digests.values:
        writer.value(value, None)
    for step in digests.steps:
        writer.step(step)
    for finding in digests.findings:
        writer.finding(finding)
    writer.end(len(digests.steps))


def write_comparison(folder: Path, found: Divergence, names: tuple[str, str]) -> list[str]:
    """Writes the report of a comparison, if Pillow is installed, and the digests of B; returns the files' names."""
    write_digests(folder / "actual.trace", found.b.trace)
    with suppress(ModuleNotFoundError):
        (folder / "report.html").write_text(diff_report(found, names), encoding="utf-8")
        return ["report.html", "actual.trace"]
    return ["actual.trace"]
