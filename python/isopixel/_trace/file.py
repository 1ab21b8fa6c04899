# SPDX-License-Identifier: MIT
"""Traces as files: JSON lines, each of which is complete once it is written, so that what a crash leaves is a trace.

The first line describes the program; each further one is a value, a step, libraries that were imported meanwhile, a
warning, what samples showed that are not kept, or the end. Values come before what names them.
"""

import base64
import json
import math
import os
import platform
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import IO, Any

import numpy as np

from isopixel import _core
from isopixel._atomic import destination
from isopixel._explain.operation import Operation
from isopixel._files import open_regular
from isopixel._fingerprints import digest_of
from isopixel._packing import packed, unpacked
from isopixel._settings import most_pixels
from isopixel._trace.checks import Record, check_finding, check_header, check_libraries, check_step, check_value
from isopixel._trace.folder import load_folder
from isopixel._trace.records import Array, Finding, Step, Trace, Value
from isopixel._trace.values import Samples, widened

VERSION = 1  # of the format
LONGEST = 512 << 20  # bytes of a file at most, without samples
LONGEST_LINE = 16 << 20  # bytes of a line at most, without samples: 4,096 texts and their names of 200 characters
SAMPLES = b',"samples":"'  # the last field of a value, which is cut off before the rest is read as JSON


class Writer:
    """Writes a trace as it is recorded; each line goes to the system at once."""

    def __init__(self, path: Path, libraries: Mapping[str, str]) -> None:
        """Begins the file, in place of a trace that is there.

        Raises:
            OSError: it cannot be written, or as `destination`.
            ValueError: what is there is not a trace.
        """
        target = destination(path)
        if target.exists() and target.stat().st_size:
            with open_regular(target) as file:
                if not file.read(9).startswith(b'{"trace":'):
                    raise ValueError(
                        f"{str(path)!r} is there and not a trace, and is not replaced: choose another name"
                    )
        self._file: IO[bytes] = target.open("wb", buffering=0)
        self._write(
            {"trace": VERSION, "isopixel": _core.version, "machine": platform.machine(), "libraries": dict(libraries)}
        )

    def libraries(self, versions: Mapping[str, str]) -> None:
        """Writes the versions of libraries that were imported meanwhile."""
        self._write({"libraries": dict(versions)})

    def warning(self, text: str) -> None:
        """Writes a warning."""
        self._write({"warning": text})

    def value(self, value: Value, samples: Samples | None) -> None:
        """Writes a value, with its samples if they are given."""
        record: Record = {"value": value.number, "kind": value.kind, "dtype": value.dtype, "shape": value.shape}
        record |= {"axes": value.axes, "range": value.range, "fingerprint": value.fingerprint}
        if value.axes:
            tiles = np.array(value.tiles, "<u4").tobytes()
            record |= {"planes": value.planes, "tiles": base64.b64encode(tiles).decode("ascii")}
        if samples is not None:
            record["samples"] = packed(samples.array, 1)
        self._write(record)

    def step(self, step: Step) -> None:
        """Writes a step, without the fields that say nothing."""
        optional = {
            "args": dict(step.arguments),
            "inplace": step.is_in_place,
            "by": step.by,
            "at": step.at,
            "facts": dict(step.facts),
            "failure": step.failure,
        }
        record: Record = {"step": step.number, "name": step.name, "library": step.library, "kind": step.kind}
        record |= {"in": step.inputs, "out": step.output}
        self._write(record | {name: value for name, value in optional.items() if value})

    def finding(self, finding: Finding) -> None:
        """Writes what samples showed that the trace does not keep."""
        self._write({"finding": [finding.before, finding.after], "chains": finding.record, "note": finding.note})

    def end(self, steps: int) -> None:
        """Writes that the trace is complete, and closes the file."""
        self._write({"end": steps})
        self._file.close()

    def _write(self, record: Record) -> None:
        line = json.dumps(record, separators=(",", ":"), allow_nan=False).encode("ascii") + b"\n"
        view = memoryview(line)
        while view:
            view = view[self._file.write(view) :]


def load(path: str | os.PathLike[str]) -> Trace:
    """Reads a trace: a file that `isopixel.trace` wrote, or a folder of files NN-name.npy.

    Raises:
        OSError: it cannot be read.
        ValueError: it is not a trace, with the line that is wrong; or its samples are more bytes than the environment
            variable ISOPIXEL_MAX_PIXELS, or 268435456.
    """
    path = Path(path)
    if path.is_dir():
        return load_folder(path)
    reader, number = Reader(), 0
    try:
        with open_regular(path) as file:
            for number, line in enumerate(_lines(file), 1):  # noqa: B007
                reader.add(line)
            number += 1
            return reader.trace()
    except (ValueError, RecursionError) as error:
        why = "it is nested too deeply" if isinstance(error, RecursionError) else error
        raise ValueError(f"{str(path)!r} is not a trace: line {number}: {why}") from None


def _lines(file: IO[bytes]) -> Iterator[bytes]:
    """Yields the lines of a file; the last one, if it is cut off, is b""."""
    longest = most_pixels(None) * 3 // 2 + LONGEST_LINE  # of samples that do not compress
    while line := file.readline(longest):
        if len(line) == longest:
            raise ValueError("it is longer than a line can be")
        yield line if line.endswith(b"\n") else b""


