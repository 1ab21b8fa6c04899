# SPDX-License-Identifier: MIT
"""Traces of pipelines, and some that are made by hand, without any library."""

from dataclasses import dataclass, field, replace

import numpy as np

import isopixel
from isopixel._trace.records import Step, Trace
from isopixel._trace.values import describe, of_array


@dataclass(frozen=True)
class Call:
    """A call that is recorded: what it read and made, as arrays."""

    name: str
    library: str = "opencv"
    kind: str = "other"
    reads: tuple = ()
    makes: np.ndarray | None = None
    arguments: dict = field(default_factory=dict)
    facts: dict = field(default_factory=dict)
    holds: str = "ndarray"


def recorded(pipeline, **options):
    """The trace of a function that is called."""
    with isopixel.trace(**options) as recording:
        pipeline()
    return recording.trace


def traced(notes, *calls, libraries=None, keep=True):
    """A trace of calls; `notes` are its warnings."""
    values, numbers, steps = [], {}, []
    known = {}  # by identity, so that long traces are soon made

    def number(array, holds="ndarray"):
        if (holds, id(array)) not in known:
            samples = of_array(array, holds)
            key = (holds, samples.fingerprint)
            if key not in numbers:
                numbers[key] = len(values)
                value = describe(samples, len(values), samples.fingerprint)
                values.append(replace(value, array=np.array(array)) if keep else value)
            known[holds, id(array)] = numbers[key]
        return known[holds, id(array)]

    for place, call in enumerate(calls):
        inputs = tuple(number(array) for array in call.reads)
        output = None if call.makes is None else number(call.makes, call.holds)
        at = f"code.py:{place + 1}"
        steps.append(
            Step(place, call.name, call.library, call.kind, call.arguments, inputs, output, at=at, facts=call.facts)
        )
    return Trace("0.1.0", "x86_64", libraries or {}, tuple(values), tuple(steps), tuple(notes))


def checkpoint(name, array):
    return Call(name, "checkpoint", makes=array)
