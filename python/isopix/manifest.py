# SPDX-License-Identifier: MIT
"""What a saved picture says of itself: the source, the recipe, and the fingerprint of its pixels."""

import json
from dataclasses import asdict, dataclass
from typing import Any

SPEC = 1  # the version of the specification that results are of


@dataclass(frozen=True)
class Source:
    """The file that an array was made of.

    Attributes:
        name: its name, without the folder.
        bytes: its length.
        sha256: the SHA-256 of its bytes, 64 hexadecimal digits.
    """

    name: str
    bytes: int
    sha256: str


@dataclass(frozen=True)
class Manifest:
    """What a saved picture says of itself.

    Attributes:
        isopix: the version of isopix that saved it.
        spec: the version of the specification.
        fingerprint: that of the array (SPEC R-8).
        shape: the array's dimensions.
        recipe: the canonical line of the recipe that made it, or None.
        source: the file it was made of, or None.
    """

    isopix: str
    spec: int
    fingerprint: str
    shape: tuple[int, ...]
    recipe: str | None
    source: Source | None

    def text(self) -> str:
        """Returns the manifest as JSON, in ASCII."""
        return json.dumps(asdict(self))

    @classmethod
    def parse(cls, text: str) -> "Manifest":
        """Reads a manifest; raises ValueError where the text is none, or of a newer version of the specification."""
        try:
            fields: dict[str, Any] = json.loads(text)
            source = fields["source"] and Source(**fields["source"])
            manifest = cls(**(fields | {"source": source, "shape": tuple(fields["shape"])}))
        except (ValueError, TypeError, KeyError) as error:
            raise ValueError(f"its manifest is broken: {error!r}") from None
        if manifest.spec != SPEC:
            raise ValueError(f"its manifest is of specification {manifest.spec}, and this isopix knows {SPEC}")
        return manifest
