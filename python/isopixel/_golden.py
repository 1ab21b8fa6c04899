# SPDX-License-Identifier: MIT
"""Golden files: the results of a recipe on some files, recorded on one machine and checked on another."""

import json
import math
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from isopixel import _core
from isopixel._difference import absolute_difference, differing_bits, is_image
from isopixel._figure import difference_figure
from isopixel._files import read_small
from isopixel._fingerprints import fingerprint
from isopixel._guard import Guard
from isopixel._manifest import SPEC, check_spec, is_digest, is_shape
from isopixel._packing import packed, unpacked
from isopixel._pictures import write_figure
from isopixel._recipe import Recipe
from isopixel._shown import shown

LONGEST = 32 << 20  # bytes of a golden file at most; JSON can take thirty times as much memory
WHOLE = 4 << 20  # bytes: the samples of an array with at most this many are recorded, to locate a difference
KEPT = 16 << 20  # bytes of samples at most that a golden file of several files holds
MOST_NAME = 4096  # characters of a file's name at most

Record = dict[str, Any]


def array_record(array: npt.NDArray[Any], room: int = WHOLE) -> Record:
    """Returns what is recorded of an array.

    Args:
        array: uint8 or float32.
        room: bytes of samples that may be recorded; never more than WHOLE.

    Returns:
        dtype, shape, fingerprint; and if there is room the samples (little endian, zlib, base64).
    """
    digest = fingerprint(array)  # raises an error for what is not such an array
    record: Record = {
        "dtype": array.dtype.newbyteorder("=").name,
        "shape": list(array.shape),
        "fingerprint": digest,
    }
    if array.nbytes <= min(room, WHOLE):
        record["samples"] = packed(array, 9)
    return record


def check_array_record(record: Any) -> None:
    """Raises ValueError if a value from JSON is not what array_record returns."""
    if not (
        isinstance(record, dict)
        and record.get("dtype") in ("uint8", "float32")
        and is_shape(record.get("shape"))
        and is_digest(record.get("fingerprint"), "sha256:")
        and isinstance(record.get("samples", ""), str)
    ):
        raise ValueError("it is broken: a field of an array is missing, or of the wrong type")
    if "samples" in record and fingerprint(recorded_samples(record)) != record["fingerprint"]:
        raise ValueError("it is broken: its samples do not have its fingerprint")


def _length(record: Record) -> int:
    """Returns how many bytes of samples are recorded."""
    return math.prod(record["shape"]) * np.dtype(record["dtype"]).itemsize if "samples" in record else 0


def recorded_samples(record: Record) -> npt.NDArray[Any]:
    """Returns the array whose samples are recorded; raises ValueError if they do not fit its shape."""
    length = _length(record)
    if length > WHOLE:
        raise ValueError(f"it is broken: it records more than {WHOLE} bytes of samples of one array")
    try:
        samples = unpacked(record["samples"], length)
        if len(samples) == length:
            return np.frombuffer(samples, np.dtype(record["dtype"]).newbyteorder("<")).reshape(record["shape"])
    except ValueError:  # of the text, or of a rank that NumPy does not have
        pass
    raise ValueError("it is broken: its samples cannot be read")


@dataclass(frozen=True)
class Tolerance:
    """What may differ: samples by at most `difference`, and at most a share of them."""

    difference: float
    share: float

    def __str__(self) -> str:
        """Returns a text for people."""
        amount = f"at most {self.difference:g}" if math.isfinite(self.difference) else "any difference"
        return f"{amount} in at most {100 * self.share:g} % of the samples"


def as_array(value: Any) -> Any:
    """Returns a tensor of torch or a PIL image as an array of the same samples; everything else as it is.

    Raises:
        TypeError: a tensor of another dtype than uint8 or float32, or a picture with a palette, whose samples are no
            colours.
    """
    torch, pil = sys.modules.get("torch"), sys.modules.get("PIL.Image")
    if torch is not None and isinstance(value, torch.Tensor):
        if value.dtype not in (torch.uint8, torch.float32):
            raise TypeError(f"array must be of dtype uint8 or float32, got a tensor of {value.dtype}: convert it first")
        return value.detach().cpu().numpy()
    if pil is not None and isinstance(value, pil.Image):
        if value.mode in ("P", "PA"):
            raise TypeError("the picture has a palette: convert it first, with .convert('RGB') for example")
        return np.asarray(value)
    return value


def array_difference(array: npt.NDArray[Any], record: Record, tolerance: Tolerance | None = None) -> str | None:
    """Returns how an array differs from what was recorded (and checked), in bits or beyond a tolerance; or None."""
    name, shape = array.dtype.newbyteorder("=").name, list(array.shape)
    if name != record["dtype"]:
        return f"other dtype: {name}, not {record['dtype']}"
    if shape != record["shape"]:
        return f"other shape: {tuple(shape)}, not {tuple(record['shape'])}"
    actual = fingerprint(array)
    if actual == record["fingerprint"]:
        return None
    if "samples" not in record:
        what = "no samples to locate a difference" + ("" if tolerance is None else ", or to apply a tolerance")
        return f"other pixels: {actual}, not {record['fingerprint']}; of so large an array the golden has {what}"
    array, recorded = array.astype(name, copy=False), recorded_samples(record).astype(name, copy=False)
    places = np.argwhere(differing_bits(array, recorded))
    first = tuple(int(i) for i in places[0])
    most = float(absolute_difference(array, recorded).max())
    if tolerance is not None and most <= tolerance.difference and len(places) <= tolerance.share * array.size:
        return None
    return (
        f"other pixels: {len(places)} of {array.size}, by at most {most:g}, "
        f"the first at {first}: {array[first]}, not {recorded[first]}"
        + ("" if tolerance is None else f"; allowed: {tolerance}")
    )


