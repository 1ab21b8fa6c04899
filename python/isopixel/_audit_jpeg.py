# SPDX-License-Identifier: MIT
"""Which function the JPEG decoder of an installed library computes, seen by some of the specification's pictures."""

import importlib
import io
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import numpy as np

from isopixel import _core
from isopixel._audit_cases import Check, Departure, checked, departure
from isopixel._fingerprints import fingerprint
from isopixel._images import UInt8Array
from isopixel._recipe import Recipe
from isopixel._verify import vector_picture

SPEC = "SPEC R-57 to R-60"
# In the samplings that encoders choose (4:4:4, 4:2:2, 4:2:0, 4:4:0), with sides that are not of whole blocks, few
# columns of chroma, several scans, extreme samples.
PICTURES = (
    "side-17-444",
    "side-17-422",
    "side-17-420",
    "size-33x2-420",
    "side-3-420",
    "factors-12-11-11",
    "progressive-420",
    "extremes",
    "q1",
)
# The other functions, with releases whose wheels computed them, by the fingerprint of all samples of these pictures.
FUNCTIONS = {
    "sha256:1984aaa4db5b297cee2c2298be77a27696ea6881c639374dbc11181bba29ba6f": (
        "SPEC R-57 to R-60 but in 4:4:0, as OpenCV 3.4.3 to 3.4.8 and 4.0 to 4.2"
    ),
    "sha256:3909db65366166a63b1e59abfc152fd9e9ef8ef5c9289ccb8503c3a05a467147": (
        "the fast inverse DCT and the 4:4:0 of OpenCV up to 4.2, as TensorFlow 1.15 by default"
    ),
    "sha256:9f8c3e0a7563e6dd01758f591aafee346c61dfaabe527a0f94c2d91ef7196bed": (
        "the fast inverse DCT, as TensorFlow from 2.2 by default"
    ),
    "sha256:af846faafa0128953559f474f4a6610746c2f61cc7b0af26a695b3bdece05b64": "libjpeg 9, as Pillow 4.2 to 8.4",
}
ORIENTED = "progressive-420"
APPLY = Recipe.parse("isopixel 1: image rgb orientation=apply")

Decode = Callable[[bytes], UInt8Array]


def jpeg_checks(library: str) -> Iterator[Check]:
    """Compares what the decoder of a library makes of JPEG files by default, and TensorFlow's by the exact DCT too.

    Args:
        library: a key of `_audit_cases.MODULES`; one that is not in DECODERS has no checks.
    """
    if library not in DECODERS:
        return
    decode = DECODERS[library]()
    yield function_check("jpeg", decode)
    if library == "tensorflow":
        yield function_check("jpeg INTEGER_ACCURATE", _tensorflow("INTEGER_ACCURATE"))
    plain = attempted(decode, read(ORIENTED))
    if not isinstance(plain, str):
        yield orientation_check(decode, plain)


def function_check(name: str, decode: Decode) -> Check:
    """Compares all samples with those of the specification, and of the other functions that are known."""
    departures: list[Departure] = []
    samples: list[UInt8Array] = []
    total = 0
    for picture in PICTURES:
        data = read(picture)
        expected, made = _core.decode_jpeg(data), attempted(decode, data)
        departures += departure(SPEC, f"{picture}.jpg", made, expected)
        total += expected.size
        if not isinstance(made, str):
            samples.append(made.ravel())
    check = checked(name, None, len(PICTURES), total, {SPEC: departures})
    if departures and samples:
        return replace(check, equals=FUNCTIONS.get(fingerprint(np.concatenate(samples))))
    return check


def orientation_check(decode: Decode, plain: UInt8Array) -> Check:
    """Finds out whether a decoder turns pictures by their EXIF orientation, from what it makes of one without."""
    found: dict[str, list[Departure]] = {"orientation=ignore": [], "orientation=apply": []}
    for orientation in range(1, 9):
        made = attempted(decode, with_orientation(read(ORIENTED), orientation))
        turned = APPLY._run(plain, orientation, is_picture=True)
        for name, expected in zip(found, (plain, turned), strict=True):
            found[name] += departure(name, f"{ORIENTED}.jpg with the orientation {orientation}", made, expected)
    return checked("jpeg orientation", None, 8, 8 * plain.size, found)


def read(picture: str) -> bytes:
    """Returns the file of one of PICTURES."""
    return vector_picture(f"{picture}.jpg")


def with_orientation(data: bytes, orientation: int) -> bytes:
    """Returns a JPEG file with an EXIF segment in front that has an orientation alone."""
    entry = b"\x01\x12\x00\x03\x00\x00\x00\x01" + bytes([0, orientation, 0, 0])
    exif = b"Exif\0\0MM\0*\0\0\0\x08\0\x01" + entry + bytes(4)
    return data[:2] + b"\xff\xe1" + (len(exif) + 2).to_bytes(2, "big") + exif + data[2:]


def attempted(decode: Decode, data: bytes) -> UInt8Array | str:
    """Returns what a decoder makes of a file, or its error as a text."""
    try:
        return decode(data)
    except Exception as error:  # whatever it is, there is no image
        return f"{type(error).__name__}: {error}"


def _pillow() -> Decode:
    pil: Any = importlib.import_module("PIL.Image")
    return lambda data: np.asarray(pil.open(io.BytesIO(data)).convert("RGB"))


def _opencv() -> Decode:
    cv2: Any = importlib.import_module("cv2")
    return lambda data: cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR)[..., ::-1]


def _torchvision() -> Decode:
    torch: Any = importlib.import_module("torch")
    tv: Any = importlib.import_module("torchvision.io")

    def decode(data: bytes) -> UInt8Array:
        tensor = tv.decode_jpeg(torch.frombuffer(bytearray(data), dtype=torch.uint8), mode=tv.ImageReadMode.RGB)
        return np.asarray(tensor.permute(1, 2, 0).numpy())

    return decode


def _tensorflow(method: str = "") -> Decode:
    tf: Any = importlib.import_module("tensorflow")
    return lambda data: tf.io.decode_jpeg(data, channels=3, dct_method=method).numpy()


DECODERS: dict[str, Callable[[], Decode]] = {
    "pillow": _pillow,
    "opencv": _opencv,
    "torchvision": _torchvision,
    "tensorflow": _tensorflow,
}
