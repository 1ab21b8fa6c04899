# SPDX-License-Identifier: MIT
"""The installed build, checked against the vectors of the specification, which are in the package."""

import json
import math
from collections.abc import Callable
from functools import partial
from importlib import resources
from typing import Any

import numpy as np
import numpy.typing as npt

from isopixel import _core
from isopixel._bytes_image import from_bytes
from isopixel._corpus_digest import CorpusDigest
from isopixel._fingerprints import fingerprint
from isopixel._images import UInt8Array, resize_into
from isopixel._methods import check_method
from isopixel._normalization import normalize
from isopixel._recipe import Recipe, opened

Vector = dict[str, Any]


def load_vectors() -> dict[str, list[Vector]]:
    """Returns the vectors in the package: lists, by the name of what they test."""
    content = json.loads(resources.files("isopixel").joinpath("vectors.json").read_text(encoding="ascii"))
    vectors = {name: content.get(name) for name in CHECKS}
    if not all(vectors.values()):
        raise ValueError("the vectors in the package are not complete: install isopixel again")
    return vectors


def first_failure(vectors: dict[str, list[Vector]]) -> str | None:
    """Computes every vector; returns a description of the first one whose result differs, or None."""
    for name, tested in vectors.items():
        for number, vector in enumerate(tested):
            try:
                expected, actual = CHECKS[name](vector)
            except Exception as error:  # whatever it is, the build did not produce the result
                expected, actual = "a result", repr(error)
            if actual != expected:
                return f"{name} vector {number}: {json.dumps(vector)}: got {actual}"
    return None


def vector_input(formula: str, length: int) -> UInt8Array:
    """Returns the samples of a formula such as "noise 7" (R-9)."""
    name, number = formula.split(" ")
    k = int(number)
    if name == "constant":
        return np.full(length, k, np.uint8)
    s = np.arange(length, dtype=np.uint32)
    if name == "ramp":
        return (np.uint32(k) * s).astype(np.uint8)
    if name not in ("noise", "extremes"):
        raise ValueError(f"unknown formula {formula!r}")
    u32 = np.uint32
    z = s + u32(2654435769 * k % 2**32)
    z = (z ^ (z >> u32(16))) * u32(2146121005)
    z = (z ^ (z >> u32(15))) * u32(2221713035)
    noise = (z ^ (z >> u32(16))).astype(np.uint8)
    return noise if name == "noise" else np.where(noise >= 128, np.uint8(255), np.uint8(0))


def vector_picture(name: str) -> bytes:
    """Returns the file of a picture of the specification (R-9)."""
    return resources.files("isopixel").joinpath("pictures", name).read_bytes()


def _resize(vector: Vector) -> tuple[str, str]:
    shape = vector["shape"]
    image = vector_input(vector["input"], math.prod(shape)).reshape(shape)
    result = np.empty((*vector["size"], shape[2]), np.uint8)
    resize_into(result, image, "HWC", check_method(vector["method"]), threads=1)
    return _result(vector, result)


def _layout(vector: Vector) -> tuple[str, str]:
    has_text = "text" in vector
    data = vector["text"].encode() if has_text else vector_input(vector["input"], vector["length"]).tobytes()
    data = bytes.fromhex(vector.get("head", "")) + data

    def made() -> UInt8Array:
        return from_bytes(data, vector["layout"], vector.get("size"), method=vector.get("method", "bilinear"))

    return _refusal(vector, lambda: str(made())) if "rule" in vector else _result(vector, made())


def _fingerprint(vector: Vector) -> tuple[str, str]:
    dtype = np.dtype(vector["dtype"]).newbyteorder("<")
    raw = vector_input(vector["input"], dtype.itemsize * math.prod(vector["shape"]))
    return vector["fingerprint"], fingerprint(raw.view(dtype).reshape(vector["shape"]))


def _corpus(vector: Vector) -> tuple[str, str]:
    digest = CorpusDigest()
    for path, length, sha256, made in sorted(vector["rows"], key=lambda row: row[0].encode()):
        digest.update([(path, None, None, None, made) if length is None else (path, length, sha256, made, None)])
    return vector["digest"], digest.text()


def _recipe(vector: Vector) -> tuple[str, str]:
    if "rule" in vector:
        return _refusal(vector, lambda: str(Recipe.parse(vector["line"])))
    recipe = Recipe.parse(vector["line"])
    return f"{vector['canonical']} {vector['digest']}", f"{recipe} {recipe.digest}"


def _normalize(vector: Vector) -> tuple[str, str]:
    image = vector_input(vector["input"], math.prod(vector["shape"])).reshape(vector["shape"])
    return _result(vector, normalize(image, vector["mean"].split(","), vector["std"].split(","), axes="HWC"))


def _sizes(vector: Vector) -> tuple[str, str]:
    def sizes() -> str:
        places = opened(vector["line"]).places(tuple(vector["size"]), vector["orientation"])
        return json.dumps([place[:2] for place in places])

    return _refusal(vector, sizes) if "rule" in vector else (json.dumps(vector["sizes"][1:]), sizes())


def _image(vector: Vector, *, is_picture: bool = False) -> tuple[str, str]:
    image = vector_input(vector["input"], math.prod(vector["shape"])).reshape(vector["shape"])

    def made() -> npt.NDArray[Any]:
        return Recipe.parse(vector["line"])._run(image, vector["orientation"], is_picture=is_picture)

    return _refusal(vector, lambda: str(made())) if "rule" in vector else _result(vector, made())


def _refusal(vector: Vector, make: Callable[[], str]) -> tuple[str, str]:
    try:
        return f"a refusal ({vector['rule']})", make()
    except ValueError:
        return "a refusal", "a refusal"


def _jpeg(vector: Vector) -> tuple[str, str]:
    data = vector_picture(vector["picture"])
    try:
        image = _core.decode_jpeg(data)
    except ValueError as error:
        return ("a refusal", "a refusal") if "rule" in vector else ("an image", str(error))
    return ("a refusal", "an image") if "rule" in vector else _result(vector, image)


def _result(vector: Vector, result: npt.NDArray[Any]) -> tuple[str, str]:
    """Returns the expected and the actual form of a result (R-9)."""
    if "samples" in vector:
        return vector["samples"], result.astype(result.dtype.newbyteorder(">")).tobytes().hex()
    return vector["fingerprint"], fingerprint(result)


CHECKS: dict[str, Callable[[Vector], tuple[str, str]]] = {
    "resize": _resize,
    "frozen": _resize,
    "layout": _layout,
    "fingerprint": _fingerprint,
    "recipe": _recipe,
    "normalize": _normalize,
    "refused": _recipe,
    "image_line": _recipe,
    "image_refused": _recipe,
    "sizes": _sizes,
    "picture": partial(_image, is_picture=True),
    "image": _image,
    "jpeg": _jpeg,
    "pow2": _layout,
    "part": _layout,
    "part_line": _recipe,
    "corpus": _corpus,
    "sound": _layout,
    "sound_line": _recipe,
}
