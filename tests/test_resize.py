# SPDX-License-Identifier: MIT
"""isopixel.resize against spec/reference.py (R-1 to R-5)."""

import pickle
import threading
import time

import numpy as np
import pytest

import isopixel
from isopixel import _core
from tests.support import assert_same, exact_method, random_image, reference_resize

WIDEST = 40
AXIS = range(1, WIDEST + 1)


def sweep_axis_pairs(resize, n_in, antialias):
    """Up to WIDEST results from n_in samples, on each axis, beside an axis that shrinks and one that grows."""
    rng = np.random.default_rng(n_in)
    for n_out in range(1, WIDEST + 1):
        for other in ((3, 2), (3, 4)):
            for shape, size in (((n_in, other[0]), (n_out, other[1])), ((other[0], n_in), (other[1], n_out))):
                image = random_image(rng, shape)
                expected = reference_resize(image, size, antialias)
                what = f"{shape} -> {size}, antialias={antialias}"
                assert_same(resize(image, size, antialias=antialias), expected, what)


# test_isas.py has the same sweep with each instruction set.
@pytest.mark.parametrize("antialias", [True, False])
@pytest.mark.parametrize("n_in", [pytest.param(n, marks=[pytest.mark.slow] if n % 8 else []) for n in AXIS])
def test_axis_pairs(n_in, antialias):
    sweep_axis_pairs(isopixel.resize, n_in, antialias)


def half_to_even(image, size, *, antialias):
    """Wrong only where the exact value ends in one half."""
    out = isopixel.resize(image, size, antialias=antialias)
    complement = 255 - isopixel.resize(255 - image, size, antialias=antialias)  # rounds halves down
    return np.where(out % 2 == 0, out, complement)


def last_column_wrong(image, size, *, antialias):
    out = isopixel.resize(image, size, antialias=antialias)
    out[-1, -1] ^= 1
    return out


@pytest.mark.parametrize("wrong", [half_to_even, last_column_wrong])
def test_the_sweep_rejects_wrong_code(wrong):
    with pytest.raises(AssertionError, match="samples differ"):
        for n_in in range(1, 5):
            sweep_axis_pairs(wrong, n_in, True)


def strided(rng, image):
    """The same image, otherwise in memory: cropped, flipped, every other row, its axes in another order."""
    h, w = image.shape[:2]
    kind = rng.integers(6)
    if kind == 0:
        return image
    if kind == 1:
        canvas = rng.integers(0, 256, (h + 3, w + 5, *image.shape[2:]), np.uint8)
        view = canvas[2:-1, 1:-4]
    elif kind == 2:
        view = np.empty((2 * h, *image.shape[1:]), np.uint8)[::2]
    elif kind == 3:
        view = np.empty_like(image)[::-1]
    elif kind == 4:
        view = np.empty_like(image)[:, ::-1]
    else:
        view = np.empty(image.shape[::-1], np.uint8).T
    view[...] = image
    return view


@pytest.mark.parametrize("seed", [*range(8), *(pytest.param(n, marks=pytest.mark.slow) for n in range(8, 40))])
def test_random_cases(seed):
    """20,000 cases over sizes, channels, contents, strides, both forms, and every accumulator."""
    rng = np.random.default_rng(seed)
    for case in range(500):
        most = 12 if case % 10 else 60
        h, w, out_h, out_w = (int(n) for n in rng.integers(1, most, 4))
        channels = int(rng.integers(0, 6))
        image = random_image(rng, (h, w, channels) if channels else (h, w))
        antialias = bool(rng.integers(2))
        expected = reference_resize(image, (out_h, out_w), antialias)
        what = f"seed {seed}, case {case}: {image.shape} -> {(out_h, out_w)}, antialias={antialias}"
        axes = "HWC" if channels else "HW"
        out = strided(rng, np.full(expected.shape, 7, np.uint8)) if rng.integers(2) else None
        if out is not None and not rows_contiguous(out):
            out = None
        actual = isopixel.resize(strided(rng, image), (out_h, out_w), antialias=antialias, axes=axes, out=out)
        assert out is None or actual is out
        assert_same(actual, expected, what)
        if channels and case % 2:
            planar = isopixel.resize(
                strided(rng, image.transpose(2, 0, 1)), (out_h, out_w), antialias=antialias, axes="CHW"
            )
            assert_same(planar, expected.transpose(2, 0, 1), what + ", planar")
        form = (1, *expected.shape[:2], channels or 1)
        engines, _ = _core._testing.plan((h, w), (out_h, out_w), form[3], exact_method(antialias))
        for engine in engines:
            for bits in (32, 64) if engine == "blocks" else (32, 64, 128) if engine == "sums" else (32,):
                same = np.full_like(expected, 7)
                _core._testing.resize_by(
                    image.reshape(1, h, w, -1), same.reshape(form), exact_method(antialias), engine, bits
                )
                assert_same(same, expected, f"{what}, {engine} in {bits} bits")


def rows_contiguous(image):
    channels = image.shape[2] if image.ndim == 3 else 1
    return (channels == 1 or image.strides[2] == 1) and (image.shape[1] == 1 or image.strides[1] == channels)


@pytest.mark.parametrize("antialias", [True, False])
@pytest.mark.parametrize(
    ("shape", "size"),
    [
        ((40, 4200), (3, 5)),  # more columns than a tile of column sums
        ((70, 1500, 3), (9, 11)),
        ((700, 3), (3, 2)),  # segments longer than a block of rows
        ((3, 1300), (2, 1)),  # segments longer than a run of the row moments
        ((20, 2, 5000), (3, 3)),  # a pixel larger than a tile
        ((1100, 1100), (2, 3)),
        ((1100, 7), (3, 90)),
        ((7, 1100), (90, 3)),
    ],
)
def test_beyond_fixed_blocks(shape, size, antialias):
    image = random_image(np.random.default_rng(7), shape) if shape[-1] != 5000 else np.full(shape, 255, np.uint8)
    image[::3, ::5] = 255
    axes = "HWC" if len(shape) == 3 else "HW"
    assert_same(
        isopixel.resize(image, size, antialias=antialias, axes=axes),
        reference_resize(image, size, antialias),
        f"{shape} -> {size}",
    )