class Reader:
    """Reads the lines of a trace one by one, and checks them."""

    def __init__(self) -> None:
        """Starts without a line."""
        self._header: Record | None = None
        self._libraries: dict[str, str] = {}
        self._values: list[Value] = []
        self._steps: list[Step] = []
        self._warnings: list[str] = []
        self._findings: list[Finding] = []
        self._arrays: dict[str, Array] = {}  # by fingerprint: the samples are written once
        self._bytes = 0  # of lines without samples
        self._room = most_pixels(None)  # for samples
        self._is_complete = False

    def add(self, line: bytes) -> None:
        """Reads a line, with its end; b"" if it is cut off. Raises ValueError if it is wrong."""
        if not line:
            if self._header is None:
                raise ValueError("it is cut off, and there is no other")
            return
        if self._is_complete:
            raise ValueError("it comes after the end")
        samples = None
        if line.startswith(b'{"value":') and (at := line.find(SAMPLES)) >= 0:
            line, samples = line[:at] + b"}", line[at + len(SAMPLES) : -3]
        self._bytes += len(line)
        if len(line) > LONGEST_LINE or self._bytes > LONGEST:
            raise ValueError("the trace, or this line, is too long")
        try:
            record = JSON.decode(line.decode("utf-8"))
        except ValueError as error:
            raise ValueError(f"it is not JSON: {error}") from None
        if not isinstance(record, dict):
            raise ValueError("it is not a JSON object")
        if self._header is None:
            check_header(record, VERSION)
            self._header = record
            self._libraries = record["libraries"]
        elif "value" in record:
            self._add_value(record, samples)
        elif "step" in record:
            check_step(record, len(self._steps), len(self._values))
            self._steps.append(_step(record))
        elif "finding" in record:
            check_finding(record, len(self._values))
            self._findings.append(_finding(record))
        elif "libraries" in record:
            check_libraries(record)
            self._libraries = self._libraries | record["libraries"]
        elif record.keys() == {"warning"} and isinstance(record["warning"], str):
            self._warnings.append(record["warning"])
        elif record == {"end": len(self._steps)}:
            self._is_complete = True
        else:
            raise ValueError("it is neither a value nor a step, nor another line of a trace")

    def _add_value(self, record: Record, samples: bytes | None) -> None:
        tiles = check_value(record, len(self._values))
        digest = record["fingerprint"]
        if samples is not None:
            array = self._array(record, samples)
            self._arrays[digest] = widened(array) if record["dtype"] == "bfloat16" else array
        self._values.append(
            Value(
                record["value"],
                record["kind"],
                record["dtype"],
                tuple(record["shape"]),
                record["axes"],
                tuple(record["range"]),
                digest,
                tuple(record.get("planes", ())),
                tiles,
                self._arrays.get(digest),
            )
        )

    def _array(self, record: Record, samples: bytes) -> Array:
        """Returns the samples that are written; raises ValueError if they are not those of the value."""
        dtype = np.dtype("uint16" if record["dtype"] == "bfloat16" else record["dtype"])
        length = math.prod(record["shape"]) * dtype.itemsize
        self._room -= length
        if self._room < 0:
            raise ValueError(
                f"the samples of the trace are more than {most_pixels(None)} bytes, the limit that keeps a small file "
                "from filling the memory: set ISOPIXEL_MAX_PIXELS to allow more"
            )
        try:
            content = unpacked(samples, length)
        except ValueError:
            raise ValueError("its samples cannot be read") from None
        if len(content) != length:
            raise ValueError("its samples are not as many as its shape needs")
        array = np.frombuffer(content, dtype.newbyteorder("<")).reshape(record["shape"]).astype(dtype, copy=False)
        if digest_of(array, record["dtype"]) != record["fingerprint"]:
            raise ValueError("its samples do not have its fingerprint")
        return array

    def trace(self) -> Trace:
        """Returns what was read; raises ValueError if that is nothing."""
        if self._header is None:
            raise ValueError("it is empty")
        warnings = list(self._warnings)
        if not self._is_complete:
            warnings.append("the trace breaks off: the program that was traced did not end it")
        header = self._header
        return Trace(
            header["isopixel"],
            header["machine"],
            self._libraries,
            tuple(self._values),
            tuple(self._steps),
            tuple(warnings),
            tuple(self._findings),
        )


def _step(record: Record) -> Step:
    return Step(
        record["step"],
        record["name"],
        record["library"],
        record["kind"],
        record.get("args", {}),
        tuple(record["in"]),
        record["out"],
        record.get("inplace", False),
        tuple(record.get("by", ())),
        record.get("at", ""),
        record.get("facts", {}),
        record.get("failure", ""),
    )


def _finding(record: Record) -> Finding:
    chains = tuple(
        tuple(
            Operation(kind, name, tuple((word, _tuples(value)) for word, value in arguments.items()))
            for kind, name, arguments in chain
        )
        for chain in record["chains"]
    )
    before, after = record["finding"]
    return Finding(before, after, chains, record["note"])


def _tuples(value: Any) -> Any:
    return tuple(map(_tuples, value)) if isinstance(value, list) else value


def _refuse(word: str) -> None:
    raise ValueError(f"{word} is not a number of JSON")


JSON = json.JSONDecoder(parse_constant=_refuse)
