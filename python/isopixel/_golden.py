# SPDX-License-Identifier: MIT
"""Golden files: the results of a recipe on some files, recorded on one machine and checked on another."""

import base64
import json
import math
import os
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from isopixel import _core
from isopixel._difference import differing_bits
from isopixel._files import read_small
from isopixel._fingerprints import fingerprint
from isopixel._manifest import SPEC, check_spec, is_shape
from isopixel._recipe import Recipe
from isopixel._shown import shown

LONGEST = 1 << 30  # bytes of a golden file at most
WHOLE = 65536  # results of at most this many samples are recorded whole, so that a difference can be located

Record = dict[str, Any]


def array_record(array: npt.NDArray[Any]) -> Record:
    """Returns what is recorded of an array: dtype, shape, fingerprint; and the samples, if few (zlib, base64)."""
    record: Record = {
        "dtype": array.dtype.newbyteorder("=").name,
        "shape": list(array.shape),
        "fingerprint": fingerprint(array),
    }
    if array.size <= WHOLE:
        samples = np.ascontiguousarray(array, dtype=array.dtype.newbyteorder("<")).tobytes()
        record["samples"] = base64.b64encode(zlib.compress(samples, 9)).decode("ascii")
    return record


def check_array_record(record: Any) -> None:
    """Raises ValueError if a value from JSON is not what array_record returns."""
    if not (
        isinstance(record, dict)
        and record.get("dtype") in ("uint8", "float32")
        and is_shape(record.get("shape"))
        and isinstance(record.get("fingerprint"), str)
        and isinstance(record.get("samples", ""), str)
    ):
        raise ValueError("it is broken: a field of an array is missing, or of the wrong type")
    if "samples" in record and fingerprint(_samples(record)) != record["fingerprint"]:
        raise ValueError("it is broken: its samples do not have its fingerprint")


def _samples(record: Record) -> npt.NDArray[Any]:
    """Returns the array whose samples are recorded; raises ValueError if they do not fit its shape."""
    dtype = np.dtype(record["dtype"]).newbyteorder("<")
    length = dtype.itemsize * math.prod(record["shape"])
    try:
        packed = base64.b64decode(record["samples"], validate=True)
        samples = zlib.decompressobj().decompress(packed, length + 1) if length <= 4 * WHOLE else b""
    except (ValueError, zlib.error):  # ValueError of the base64
        samples = b""
    if len(samples) != length:
        raise ValueError("it is broken: its samples cannot be read")
    return np.frombuffer(samples, dtype).reshape(record["shape"])


def array_difference(array: npt.NDArray[Any], record: Record) -> str | None:
    """Returns how an array differs, in bits, from what was recorded (and checked); None if it does not."""
    name, shape = array.dtype.newbyteorder("=").name, list(array.shape)
    if name != record["dtype"]:
        return f"other dtype: {name}, not {record['dtype']}"
    if shape != record["shape"]:
        return f"other shape: {tuple(shape)}, not {tuple(record['shape'])}"
    actual = fingerprint(array)
    if actual == record["fingerprint"]:
        return None
    if "samples" not in record:
        return f"other pixels: {actual}, not {shown(record['fingerprint'])}"
    recorded = _samples(record)
    places = np.argwhere(differing_bits(array.astype(recorded.dtype, copy=False), recorded))
    first = tuple(int(i) for i in places[0])
    return f"other pixels: {len(places)} of {array.size}, the first at {first}: {array[first]}, not {recorded[first]}"


def record_files(recipe: Recipe, paths: Sequence[Path], folder: Path) -> Record:
    """Returns the golden record of files, whose names are kept relative to `folder`, with / between their parts."""
    files = []
    for path in paths:
        image, source = recipe.read(path)
        name = Path(os.path.relpath(os.path.realpath(path), os.path.realpath(folder))).as_posix()
        files.append({"name": name, "bytes": source.bytes, "sha256": source.sha256, **array_record(image)})
    return {"isopixel": _core.version, "spec": SPEC, "recipe": recipe.line, "digest": recipe.digest, "files": files}


def load_record(path: Path) -> Record:
    """Reads a golden file; raises OSError or ValueError."""
    try:
        record = json.loads(read_small(path, LONGEST))
        if not isinstance(record, dict):
            raise ValueError("it is not a JSON object")
        check_spec(record.get("spec"), "it")
        if not isinstance(record.get("recipe"), str) or not isinstance(record.get("digest"), str):
            raise ValueError("it is broken: the recipe is missing")
        if not isinstance(record.get("files"), list) or not record["files"]:
            raise ValueError("it is broken: it has no files")
        for file in record["files"]:
            check_array_record(file)
            if not isinstance(file.get("name"), str) or "\0" in file["name"] or Path(file["name"]).is_absolute():
                raise ValueError("it is broken: a file has no name relative to the golden file's folder")
            if type(file.get("bytes")) is not int or not isinstance(file.get("sha256"), str):
                raise ValueError("it is broken: a file has no length or SHA-256")
    except (ValueError, RecursionError) as error:
        raise ValueError(f"{str(path)!r} is not a golden file for this isopixel: {error}") from None
    return record


def differences(record: Record, folder: Path, recipe: Recipe | None = None) -> Iterator[str]:
    """Makes the images again, and yields a line for each difference in the recipe, the source bytes or the pixels.

    Args:
        record: a golden record, checked.
        folder: what the names of its files are relative to.
        recipe: the recipe that is in use here, if it should be the recorded one.
    """
    recorded = Recipe.parse(record["recipe"])
    if recorded.digest != record["digest"]:
        yield f"other recipe: '{recorded}' is not the line that was recorded"
        return
    if recipe is not None and recipe != recorded:
        yield f"other recipe: '{recipe}', not '{recorded}'"
        return
    folder = Path(os.path.realpath(folder))
    for file in record["files"]:
        name = shown(file["name"])
        try:
            image, source = recorded.read(folder / file["name"])
        except (OSError, ValueError) as error:
            yield f"{name}: no image: {shown(error)}"
            continue
        if (source.bytes, source.sha256) != (file["bytes"], file["sha256"]):
            length = f"{source.bytes} of them, not {file['bytes']}; " if source.bytes != file["bytes"] else ""
            yield f"{name}: other source bytes: {length}SHA-256 {source.sha256}, not {shown(file['sha256'])}"
        elif difference := array_difference(image, file):
            yield f"{name}: {difference}"
