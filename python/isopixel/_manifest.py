# SPDX-License-Identifier: MIT
"""What is saved with a picture: its source, its recipe, and the fingerprint of its pixels."""

import dataclasses
import hashlib
import json
import math
import os
import re
from dataclasses import dataclass
from pathlib import Path

SPEC = 1  # the version of the specification that results follow
MOST_RANK = 64  # of an array, as in NumPy
MOST_SAMPLES = 2**63 - 1  # what an address reaches


@dataclass(frozen=True)
class Source:
    """The file that an array was made of.

    Attributes:
        name: its name, without the folder.
        bytes: its length.
        sha256: the SHA-256 of its bytes, 64 hexadecimal digits.

    Example:
        >>> from pathlib import Path
        >>> import isopixel
        >>> Path("program").write_bytes(b"any bytes")
        9
        >>> image, source = isopixel.Recipe("square").read("program")
        >>> source.name, source.bytes, source.sha256[:12]
        ('program', 9, '23914a83c3c7')
    """

    name: str
    bytes: int
    sha256: str


class SourceDigest:
    """The description of a file, from its blocks of bytes."""

    def __init__(self) -> None:
        """Starts with no bytes."""
        self._sha256 = hashlib.sha256()
        self._length = 0

    def update(self, block: bytes | memoryview) -> None:
        """Adds the next block."""
        self._sha256.update(block)
        self._length += len(block)

    def source(self, path: str | os.PathLike[str]) -> Source:
        """Returns the description of the file at a path, whose blocks were added."""
        return Source(Path(path).name, self._length, self._sha256.hexdigest())


@dataclass(frozen=True)
class Manifest:
    """What is saved with a picture, about it.

    The fingerprint and the shape are checked whenever the picture is loaded. The other fields are what whoever saved it
    stated.

    Attributes:
        isopixel: the version of isopixel that saved it.
        spec: the version of the specification.
        fingerprint: that of the array (SPEC R-8).
        shape: the array's dimensions.
        recipe: the canonical line of the recipe that made it, or None.
        source: the file it was made of, or None.
        resize: of a picture that was made of another one by `isopixel resize`, the method and the size, as in a recipe;
            otherwise None.

    Example:
        >>> import isopixel
        >>> image = isopixel.from_bytes(b"any bytes", "square")
        >>> manifest = isopixel.save("image.npy", image)
        >>> manifest.fingerprint == isopixel.fingerprint(image)
        True
        >>> isopixel.Manifest.parse(manifest.text()) == manifest
        True
    """

    isopixel: str
    spec: int
    fingerprint: str
    shape: tuple[int, ...]
    recipe: str | None
    source: Source | None
    resize: str | None = None

    def text(self) -> str:
        """Returns the manifest as JSON, in ASCII."""
        return json.dumps(dataclasses.asdict(self))

    @classmethod
    def parse(cls, text: str) -> "Manifest":
        """Reads a manifest; raises ValueError if the text is not one, or of another version of the specification."""
        try:
            fields = json.loads(text)
        except (ValueError, RecursionError):
            fields = None
        if not isinstance(fields, dict):
            raise ValueError("its manifest is broken: it is not a JSON object")
        check_spec(fields.get("spec"), "its manifest")
        source = fields.get("source")
        is_whole = (
            fields.keys() == {field.name for field in dataclasses.fields(cls)}
            and isinstance(fields["isopixel"], str)
            and is_digest(fields["fingerprint"], "sha256:")
            and is_shape(fields["shape"])
            and isinstance(fields["recipe"], str | None)
            and isinstance(fields["resize"], str | None)
            and (source is None or _is_source(source))
        )
        if not is_whole:
            raise ValueError("its manifest is broken: a field is missing, unknown, or of the wrong type")
        return cls(**(fields | {"source": source and Source(**source), "shape": tuple(fields["shape"])}))


def check_spec(spec: object, what: str) -> None:
    """Raises ValueError if a file does not follow the version of the specification that this isopixel knows."""
    if type(spec) is not int:
        raise ValueError(f"{what} is broken: it does not name the version of the specification")
    if spec != SPEC:
        raise ValueError(f"{what} follows specification {spec}, and this isopixel knows {SPEC}: update isopixel")


def is_shape(shape: object) -> bool:
    """Returns whether a value from JSON is the shape of an array that can be in memory."""
    return (
        isinstance(shape, list)
        and 0 < len(shape) <= MOST_RANK
        and all(type(n) is int and 0 < n <= MOST_SAMPLES for n in shape)
        and math.prod(shape) <= MOST_SAMPLES
    )


def is_count(number: object) -> bool:
    """Returns whether a value from JSON is a number of things that can be."""
    return type(number) is int and 0 <= number <= MOST_SAMPLES


def is_digest(text: object, prefix: str = "") -> bool:
    """Returns whether a value from JSON is a SHA-256 in hexadecimal digits, after a prefix."""
    return isinstance(text, str) and re.fullmatch(f"{prefix}[0-9a-f]{{64}}", text) is not None


def _is_source(source: object) -> bool:
    return (
        isinstance(source, dict)
        and source.keys() == {field.name for field in dataclasses.fields(Source)}
        and isinstance(source["name"], str)
        and type(source["bytes"]) is int
        and is_digest(source["sha256"])
    )
