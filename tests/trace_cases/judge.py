# SPDX-License-Identifier: MIT
"""Runs both sides of a case under traces, compares these, and says whether that is right."""

import re
import tempfile
from dataclasses import dataclass
from pathlib import Path

import isopixel
from isopixel._trace.comparing.divergence import diff
from isopixel._trace.comparing.path import PARTS
from isopixel._trace.file import load
from tests.trace_cases.ways import NOTHING, UNRECORDED, run

ANSWERS = ("step", "cause", "rest", "step by digests", "cause by digests", "rest by digests")


@dataclass(frozen=True)
class Verdict:
    """What was right.

    Attributes:
        is_step: whether the first parting is at the fault's step, on both sides.
        is_cause: whether its cause is one that the fault may be called by.
        is_rest: whether what follows is told to be the same, or to differ too, as it does.
        said: what the tool said, for people.
    """

    is_step: bool
    is_cause: bool
    is_rest: bool
    said: str


def traced(case, keep=64 << 20):
    """The traces of both sides, with samples, or without if 0 bytes of them are kept; as they are read from files."""
    traces = []
    with tempfile.TemporaryDirectory() as folder:
        for name, stages in (("a.trace", case.a), ("b.trace", case.b)):
            with isopixel.trace(Path(folder) / name, keep=keep):
                run(stages, case.path, case.sizes, isopixel.step, case.checkpoints)
            traces.append(load(Path(folder) / name))
    return traces


def answers(case, verdicts):
    """By their names, which answers are right, with the samples and by the digests alone."""
    if not case.faults:
        return {"equal": verdicts[0].is_step, "equal by digests": verdicts[1].is_step}
    right = [value for each in verdicts for value in (each.is_step, each.is_cause, each.is_rest)]
    return dict(zip(ANSWERS, right, strict=True))


def judged(case, traces):
    """Whether the comparison of two traces finds the faults of their case."""
    found = diff(*traces)
    if not case.faults:
        return Verdict(found.is_equal, found.is_equal, found.is_equal, "equal" if found.is_equal else told(found))
    if found.is_equal:
        return Verdict(False, False, False, "equal")
    first, fault = found.partings.found[0], case.faults[0]
    here = (
        _is_step(found.a, first.a.number, fault.a, case.a, case),
        _is_step(found.b, first.b.number, fault.b, case.b, case),
    )
    # A side may be said to do nothing if the other one does what it does, and more.
    spared = (
        first.a.number is None and set(fault.a.calls) <= set(fault.b.calls),
        (first.b.number is None and set(fault.b.calls) <= set(fault.a.calls)),
    )
    is_step = (here[0] or spared[0]) and (here[1] or spared[1]) and any(here)
    is_cause = first.causes[0].id in fault.causes
    # A second fault is told as a further parting; of a single one, further partings are of its own steps.
    others = found.partings.found[1:]
    is_rest = bool(others) if len(case.faults) > 1 else all(_is_within(found, each, case) for each in others)
    return Verdict(is_step, is_cause, is_rest, told(found))


def _is_within(found, parting, case):
    """Whether a further parting is still of the first fault's stage, which may be written as several steps."""
    fault = case.faults[0]
    return (parting.a.number is None or _is_step(found.a, parting.a.number, fault.a, case.a, case)) and (
        parting.b.number is None or _is_step(found.b, parting.b.number, fault.b, case.b, case)
    )


def _is_step(side, number, way, stages, case):
    """Whether a side's node is one of the calls of the way in which its stage is written."""
    if number is None:
        return NOTHING in way.calls
    node = side.nodes[number]
    if node.step is None or node.name in PARTS:
        return UNRECORDED in way.calls
    if node.step.library == "checkpoint":
        names = [stage for stage, _ in stages]
        following = names[names.index(case.faults[0].stage) :] if case.checkpoints else names[-1:]
        return node.step.name in following[:1] and not {UNRECORDED, NOTHING}.isdisjoint(way.calls)
    names = [node.step.name, *node.step.by, *node.name.split()]
    calls = {call.lower() for call in way.calls}
    return any(re.split(r"[.:]", name)[-1].lower() in calls for name in names)


def told(found):
    """What a comparison says, in a line."""
    words = []
    for parting in found.partings.found:
        names = [
            "nothing" if part.number is None else side.nodes[part.number].name
            for side, part in ((found.a, parting.a), (found.b, parting.b))
        ]
        words.append(f"{' | '.join(names)}: {', '.join(cause.id for cause in parting.causes)}")
    return "; then ".join(words)
