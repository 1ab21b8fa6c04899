# SPDX-License-Identifier: MIT
"""Which line of a program called a library."""

import sys
import sysconfig
from types import FrameType

from isopixel._trace.recording.arguments import last_part

LIBRARIES = frozenset(["isopixel", "PIL", "cv2", "numpy", "torch", "torchvision"])
INSTALLED = tuple({sysconfig.get_path(name) for name in ("stdlib", "platstdlib", "purelib", "platlib")})


def where() -> str:
    """Returns the file, by its last part, and the line of the code that called, as "train.py:12"; "" if none did.

    It is the nearest line that is not of an installed package, or else the nearest one that is not of a library which
    is recorded itself.
    """
    frame: FrameType | None = sys._getframe(1)
    installed = None
    while frame is not None:
        name = str(frame.f_globals.get("__name__", "")).partition(".")[0]
        if name not in LIBRARIES:
            if not frame.f_code.co_filename.startswith((*INSTALLED, "<frozen")):
                return _text(frame)
            installed = installed or frame
        frame = frame.f_back
    return "" if installed is None else _text(installed)


def _text(frame: FrameType) -> str:
    return f"{last_part(frame.f_code.co_filename)}:{frame.f_lineno}"
