# SPDX-License-Identifier: MIT
"""Bytes and images to uint8 arrays of one size, with the same bits on every machine, for ever.

What the functions compute is defined by the specification (spec/SPEC.md); its rules are cited as R-n.
"""

from isopix._core import version as __version__
from isopix.bytes_image import from_bytes, from_file
from isopix.fingerprints import fingerprint
from isopix.images import resize

__all__ = ["__version__", "fingerprint", "from_bytes", "from_file", "resize"]
