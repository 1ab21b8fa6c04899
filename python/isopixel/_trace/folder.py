# SPDX-License-Identifier: MIT
"""Traces as folders of arrays, which any program can write: NN-name.npy, one file for each step."""

import math
import os
import re
import warnings
from dataclasses import replace
from pathlib import Path
from typing import IO

import numpy as np

from isopixel._files import open_regular
from isopixel._settings import most_pixels
from isopixel._trace.records import Array, Step, Trace, Value
from isopixel._trace.values import describe, of_array

MAGIC = {b"\x93NUMPY\1\0": 2, b"\x93NUMPY\2\0": 4}  # how a file begins, and of how many bytes the header's length is
MOST_HEADER = 10_000  # bytes, as NumPy allows
MOST_FILES = 100_000


def load_folder(folder: Path) -> Trace:
    """Reads the files of a folder whose names end in .npy, in the order of the numbers in their names.

    Raises:
        OSError: a file cannot be read.
        ValueError: there is no such file, one is not an array of numbers, or their samples are more bytes than the
            environment variable ISOPIXEL_MAX_PIXELS allows.
    """
    names = sorted((path for path in folder.iterdir() if path.suffix.lower() == ".npy"), key=_order)
    if not names:
        raise ValueError(f"{str(folder)!r} is not a trace: no file in it has a name such as 01-resize.npy")
    if len(names) > MOST_FILES:
        raise ValueError(f"{str(folder)!r} is not a trace: more than {MOST_FILES} files in it end in .npy")
    values: list[Value] = []
    steps: list[Step] = []
    room = most_pixels(None)
    for number, path in enumerate(names):
        try:
            array = _read(path, room)
            samples = of_array(array, "npy")
            if samples is None:
                raise ValueError(
                    f"its samples have no axes, or the dtype {str(array.dtype)[:40]}, which no trace holds"
                )
        except ValueError as error:
            raise ValueError(f"{str(path)!r} is not a step of a trace: {error}") from None
        room -= array.nbytes
        values.append(replace(describe(samples, number, samples.fingerprint), array=samples.array))
        name = re.sub(r"^\d+[-_. ]*", "", path.stem) or path.stem
        inputs = (number - 1,) if number else ()
        steps.append(Step(number, name, "checkpoint", "other", inputs=inputs, output=number, at=path.name))
    return Trace("", "", {}, tuple(values), tuple(steps))


def _order(path: Path) -> list[tuple[int, str]]:
    """Returns what orders names as people do: 2 before 10."""
    parts = re.split(r"(\d{1,400})", path.name)
    return [(int(part), "") if i % 2 else (0, part) for i, part in enumerate(parts)]


def _read(path: Path, room: int) -> Array:
    """Reads an array, after a check that the file has its samples and that they are at most `room` bytes."""
    with open_regular(path) as file, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of NumPy, on headers that Python 2 wrote or that are none: read, or refused
        start = file.read(8)
        if start not in MAGIC:
            raise ValueError("it is not a .npy file of version 1 or 2")
        length = int.from_bytes(file.read(MAGIC[start]), "little")
        if length > MOST_HEADER:
            raise ValueError("its header is too long")
        file.seek(8)
        shape, dtype = _head(file, start)
        there, needed = os.fstat(file.fileno()).st_size - file.tell(), math.prod(shape) * dtype.itemsize
        if there < needed:
            raise ValueError(f"it is cut short: it has {there} bytes of samples, and its shape needs {needed}")
        if needed > room:
            raise ValueError(
                f"the samples of the trace are more than {most_pixels(None)} bytes, the limit that keeps a small file "
                "from filling the memory: set ISOPIXEL_MAX_PIXELS to allow more"
            )
        file.seek(0)
        array: Array = np.lib.format.read_array(file, allow_pickle=False)
        return array


def _head(file: IO[bytes], start: bytes) -> tuple[tuple[int, ...], "np.dtype[np.generic]"]:
    """Reads the shape and the dtype."""
    read = np.lib.format.read_array_header_1_0 if start.endswith(b"\1\0") else np.lib.format.read_array_header_2_0
    try:
        shape, _, dtype = read(file)
    except Exception as error:  # which can quote the whole header
        raise ValueError("its header is broken") from error
    if dtype.hasobject:
        raise ValueError("it has objects, not numbers")
    if len(shape) > 32 or not all(type(n) is int and n >= 0 for n in shape):
        raise ValueError("its shape is not one of an array")
    return shape, dtype
