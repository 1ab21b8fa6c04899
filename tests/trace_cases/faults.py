# SPDX-License-Identifier: MIT
"""What a fault is: two ways of a stage that part, by a known cause; and what a case of faults is."""

from dataclasses import dataclass

from tests.trace_cases.ways import Sizes, Way, run

Stages = tuple[tuple[str, Way], ...]
RGB = ("png", "jpeg")
ALL_SCALES = ("divided", "normalised", "symmetric", "floats")


@dataclass(frozen=True)
class Fault:
    """Two ways of a stage that part.

    Attributes:
        causes: the ids that describe it, the expected one first; the others are as true of these two ways.
        name: tells it from others of the same cause.
        stage: the first stage that the ways stand for.
        a: the way of side A.
        b: the way of side B.
        kinds: of files that show it.
        read: the group of `same.READ` that reads them, if the fault is not in reading.
        sizes: what the ways need, if the usual ones do not show it.
        instead: the stages that must not be there beside it, because the ways do them or make them impossible.
        scales: the groups of `same.SCALE` that may follow.
        is_last: whether no stage may follow.
    """

    causes: tuple[str, ...]
    name: str
    stage: str
    a: Way
    b: Way
    kinds: tuple[str, ...] = RGB
    read: str = "rgb"
    sizes: Sizes | None = None
    instead: tuple[str, ...] = ()
    scales: tuple[str, ...] = ALL_SCALES
    is_last: bool = False

    @property
    def cause(self):
        return self.causes[0]

    def __str__(self):
        return f"{self.cause}: {self.name}"


@dataclass(frozen=True)
class Case:
    """Two pipelines.

    Attributes:
        id: tells it from the others.
        faults: why they part, in the order of the stages; () if they are equal.
        path: the file that both read.
        sizes: what both have in common.
        a: the stages of one side.
        b: those of the other.
        checkpoints: whether each stage's result is told, or the last one's alone.
    """

    id: str
    faults: tuple[Fault, ...]
    path: str
    sizes: Sizes
    a: Stages
    b: Stages
    checkpoints: bool

    def results(self):
        """What both sides make, untraced."""
        return tuple(run(side, self.path, self.sizes, lambda name, value: value, False) for side in (self.a, self.b))
