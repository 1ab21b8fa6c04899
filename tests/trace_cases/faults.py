# SPDX-License-Identifier: MIT
"""What a fault is: two ways of a stage that part, by a known cause."""

from dataclasses import dataclass

from tests.trace_cases.ways import Sizes, Way

RGB = ("png", "jpeg")
ALL_SCALES = ("divided", "normalised", "symmetric", "floats")


@dataclass(frozen=True)
class Fault:
    """Two ways of a stage that part.

    Attributes:
        causes: the ids of TRACE's list that describe it, the expected one first; others are as true of these two ways.
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
