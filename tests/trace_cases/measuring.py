# SPDX-License-Identifier: MIT
"""How many answers are right, in each part of the measurement, and how many have to be."""

import importlib
import tempfile
from collections import defaultdict
from dataclasses import dataclass, field

import isopixel
from tests.trace_cases import known, unknown

# Of the cases of a part, the share of which each answer has to be right.
FIGURES = {
    "single": {"step": 0.98, "cause": 0.92, "cause by digests": 0.92},
    "paired": {"step": 0.98, "cause": 0.92, "cause by digests": 0.92},
    "equal": {"equal": 1, "equal by digests": 1},
    "known": {"named": 1},
    "unknown": {"not named": 1},
}
SIZES = {"single": 1, "paired": 120, "equal": 500, "known": 1000, "unknown": 200}  # how often each fault, how many


@dataclass
class Measured:
    """What was measured in a part.

    Attributes:
        cases: how many there were, by their kind: the cause's id, or the kinds of a chain's operations.
        right: how many answers were right, by the answer's name, by kind.
        wrong: the other answers, each in a line.
    """

    cases: dict = field(default_factory=lambda: defaultdict(int))
    right: dict = field(default_factory=lambda: defaultdict(lambda: defaultdict(int)))
    wrong: list = field(default_factory=list)

    def add(self, kind, answers, words):
        """Adds a case: its answers by their names, and the words to be shown if one is wrong."""
        self.cases[kind] += 1
        for name, is_right in answers.items():
            self.right[name][kind] += is_right
        if not all(answers.values()):
            missed = ", ".join(name for name, is_right in answers.items() if not is_right)
            self.wrong.append(f"{missed}: {words}")

    def share(self, name):
        """The share of cases in which an answer was right."""
        return sum(self.right[name].values()) / max(1, sum(self.cases.values()))

    def missed(self, part):
        """The figures that are not reached, each as a text."""
        return [
            f"{part}, {name}: {self.share(name):.1%} of at least {least:.0%}"
            for name, least in FIGURES[part].items()
            if self.share(name) < least
        ]

    def table(self, part):
        """The lines of a table."""
        names = list(self.right)
        width = max(len(kind) for kind in [part, *self.cases])
        yield f"{part:{width}}  cases  {'  '.join(names)}"
        for kind, count in sorted(self.cases.items()):
            yield f"{kind:{width}}  {count:5}  {'  '.join(f'{self.right[name][kind]:{len(name)}}' for name in names)}"
        total = sum(self.cases.values())
        yield f"{'all':{width}}  {total:5}  {'  '.join(f'{self.share(name):{len(name)}.1%}' for name in names)}"


def measured(part, count, only="", on_wrong=lambda line: None):
    """Measures a part.

    Args:
        part: a key of FIGURES.
        count: how many cases it has; of "single", how many of each fault.
        only: a text that the ids of the cases hold.
        on_wrong: called with each wrong answer's line.
    """
    found = Measured()
    run = {"known": _known, "unknown": _unknown}.get(part, _traces)
    for kind, answers, words in run(part, count, only):
        told = len(found.wrong)
        found.add(kind, answers, words)
        for line in found.wrong[told:]:
            on_wrong(line)
    return found


def _known(part, count, only):
    for case in known.known(count):
        if only in case.id:
            try:
                explained = isopixel.explain(case.before, case.after)
                is_right, words = known.is_among(case, explained), " ;; ".join(map(str, explained[:3]))
            except Exception as error:  # a crash is a wrong answer like any other
                is_right, words = False, repr(error)
            yield " | ".join(kind for kind, _ in case.names), {"named": is_right}, f"{case.id}: {words}"


def _unknown(part, count, only):
    for id, before, after in unknown.unknown(count):
        if only in id:
            try:
                names = unknown.names_of(isopixel.explain(before, after))
            except Exception as error:
                names = [repr(error)]
            yield id.split(" ", 1)[1], {"not named": not names}, f"{id}: {' ;; '.join(names[:3])}"


def _traces(part, count, only):
    importlib.import_module("tests.peers.torchvision_beside")  # which imports torchvision beside any torch
    cases, judge = (importlib.import_module(f"tests.trace_cases.{name}") for name in ("cases", "judge"))

    with tempfile.TemporaryDirectory() as folder:
        for case in {"single": cases.single, "paired": cases.paired, "equal": cases.equal}[part](folder, count):
            if only not in case.id:
                continue
            names = ("equal", "equal by digests") if part == "equal" else judge.ANSWERS
            try:
                verdicts = [judge.judged(case, judge.traced(case, keep)) for keep in (64 << 20, 0)]
                answers, words = judge.answers(case, verdicts), " /// ".join(verdict.said for verdict in verdicts)
            except Exception as error:
                answers, words = dict.fromkeys(names, False), repr(error)
            kind = case.faults[0].cause if case.faults else "equal"
            yield kind, answers, f"{case.id}: {words}"