def write_failure(folder: Path, array: npt.NDArray[Any], record: Record) -> list[str]:
    """Writes an array, what was recorded if its samples were, and their difference; returns the names of the files.

    They are PNG for uint8 images, if Pillow is installed, otherwise .npy; the difference is for images of one shape.
    """
    arrays = {"actual": array}
    if "samples" in record:
        arrays["expected"] = recorded_samples(record)
    names = []
    for name, pixels in arrays.items():
        if pixels.dtype == np.uint8 and is_image(pixels) and pixels.shape[2:] != (1,):
            with suppress(ModuleNotFoundError):  # of Pillow
                write_figure(folder / f"{name}.png", pixels)
                names.append(f"{name}.png")
                continue
        np.save(folder / f"{name}.npy", pixels)
        names.append(f"{name}.npy")
    if names == ["actual.png", "expected.png"] and array.shape == arrays["expected"].shape:
        figure = difference_figure("expected, actual", arrays["expected"], array)
        write_figure(folder / "difference.png", figure)
        names.append("difference.png")
    return names


def record_files(recipe: Recipe, paths: Sequence[Path], folder: Path, guard: Guard | None = None) -> Record:
    """Returns the golden record of files, whose names are kept relative to `folder`, with / between their parts.

    Args:
        recipe: how their images are made.
        paths: of the files.
        folder: where the golden file will lie.
        guard: takes note of the files that are pictures or listings.

    Raises:
        ValueError: a file, or what it is a link to, lies outside the folder; or the record would be too long.
    """
    top = Path(os.path.realpath(folder))
    real = {path: Path(os.path.realpath(path)) for path in paths}
    for path in paths:
        if not real[path].is_relative_to(top):
            raise ValueError(
                f"{str(path)!r} does not lie in {str(top)!r}, the folder of the golden file, which may name only what "
                "is in its folder: write the golden file to a folder that holds all files, or copy them into this one"
            )
    files, room = [], KEPT
    for path in paths:
        image, source = recipe.read(path, (guard or Guard(recipe)).watch(str(path)))
        record = array_record(image, room)
        room -= _length(record)
        name = real[path].relative_to(top).as_posix()
        files.append({"name": name, "bytes": source.bytes, "sha256": source.sha256, **record})
    return {"isopixel": _core.version, "spec": SPEC, "recipe": recipe.line, "digest": recipe.digest, "files": files}


def as_text(record: Record) -> bytes:
    """Returns a record as the bytes of a golden file; raises ValueError if they are too many to be read again."""
    text = (json.dumps(record, indent=1) + "\n").encode("ascii")
    if len(text) > LONGEST:
        raise ValueError(
            f"the golden file would have {len(text)} bytes, more than {LONGEST}: record fewer files in one"
        )
    return text


def load_record(path: Path) -> Record:
    """Reads a golden file; raises OSError or ValueError."""
    try:
        record = json.loads(read_small(path, LONGEST))
        if not isinstance(record, dict):
            raise ValueError("it is not a JSON object")
        check_spec(record.get("spec"), "it")
        if not isinstance(record.get("recipe"), str) or not is_digest(record.get("digest"), "sha256:"):
            raise ValueError("it is broken: the recipe is missing")
        if not isinstance(record.get("files"), list) or not record["files"]:
            raise ValueError("it is broken: it has no files")
        room = KEPT
        for file in record["files"]:
            check_array_record(file)
            room -= _length(file)
            if room < 0:
                raise ValueError(f"it is broken: it records more than {KEPT} bytes of samples")
            if not _is_name(file.get("name")):
                raise ValueError("it is broken: a file has no name of a file in the golden file's folder")
            if type(file.get("bytes")) is not int or not is_digest(file.get("sha256")):
                raise ValueError("it is broken: a file has no length or SHA-256")
    except (ValueError, RecursionError) as error:
        raise ValueError(f"{str(path)!r} is not a golden file for this isopixel: {error}") from None
    return record


def _is_name(name: object) -> bool:
    """Returns whether a value from JSON is a relative name that does not lead out of a folder, but for links."""
    if not isinstance(name, str) or "\0" in name or len(name) > MOST_NAME:
        return False
    return not Path(name).anchor and ".." not in Path(name).parts


def _inside(top: Path, name: str) -> Path:
    """Returns the path of a file; raises ValueError if links lead out of the folder."""
    path = Path(os.path.realpath(top / name))
    if not path.is_relative_to(top):
        raise ValueError("a link leads out of the golden file's folder")
    return path


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
            image, source = recorded.read(_inside(folder, file["name"]))
        except (OSError, ValueError) as error:
            yield f"{name}: no image: {shown(error)}"
            continue
        if (source.bytes, source.sha256) != (file["bytes"], file["sha256"]):
            length = f"{source.bytes} of them, not {file['bytes']}; " if source.bytes != file["bytes"] else ""
            yield f"{name}: other source bytes: {length}SHA-256 {source.sha256}, not {file['sha256']}"
        elif difference := array_difference(image, file):
            yield f"{name}: {difference}"
