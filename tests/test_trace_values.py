# SPDX-License-Identifier: MIT
"""What a trace says of an array: the same whatever holds it, and enough to locate a difference."""

import hashlib
import math
import sys
import zlib
from itertools import pairwise

import numpy as np
import pytest
import torch
from PIL import Image

import isopixel
from isopixel._trace.values import TILE, TILES, axes_of, describe, samples_of, tile_edges

IMAGE = np.random.default_rng(1).integers(0, 256, (70, 101, 3), dtype=np.uint8)


def value(thing):
    samples = samples_of(thing)
    return describe(samples, 0, samples.fingerprint)


@pytest.mark.parametrize("dtype", ["uint8", "float32"])
def test_the_fingerprint_is_the_published_one(dtype):
    array = IMAGE.astype(dtype)
    assert value(array).fingerprint == value(array.astype(array.dtype.newbyteorder(">"))).fingerprint
    assert value(array).fingerprint == isopixel.fingerprint(array)


@pytest.mark.parametrize("dtype", ["bool", "int8", "uint16", "int64", "float16", "float64", "complex64"])
def test_other_dtypes_have_the_same_line_with_their_names(dtype):
    array = (IMAGE[:2, :3] % 2).astype(dtype)
    line = f"isopixel-array-1 {dtype} 2x3x3\n".encode()
    little = array.astype(array.dtype.newbyteorder("<"))
    assert value(array).fingerprint == "sha256:" + hashlib.sha256(line + little.tobytes()).hexdigest()
    assert value(array).dtype == dtype


@pytest.mark.parametrize(
    ("thing", "kind", "axes"),
    [
        (IMAGE, "ndarray", "HWC"),
        (np.moveaxis(IMAGE, 2, 0), "ndarray", "CHW"),
        (IMAGE[None], "ndarray", "NHWC"),
        (torch.from_numpy(IMAGE).permute(2, 0, 1)[None], "Tensor", "NCHW"),
        (Image.fromarray(IMAGE), "PIL RGB", "HWC"),
        (np.asfortranarray(IMAGE), "ndarray", "HWC"),
        (IMAGE[::-1][::-1], "ndarray", "HWC"),
        (IMAGE.astype(IMAGE.dtype, copy=True), "ndarray", "HWC"),
    ],
)
def test_planes_and_tiles_are_of_the_pixels_alone(thing, kind, axes):
    one = value(thing)
    assert (one.kind, one.axes, one.size) == (kind, axes, (70, 101))
    assert one.planes == value(IMAGE).planes and one.tiles == value(IMAGE).tiles
    assert (one.fingerprint == value(IMAGE).fingerprint) == (one.shape == IMAGE.shape)


def test_the_order_of_channels_is_that_of_the_planes():
    assert value(IMAGE[..., ::-1]).planes == value(IMAGE).planes[::-1]
    assert len(set(value(IMAGE).planes)) == 3
    assert value(IMAGE[..., 1]).planes == value(IMAGE).planes[1:2]
    assert value(IMAGE[..., 1:2]).planes == value(IMAGE).planes[1:2]


def test_a_plane_is_of_its_dtype_and_shape():
    plane = np.zeros((4, 6), np.uint8)
    same_bytes = [plane, plane.reshape(6, 4), plane.view(np.int8), plane.view(np.uint16)]
    assert len({value(one).planes for one in same_bytes}) == 4


def test_tiles_locate_a_pixel():
    changed = IMAGE.copy()
    changed[40, 99, 2] ^= 1
    rows, columns = tile_edges(70), tile_edges(101)
    differ = [i for i, (a, b) in enumerate(zip(value(IMAGE).tiles, value(changed).tiles, strict=True)) if a != b]
    row, column = divmod(differ[0], len(columns) - 1)
    assert len(differ) == 1
    assert rows[row] <= 40 < rows[row + 1] and columns[column] <= 99 < columns[column + 1]


def test_tiles_are_the_crcs_of_one_channel_after_the_other():
    def crc(top, bottom, left, right):
        return zlib.crc32(b"".join(IMAGE[top:bottom, left:right, channel].tobytes() for channel in range(3)))

    expected = [crc(*rows, *columns) for rows in pairwise(tile_edges(70)) for columns in pairwise(tile_edges(101))]
    assert [*value(IMAGE).tiles] == expected and len(expected) == 6


def test_no_tile_is_so_small_that_its_crc_tells_the_samples():
    for side in (*range(1, 600), 10_000):
        edges = tile_edges(side)
        sides = [b - a for a, b in pairwise(edges)]
        assert edges[0] == 0 and edges[-1] == side and len(sides) <= TILES
        assert min(sides) >= min(TILE, side) and max(sides) - min(sides) <= 1


