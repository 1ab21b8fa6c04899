# SPDX-License-Identifier: MIT
"""Golden files: the results of a recipe on some files, recorded on one machine and checked on another."""

import base64
import json
import os
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from isopix import _core
from isopix.fingerprints import fingerprint
from isopix.manifest import SPEC
from isopix.recipe import Recipe

WHOLE = 65536  # results of at most so many samples are recorded whole, so that a difference can be pointed at

KEYS = {"spec", "recipe", "digest", "files"}
FILE_KEYS = {"name", "bytes", "sha256", "dtype", "shape", "fingerprint"}

Record = dict[str, Any]


def array_record(array: npt.NDArray[Any]) -> Record:
    """Returns what is recorded of an array: dtype, shape, fingerprint, and a small one's samples (zlib, base64)."""
    record: Record = {
        "dtype": array.dtype.newbyteorder("=").name,
        "shape": list(array.shape),
        "fingerprint": fingerprint(array),
    }
    if array.size <= WHOLE:
        samples = np.ascontiguousarray(array, dtype=array.dtype.newbyteorder("<")).tobytes()
        record["samples"] = base64.b64encode(zlib.compress(samples, 9)).decode("ascii")
    return record


def array_difference(array: npt.NDArray[Any], record: Record) -> str | None:
    """Says how an array differs from what was recorded, in bits; None where it does not."""
    name, shape = array.dtype.newbyteorder("=").name, list(array.shape)
    if name != record["dtype"]:
        return f"other dtype: {name}, not {record['dtype']}"
    if shape != record["shape"]:
        return f"other shape: {tuple(shape)}, not {tuple(record['shape'])}"
    if fingerprint(array) == record["fingerprint"]:
        return None
    if "samples" not in record:
        return f"other pixels: {fingerprint(array)}, not {record['fingerprint']}"
    dtype = np.dtype(name).newbyteorder("<")
    recorded = np.frombuffer(zlib.decompress(base64.b64decode(record["samples"])), dtype).reshape(shape)
    bits = f"<u{dtype.itemsize}"
    places = np.argwhere(np.ascontiguousarray(array, dtype=dtype).view(bits) != recorded.view(bits))
    if len(places) == 0:
        return "the record is broken: its fingerprint and its samples are not of the same array"
    first = tuple(int(i) for i in places[0])
    return f"other pixels: {len(places)} of {array.size}, the first at {first}: {array[first]}, not {recorded[first]}"


def record_files(recipe: Recipe, paths: Sequence[Path], folder: Path) -> Record:
    """Returns the golden record of files, whose names are kept relative to `folder`, with / between their parts."""
    files = []
    for path in paths:
        image, source = recipe.read(path)
        name = Path(os.path.relpath(path, folder)).as_posix()
        files.append({"name": name, "bytes": source.bytes, "sha256": source.sha256, **array_record(image)})
    return {"isopix": _core.version, "spec": SPEC, "recipe": recipe.line, "digest": recipe.digest, "files": files}


def load_record(path: Path) -> Record:
    """Reads a golden file; raises OSError or ValueError."""
    try:
        record: Record = json.loads(path.read_text(encoding="ascii"))
        if not KEYS.issubset(record) or not all(FILE_KEYS.issubset(file) for file in record["files"]):
            raise ValueError("a field is missing")
    except (ValueError, TypeError) as error:
        raise ValueError(f"{str(path)!r} is no golden file: {error}") from None
    if record["spec"] != SPEC:
        raise ValueError(f"{str(path)!r} is of specification {record['spec']}, and this isopix knows {SPEC}")
    return record


def differences(record: Record, folder: Path, recipe: Recipe | None = None) -> Iterator[str]:
    """Makes the images again, and yields a line for each difference: other recipe, other source bytes, other pixels.

    Args:
        record: a golden record.
        folder: where the names of its files start.
        recipe: the recipe that is in use here, if it is to be the recorded one.
    """
    recorded = Recipe.parse(record["recipe"])
    if recorded.digest != record["digest"]:
        yield f"other recipe: '{recorded}' is not the line that was recorded"
        return
    if recipe is not None and recipe != recorded:
        yield f"other recipe: '{recipe}', not '{recorded}'"
        return
    for file in record["files"]:
        path = folder / file["name"]
        try:
            image, source = recorded.read(path)
        except (OSError, ValueError) as error:
            yield f"{file['name']}: no image: {error}"
            continue
        if (source.bytes, source.sha256) != (file["bytes"], file["sha256"]):
            length = f"{source.bytes} of them, not {file['bytes']}; " if source.bytes != file["bytes"] else ""
            yield f"{file['name']}: other source bytes: {length}SHA-256 {source.sha256}, not {file['sha256']}"
        elif difference := array_difference(image, file):
            yield f"{file['name']}: {difference}"
