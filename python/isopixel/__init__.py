# SPDX-License-Identifier: MIT
"""Bytes and images to uint8 arrays of one size, with the same bits on every machine, for ever.

The specification (spec/SPEC.md) defines what the functions compute; its rules are cited as R-n.
"""

from isopixel._bytes_image import from_bytes, from_file
from isopixel._core import version as __version__
from isopixel._explain import Explained, Explanation, Operation, explain
from isopixel._fingerprints import fingerprint
from isopixel._images import resize
from isopixel._listing import read_hex_listing
from isopixel._manifest import Manifest, Source
from isopixel._method_for import method_for
from isopixel._methods import Method, MethodName, methods
from isopixel._normalization import normalize
from isopixel._read_picture import read_picture
from isopixel._recipe import Recipe
from isopixel._saving import load, read_manifest, save
from isopixel._settings import available_isas, get_isa, get_num_threads, set_isa, set_num_threads
from isopixel._sound import from_samples
from isopixel._trace.recording.tracing import step, trace

__all__ = [
    "Explained",
    "Explanation",
    "Manifest",
    "Method",
    "MethodName",
    "Operation",
    "Recipe",
    "Source",
    "__version__",
    "available_isas",
    "explain",
    "fingerprint",
    "from_bytes",
    "from_file",
    "from_samples",
    "get_isa",
    "get_num_threads",
    "load",
    "method_for",
    "methods",
    "normalize",
    "read_hex_listing",
    "read_manifest",
    "read_picture",
    "resize",
    "save",
    "set_isa",
    "set_num_threads",
    "step",
    "trace",
]
