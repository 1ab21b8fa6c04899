# SPDX-License-Identifier: MIT
"""Recording: a context in which the calls of image libraries are written down, with what they read and made."""

import os
import platform
import threading
import warnings
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Any

import numpy as np

from isopixel import _core
from isopixel._settings import most_pixels
from isopixel._trace.file import Writer
from isopixel._trace.recording import tracing
from isopixel._trace.recording.arguments import failure_of, last_part, plain
from isopixel._trace.recording.parts import Parts
from isopixel._trace.recording.where import where
from isopixel._trace.recording.wrapping import Wrapping
from isopixel._trace.records import Array, Finding, Step, Trace, Value
from isopixel._trace.values import Samples, describe, samples_of, widened

REMEMBERED = 64 << 20  # bytes of samples that are not kept, the last ones, which are looked at when the trace ends

_start = threading.Lock()


def _renew() -> None:
    """Gives a process that is forked a lock of its own: a thread that it does not have may hold the other one."""
    global _start
    _start = threading.Lock()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_renew)


class Recording:
    """A trace while it is recorded: a context manager, to be used once."""

    def __init__(self, path: Path | None, keep: int) -> None:
        """Checks the arguments; nothing is recorded or written yet."""
        if isinstance(keep, bool) or not isinstance(keep, (int, np.integer)):
            raise TypeError(f"keep is a number of bytes, got {keep!r}")
        if not 0 <= keep <= most_pixels(None):
            raise ValueError(
                f"keep is 0 (digests alone) to {most_pixels(None)}, the most that is read again without a larger "
                f"ISOPIXEL_MAX_PIXELS, got {keep}"
            )
        self._path, self._room = path, int(keep)
        self._process = os.getpid()
        self._lock = threading.RLock()
        self._writer: Writer | None = None
        self._wrapping = Wrapping(self)
        self._values: list[Value] = []
        self._steps: list[Step] = []
        self._warnings: list[str] = []
        self._numbers: dict[tuple[str, str], int] = {}  # by kind and fingerprint
        self._first: dict[str, int] = {}  # the first value with a fingerprint, which has the samples
        self._remembered: dict[str, Array] = {}  # by fingerprint, samples that are not kept
        self._remembered_bytes = 0
        self._findings: tuple[Finding, ...] = ()
        self._made: set[str] = set()  # the fingerprints of what steps made
        self.parts = Parts(self)
        self._state = "new"
        self._broken = ""  # why the file breaks off, which is told at the end: a warning can be an error

    @property
    def trace(self) -> Trace:
        """What was recorded."""
        with self._lock:
            machine, libraries = platform.machine(), dict(self._wrapping.libraries)
            recorded = tuple(self._values), tuple(self._steps), tuple(self._warnings)
            return Trace(_core.version, machine, libraries, *recorded, self._findings)

    @property
    def is_on(self) -> bool:
        """Whether calls are recorded, in this process: one that was forked from it writes nothing."""
        return self._state == "on" and os.getpid() == self._process

    def __enter__(self) -> "Recording":
        """Begins: wraps the functions of the libraries that are imported."""
        with _start:
            if tracing.active is not None:
                raise RuntimeError("a trace is being recorded, and there is one at a time: end it first")
            if self._state != "new":
                raise RuntimeError("this trace has ended: begin another one with isopixel.trace")
            self._process = os.getpid()
            self._wrapping.find_versions()
            if self._path is not None:
                self._writer = Writer(self._path, self._wrapping.libraries)
            self._state, tracing.active = "on", self
            try:
                self._wrapping.install()
            except BaseException:  # an interrupt
                self._end(is_read=False)
                raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Ends: puts the functions back, and closes the file."""
        with _start:
            if self._state == "on":
                self._end(is_read=kind is None or issubclass(kind, (Exception, SystemExit)))
        if self._broken and (error is None or isinstance(error, KeyboardInterrupt)):
            warnings.warn(self._broken, RuntimeWarning, stacklevel=2)

    def _end(self, *, is_read: bool) -> None:
        """Ends, once what is remembered is read, if it is to be."""
        self._state, tracing.active = "ended", None
        self._wrapping.restore()
        if os.getpid() != self._process:
            self._remembered = {}  # without the lock, which a thread that is not here may hold
            return
        with self._lock:
            remembered, self._remembered = self._remembered, {}
        try:
            if is_read:
                self._read(remembered)
        finally:
            with self._lock:
                self._write("end", len(self._steps))
                self._writer = None  # of a thread that is at work yet nothing is written

    def _read(self, remembered: Mapping[str, Array]) -> None:
        """Finds out what samples show that are not kept."""
        from isopixel._trace.comparing.findings import findings  # what it needs is not loaded by each trace

        try:
            self._findings = findings(self.trace, remembered)
        except Exception as error:
            self.warn(f"what the samples show that are not kept was not found out: {failure_of(error)}")
        for finding in self._findings:
            self._write("finding", finding)

    def checkpoint(self, name: str, array: Any, notes: Mapping[str, Any]) -> None:
        """Records an array that the program itself names."""
        if not self.is_on:
            return
        with self._wrapping.aside():
            label, arguments, output, failure = "", {}, None, ""
            try:
                label = last_part(str(name))
                arguments = plain(notes)
                self.parts.see(array)
                samples = samples_of(array)
                output = None if samples is None else self.value(samples)
            except Exception as error:
                failure = failure_of(error)
            self.step(label, "checkpoint", "other", arguments, output=output, at=where(), failure=failure)

    def value(self, samples: Samples) -> int:
        """Returns the number of a value, which is recorded if it is new."""
        fingerprint = samples.fingerprint
        key = samples.kind, fingerprint
        with self._lock:
            if key in self._numbers:
                return self._numbers[key]
            first = self._first.get(fingerprint)
        described = describe(samples, 0, fingerprint) if first is None else self._values[first]
        with self._lock:
            if key in self._numbers:  # by another thread
                return self._numbers[key]
            number = len(self._values)
            value = replace(described, number=number, kind=samples.kind)
            is_kept = first is None and samples.array.nbytes <= self._room
            if is_kept:
                self._room -= samples.array.nbytes
                value = replace(value, array=_copy(samples))
            elif first is None:
                self._remember(fingerprint, samples)
            self._values.append(value)
            self._numbers[key] = number
            self._first.setdefault(fingerprint, number)
            self._write("value", value, samples if is_kept else None)
            return number

    def _remember(self, fingerprint: str, samples: Samples) -> None:
        """Remembers samples that are not kept, in place of those that came first."""
        copied = _copy(samples) if samples.array.nbytes <= REMEMBERED and self.is_on else None
        if copied is None or copied.nbytes > REMEMBERED:
            return
        self._remembered[fingerprint] = copied
        self._remembered_bytes += copied.nbytes
        while self._remembered_bytes > REMEMBERED:
            self._remembered_bytes -= self._remembered.pop(next(iter(self._remembered))).nbytes

    def has_made(self, number: int) -> bool:
        """Returns whether a step made a value, whatever holds it."""
        with self._lock:
            return self._values[number].fingerprint in self._made

    @property
    def last_made(self) -> int | None:
        """The number of what the last step made; None if that is nothing."""
        with self._lock:
            return self._steps[-1].output if self._steps else None

    def step(self, name: str, library: str, kind: str, arguments: Mapping[str, Any], **fields: Any) -> None:
        """Records a step, with further fields of `Step`."""
        with self._lock:
            self._steps.append(Step(len(self._steps), name, library, kind, arguments, **fields))
            if (made := self._steps[-1].output) is not None:
                self._made.add(self._values[made].fingerprint)
            self._write("step", self._steps[-1])

    def warn(self, text: str) -> None:
        """Records what the trace does not hold; each text once."""
        with self._lock:
            if text not in self._warnings:
                self._warnings.append(text)
                self._write("warning", text)

    def imported(self, versions: Mapping[str, str]) -> None:
        """Writes the versions of libraries that are imported while the trace is recorded."""
        with self._lock:
            self._write("libraries", versions)

    def _write(self, what: str, *record: Any) -> None:
        """Writes a line, if the trace has a file; one that cannot be written is the last."""
        if self._writer is None or os.getpid() != self._process:
            return
        try:
            getattr(self._writer, what)(*record)
        except Exception as error:
            self.break_off(f"it could not be written: {failure_of(error)}")

    def break_off(self, why: str) -> None:
        """Writes no further line, if the trace has a file: what is there is a trace, and stays one."""
        if self._writer is not None:
            self._writer = None
            self._broken = f"the file of the trace breaks off, since {why}"
            self._warnings.append(self._broken)


def _copy(samples: Samples) -> Array:
    array: Array = np.array(samples.array, samples.array.dtype.newbyteorder("="), order="C", copy=True)
    array = widened(array) if samples.dtype == "bfloat16" else array
    array.flags.writeable = False
    return array
