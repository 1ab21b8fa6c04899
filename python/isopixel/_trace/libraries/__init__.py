# SPDX-License-Identifier: MIT
"""The libraries whose functions are recorded: tables of names, and what else is to be known of each."""

from isopixel._trace.libraries import opencv, pillow
from isopixel._trace.libraries.library import Library

LIBRARIES: tuple[Library, ...] = (pillow.LIBRARY, opencv.LIBRARY)
