# SPDX-License-Identifier: MIT
"""The digest of a corpus (SPEC R-70)."""

import hashlib
from collections.abc import Iterable

# Path, number of bytes, their SHA-256, fingerprint of the array, kind of the error ("input" or "io"). A file that
# became no array has None for the three in the middle, another one for the last.
Row = tuple[str, int | None, str | None, str | None, str | None]


class CorpusDigest:
    """The digest of rows that come in the order of their paths as bytes, each path once."""

    def __init__(self) -> None:
        """Starts with no rows."""
        self._sha256 = hashlib.sha256()
        self._last = b""

    def update(self, rows: Iterable[Row]) -> None:
        """Adds the next rows; raises ValueError if their paths are not in order."""
        lines = []
        for path, length, sha256, fingerprint, error_kind in rows:
            name = path.encode("utf-8")
            if name <= self._last:
                raise ValueError(f"the path {path!r} is not behind {self._last.decode()!r}, which came before it")
            self._last = name
            result = f"- - error:{error_kind}" if length is None else f"{length} {sha256} {fingerprint}"
            lines.append(b"%d %s\n%s\n" % (len(name), name, result.encode("ascii")))
        self._sha256.update(b"".join(lines))

    def text(self) -> str:
        """Returns the digest, "sha256:" and 64 hexadecimal digits."""
        return f"sha256:{self._sha256.hexdigest()}"
