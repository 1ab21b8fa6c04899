# SPDX-License-Identifier: MIT
"""What is recorded of NumPy: how bytes, pictures and tensors become arrays, and functions that move pixels.

Methods and operators of arrays cannot be wrapped; what they make is seen when it is read by something that is.
"""

import sys
from collections.abc import Mapping
from typing import Any

import numpy as np

from isopixel._trace.recording.libraries.library import Library
from isopixel._trace.recording.sources import source_facts

CONVERSIONS = {"asarray": "layout", "array": "layout", "ascontiguousarray": "layout"}  # of what is not an array
FUNCTIONS = CONVERSIONS | {
    "frombuffer": "bytes",
    "fromfile": "bytes",
    "load": "decode",
    "pad": "pad",
    "flip": "turn",
    "fliplr": "turn",
    "flipud": "turn",
    "rot90": "turn",
    "transpose": "layout",
    "moveaxis": "layout",
    "expand_dims": "layout",
    "stack": "layout",
    "dstack": "layout",
    "concatenate": "layout",
    "clip": "scale",
}
PARAMETERS = {
    "asarray": ("a", "dtype"),
    "array": ("object", "dtype"),
    "ascontiguousarray": ("a", "dtype"),
    "frombuffer": ("buffer", "dtype", "count", "offset"),
    "fromfile": ("file", "dtype", "count", "sep", "offset"),
    "concatenate": ("arrays", "axis"),
}


def is_recorded(name: str, arguments: tuple[Any, ...]) -> bool:
    """Returns whether a call makes an array of a picture or a tensor, or is not a conversion."""
    return name not in CONVERSIONS or (
        bool(arguments) and str(type(arguments[0]).__module__).startswith(("PIL.", "torch"))
    )


def facts(name: str, arguments: Mapping[str, Any], result: Any) -> dict[str, Any]:
    """Returns what is known of the bytes that were read."""
    source = {"frombuffer": "buffer", "fromfile": "file", "load": "file"}.get(name)
    return {} if source is None else source_facts(arguments.get(source))


def versions() -> dict[str, str]:
    """Returns the versions of NumPy and Python."""
    return {"python": ".".join(map(str, sys.version_info[:3])), "numpy": np.__version__}


LIBRARY = Library(
    "numpy",
    {"numpy": FUNCTIONS},
    versions,
    parameters=PARAMETERS,
    facts=facts,
    is_recorded=is_recorded,
    outputs=("out",),
)
