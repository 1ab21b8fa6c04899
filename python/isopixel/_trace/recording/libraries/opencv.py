# SPDX-License-Identifier: MIT
"""What is recorded of OpenCV."""

import sys
from collections.abc import Mapping
from typing import Any

from isopixel._trace.recording.arguments import without_paths
from isopixel._trace.recording.libraries.library import Library
from isopixel._trace.recording.sources import encoded_facts, source_facts

FUNCTIONS = {
    "imread": "decode",
    "imdecode": "decode",
    "imwrite": "encode",
    "imencode": "encode",
    "cvtColor": "colour",
    "merge": "colour",
    "split": "colour",
    "extractChannel": "colour",
    "mixChannels": "colour",
    "resize": "resize",
    "warpAffine": "resize",
    "warpPerspective": "resize",
    "remap": "resize",
    "pyrDown": "resize",
    "pyrUp": "resize",
    "getRectSubPix": "crop",
    "copyMakeBorder": "pad",
    "flip": "turn",
    "rotate": "turn",
    "transpose": "turn",
    "convertScaleAbs": "scale",
    "normalize": "scale",
    "add": "scale",
    "subtract": "scale",
    "multiply": "scale",
    "divide": "scale",
    "addWeighted": "scale",
    "bitwise_not": "scale",
    "LUT": "scale",
    "equalizeHist": "other",
    "GaussianBlur": "other",
    "blur": "other",
    "medianBlur": "other",
    "filter2D": "other",
    "threshold": "other",
}
WORDS = {  # arguments that are numbers of constants, and how the constants' names begin
    ("resize", "interpolation"): "INTER_",
    ("cvtColor", "code"): "COLOR_",
    ("imread", "flags"): "IMREAD_",
    ("imdecode", "flags"): "IMREAD_",
    ("rotate", "rotateCode"): "ROTATE_",
    ("copyMakeBorder", "borderType"): "BORDER_",
    ("warpAffine", "flags"): "INTER_",
    ("warpPerspective", "flags"): "INTER_",
    ("remap", "interpolation"): "INTER_",
}
DEFAULTS = {"interpolation": 1, "flags": 1}  # INTER_LINEAR, IMREAD_COLOR
COLOURS = ("BGR", "RGB", "BGRA", "RGBA", "GRAY", "HSV", "HLS", "YUV", "YCrCb", "Lab")  # many codes have several names

_constants: dict[str, dict[int, str]] = {}


def words(name: str, arguments: dict[str, Any]) -> dict[str, Any]:
    """Returns the arguments with the names of constants for numbers."""
    for (function, argument), prefix in WORDS.items():
        if function != name:
            continue
        value = arguments.get(argument, DEFAULTS.get(argument))
        if isinstance(value, int):
            arguments = arguments | {argument: _named(prefix).get(value, value)}
    return arguments


def _named(prefix: str) -> dict[int, str]:
    """Returns the names of OpenCV's constants by their numbers; RGB2GRAY rather than an older or odder name."""
    if prefix not in _constants:
        names = [name for name in dir(sys.modules["cv2"]) if name.startswith(prefix)]
        names.sort(key=lambda name: (_is_odd(name), name), reverse=True)
        _constants[prefix] = {int(getattr(sys.modules["cv2"], name)): name for name in names}
    return _constants[prefix]


def _is_odd(name: str) -> bool:
    parts = name.removeprefix("COLOR_").split("2")
    return name.startswith("INTER_BITS") or (
        name.startswith("COLOR_") and not (len(parts) == 2 and all(part in COLOURS for part in parts))
    )


def facts(name: str, arguments: Mapping[str, Any], result: Any) -> dict[str, Any]:
    """Returns what is known of the file that was read or written."""
    if name in ("imread", "imdecode"):
        return source_facts(arguments.get("filename", arguments.get("buf")))
    if name == "imwrite" and result:
        return encoded_facts(arguments.get("filename"))
    if name == "imencode" and result:
        return encoded_facts(result[1])
    return {}


def versions() -> dict[str, str]:
    """Returns the version of OpenCV and of its JPEG decoder."""
    cv2 = sys.modules["cv2"]
    found = {"opencv": str(cv2.__version__)}
    for line in cv2.getBuildInformation().splitlines():
        if line.strip().startswith("JPEG:"):
            found["opencv.jpeg"] = without_paths(" ".join(line.split()[1:]))
    return found


LIBRARY = Library("opencv", {"cv2": FUNCTIONS}, versions, words=words, facts=facts, outputs=("dst",))
