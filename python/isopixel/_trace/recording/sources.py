# SPDX-License-Identifier: MIT
"""What a trace says of encoded files and of bytes: their name, length and digest, and what a picture's head says."""

import hashlib
import io
import os
from contextlib import suppress
from typing import Any

import numpy as np

from isopixel import _core
from isopixel._files import read_small
from isopixel._png import SIGNATURE, read_png_head
from isopixel._trace.recording.arguments import last_part

MOST_BYTES = 256 << 20  # of a file that is read: a longer one is no picture
HEAD = 1024  # bytes of which there is a digest besides
MODES = {1: "L", 2: "LA", 3: "RGB", 4: "RGBA"}  # by the number of channels, as Pillow calls them
FILES = (io.BufferedReader, io.BufferedRandom, io.BufferedWriter, io.FileIO)

Facts = dict[str, Any]


def source_facts(source: Any) -> Facts:
    """Returns what is known of a file, from its path, its bytes, an array of them, or an open file; {} if nothing is.

    An open file is read without moving its position.
    """
    name, content = _name_of(source), None
    with suppress(OSError, ValueError):
        content = _content_of(source)
    if content is None:
        return {"file": name} if name else {}
    facts: Facts = {"file": name} if name else {}
    facts |= {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}
    with suppress(ValueError):
        facts |= _head(content) or bytes_facts(content)
    return facts


def bytes_facts(content: bytes) -> Facts:
    """Returns by what bytes are known again that were cut or padded: a digest of the first ones; {} of few bytes."""
    return {"head": hashlib.sha256(content[:HEAD]).hexdigest()[:16]} if len(content) >= HEAD else {}


def encoded_facts(target: Any) -> Facts:
    """Returns what is known of a file that was just written, by the path, the open file or the array it went to."""
    if callable(flush := getattr(target, "flush", None)):
        flush()
    return source_facts(target)


def _name_of(source: Any) -> str:
    name = source if isinstance(source, (str, os.PathLike)) else getattr(source, "name", "")
    with suppress(TypeError, UnicodeDecodeError):
        return last_part(os.fsdecode(name))
    return ""


def _content_of(source: Any) -> bytes | None:
    """Returns the bytes of a source; None if it cannot be read without a trace of it, or they are too many."""
    if isinstance(source, io.BytesIO):
        return _content_of(source.getvalue())
    if isinstance(source, (bytes, bytearray, memoryview, np.ndarray)):
        view = source.data if isinstance(source, np.ndarray) else memoryview(source)
        return bytes(view) if view.itemsize == 1 and view.nbytes <= MOST_BYTES else None
    if isinstance(source, (str, os.PathLike)):
        return read_small(os.fsdecode(source), MOST_BYTES)
    if isinstance(source, FILES) and isinstance(source.name, (str, os.PathLike)):
        return _content_of(source.name)
    return None


def _head(content: bytes) -> Facts:
    """Returns what the head of a picture says, if it is a JPEG or PNG that isopixel reads."""
    if content.startswith(b"\xff\xd8\xff"):
        height, width, channels, orientation = _core.jpeg_info(content)
        mode = MODES.get(channels, "")
        return {"format": "JPEG", "mode": mode, "size": [height, width], "orientation": orientation}
    if content.startswith(SIGNATURE):
        head = read_png_head(io.BytesIO(content))
        channels = head.shape[2] if len(head.shape) == 3 else 1
        facts: Facts = {"format": "PNG", "mode": "P" if head.has_palette else MODES[channels], "depth": head.depth}
        facts |= {"size": list(head.shape[:2]), "orientation": head.orientation}
        return facts | ({"transparency": True} if head.is_transparent else {})
    return {"format": "BMP"} if content.startswith(b"BM") else {}