VIEWS = [lambda a: a, lambda a: a[::2], lambda a: a[:, ::-1], lambda a: a[..., 1:-1], np.asfortranarray]
BATCHES = {"NHW": (4, 9, 8), "NHWC": (4, 9, 8, 3), "NCHW": (4, 3, 9, 8), "CHW": (3, 9, 8)}


@pytest.mark.parametrize("axes", BATCHES)
@pytest.mark.parametrize("view", VIEWS)
def test_batches(axes, view):
    """R-1: images of a batch and channels are independent of each other, however they lie in memory."""
    shape = BATCHES[axes]
    batch = view(np.random.default_rng(3).integers(0, 256, shape, np.uint8))
    if 0 in batch.shape or (axes == "NHWC" and batch.shape[-1] != 3):
        batch = view(np.random.default_rng(3).integers(0, 256, (*shape[:3], 5), np.uint8))
    actual = isopixel.resize(batch, (5, 6), axes=axes)
    moved = np.moveaxis(batch, axes.index("C"), -1) if "C" in axes and axes != "NHWC" else batch
    planes = moved if axes.startswith("N") else moved[None]
    expected = np.stack([reference_resize(np.ascontiguousarray(image), (5, 6)) for image in planes])
    expected = expected if axes.startswith("N") else expected[0]
    if axes in ("NCHW", "CHW"):
        expected = np.moveaxis(expected, -1, axes.index("C"))
    assert_same(actual, np.ascontiguousarray(expected), axes)


@pytest.mark.parametrize("axes", BATCHES)
def test_out_between_guards(axes):
    """Nothing is written but the samples of the result, at any stride."""
    shape = BATCHES[axes]
    image = np.random.default_rng(4).integers(0, 256, shape, np.uint8)
    expected = isopixel.resize(image, (5, 6), axes=axes)
    guarded = np.full([n + 4 for n in expected.shape], 171, np.uint8)
    inner = [slice(2, -2)] * guarded.ndim
    if axes == "NHWC":  # all channels, or the samples of a row would not follow each other
        guarded, inner = guarded[..., :3].copy(), [*inner[:3], slice(None)]
    for flip in (slice(None), slice(None, None, -1)):
        guarded[...] = 171
        out = guarded[tuple(inner)][flip]
        assert isopixel.resize(image, (5, 6), axes=axes, out=out) is out
        assert_same(out.copy(), expected, axes)
        out[...] = 171
        assert (guarded == 171).all()


def test_rank_decides_the_axes():
    image = np.arange(2 * 3 * 4, dtype=np.uint8).reshape(2, 3, 4)
    assert isopixel.resize(image, (5, 6)).shape == (5, 6, 4)
    assert isopixel.resize(image[0], (5, 6)).shape == (5, 6)
    assert isopixel.resize(image[None], (5, 6)).shape == (1, 5, 6, 4)
    assert isopixel.resize(image, (5, 6), axes="CHW").shape == (2, 5, 6)


def test_size_of_numpy_integers():
    image = np.zeros((3, 4), np.uint8)
    assert isopixel.resize(image, np.array([2, 2])).shape == (2, 2)
    assert isopixel.resize(image, [np.int32(2), np.uint8(2)]).shape == (2, 2)


def test_same_size_is_a_copy():
    image = np.random.default_rng(5).integers(0, 256, (7, 9, 3), np.uint8)[::-1]
    same = isopixel.resize(image, (7, 9))
    assert_same(same, image, "copy")
    assert not np.shares_memory(same, image)


def test_a_crop_is_not_copied():
    """Views that no memory could hold as copies are resized in their place."""
    row = np.random.default_rng(6).integers(0, 256, (1, 50), np.uint8)
    expected = reference_resize(row, (1, 20), False)
    tall = np.broadcast_to(row, (2**50, 50))
    for view in (tall, tall[::-1], tall[::7], tall[5:]):
        assert_same(isopixel.resize(view, (1, 20), antialias=False), expected, "broadcast rows")
    planes = np.broadcast_to(row, (3, 2**50, 50))
    assert_same(isopixel.resize(planes, (1, 20), antialias=False, axes="CHW")[1], expected, "planes")


def test_arrays_that_are_not_quite_plain():
    """A dtype that is another object (as after a trip to another process), or carries metadata."""
    image = np.random.default_rng(6).integers(0, 256, (9, 8), np.uint8)
    expected = isopixel.resize(image, (4, 5))
    for same in (pickle.loads(pickle.dumps(image)), image.astype(np.dtype("u1", metadata={"a": 1}))):
        assert_same(isopixel.resize(same, (4, 5)), expected, "image")
        out = same[:4, :5].copy()
        isopixel.resize(image, (4, 5), out=out)
        assert_same(np.asarray(out), expected, "out")


def test_other_threads_run_meanwhile():
    """The interpreter lock is released: this thread goes on while another resizes three thousand million samples."""
    tall = np.broadcast_to(np.arange(1000, dtype=np.uint8), (3_000_000, 1000))
    worker = threading.Thread(target=isopixel.resize, args=(tall, (10, 10)))
    worker.start()
    turns = 0
    while worker.is_alive():
        time.sleep(0.001)
        turns += 1
    assert turns > 20  # with the lock held there would be a handful, before the call begins
