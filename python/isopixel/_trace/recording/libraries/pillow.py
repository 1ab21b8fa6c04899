# SPDX-License-Identifier: MIT
"""What is recorded of Pillow."""

from __future__ import annotations

import contextlib
import functools
import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from isopixel import _core
from isopixel._trace.recording.libraries.library import Library
from isopixel._trace.recording.sources import HEAD, bytes_facts, encoded_facts, source_facts

if TYPE_CHECKING:
    from isopixel._trace.recording.wrapping import Wrapping

METHODS = {
    "resize": "resize",
    "thumbnail": "resize",
    "reduce": "resize",
    "transform": "resize",
    "rotate": "resize",
    "convert": "colour",
    "quantize": "colour",
    "putalpha": "colour",
    "getchannel": "colour",
    "split": "colour",
    "alpha_composite": "colour",
    "crop": "crop",
    "transpose": "turn",
    "point": "scale",
    "paste": "paste",
    "filter": "other",
    "effect_spread": "other",
    "draft": "decode",
    "save": "encode",
}
FUNCTIONS = {
    "fromarray": "layout",
    "frombytes": "bytes",
    "frombuffer": "bytes",
    "merge": "colour",
    "alpha_composite": "colour",
    "composite": "colour",
    "blend": "colour",
    "eval": "scale",
}
OPERATIONS = {
    "exif_transpose": "orient",
    "fit": "resize",
    "pad": "resize",
    "contain": "resize",
    "cover": "resize",
    "scale": "resize",
    "grayscale": "colour",
    "invert": "scale",
    "posterize": "scale",
    "solarize": "scale",
    "autocontrast": "scale",
    "equalize": "scale",
    "mirror": "turn",
    "flip": "turn",
    "expand": "pad",
    "crop": "crop",
}
FILTERS = ("NEAREST", "LANCZOS", "BILINEAR", "BICUBIC", "BOX", "HAMMING")  # by their numbers
TURNS = (
    "FLIP_LEFT_RIGHT",
    "FLIP_TOP_BOTTOM",
    "ROTATE_90",
    "ROTATE_180",
    "ROTATE_270",
    "TRANSPOSE",
    "TRANSVERSE",
)


def words(name: str, arguments: dict[str, Any]) -> dict[str, Any]:
    """Returns the arguments with the names of filters and turns for their numbers."""
    tables = {"resample": FILTERS} | ({"method": TURNS if name == "transpose" else FILTERS})
    found = {}
    for argument, table in tables.items():
        value = arguments.get(argument)
        if type(value) is int and 0 <= value < len(table):
            found[argument] = table[value]
    if name == "resize" and arguments.get("resample", 0) is None:
        found["resample"] = "NEAREST" if arguments["self"].mode in ("1", "P") else "BICUBIC"
    return arguments | found


def facts(name: str, arguments: Mapping[str, Any], result: Any) -> dict[str, Any]:
    """Returns what is known of the file that was written, or of the bytes that were laid in rows."""
    if name in ("frombytes", "frombuffer") and isinstance(data := arguments.get("data"), (bytes, bytearray)):
        return bytes_facts(bytes(data[:HEAD]))
    return encoded_facts(arguments.get("fp")) if name == "save" else {}


def versions() -> dict[str, str]:
    """Returns the version of Pillow and of its JPEG decoder."""
    found = {"pillow": str(sys.modules["PIL"].__version__)}
    from PIL import features  # which loads nothing but what Pillow has loaded

    turbo = features.version("libjpeg_turbo")
    found["pillow.jpeg"] = f"libjpeg-turbo {turbo}" if turbo else f"libjpeg {features.version('jpg')}"
    return found


def hook_open(wrapping: Wrapping) -> None:
    """Keeps what is known of a file that is opened, for when it is decoded."""
    module = sys.modules["PIL.Image"]
    original = module.open

    @functools.wraps(original)
    def opening(fp: Any, *args: Any, **kwargs: Any) -> Any:
        picture = original(fp, *args, **kwargs)
        with wrapping.aside(), contextlib.suppress(Exception):
            wrapping.opened(picture, picture_facts(picture, source_facts(fp)))
        return picture

    wrapping.replace(module, "open", opening)


def picture_facts(picture: Any, facts: dict[str, Any]) -> dict[str, Any]:
    """Returns what is known of a file with what Pillow knows of it, without decoding it."""
    facts = facts | {"format": picture.format, "mode": picture.mode, "size": [picture.height, picture.width]}
    exif = picture.info.get("exif")
    if "orientation" not in facts and isinstance(exif, bytes):
        facts["orientation"] = _core.exif_orientation(exif.removeprefix(b"Exif\0\0"))
    return facts | {name: True for name in ("transparency", "icc_profile") if picture.info.get(name) is not None}


def hook_load(wrapping: Wrapping) -> None:
    """Records when a file is decoded, which is at the first use of its samples."""
    file = sys.modules["PIL.ImageFile"].ImageFile
    load = file.load

    @functools.wraps(load)
    def decoding(self: Any) -> Any:
        was_encoded = bool(self.tile)
        result = load(self)
        if was_encoded and not self.tile:
            arguments = {"format": self.format, "mode": self.mode}
            config = getattr(self, "decoderconfig", ())  # of JPEG: what it is scaled down by, if draft was called
            if config and config[0] > 1:
                arguments["scale"] = config[0]
            wrapping.decoded(self, arguments)
        return result

    wrapping.put(file, "load", decoding)


LIBRARY = Library(
    "pillow",
    {"PIL.Image": FUNCTIONS, "PIL.Image:Image": METHODS, "PIL.ImageOps": OPERATIONS},
    versions,
    words=words,
    facts=facts,
    hooks={"PIL.Image": hook_open, "PIL.ImageFile": hook_load},
)
