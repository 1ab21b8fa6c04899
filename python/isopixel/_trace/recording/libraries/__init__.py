# SPDX-License-Identifier: MIT
"""The libraries whose functions are recorded: tables of names, and what else is to be known of each."""

from isopixel._trace.recording.libraries import isopixel, numpy, opencv, pillow, torch, torchvision
from isopixel._trace.recording.libraries.library import Library

LIBRARIES: tuple[Library, ...] = tuple(
    module.LIBRARY for module in (numpy, pillow, opencv, torch, torchvision, isopixel)
)
