# SPDX-License-Identifier: MIT
"""Faults in making images of bytes."""

from pathlib import Path

import numpy as np
from PIL import Image

import isopixel
from tests.trace_cases.faults import Fault
from tests.trace_cases.ways import UNRECORDED, of_path

BYTES = ("fromfile", "frombuffer", "from_bytes", "from_file", "fromarray", "frombytes", "read_bytes", UNRECORDED)


def rows(data, width, rule="ceil", value=0):
    """Bytes in rows of a width; the last row is filled, or left out."""
    height = -(-len(data) // width) if rule == "ceil" else len(data) // width
    padded = np.full(height * width, value, np.uint8)
    used = data[: height * width]
    padded[: len(used)] = used
    return padded.reshape(height, width)


def by_hand(width, rule="ceil", value=0):
    return of_path(lambda f, s: rows(np.fromfile(f, np.uint8), width, rule, value), *BYTES)


def by_pillow(width):
    def run(f, s):
        data = Path(f).read_bytes()
        return Image.frombytes("L", (width, len(data) // width), data[: len(data) // width * width])

    return of_path(run, *BYTES, gives="pil")


def by_isopixel(layout):
    return of_path(lambda f, s: isopixel.from_file(f, layout), *BYTES)


def usual_width(f):
    """Nataraj's width, by the size of the file."""
    kilobytes = Path(f).stat().st_size / 1024
    for most, width in ((10, 32), (30, 64), (60, 128), (100, 256), (200, 384), (500, 512), (1000, 768)):
        if kilobytes < most:
            return width
    return 1024


MORE = {"kinds": ("program",), "scales": ("divided", "symmetric", "floats"), "instead": ("turn", "place")}


def widths():
    cause = ("byte-width",)
    yield Fault(cause, "256 and 512", "read", by_hand(256), by_hand(512), **MORE)
    yield Fault(cause, "128 and 129", "read", by_hand(128, "floor"), by_hand(129, "floor"), **MORE)
    yield Fault(
        cause,
        "Nataraj's and 256",
        "read",
        by_isopixel("nataraj"),
        of_path(lambda f, s: rows(np.fromfile(f, np.uint8), 2 * usual_width(f), "floor"), *BYTES),
        **MORE,
    )
    yield Fault(
        cause,
        "fixed width, by isopixel",
        "read",
        by_isopixel("fixed,width=256"),
        by_isopixel("fixed,width=320"),
        **MORE,
    )
    yield Fault(cause, "frombytes, 256 and 200", "read", by_pillow(256), by_pillow(200), **MORE)


def heights():
    cause = ("byte-rows",)
    yield Fault(cause, "the last row filled, or left out", "read", by_hand(256), by_hand(256, "floor"), **MORE)
    yield Fault(
        cause,
        "by isopixel",
        "read",
        by_isopixel("fixed,width=256,rows=ceil"),
        by_isopixel("fixed,width=256,rows=floor"),
        **MORE,
    )
    yield Fault(cause, "by hand and frombytes", "read", by_hand(300), by_pillow(300), **MORE)
    yield Fault(
        cause,
        "nataraj",
        "read",
        by_isopixel("nataraj,rows=floor"),
        of_path(lambda f, s: rows(np.fromfile(f, np.uint8), usual_width(f)), *BYTES),
        **MORE,
    )


FAULTS = [*widths(), *heights()]