@pytest.mark.parametrize(
    ("shape", "axes"),
    [
        ((5, 4), "HW"),
        ((5, 4, 4), "HWC"),
        ((5, 4, 5), ""),
        ((4, 9, 5), "CHW"),
        ((1, 9, 5), "CHW"),
        ((1, 3, 9, 5), "NCHW"),
        ((2, 3, 9, 5), ""),
        ((1, 1, 3, 9, 5), ""),
        ((7,), ""),
        ((0, 5), ""),
        ((5, 4, 0), ""),
    ],
)
def test_axes(shape, axes):
    assert axes_of(shape) == axes
    one = value(np.zeros(shape, np.uint8))
    assert bool(one.planes) == bool(one.tiles) == bool(axes)
    assert one.size == ((shape[axes.index("H")], shape[axes.index("W")]) if axes else (0, 0))


@pytest.mark.parametrize(
    ("samples", "expected"),
    [
        ([3, 1, 2], (1, 3)),
        ([math.nan, 2.0, -1.0], (-1.0, 2.0)),
        ([math.inf, 2.0, -math.inf], (2.0, 2.0)),
        ([math.nan, math.inf], ()),
        ([], ()),
        ([1j, 2], ()),
        ([True, False], (0, 1)),
        ([2**63, 2**64 - 1], (2**63, 2**64 - 1)),
    ],
)
def test_the_range_is_of_what_is_finite(samples, expected):
    assert value(np.array(samples)).range == expected


def test_bfloat16_is_its_own_dtype():
    tensor = torch.tensor([[1.0, -2.5], [3.0, 0.0]], dtype=torch.bfloat16)
    one = value(tensor)
    bits = tensor.view(torch.int16).numpy().astype("<i2").tobytes()
    assert (one.dtype, one.range) == ("bfloat16", (-2.5, 3.0))
    assert one.fingerprint == "sha256:" + hashlib.sha256(b"isopixel-array-1 bfloat16 2x2\n" + bits).hexdigest()


@pytest.mark.parametrize(
    "thing",
    [
        None,
        3,
        np.float32(3),
        np.array(3),
        np.array(["a"]),
        np.array([None]),
        np.zeros(3, "datetime64[s]"),
        np.zeros(3, [("a", "u1")]),
        torch.tensor(3),
        torch.zeros(3, device="meta"),
        torch.zeros(3, 3).to_sparse(),
        torch.zeros(3, dtype=torch.float8_e4m3fn),
        [1, 2],
        "text",
    ],
    ids=str,
)
def test_what_no_trace_holds(thing):
    assert samples_of(thing) is None


@pytest.mark.parametrize("mode", ["1", "L", "P", "LA", "RGBA", "CMYK", "YCbCr", "I", "F", "I;16"])
def test_pil_images_hold_what_their_arrays_hold(mode):
    image = Image.new(mode, (5, 4))
    assert value(image).fingerprint == value(np.asarray(image)).fingerprint
    assert value(image).kind == f"PIL {mode}"


def test_a_picture_is_not_decoded_to_look_at_it(tmp_path):
    Image.fromarray(IMAGE).save(tmp_path / "a.png")
    with Image.open(tmp_path / "a.png") as image:
        assert samples_of(image) is None and image.tile
        image.load()
        assert value(image).fingerprint == value(IMAGE).fingerprint


def test_an_array_that_is_too_large_is_not_read():
    """As one of a file that is mapped: none of its pages is touched."""
    large = np.lib.stride_tricks.as_strided(np.zeros(1, np.uint8), ((1 << 30) + 1,), (0,))
    assert samples_of(large) is None and samples_of(torch.from_numpy(large)) is None
    assert samples_of(large[:5]).array.shape == (5,)


def test_the_memory_of_tiles_is_four_bytes_each():
    """A trace of a long loop has many of them."""
    tiles = value(np.zeros((600, 600), np.uint8)).tiles
    assert len(tiles) == 256 and sys.getsizeof(tiles) < 1200


def test_tensors_are_read_without_a_graph_and_in_their_own_order():
    tensor = torch.arange(12.0, requires_grad=True).reshape(3, 4).t()
    assert value(tensor).fingerprint == value(np.arange(12, dtype=np.float32).reshape(3, 4).T).fingerprint
    conjugate = torch.tensor([[1 + 2j]]).conj()
    assert value(conjugate).fingerprint == value(np.array([[1 - 2j]], np.complex64)).fingerprint
