# SPDX-License-Identifier: MIT
"""What images, arrays and tensors hold, and how a trace describes it without their samples."""

import array as arrays
import hashlib
import sys
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

from isopixel._fingerprints import digest_of
from isopixel._trace.records import Array, Value, as_image

TILES = 16  # in a row or column at most
TILE = 32  # pixels of a tile's side at least: a CRC-32 of few samples would tell them
DTYPES = frozenset(
    ["bool", "float16", "float32", "float64", "complex64", "complex128"]
    + [f"{sign}int{bits}" for sign in ("", "u") for bits in (8, 16, 32, 64)]
)  # by NumPy's names; bfloat16 besides
MOST_BYTES = 1 << 30  # of an array that is read: a larger one, as of a file that is mapped, is no picture
MOST_CHANNELS = 4  # that an axis of channels has, by which it is known


@dataclass(frozen=True)
class Samples:
    """What an image, an array or a tensor holds.

    Attributes:
        array: its samples; of bfloat16 the bits of each, as uint16.
        kind: what holds them, as in Value.
        dtype: as in Value.
    """

    array: Array
    kind: str
    dtype: str

    @property
    def fingerprint(self) -> str:
        """The digest of dtype, shape and samples."""
        return digest_of(self.array, self.dtype)


def samples_of(thing: Any) -> Samples | None:
    """Returns what an image, an array or a tensor holds; None of everything else.

    A PIL image whose file is not decoded yet has no samples: to decode it here would change what the program does.
    """
    if isinstance(thing, np.ndarray):
        return of_array(thing, "ndarray") if thing.nbytes <= MOST_BYTES else None
    pil, torch = sys.modules.get("PIL.Image"), sys.modules.get("torch")
    if pil is not None and isinstance(thing, pil.Image):
        is_decoded = not getattr(thing, "tile", None) and 0 not in thing.size
        return of_array(np.asarray(thing), f"PIL {thing.mode}") if is_decoded else None
    if torch is not None and isinstance(thing, torch.Tensor):
        return _of_tensor(torch, thing)
    return None


def is_array(thing: Any) -> bool:
    """Returns whether it is an image, an array or a tensor, whatever it holds."""
    if isinstance(thing, np.ndarray):
        return True
    pil, torch = sys.modules.get("PIL.Image"), sys.modules.get("torch")
    return (pil is not None and isinstance(thing, pil.Image)) or (torch is not None and isinstance(thing, torch.Tensor))


def of_array(array: Array, kind: str) -> Samples | None:
    """Returns what an array holds; None if it has no axes, or its samples are not numbers of a usual dtype."""
    name = array.dtype.newbyteorder("=").name
    return Samples(np.asarray(array), kind, name) if array.ndim > 0 and name in DTYPES else None


def _of_tensor(torch: Any, tensor: Any) -> Samples | None:
    """Returns what a tensor holds; None if NumPy has no such array."""
    if tensor.ndim == 0 or tensor.layout != torch.strided or tensor.device.type == "meta" or tensor.is_quantized:
        return None
    if tensor.numel() * tensor.element_size() > MOST_BYTES:
        return None
    kind = "Tensor" if tensor.device.type == "cpu" else f"Tensor {tensor.device.type}"
    with torch._C.DisableTorchFunction(), torch.no_grad():
        here = tensor.detach().cpu().resolve_conj().resolve_neg()
        if here.dtype == torch.bfloat16:
            return Samples(here.view(torch.int16).numpy().view(np.uint16), kind, "bfloat16")
        try:
            return of_array(here.numpy(), kind)
        except TypeError:  # of a dtype that NumPy does not have
            return None


def describe(samples: Samples, number: int, fingerprint: str) -> Value:
    """Returns what a trace says of samples, without them."""
    array, axes = samples.array, axes_of(samples.array.shape)
    planes: tuple[str, ...] = ()
    tiles: Sequence[int] = ()
    if axes:
        image = np.moveaxis(as_image(array, axes), 2, 0)
        channels = [np.ascontiguousarray(plane, dtype=plane.dtype.newbyteorder("<")) for plane in image]
        planes = tuple(_plane_digest(plane, samples.dtype) for plane in channels)
        tiles = _tiles(channels)
    numbers = widened(array) if samples.dtype == "bfloat16" else array
    return Value(number, samples.kind, samples.dtype, array.shape, axes, _range(numbers), fingerprint, planes, tiles)


def axes_of(shape: tuple[int, ...]) -> str:
    """Returns what the axes of an array of this shape are, by the usual reading; "" if it is not one image."""
    if 0 in shape:
        return ""
    if len(shape) == 4 and shape[0] == 1:
        inner = axes_of(shape[1:])
        return f"N{inner}" if inner else ""
    if len(shape) == 2:
        return "HW"
    if len(shape) == 3:
        return "HWC" if shape[2] <= MOST_CHANNELS else "CHW" if shape[0] <= MOST_CHANNELS else ""
    return ""


def widened(bits: Array) -> Array:
    """Returns the values of bfloat16, of which these are the bits, as float32."""
    return (bits.astype(np.uint32) << np.uint32(16)).view(np.float32)


def tile_edges(side: int) -> list[int]:
    """Returns where the tiles of a row or column of this many pixels begin, and where the last one ends."""
    count = tile_count(side)
    return [i * side // count for i in range(count + 1)]


def tile_count(side: int) -> int:
    """Returns how many tiles a row or column of this many pixels has."""
    return min(TILES, max(1, side // TILE))


def _tiles(planes: list[Array]) -> Sequence[int]:
    """Returns the CRC-32 of each tile, row by row: of its samples in one channel after the other, little endian."""
    rows, columns = (list(pairwise(tile_edges(side))) for side in planes[0].shape)
    tiles = arrays.array("I", bytes(4 * len(rows) * len(columns)))  # not a tuple, which takes ten times the memory
    for plane in planes:
        places = ((top, bottom, left, right) for top, bottom in rows for left, right in columns)
        for i, (top, bottom, left, right) in enumerate(places):
            tiles[i] = zlib.crc32(plane[top:bottom, left:right].tobytes(), tiles[i])
    return tiles


def _plane_digest(plane: Array, dtype: str) -> str:
    """Returns a digest of one channel: 16 hexadecimal digits."""
    digest = hashlib.sha256(f"{dtype} {plane.shape[0]}x{plane.shape[1]}\n".encode("ascii"))
    digest.update(plane.reshape(-1).view(np.uint8).data)
    return digest.hexdigest()[:16]


def _range(array: Array) -> tuple[float, ...]:
    """Returns the least and the greatest sample that is finite; () if there are none, or they have no order."""
    if array.dtype.kind == "c" or array.size == 0:
        return ()
    if array.dtype.kind != "f":
        return int(array.min()), int(array.max())
    least, greatest = float(array.min()), float(array.max())
    if np.isfinite(least) and np.isfinite(greatest):
        return least, greatest
    finite = array[np.isfinite(array)]
    return (float(finite.min()), float(finite.max())) if finite.size else ()
