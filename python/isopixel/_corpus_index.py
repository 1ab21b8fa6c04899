# SPDX-License-Identifier: MIT
"""Images of a corpus, each read from its place in a shard, without pyarrow."""

import math
from bisect import bisect_right
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from isopixel._fingerprints import fingerprint
from isopixel._recipe import Recipe
from isopixel._walk import reason

HEAD = 4  # bytes before an image: its length, little-endian


@dataclass
class Index:
    """Where the images of a corpus lie, and what is known of each; a value that processes may send each other.

    Attributes:
        folder: the absolute path of the corpus.
        recipe: what made its images.
        dtype: of the images.
        digest: of the corpus (SPEC R-70).
        files: the paths of its shards.
        starts: the number of the first image of each shard, and of all.
        offsets: int64, where the head of each image begins in its shard.
        shapes: int32, (images, rank); or the one shape, if the recipe makes images of one.
        fingerprints: uint8, (images, 32), with which images are compared; None if they are not.
        targets: int64, of each image; none if they are not wanted.
        classes: the texts that became targets, sorted.
        skipped: path and reason of each row that has no image.
    """

    folder: str
    recipe: Recipe
    dtype: np.dtype[Any]
    digest: str
    files: list[str]
    starts: list[int]
    offsets: npt.NDArray[np.int64]
    shapes: npt.NDArray[np.int32] | tuple[int, ...]
    fingerprints: npt.NDArray[np.uint8] | None
    targets: npt.NDArray[np.int64]
    classes: list[str]
    skipped: list[tuple[str, str]]

    def image(self, number: int) -> npt.NDArray[Any]:
        """Reads an image.

        The shard is opened for it, and closed: so any process or thread may read, after a fork too.

        Raises:
            OSError: the shard cannot be read.
            ValueError: the image is not there, or not the one that was written.
        """
        file = self.files[bisect_right(self.starts, number) - 1]
        shape = self.shapes if isinstance(self.shapes, tuple) else tuple(self.shapes[number].tolist())
        value = np.empty(HEAD + math.prod(shape) * self.dtype.itemsize, np.uint8)
        try:
            with open(file, "rb") as shard:
                shard.seek(self.offsets[number])
                n = shard.readinto(value.data)
        except OSError as error:
            raise OSError(f"cannot read {file!r}, a shard of a corpus: {reason(error, file)}") from error
        if n < len(value) or int.from_bytes(value[:HEAD].tobytes(), "little") != len(value) - HEAD:
            raise ValueError(
                f"{file!r} was changed: no image begins at {self.offsets[number]:,}; {remedy(self.folder)}"
            )
        image = value[HEAD:].view(self.dtype.newbyteorder("<")).reshape(shape).astype(self.dtype, copy=False)
        if (
            self.fingerprints is not None
            and fingerprint(image) != f"sha256:{self.fingerprints[number].tobytes().hex()}"
        ):
            raise ValueError(
                f"the image of {self.path(number)!r} in {file!r} is not the one that was written: "
                f"its fingerprint is another; {remedy(self.folder)}"
            )
        return image

    def path(self, number: int) -> str:
        """Returns the path of an image's source, which is read from the shard."""
        shard = bisect_right(self.starts, number) - 1
        return _paths_of(self.files[shard])[number - self.starts[shard]]

    def paths(self) -> list[str]:
        """Returns the paths of all images' sources, which are read from the shards."""
        return [path for file in self.files for path in _paths_of(file)]


def _paths_of(file: str) -> list[str]:
    from isopixel._corpus.index import paths_of

    return paths_of(file)


def remedy(folder: str) -> str:
    """Returns what to do about a corpus that is not as it was written."""
    return f"run `isopixel corpus verify {folder}`, which finds all that is wrong with it"
