# SPDX-License-Identifier: MIT
"""Bytes and images to uint8 arrays of one size, with the same bits on every machine, for ever.

What the functions compute is defined by the specification (spec/SPEC.md); its rules are cited as R-n.
"""

from isopixel._core import version as __version__
from isopixel.bytes_image import from_bytes, from_file
from isopixel.fingerprints import fingerprint
from isopixel.images import resize
from isopixel.listing import read_listing
from isopixel.manifest import Manifest, Source
from isopixel.method import Method, method_of, methods
from isopixel.normalization import normalize
from isopixel.recipe import Recipe
from isopixel.saving import load, load_with_manifest, save
from isopixel.settings import available_isas, isa, num_threads, set_isa, set_num_threads

__all__ = [
    "Manifest",
    "Method",
    "Recipe",
    "Source",
    "__version__",
    "available_isas",
    "fingerprint",
    "from_bytes",
    "from_file",
    "isa",
    "load",
    "load_with_manifest",
    "method_of",
    "methods",
    "normalize",
    "num_threads",
    "read_listing",
    "resize",
    "save",
    "set_isa",
    "set_num_threads",
]
